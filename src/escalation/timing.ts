import { isAtLeast, type RiskLevel } from '../call/meaning.ts';

/** How long everything may take. Defaults follow clinical.md §1.6 and twilio.md §2.5; milliseconds unless the name says otherwise. */
export interface EscalationTiming {
  /** Without an acceptance after this, the next wave is rung. */
  readonly waveMs: number;
  /** Everybody was rung by then: the caller is told so. */
  readonly ceilingMs: { readonly imminent: number; readonly other: number };
  /** Between two rounds. */
  readonly pauseMs: number;
  /** Ringing goes on so long for a caller who stays. */
  readonly longestMs: number;
  /** One telephone; below the time at which voicemail usually takes over. The carrier adds about 5 s. */
  readonly ringSeconds: number;
  /** A telephone of which nothing more is heard counts as not answered after this. */
  readonly ringGuardMs: number;
  /** From the answer to the key: both questions, and some. */
  readonly keyGuardMs: number;
  readonly briefingGuardMs: number;
  /** From the end of the briefing until both are in the room. */
  readonly joinGuardMs: number;
  /** A caller alone in the room is fetched back after this. */
  readonly aloneMs: number;
  readonly fetchAgainMs: number;
  /** No telephone could be rung by then: the live call is told, so that the carrier dials. */
  readonly unplacedMs: number;
  /** A request to ring whose outcome nobody knows: the carrier's list of calls is read after this, and again. */
  readonly lookUpMs: number;
  /** A process that was to place a call and said nothing more by then has died. Above the limit of one request. */
  readonly placeGuardMs: number;
  /** The account's calls per second, shared by all escalations: one telephone after the other, in the order of `pace.ts`. */
  readonly placeEveryMs: number;
  /** A caller for whom no telephone rings does not wait longer for the pace: the carrier has a queue of its own. Below `unplacedMs`. */
  readonly paceGuardMs: number;
  /** A call that lost its person in the room asks anew within this; otherwise its old escalation goes on. */
  readonly askAnewMs: number;
  /** Between two looks whether a talk still goes on: the news of its end may be lost, and the person is taken as long. */
  readonly talkCheckMs: number;
  readonly talkMs: number;
  /** Deadlines of the person who has to call back. */
  readonly humanCallbackMs: { readonly imminent: number; readonly high: number; readonly other: number };
  /** Sanad's own calls to a caller in danger who was lost, from the loss. */
  readonly automaticCallbackMs: readonly number[];
  readonly supervisorMs: { readonly imminent: number; readonly high: number };
  /** Telephones of one wave: the first, the second, the last. */
  readonly waveSizes: readonly [number, number, number];
}

export const defaultTiming: EscalationTiming = {
  waveMs: 20_000,
  ceilingMs: { imminent: 60_000, other: 120_000 },
  pauseMs: 15_000,
  longestMs: 3_600_000,
  ringSeconds: 18,
  ringGuardMs: 28_000,
  keyGuardMs: 50_000,
  briefingGuardMs: 35_000,
  joinGuardMs: 20_000,
  aloneMs: 6_000,
  fetchAgainMs: 5_000,
  unplacedMs: 5_000,
  lookUpMs: 1_500,
  placeGuardMs: 6_000,
  placeEveryMs: 1_000,
  paceGuardMs: 3_000,
  askAnewMs: 4_000,
  talkCheckMs: 60_000,
  talkMs: 4 * 3_600_000,
  humanCallbackMs: { imminent: 120_000, high: 900_000, other: 3_600_000 },
  automaticCallbackMs: [30_000, 180_000],
  supervisorMs: { imminent: 240_000, high: 900_000 },
  waveSizes: [3, 5, 12],
};

export function ceilingOf(level: RiskLevel, { ceilingMs }: EscalationTiming): number {
  return level === 'imminent' ? ceilingMs.imminent : ceilingMs.other;
}

export function humanCallbackOf(level: RiskLevel, { humanCallbackMs }: EscalationTiming): number {
  if (level === 'imminent') return humanCallbackMs.imminent;
  return isAtLeast(level, 'high') ? humanCallbackMs.high : humanCallbackMs.other;
}
