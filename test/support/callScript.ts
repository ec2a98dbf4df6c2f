import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent, DeadlineName, Position } from '../../src/call/event.ts';
import type { Meaning } from '../../src/call/meaning.ts';
import { brokenInvariants } from '../../src/call/invariants.ts';
import { reduce, type Step } from '../../src/call/reduce.ts';
import { defaultTurnTaking, type TurnTaking } from '../../src/call/settings.ts';
import { initialState, type CallState } from '../../src/call/state.ts';
import type { LogEntry } from '../../src/call/replay.ts';

/** The usual words: a few of them, calm, neither complete nor trailing. */
export function meaning(part: Partial<Meaning> = {}): Meaning {
  return {
    wordCount: 3,
    backchannel: false,
    asks: 'nothing',
    ending: 'open',
    painful: false,
    risk: 'none',
    situation: null,
    answer: null,
    overheard: false,
    ...part,
  };
}

export const listeningWords = meaning({ wordCount: 1, backchannel: true });

type PeopleFact = Extract<CallEvent, { type: 'escalationAdvanced' }>['fact'];

/** Writes a call as a story, against the real reducer; deadlines fire by themselves as time passes. */
export class CallScript {
  state: CallState = initialState;
  at = 0;
  readonly log: LogEntry[] = [];
  #fresh: CallEffect[] = [];

  constructor(turnTaking: Partial<TurnTaking> = {}) {
    this.tell({
      type: 'callStarted',
      settings: { language: 'ar-OM', turnTaking: { ...defaultTurnTaking, ...turnTaking } },
    });
  }

  /** One fact at the present moment. */
  tell(event: CallEvent): Step {
    const before = this.state;
    const step = reduce(before, { at: this.at, event });
    this.state = step.state;
    this.#fresh.push(...step.effects);
    this.log.push({ seq: this.log.length, at: this.at, event, effects: step.effects });
    const broken = brokenInvariants(before, step.state, step.effects);
    if (broken.length > 0) throw new Error(`${event.type} at ${this.at} breaks: ${broken.join('; ')}`);
    return step;
  }

  /** Lets time pass; every deadline fires at its instant. */
  wait(ms: number): this {
    const until = this.at + ms;
    for (;;) {
      const due = earliest(this.state);
      if (due === null || due.at > until) break;
      this.at = Math.max(this.at, due.at);
      this.tell({ type: 'deadlineReached', name: due.name });
    }
    this.at = until;
    return this;
  }

  /** The effects since this was last asked. */
  effects(): readonly CallEffect[] {
    return this.#fresh.splice(0);
  }

  /** The stream is up and the greeting was heard to its end. */
  answered(): this {
    this.tell({ type: 'streamStarted' });
    this.speaks(this.turn, [3_000, 2_000]);
    this.effects();
    return this;
  }

  get turn(): number {
    return this.state.lastTurn;
  }

  /** Sanad sounds: the sentences are sent at once; nothing is heard yet. */
  sounds(turn: number, sentencesMs: readonly number[]): this {
    this.tell({ type: 'replySounded', turn });
    sentencesMs.forEach((durationMs, sentence) => this.tell({ type: 'sentenceSent', turn, sentence, durationMs }));
    this.tell({ type: 'replySent', turn, sentences: sentencesMs.length });
    return this;
  }

  /** The caller hears the reply up to here; a mark says so, of the present generation. */
  hears(turn: number, position: Position): this {
    this.tell({ type: 'markReturned', generation: this.state.playout.generation, turn, position });
    return this;
  }

  /** Sanad says all of it and the caller hears it to its end. */
  speaks(turn: number, sentencesMs: readonly number[]): this {
    this.sounds(turn, sentencesMs);
    sentencesMs.forEach((ms, sentence) => {
      this.wait(ms);
      this.hears(turn, { sentence, ms });
    });
    return this;
  }

  startsToSpeak(): this {
    this.tell({ type: 'speechStarted', sinceMs: this.at });
    return this;
  }

  /** The last voiced frame was just now. */
  pauses(): this {
    this.tell({ type: 'speechPaused', sinceMs: this.at });
    return this;
  }

  hypothesis(utterance: number, part: Partial<Meaning> = {}): this {
    this.tell({ type: 'wordsHypothesised', utterance, text: 'ما أقدر أنام', meaning: meaning(part) });
    return this;
  }

  final(utterance: number, part: Partial<Meaning> = {}, differs = false): this {
    this.tell({ type: 'wordsRecognised', utterance, text: 'ما أقدر أنام', meaning: meaning(part), differs });
    return this;
  }

  /** What becomes of the people who are rung; of an earlier escalation when its number is given. */
  people(fact: PeopleFact, escalation = this.state.escalations): this {
    this.tell({ type: 'escalationAdvanced', escalation, fact });
    return this;
  }

  /** Key 0, and nobody can be rung in the usual way: the carrier dials once the line that says so was heard. */
  asksForDialling(): this {
    this.tell({ type: 'digitPressed', digit: '0' });
    return this.people('unavailable');
  }

  /** The caller says something that ends the turn as usual, and Sanad begins to think. */
  says(utterance: number, part: Partial<Meaning> = {}): this {
    this.startsToSpeak().wait(900);
    this.hypothesis(utterance, part).wait(300).pauses().wait(100);
    return this.final(utterance, part).wait(2_500);
  }
}

function earliest(state: CallState): { readonly name: DeadlineName; readonly at: number } | null {
  const entries = Object.entries(state.deadlines) as [DeadlineName, number][];
  const first = entries.sort((a, b) => a[1] - b[1])[0];
  return first ? { name: first[0], at: first[1] } : null;
}

export const ofType = <Type extends CallEffect['type']>(effects: readonly CallEffect[], type: Type) =>
  effects.filter((effect): effect is Extract<CallEffect, { type: Type }> => effect.type === type);

/** What Sanad began to say since this was last asked: names of lines, `model`, and `model + line` when a line follows. */
export function said(call: CallScript): readonly string[] {
  return ofType(call.effects(), 'startReply').map(({ source, followedBy }) => {
    if (source.kind === 'line') return source.line;
    return followedBy === null ? 'model' : `model + ${followedBy}`;
  });
}
