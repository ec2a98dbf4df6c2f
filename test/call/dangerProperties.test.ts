import { expect } from 'chai';
import fc from 'fast-check';
import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { isAtLeast, type RiskLevel } from '../../src/call/meaning.ts';
import type { LogEntry } from '../../src/call/replay.ts';
import { dueLine } from '../../src/call/safety.ts';
import { firstResponse } from '../../src/call/safetySteps.ts';
import type { CallState, PlayedReply } from '../../src/call/state.ts';
import { anyCallWithDanger, isVoiced, walk, type Walk } from '../support/anyCall.ts';

const runs = { numRuns: 300 };
const always = (check: (walked: Walk) => void): void =>
  fc.assert(
    fc.property(anyCallWithDanger, (call) => {
      check(walk(call));
    }),
    runs,
  );

const ringsForDanger = ({ transfer, safety }: CallState): boolean =>
  (transfer.kind === 'requested' || transfer.kind === 'accepted') && isAtLeast(safety.level, 'high');

/** Follows what a caller hears of Sanad and makes heard; a reply that is started sounds at once, and as long as what was sent of it. */
class Sounds {
  /** Until when something was heard without a gap. */
  until = 0;

  follow({ at, event, effects }: LogEntry, before: CallState, after: CallState): void {
    if (isVoiced(before) || event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') this.#heard(at);
    const { reply } = after.playout;
    if (event.type === 'sentenceSent' && sounds(after, event.turn))
      this.until = Math.max(this.until, at) + event.durationMs;
    // A mark that comes back tells that this was heard just now.
    if (event.type === 'markReturned' && before.playout.reply?.heard !== reply?.heard) this.#heard(at);
    for (const effect of effects) this.#order(effect, at, reply);
  }

  #order(effect: CallEffect, at: number, reply: PlayedReply | null): void {
    if (effect.type === 'clearPlayout' || effect.type === 'dropReply') this.until = Math.min(this.until, at);
    if (effect.type === 'startReply' && !effect.hold) this.#heard(at);
    if (effect.type === 'releaseReply') this.#heard(at);
    if (effect.type === 'resumeReply') this.until = at + restMs(reply);
  }

  #heard(at: number): void {
    this.until = Math.max(this.until, at);
  }
}

function sounds({ floor }: CallState, turn: number): boolean {
  return floor.kind === 'replying' && floor.turn === turn;
}

function restMs(reply: PlayedReply | null): number {
  if (reply === null) return 0;
  const { sentence, ms } = reply.heard ?? { sentence: 0, ms: 0 };
  return reply.sentencesMs.slice(sentence).reduce((sum, each) => sum + each, -ms);
}

/** The longest time in which nobody was heard while telephones rang for a caller in danger who was on the line. */
function longestSilence({ log, states }: Walk): number {
  const heard = new Sounds();
  let since: number | null = null;
  let longest = 0;
  log.forEach((entry, index) => {
    const [before, after] = [states[index - 1], states[index]];
    if (before === undefined || after === undefined) return;
    if (since !== null && !isVoiced(before)) longest = Math.max(longest, entry.at - Math.max(since, heard.until));
    heard.follow(entry, before, after);
    const waits = ringsForDanger(after) && after.line.kind === 'up';
    since = waits ? (since ?? entry.at) : null;
  });
  return longest;
}

/** The level that an event calls for by itself, where it calls for people: what is carried over from an earlier call is asked about. */
function dangerIn(event: CallEvent): RiskLevel {
  if (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') return event.meaning.risk;
  return event.type === 'riskRaised' && event.source !== 'carried' ? event.level : 'none';
}

describe('in every call with danger', () => {
  it('the caller for whom telephones ring is never left without a sound for more than eight seconds', () => {
    always((walked) => expect(longestSilence(walked)).to.be.at.most(8_000));
  });

  it('no danger is swallowed: people are rung, or are on the way, or are there', () => {
    always(({ log, states }) => {
      log.forEach(({ event, effects }, index) => {
        const [before, after] = [states[index - 1], states[index]];
        if (before === undefined || after === undefined || before.line.kind === 'over') return;
        if (!isAtLeast(dangerIn(event), 'high')) return;
        expect(isAtLeast(after.safety.level, dangerIn(event))).to.equal(true);
        expect(after.transfer.kind).to.not.equal('none');
        const rung = effects.filter((effect) => effect.type === 'escalate').length;
        expect(rung).to.equal(before.transfer.kind === 'none' ? 1 : 0);
        if ('reason' in after.transfer && after.transfer.kind !== 'joined' && after.transfer.kind !== 'handedOver')
          expect(after.transfer.reason).to.be.oneOf(['risk', 'dropped', 'fault']);
      });
    });
  });

  it('what Sanad first says to it is under way at once, unless it was heard before or the line is away', () => {
    always(({ log, states }) => {
      log.forEach(({ event }, index) => {
        const after = states[index];
        if (after === undefined || after.line.kind !== 'up' || !isAtLeast(dangerIn(event), 'high')) return;
        if (!ringsForDanger(after) || isAtLeast(after.safety.told, after.safety.level)) return;
        const first = firstResponse(after.safety.situation, after.safety.level);
        expect(after.playout.reply?.source).to.deep.equal({ kind: 'line', line: first });
      });
    });
  });

  it('only a clarification lowers the level', () => {
    always(({ log, states }) => {
      log.forEach(({ event }, index) => {
        const [before, after] = [states[index - 1], states[index]];
        if (before === undefined || after === undefined || event.type === 'riskClarified') return;
        expect(isAtLeast(after.safety.level, before.safety.level), event.type).to.equal(true);
      });
    });
  });

  it('nobody is hung up on while telephones ring for them, nor where there was risk without having been asked again and said no', () => {
    always(({ log, states }) => {
      log.forEach(({ effects }, index) => {
        const before = states[index - 1];
        if (before === undefined || !effects.some(closesByUs)) return;
        expect(ringsForDanger(before), `at ${index}`).to.equal(false);
        if (isAtLeast(before.safety.level, 'moderate'))
          expect(saidNoToClosing(log, states, index), `at ${index}`).to.equal(true);
      });
    });
  });

  it('what is to be said after an answer is never lost: heard, begun anew, or still due when the answer was cut', () => {
    always(({ log, states }) => {
      log.forEach((entry, index) => {
        const [before, after] = [states[index - 1], states[index]];
        const reply = before?.playout.reply ?? null;
        if (reply === null || after === undefined || reply.followedBy === null || after.line.kind === 'over') return;
        const gone = after.playout.reply?.turn !== reply.turn;
        if (!gone || hasHeardAll(reply) || !before || concerns(before) !== concerns(after)) return;
        // Sent whole and no mark of it came back: it is taken for heard.
        if (entry.event.type === 'deadlineReached' && entry.event.name === 'playoutStall' && reply.complete) return;
        // A newer line may be due before it since the answer was begun.
        const newer = after.safety.due !== null && after.safety.due !== reply.followedBy;
        if (newer || dueLine(before) !== reply.followedBy) return;
        const begun = after.playout.reply?.source;
        const saidInstead = begun?.kind === 'line' && begun.line === reply.followedBy;
        expect(
          saidInstead || dueLine(after) === reply.followedBy,
          `${reply.followedBy} after ${entry.event.type}`,
        ).to.equal(true);
      });
    });
  });
});

function closesByUs(effect: CallEffect): boolean {
  return effect.type === 'hangUp' || (effect.type === 'sayByCarrier' && effect.afterwards === 'hangUp');
}

/** Asked before closing, then a no; and no higher level since. */
function saidNoToClosing(log: readonly LogEntry[], states: readonly CallState[], until: number): boolean {
  const level = states[until - 1]?.safety.level;
  let asked = false;
  let said = false;
  for (const [index, { event, effects }] of log.slice(0, until).entries()) {
    const words = event.type === 'wordsHypothesised' || event.type === 'wordsRecognised';
    const no = words ? event.meaning.answer === 'no' : event.type === 'digitPressed' && event.digit === '2';
    said = states[index]?.safety.level === level && (said || (asked && no));
    asked ||= effects.some(
      (effect) =>
        effect.type === 'startReply' && effect.source.kind === 'line' && effect.source.line === 'askBeforeClosing',
    );
  }
  return said;
}

function hasHeardAll({ complete, heard, sentencesMs }: PlayedReply): boolean {
  return complete && heard !== null && heard.sentence >= sentencesMs.length - 1;
}

/** What decides which line is due, but for the lines themselves. */
function concerns({ safety, transfer }: CallState): string {
  const { level, situation, overheard } = safety;
  return JSON.stringify([level, situation, overheard, transfer.kind]);
}
