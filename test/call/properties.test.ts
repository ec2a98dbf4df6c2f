import { expect } from 'chai';
import fc from 'fast-check';
import type { CallEffect } from '../../src/call/effect.ts';
import type { Timed } from '../../src/call/event.ts';
import { reduce } from '../../src/call/reduce.ts';
import { replay, withoutWords, type LogEntry } from '../../src/call/replay.ts';
import type { CallState } from '../../src/call/state.ts';
import { anyCall, walk } from '../support/anyCall.ts';

const runs = { numRuns: 1_200 };

describe('every call', () => {
  it('keeps the invariants, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        expect(walk(call).problems).to.deep.equal([]);
      }),
      runs,
    );
  });

  it('brings a person after words of high risk, in whatever state they come: now, or when the stream is back', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log, states } = walk(call);
        log.forEach(({ event, effects }, index) => {
          const before = states[index - 1];
          const dangerous =
            (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') &&
            ['high', 'imminent'].includes(event.meaning.risk);
          if (!dangerous || before === undefined || before.line.kind === 'over') return;
          if (before.transfer.kind !== 'none') return;
          expect(states[index]?.transfer).to.deep.include({ kind: 'requested', reason: 'risk' });
          expect(effects.filter((e) => e.type === 'escalate')).to.have.length(1);
          if (before.line.kind !== 'up') return;
          // Who has heard of an earlier ringing is told of this one with the next words.
          const transfer = states[index]?.transfer;
          const isDue = transfer !== undefined && 'notice' in transfer && transfer.notice === 'bringingPerson';
          expect(isDue || effects.some((e) => e.type === 'startReply' && e.source.kind === 'line')).to.equal(true);
        });
      }),
      runs,
    );
  });

  it('answers key 0 with a person in whatever state the call is', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log, states } = walk(call);
        log.forEach(({ event }, index) => {
          const before = states[index - 1];
          if (event.type !== 'digitPressed' || event.digit !== '0' || before?.line.kind !== 'up') return;
          expect(states[index]?.transfer.kind).to.not.equal('none');
        });
      }),
      runs,
    );
  });

  it('decides the same with every word blanked out', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log } = walk(call);
        const blanked = log.map((entry) => ({ ...entry, event: withoutWords(entry.event) }));
        expect(replay(blanked).divergence).to.equal(null);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every utterance whose final words came while the line was open, and none of them twice', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log, states } = walk(call);
        const recorded = log.flatMap(({ effects }) =>
          effects.flatMap((e) => (e.type === 'recordCaller' ? e.utterances : [])),
        );
        expect(recorded).to.deep.equal([...new Set(recorded)]);
        const finals = log.filter(
          ({ event }, index) =>
            event.type === 'wordsRecognised' && isOpen(states[index - 1]) && !isVoidedLater(log, index),
        );
        for (const { event } of finals)
          if (event.type === 'wordsRecognised') expect(recorded).to.include(event.utterance);
      }),
      runs,
    );
  });

  it('records every reply that sounded, once', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log } = walk(call);
        const count = new Map<number, number>();
        for (const { effects } of log)
          for (const e of effects) if (e.type === 'recordReply') count.set(e.turn, (count.get(e.turn) ?? 0) + 1);
        for (const [turn, times] of count) expect(times, `reply ${turn}`).to.equal(1);
      }),
      { numRuns: 500 },
    );
  });

  it('does nothing once it is over', () => {
    fc.assert(
      fc.property(anyCall, anyCall, (call, more) => {
        const { states } = walk(call);
        const last = states.at(-1);
        if (last === undefined) return;
        const over = reduce(last, { at: 99_999_999, event: { type: 'hungUp' } }).state;
        for (const { event } of more) {
          const timed: Timed = { at: 99_999_999, event: event(over, 99_999_999) };
          const step: { state: CallState; effects: readonly CallEffect[] } = reduce(over, timed);
          expect(step.effects).to.deep.equal([]);
          expect(step.state).to.equal(over);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** A recogniser that takes an utterance back after its final cannot be served both ways; ours does not. */
function isVoidedLater(log: readonly LogEntry[], index: number): boolean {
  const { event } = log[index] ?? {};
  if (event?.type !== 'wordsRecognised') return false;
  return log
    .slice(index)
    .some((later) => later.event.type === 'wordsVoided' && later.event.utterance === event.utterance);
}

const isOpen = (state: CallState | undefined): boolean => state !== undefined && state.line.kind !== 'over';
