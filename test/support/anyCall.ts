import fc from 'fast-check';
import { deadlineNames, type CallEvent } from '../../src/call/event.ts';
import type { Meaning } from '../../src/call/meaning.ts';
import { brokenInvariants } from '../../src/call/invariants.ts';
import { reduce } from '../../src/call/reduce.ts';
import type { LogEntry } from '../../src/call/replay.ts';
import { defaultTurnTaking } from '../../src/call/settings.ts';
import { initialState, type CallState } from '../../src/call/state.ts';

/** Generated calls: anything may arrive at any time, and the deadlines fall due as in a live one. */

/** Rare things are rare here too: a call that is handed over in its first second tries nothing else. */
const seldom =
  (weight: number) =>
  <T>(often: T, ...others: readonly T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

/** Words that are ordinary so many times as often as not, in each respect. */
const meaningOf = (ordinary: number): fc.Arbitrary<Meaning> => {
  const rarely = seldom(ordinary);
  return fc.record({
    wordCount: fc.nat({ max: 12 }),
    backchannel: fc.boolean(),
    asks: rarely<Meaning['asks']>('nothing', 'human', 'noPerson', 'stop', 'goodbye'),
    ending: fc.constantFrom('complete', 'trailing', 'open'),
    painful: fc.boolean(),
    risk: rarely<Meaning['risk']>('none', 'low', 'moderate', 'high', 'imminent'),
    situation: rarely<Meaning['situation']>(null, 'self', 'other', 'child', 'violence', 'voices', 'medical'),
    answer: rarely<Meaning['answer']>(null, 'yes', 'no'),
    overheard: rarely(false, true),
  } as const);
};

/** What may arrive, in any order, with ids that are sometimes right and sometimes late. `advance` lets time pass. */
export type Happening = { readonly advanceMs: number; readonly event: (state: CallState, at: number) => CallEvent };

/** The recogniser's newest utterance, or the next: a recogniser closes one utterance before it opens another. */
const utterance = (state: CallState, fresh: boolean): number =>
  state.lastUtterance + (fresh || state.lastUtterance === 0 ? 1 : 0);
const anyTurn = (state: CallState, offset: number): number => Math.max(0, state.lastTurn - offset);
const rareHappenings: readonly fc.Arbitrary<Happening['event']>[] = [
  fc.constant(() => ({ type: 'streamStarted' }) as const),
  fc.constant(() => ({ type: 'streamLost' }) as const),
  fc.constantFrom('hearingLost' as const, 'hearingRestored' as const).map((type) => () => ({ type })),
  fc.constantFrom('0', '1', '2', '5', '#').map((digit) => () => ({ type: 'digitPressed', digit }) as const),
  fc.nat({ max: 1 }).map((late) => (s: CallState) => ({ type: 'replySounded', turn: anyTurn(s, late) }) as const),
  fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 2 })).map(
    ([late, sentence]) =>
      (s: CallState) =>
        ({ type: 'sentenceSent', turn: anyTurn(s, late), sentence, durationMs: 1_500 }) as const,
  ),
  fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 3 })).map(
    ([late, sentences]) =>
      (s: CallState) =>
        ({ type: 'replySent', turn: anyTurn(s, late), sentences }) as const,
  ),
  fc.tuple(fc.nat({ max: 1 }), fc.constantFrom('model', 'voice')).map(
    ([late, stage]) =>
      (s: CallState) =>
        ({ type: 'replyFailed', turn: anyTurn(s, late), stage }) as const,
  ),
  fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 }), fc.nat({ max: 2 }), fc.constantFrom(200, 800, 1_500)).map(
    ([late, old, sentence, ms]) =>
      (s: CallState) =>
        ({
          type: 'markReturned',
          generation: s.playout.generation - old,
          turn: anyTurn(s, late),
          position: { sentence, ms },
        }) as const,
  ),
  fc
    .tuple(fc.constantFrom('low', 'moderate', 'high', 'imminent'), fc.constantFrom('classifier', 'judge', 'carried'))
    .map(
      ([level, source]) =>
        () =>
          ({ type: 'riskRaised', level, source, situation: null }) as const,
    ),
  fc.constant(() => ({ type: 'riskClarified' }) as const),
  fc.tuple(fc.nat({ max: 1 }), fc.constantFrom('ringing', 'accepted', 'ready', 'dropped', 'nobody', 'unavailable')).map(
    ([late, fact]) =>
      (s: CallState) =>
        ({ type: 'escalationAdvanced', escalation: Math.max(0, s.escalations - late), fact }) as const,
  ),
  fc.constantFrom('spoke', 'nobody').map((outcome) => () => ({ type: 'personFinished', outcome }) as const),
  fc.constantFrom(...deadlineNames).map((name) => () => ({ type: 'deadlineReached', name }) as const),
  fc.constantFrom('faulted' as const, 'faultedAgain' as const).map((type) => () => ({ type })),
];

/** What comes next when all goes well: the reply sounds, is sent, is heard; the stream comes back. */
function onward(state: CallState): CallEvent {
  const { floor, line, playout, lastTurn } = state;
  if (line.kind === 'down') return { type: 'streamStarted' };
  if (floor.kind === 'thinking' && floor.overVoiceSinceMs === null) return { type: 'replySounded', turn: floor.turn };
  const reply = playout.reply;
  if (reply === null)
    return { type: 'markReturned', generation: 0, turn: lastTurn, position: { sentence: 0, ms: 200 } };
  const sent = reply.sentencesMs.length;
  if (sent < 2) return { type: 'sentenceSent', turn: reply.turn, sentence: sent, durationMs: 1_500 };
  if (!reply.complete) return { type: 'replySent', turn: reply.turn, sentences: sent };
  const { sentence, ms } = reply.heard ?? { sentence: 0, ms: 0 };
  const position = ms < 1_500 ? { sentence, ms: Math.min(1_500, ms + 500) } : { sentence: sentence + 1, ms: 500 };
  return { type: 'markReturned', generation: playout.generation, turn: reply.turn, position };
}

const happeningsWith = (anyMeaning: fc.Arbitrary<Meaning>): fc.Arbitrary<Happening['event']> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(onward) },
    {
      weight: 4,
      arbitrary: fc.constant((_: CallState, at: number) => ({ type: 'speechStarted', sinceMs: at - 60 }) as const),
    },
    {
      weight: 4,
      arbitrary: fc.constant((_: CallState, at: number) => ({ type: 'speechPaused', sinceMs: at - 120 }) as const),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.boolean(), anyMeaning).map(
        ([fresh, meaning]) =>
          (s: CallState) =>
            ({ type: 'wordsHypothesised', utterance: utterance(s, fresh), text: 'كلمات من المتصل', meaning }) as const,
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.boolean(), anyMeaning, fc.boolean()).map(
        ([fresh, meaning, differs]) =>
          (s: CallState) =>
            ({
              type: 'wordsRecognised',
              utterance: utterance(s, fresh),
              text: 'كلمات من المتصل',
              meaning,
              differs,
            }) as const,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant((s: CallState) => ({ type: 'wordsVoided', utterance: s.lastUtterance }) as const),
    },
    { weight: 3, arbitrary: fc.oneof(...rareHappenings) },
  );

const anyWaitMs = fc.oneof(
  { weight: 10, arbitrary: fc.nat({ max: 400 }) },
  { weight: 3, arbitrary: fc.nat({ max: 3_000 }) },
  { weight: 1, arbitrary: fc.nat({ max: 30_000 }) },
);

export const anyCall = fc.array(fc.record({ advanceMs: anyWaitMs, event: happeningsWith(meaningOf(14)) }), {
  minLength: 1,
  maxLength: 80,
});

/** A turn of the caller as a recogniser gives it, answered by Sanad and heard to the end, so that questions come to be asked. */
const wholeTurn = fc.tuple(meaningOf(2), fc.nat({ max: 3 })).map(([said, silent]): readonly Happening[] => {
  const meaning = { ...said, wordCount: said.wordCount + 1, backchannel: false };
  const words = (state: CallState): CallEvent => ({
    type: 'wordsRecognised',
    utterance: utterance(state, true),
    text: 'كلمات من المتصل',
    meaning,
    differs: false,
  });
  const heard = Array.from({ length: 12 }, () => ({ advanceMs: 400, event: onward }));
  if (silent === 0) return [{ advanceMs: 5_000, event: onward }, ...heard];
  return [{ advanceMs: 300, event: words }, { advanceMs: 2_600, event: onward }, ...heard];
});

const onceMore = fc
  .record({ advanceMs: anyWaitMs, event: fc.oneof(happeningsWith(meaningOf(4)), ...rareHappenings.slice(-6)) })
  .map((happening): readonly Happening[] => [happening]);

/** Calls in which there is much to ask and to bring: whole turns, and between them what else may come. */
export const anyCallWithDanger: fc.Arbitrary<readonly Happening[]> = fc
  .array(fc.oneof({ weight: 2, arbitrary: wholeTurn }, { weight: 3, arbitrary: onceMore }), {
    minLength: 4,
    maxLength: 16,
    size: 'max',
  })
  .map((parts) => parts.flat());

/** Ordinary turns of a caller who may be asked for consent, answers and taking back among them; now and then anything else. */
const consentTurn = fc
  .record({
    answer: fc.constantFrom<Meaning['answer']>(null, 'yes', 'no'),
    asks: seldom(5)<Meaning['asks']>('nothing', 'goodbye', 'stop'),
    painful: seldom(5)(false, true),
    risk: seldom(12)<Meaning['risk']>('none', 'low', 'moderate', 'high'),
    consent: seldom(8)<NonNullable<Meaning['consent']> | null>(null, 'takesBackWords', 'takesBackContact', 'later'),
    key: seldom(4)<string | null>(null, '1', '2'),
  })
  .map(({ consent, key, ...said }): readonly Happening[] => {
    const meaning: Meaning = { ...ordinary, ...said, ...(consent === null ? {} : { consent }) };
    const event = (state: CallState): CallEvent =>
      key === null
        ? { type: 'wordsRecognised', utterance: utterance(state, true), text: 'كلمات', meaning, differs: false }
        : { type: 'digitPressed', digit: key };
    const heard = Array.from({ length: 12 }, () => ({ advanceMs: 400, event: onward }));
    return [{ advanceMs: 300, event }, { advanceMs: 2_600, event: onward }, ...heard];
  });

const ordinary: Meaning = {
  wordCount: 3,
  backchannel: false,
  asks: 'nothing',
  ending: 'open',
  painful: false,
  risk: 'none',
  situation: null,
  answer: null,
  overheard: false,
};

export const anyCallWithConsent: fc.Arbitrary<readonly Happening[]> = fc
  .array(fc.oneof({ weight: 6, arbitrary: consentTurn }, { weight: 1, arbitrary: onceMore }), {
    minLength: 4,
    maxLength: 14,
    size: 'max',
  })
  .map((parts) => [
    { advanceMs: 0, event: () => ({ type: 'consentLookedUp', open: ['keepWords', 'followUp', 'sms'] }) as const },
    ...parts.flat(),
  ]);

/** The same with what else an organisation may let Sanad ask. */
const askingTurn = fc
  .record({
    rating: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    answer: fc.constantFrom<Meaning['answer']>(null, 'yes', 'no'),
    asks: seldom(4)<Meaning['asks']>('nothing', 'goodbye', 'stop'),
    painful: seldom(8)(false, true),
    risk: seldom(16)<Meaning['risk']>('none', 'low', 'moderate', 'high'),
    key: seldom(3)<string | null>(null, '1', '2', '7', '*'),
    wordCount: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ rating, key, ...said }): readonly Happening[] => {
    const meaning: Meaning = { ...ordinary, ...said, ...(rating === undefined ? {} : { rating }) };
    const event = (state: CallState): CallEvent =>
      key === null
        ? { type: 'wordsRecognised', utterance: utterance(state, true), text: 'كلمات', meaning, differs: false }
        : { type: 'digitPressed', digit: key };
    const heard = Array.from({ length: 12 }, () => ({ advanceMs: 400, event: onward }));
    return [{ advanceMs: 300, event }, { advanceMs: 2_600, event: onward }, ...heard];
  });

export const anyCallWithAsking: fc.Arbitrary<readonly Happening[]> = fc
  .array(fc.oneof({ weight: 8, arbitrary: askingTurn }, { weight: 1, arbitrary: onceMore }), {
    minLength: 5,
    maxLength: 12,
    size: 'max',
  })
  .map((parts) => [
    { advanceMs: 0, event: () => ({ type: 'consentLookedUp', open: ['keepWords', 'followUp', 'sms'] }) as const },
    { advanceMs: 0, event: () => ({ type: 'questionsAllowed', questions: ['mood', 'returning'] }) as const },
    ...parts.flat(),
  ]);

export interface Walk {
  readonly log: readonly LogEntry[];
  readonly states: readonly CallState[];
  readonly problems: readonly string[];
}

/** Walks a generated call; a deadline that falls due fires before the next happening, as the shell's timer does. */
export function walk(call: readonly Happening[]): Walk {
  let state = initialState;
  let at = 0;
  const log: LogEntry[] = [];
  const states: CallState[] = [];
  const problems: string[] = [];
  const take = (event: CallEvent): void => {
    const step = reduce(state, { at, event });
    const broken = brokenInvariants(state, step.state, step.effects).map((rule) => `${rule} (after ${event.type})`);
    problems.push(...broken);
    state = step.state;
    states.push(state);
    log.push({ seq: log.length, at, event, effects: step.effects });
  };
  take({ type: 'callStarted', settings: { language: 'ar-OM', turnTaking: defaultTurnTaking } });
  take({ type: 'streamStarted' });
  for (const { advanceMs, event } of call) {
    at = fireDeadlinesUntil(at + advanceMs);
    take(event(state, at));
  }
  // Long enough for every silence to be answered and the last line said.
  at = fireDeadlinesUntil(at + 400_000);
  return { log, states, problems };

  function fireDeadlinesUntil(until: number): number {
    for (let fired = 0; fired < 500; fired++) {
      const [next] = Object.entries(state.deadlines).sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
      if (next?.[1] === undefined || next[1] > until) break;
      at = Math.max(at, next[1]);
      take({ type: 'deadlineReached', name: deadlineNames.find((name) => name === next[0]) ?? 'silence' });
    }
    return until;
  }
}

/** What the core knows of the caller's voice. */
export function isVoiced({ floor }: CallState): boolean {
  if (floor.kind === 'callerSpeaking') return true;
  if (floor.kind === 'interrupted') return floor.voice;
  return (floor.kind === 'thinking' || floor.kind === 'replying') && floor.overVoiceSinceMs !== null;
}
