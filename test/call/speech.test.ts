import { expect } from 'chai';
import fc from 'fast-check';
import type { CallEffect } from '../../src/call/effect.ts';
import type { Position, TurnId } from '../../src/call/event.ts';
import type { CallState } from '../../src/call/state.ts';
import { anyCall, isVoiced, walk, type Walk } from '../support/anyCall.ts';

/** Follows the orders of a call as whoever performs them must, and notes what no caller should ever hear. */
class Performer {
  readonly problems: string[] = [];
  readonly #begun = new Set<TurnId>();
  #inHand: TurnId | null = null;
  #held = false;
  #cleared: { readonly turn: TurnId; readonly heard: Position | null } | null = null;

  perform(effect: CallEffect, before: CallState): void {
    switch (effect.type) {
      case 'startReply':
        this.#must(this.#inHand === null, `reply ${effect.turn} is begun while ${this.#inHand} is in hand`);
        this.#must(!this.#begun.has(effect.turn), `reply ${effect.turn} is begun twice`);
        this.#begun.add(effect.turn);
        this.#inHand = effect.turn;
        this.#held = effect.hold;
        return;
      case 'holdReply':
        this.#mustBeInHand(effect.turn, 'held');
        this.#held = true;
        return;
      case 'releaseReply':
        this.#mustBeInHand(effect.turn, 'released');
        this.#must(this.#held, `reply ${effect.turn} is released though nobody held it`);
        this.#held = false;
        return;
      case 'clearPlayout':
        if (this.#inHand !== null) this.#cleared = { turn: this.#inHand, heard: before.playout.reply?.heard ?? null };
        return;
      case 'resumeReply':
        this.#mustBeInHand(effect.turn, 'said on');
        this.#must(this.#cleared?.turn === effect.turn, `reply ${effect.turn} is said on though it was not silenced`);
        this.#cleared = null;
        return;
      case 'dropReply':
        this.#mustBeInHand(effect.turn, 'dropped');
        this.#inHand = null;
        return;
      case 'recordReply':
        return this.#recorded(effect);
      default:
        return;
    }
  }

  /** The reply that is left when all is over: at most the one in hand. */
  unfinished(): TurnId | null {
    return this.#inHand;
  }

  #recorded({ turn, heard, interrupted }: Extract<CallEffect, { type: 'recordReply' }>): void {
    if (!interrupted && this.#inHand === turn) this.#inHand = null;
    const cleared = this.#cleared?.turn === turn ? this.#cleared : null;
    const more = cleared !== null && JSON.stringify(cleared.heard) !== JSON.stringify(heard);
    this.#must(!more, `of reply ${turn} more was heard than when it was silenced`);
  }

  #mustBeInHand(turn: TurnId, what: string): void {
    this.#must(this.#inHand === turn, `reply ${turn} is ${what} while ${this.#inHand} is in hand`);
  }

  #must(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}

function performed({ log, states }: Walk): Performer {
  const performer = new Performer();
  log.forEach(({ effects }, index) => {
    const before = states[index - 1];
    for (const effect of effects) if (before !== undefined) performer.perform(effect, before);
  });
  return performer;
}

const runs = { numRuns: 1_200 };
const always = (check: (walked: Walk) => void): void =>
  fc.assert(
    fc.property(anyCall, (call) => {
      check(walk(call));
    }),
    runs,
  );

describe('in every call', () => {
  it('one reply is in hand at a time; it is released when it was held, said on when it was silenced, and heard no further meanwhile', () => {
    always((walked) => expect(performed(walked).problems).to.deep.equal([]));
  });

  it('every reply that was begun is dropped or recorded, but for one that is in hand when we look', () => {
    always((walked) => {
      const last = walked.states.at(-1);
      const left = performed(walked).unfinished();
      expect(left).to.equal(left === null ? null : (last?.playout.reply?.turn ?? 'gone'));
      if (last?.line.kind !== 'up') expect(left).to.equal(null);
    });
  });

  it('no answer of the model begins to sound over a voice of the caller that is known, unless it has outlasted fifteen seconds without words', () => {
    always(({ log, states }) => {
      log.forEach(({ event, effects }, index) => {
        const before = states[index - 1];
        if (before === undefined || !isVoiced(before)) return;
        const stuck = event.type === 'deadlineReached' && event.name === 'stuckVoice';
        const sounds = effects.some((e) => e.type === 'startReply' && e.source.kind === 'model' && !e.hold);
        expect(sounds && !stuck, `after ${event.type} at ${index}`).to.equal(false);
      });
    });
  });

  it('nobody is hung up on while their voice is known', () => {
    always(({ log, states }) => {
      log.forEach(({ effects }, index) => {
        const before = states[index - 1];
        const hangsUp = effects.some((e) => e.type === 'hangUp');
        if (hangsUp && before !== undefined) expect(isVoiced(before), `at ${index}`).to.equal(false);
      });
    });
  });

  it('nobody in whose words there was a sign of danger is hung up on for silence', () => {
    always(({ log, states }) => {
      log.forEach(({ effects }, index) => {
        const closed = effects.some((e) => e.type === 'closeCall' && e.outcome === 'silence');
        const before = states[index - 1];
        // The closing line may be under way when such words come; then they take the floor.
        if (closed && before !== undefined) expect(before.safety.level, `at ${index}`).to.equal('none');
      });
    });
  });
});
