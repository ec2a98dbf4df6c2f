import { expect } from 'chai';
import fc from 'fast-check';
import type { CallEffect } from '../../src/call/effect.ts';
import { deadlineNames, type DeadlineName } from '../../src/call/event.ts';
import { reduce } from '../../src/call/reduce.ts';
import type { CallState } from '../../src/call/state.ts';
import { anyCall, walk } from '../support/anyCall.ts';
import { CallScript } from '../support/callScript.ts';

interface Due {
  readonly name: DeadlineName;
  readonly at: number;
}

function earliest({ deadlines }: CallState): Due | null {
  let first: Due | null = null;
  for (const name of deadlineNames) {
    const at = deadlines[name];
    if (at !== undefined && (first === null || at < first.at)) first = { name, at };
  }
  return first;
}

/** What is ordered when nothing comes from outside any more, not even an answer to our own orders: deadlines alone. */
function* alone(
  from: CallState,
  at: number,
): Generator<{ readonly at: number; readonly effects: readonly CallEffect[] }> {
  let state = from;
  let now = at;
  for (let due = earliest(state); due !== null; due = earliest(state)) {
    now = Math.max(now, due.at);
    const step = reduce(state, { at: now, event: { type: 'deadlineReached', name: due.name } });
    state = step.state;
    yield { at: now, effects: step.effects };
  }
}

const isTried = (effect: CallEffect): boolean => effect.type === 'startReply' && !effect.hold;
/** Needs neither our voice nor our model, or ends the call. */
const isSure = (effect: CallEffect): boolean => ['sayByCarrier', 'handOver', 'closeCall'].includes(effect.type);

function firstAt(state: CallState, at: number, wanted: (effect: CallEffect) => boolean): number {
  for (const step of alone(state, at)) if (step.effects.some(wanted)) return step.at - at;
  return Infinity;
}

/** A state of a generated call in which somebody is on the line, and when. */
function everyStateOf(call: Parameters<typeof walk>[0], check: (state: CallState, at: number) => void): void {
  const { log, states } = walk(call);
  states.slice(0, call.length).forEach((state, index) => {
    if (state.line.kind === 'up') check(state, log[index]?.at ?? 0);
  });
}

describe('a call that nothing answers any more', () => {
  it('is not silent for longer than the longest silence that is meant, from whatever state', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        everyStateOf(call, (state, at) => {
          const ms = firstAt(state, at, (effect) => isTried(effect) || isSure(effect));
          // 45 s before the closing line; before it a reply whose marks do not come: 5 s and what was sent of it.
          expect(ms, JSON.stringify(state.floor)).to.be.at.most(45_000 + 5_000 + 3 * 1_500);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('reaches the carrier’s voice, a person or its end within eight seconds more, though our own voice and models are dead', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        everyStateOf(call, (state, at) => {
          const tried = firstAt(state, at, (effect) => isTried(effect) || isSure(effect));
          expect(firstAt(state, at, isSure) - tried, JSON.stringify(state.floor)).to.be.at.most(8_000);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('never fires deadline after deadline without time passing', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const { log } = walk(call);
        let atOnce = 0;
        let last = -1;
        for (const { at, event } of log) {
          atOnce = event.type === 'deadlineReached' && at === last ? atOnce + 1 : 0;
          last = at;
          expect(atOnce, `at ${at}`).to.be.below(deadlineNames.length);
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('the state of a call', () => {
  it('does not grow over an hour of talk', () => {
    const call = new CallScript({ longestCallMs: 1e9 }).answered();
    let largest = 0;
    for (let turn = 1; call.at < 3_600_000; turn++) {
      call.says(turn);
      if (call.state.floor.kind === 'thinking') call.speaks(call.turn, [1_500, 2_000]);
      call.effects();
      largest = Math.max(largest, JSON.stringify(call.state).length);
    }
    expect(call.state.lastUtterance).to.be.above(300);
    expect(largest).to.be.below(3_000);
  });

  it('holds a caller who talks for ten minutes without a pause', () => {
    const call = new CallScript().answered().startsToSpeak();
    for (let utterance = 1; call.at < 605_000; utterance++) call.wait(3_000).hypothesis(utterance).final(utterance);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
    expect(JSON.stringify(call.state).length).to.be.below(6_000);
  });
});
