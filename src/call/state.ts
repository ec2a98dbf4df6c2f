import type { ConsentKind, EscalationReason, HandOverReason, Outcome, ReplySource } from './effect.ts';
import type { AllowedQuestion, DeadlineName, Position, TurnId, UtteranceId } from './event.ts';
import type { LineName } from './lineName.ts';
import type { Meaning, RiskLevel, Situation } from './meaning.ts';
import type { SafetyQuestion } from './safetySteps.ts';
import { defaultTurnTaking, type CallSettings, type Stage } from './settings.ts';
import type { CallMs } from './time.ts';

export type Line =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'up' }
  /** `openWith` is said when the stream is back; null when nothing needs to be explained. */
  | { readonly kind: 'down'; readonly openWith: LineName | null }
  | { readonly kind: 'over'; readonly outcome: Outcome };

/** Where the staged response stands. What is said when is in `safetySteps.ts`. */
export interface Safety {
  /** Only ever raised, but for one step down by `riskClarified`. */
  readonly level: RiskLevel;
  readonly situation: Situation;
  /** A question or announcement that is to be said with the next reply. */
  readonly due: LineName | null;
  /** The question that the caller has heard and that waits for a yes or no. */
  readonly question: SafetyQuestion | null;
  /** What Sanad was saying as its question was answered: heard to its end, that question stands no more. */
  readonly answeredTurn: TurnId | null;
  /** Steps of the situation's table that were said; company lines said after them. */
  readonly step: number;
  readonly company: number;
  /** The highest level of which the caller has heard our first response. */
  readonly told: RiskLevel;
  /** How often the caller was asked directly; two neutral questions come before anything may be lowered. */
  readonly asked: number;
  /** Turns of the caller since they wanted no person; null when they never said so. */
  readonly refusedTurnsAgo: number | null;
  readonly overheard: boolean;
  /** Safety was asked for again before a goodbye, and nothing spoke against it. */
  readonly closingAsked: boolean;
  /** The caller has heard that this is an AI and not a person. */
  readonly identityHeard: boolean;
}

/** A question for consent that the caller has heard, and the line that asked it. */
export interface ConsentQuestion {
  readonly kind: ConsentKind;
  readonly line: LineName;
}

/** What the caller agrees to. When it is asked is in `consent.ts`. */
export interface Consent {
  /** What may still be asked for; null until it is known what this caller answered before: until then nothing is. */
  readonly open: readonly ConsentKind[] | null;
  readonly asked: Readonly<Record<ConsentKind, number>>;
  readonly question: ConsentQuestion | null;
  /** What Sanad was saying as its question was answered: heard to its end, that question stands no more. */
  readonly answeredTurn: TurnId | null;
  readonly takenBack: readonly ConsentKind[];
  /** Replies of the model that were heard; those of them since the last painful word, or the last question. */
  readonly replies: number;
  readonly calmReplies: number;
  /** `goodbye`: the caller wants to go, and is asked before Sanad says goodbye. */
  readonly moment: 'talk' | 'goodbye';
  /** A fixed line that answers an answer. */
  readonly due: LineName | null;
}

/** A small question: whether they rang before, and how they feel, near the start and at the goodbye. */
export type SmallQuestion = 'returning' | 'moodStart' | 'moodEnd';

/** Small questions of the organisation. When they are asked is in `asking.ts`. */
export interface Asking {
  /** Nothing, until it is known what the organisation allows. */
  readonly allowed: readonly AllowedQuestion[];
  readonly asked: readonly SmallQuestion[];
  /** One that the caller has heard and not answered. */
  readonly question: SmallQuestion | null;
  /** What Sanad was saying as its question was answered: heard to its end, that question stands no more. */
  readonly answeredTurn: TurnId | null;
  /** Replies of the model that were heard; those of them since the last painful word, or the last question. */
  readonly replies: number;
  readonly calmReplies: number;
  /** The caller has given a figure. */
  readonly rated: boolean;
  readonly rangBefore: 'yes' | 'no' | null;
  /** A fixed line that answers an answer. */
  readonly due: LineName | null;
}

export type Transfer =
  | { readonly kind: 'none' }
  /** People are being rung; Sanad stays. `notice` is what the caller is still to be told of it. */
  | {
      readonly kind: 'requested';
      readonly reason: EscalationReason;
      readonly escalation: number;
      readonly nobody: boolean;
      readonly notice: LineName | null;
    }
  /** Somebody took the call and is being told what it is about. */
  | {
      readonly kind: 'accepted';
      readonly reason: EscalationReason;
      readonly escalation: number;
      readonly notice: LineName | null;
    }
  /** Caller and person are in the room together. */
  | {
      readonly kind: 'joined';
      readonly reason: EscalationReason;
      readonly escalation: number;
      readonly sinceMs: CallMs;
    }
  /** The line that announces the person is being said (`turn` of the floor), then the carrier rings. */
  | { readonly kind: 'announcing'; readonly reason: HandOverReason }
  | { readonly kind: 'handedOver'; readonly reason: HandOverReason };

/** What the caller has said in the turn that is being taken. */
export interface Heard {
  readonly utterances: readonly UtteranceId[];
  /** Those of them whose final words have come. */
  readonly finals: readonly UtteranceId[];
  /** Of the newest words. */
  readonly meaning: Meaning | null;
  /** Replies that were prepared on these words too early and thrown away. */
  readonly speculated: number;
}

/** What follows when a reply has been heard to its end. */
export type After = 'listen' | 'handOver' | Extract<Outcome, 'goodbye' | 'silence' | 'length'>;

/** Who may speak: exactly one of these, so "both" cannot be written down. */
export type Floor =
  | { readonly kind: 'idle' }
  /** `closing`: a goodbye was heard, and the line stays open for a breath more. */
  | {
      readonly kind: 'listening';
      readonly prompts: number;
      readonly closing: Exclude<After, 'listen' | 'handOver'> | null;
    }
  | { readonly kind: 'callerSpeaking'; readonly heard: Heard; readonly voiceSinceMs: CallMs }
  | {
      readonly kind: 'pausing';
      readonly heard: Heard;
      readonly sinceMs: CallMs;
      readonly voicedForMs: number;
      /** A reply prepared on what was heard so far, held back. */
      readonly speculation: TurnId | null;
    }
  /** The turn is Sanad's and nothing has sounded yet. `overVoiceSinceMs`: the caller makes sound again. */
  | {
      readonly kind: 'thinking';
      readonly turn: TurnId;
      readonly heard: Heard;
      readonly overVoiceSinceMs: CallMs | null;
    }
  | {
      readonly kind: 'replying';
      readonly turn: TurnId;
      readonly heard: Heard;
      readonly overVoiceSinceMs: CallMs | null;
    }
  /** Sanad fell silent for a sound of the caller; words decide whether the reply is dropped or goes on. */
  | {
      readonly kind: 'interrupted';
      readonly turn: TurnId;
      readonly heard: Heard;
      readonly voice: boolean;
      readonly backchannel: boolean;
    }
  | { readonly kind: 'withPerson' }
  | { readonly kind: 'closed' };

/** What was sent of the reply in hand, and what of it the caller heard. */
export interface Playout {
  readonly generation: number;
  readonly reply: PlayedReply | null;
}

export interface PlayedReply {
  readonly turn: TurnId;
  readonly source: ReplySource;
  readonly preface: LineName | null;
  readonly followedBy: LineName | null;
  readonly after: After;
  /** Some lines are said to their end: what announces a person, and what closes the call for good. */
  readonly interruptible: boolean;
  /** Duration of each sentence sent whole, in milliseconds. */
  readonly sentencesMs: readonly number[];
  /** Everything was sent. */
  readonly complete: boolean;
  /** The voice broke off: what was sent is all there will be, and the caller deserves a word about it. */
  readonly broken: boolean;
  readonly sounded: boolean;
  readonly heard: Position | null;
  /** When what was sent will have been heard: by the newest mark, or by the time it takes when none comes. */
  readonly endsAtMs: CallMs;
}

export interface CallState {
  readonly settings: CallSettings;
  readonly stage: Stage;
  readonly line: Line;
  readonly safety: Safety;
  readonly consent: Consent;
  readonly asking: Asking;
  readonly transfer: Transfer;
  /** Escalations so far. */
  readonly escalations: number;
  readonly floor: Floor;
  readonly playout: Playout;
  readonly hearing: 'up' | 'down';
  /** The caller was told, in this loss of hearing or an earlier one; the next brings a person. */
  readonly toldDeaf: boolean;
  /** Replies in a row that failed; utterances in a row of which no word was understood. */
  readonly failures: number;
  readonly wordless: number;
  /** Utterances that were recorded, newest last; bounded, since ids only grow and late words are of recent ones. */
  readonly recorded: readonly UtteranceId[];
  readonly lastTurn: TurnId;
  readonly lastUtterance: UtteranceId;
  readonly deadlines: Readonly<Partial<Record<DeadlineName, CallMs>>>;
}

export const nothingHeard: Heard = { utterances: [], finals: [], meaning: null, speculated: 0 };

export const initialState: CallState = {
  settings: { language: 'ar-OM', turnTaking: defaultTurnTaking },
  stage: 'opening',
  line: { kind: 'waiting' },
  safety: {
    level: 'none',
    situation: 'self',
    due: null,
    question: null,
    answeredTurn: null,
    step: 0,
    company: 0,
    told: 'none',
    asked: 0,
    refusedTurnsAgo: null,
    overheard: false,
    closingAsked: false,
    identityHeard: false,
  },
  consent: {
    open: null,
    asked: { keepWords: 0, followUp: 0, sms: 0 },
    question: null,
    answeredTurn: null,
    takenBack: [],
    replies: 0,
    calmReplies: 0,
    moment: 'talk',
    due: null,
  },
  asking: {
    allowed: [],
    asked: [],
    question: null,
    answeredTurn: null,
    replies: 0,
    calmReplies: 0,
    rated: false,
    rangBefore: null,
    due: null,
  },
  transfer: { kind: 'none' },
  escalations: 0,
  floor: { kind: 'idle' },
  playout: { generation: 0, reply: null },
  hearing: 'up',
  toldDeaf: false,
  failures: 0,
  wordless: 0,
  recorded: [],
  lastTurn: 0,
  lastUtterance: 0,
  deadlines: {},
};
