/** What the state machine works on: the escalation with its telephones, what may happen to it, and what it orders. */
import type { RiskLevel } from '../call/meaning.ts';
import type { AttemptState, EscalationFact, EscalationOutcome, EscalationReason, EscalationState } from './model.ts';
import type { PersonRole } from './rota.ts';

/** Milliseconds since 1970 on the database's clock: one clock for all processes. */
export type WallMs = number;

export interface Attempt {
  readonly id: string;
  /** Null: the telephone of last resort. */
  readonly personId: string | null;
  readonly round: number;
  readonly wave: number;
  readonly position: number;
  readonly state: AttemptState;
  readonly callSid: string | null;
  readonly dueAt: WallMs;
  readonly dialledAt: WallMs | null;
  readonly ringingAt: WallMs | null;
  readonly answeredAt: WallMs | null;
  readonly acceptedAt: WallMs | null;
  readonly endedAt: WallMs | null;
  readonly answeredBy: string | null;
  /** When the carrier's list is to be read for this call, whose request has no known outcome; null: it is known. */
  readonly lookUpAt: WallMs | null;
  readonly lookUps: number;
}

/** What is remembered beside the columns. */
export interface Memory {
  readonly roundAt: WallMs | null;
  readonly waveAt: WallMs | null;
  /** The next round begins. */
  readonly resumeAt: WallMs | null;
  /** People were asked for, and the answer comes within the same transaction. */
  readonly listing: boolean;
  /** The conference in which the caller is, by the carrier's id. */
  readonly callerRoom: string | null;
  readonly personRoom: string | null;
  /** The caller is alone in the room: when they are to be fetched. */
  readonly fetchAt: WallMs | null;
  /** While they talk: when the carrier is to be asked whether they still do. */
  readonly checkAt: WallMs | null;
  readonly toldRinging: boolean;
  readonly toldUnavailable: boolean;
  /** Who has to call back; null: whoever supervises. */
  readonly ownerId: string | null;
}

export const emptyMemory: Memory = {
  roundAt: null,
  waveAt: null,
  resumeAt: null,
  listing: false,
  callerRoom: null,
  personRoom: null,
  fetchAt: null,
  checkAt: null,
  toldRinging: false,
  toldUnavailable: false,
  ownerId: null,
};

export interface Escalation {
  readonly id: string;
  readonly reason: EscalationReason;
  readonly level: RiskLevel;
  readonly state: EscalationState;
  readonly round: number;
  readonly wave: number;
  readonly winner: string | null;
  readonly outcome: EscalationOutcome | null;
  readonly nextAt: WallMs | null;
  readonly requestedAt: WallMs;
  readonly placedAt: WallMs | null;
  readonly ringingAt: WallMs | null;
  readonly acceptedAt: WallMs | null;
  readonly joiningAt: WallMs | null;
  readonly bridgedAt: WallMs | null;
  readonly fallbackAt: WallMs | null;
  readonly closedAt: WallMs | null;
  readonly memory: Memory;
  readonly attempts: readonly Attempt[];
}

/** One who can be rung, in the order of ringing. Who talks in another escalation is not among them. */
export interface Candidate {
  /** Made by the shell: the machine knows no chance. */
  readonly attemptId: string;
  readonly personId: string | null;
  readonly tier: PersonRole | 'offShift' | 'lastResort';
  readonly line: TelephoneLine;
}

/**
 * What other escalations do with this telephone now. `wanted`: it waits to be rung for another caller. `engaged`: it rings or is answered
 * for another caller, so that it is most likely busy.
 */
export type TelephoneLine = 'free' | 'wanted' | 'engaged';

export type Progress = 'ringing' | 'answered' | 'busy' | 'noAnswer' | 'failed' | 'completed';

/** Why the caller is no longer in the room: `hungUp` by themselves, `roomEnded` by whoever left first or by us. */
export type Leaving = 'hungUp' | 'roomEnded';

export type EscalationEvent =
  | { readonly type: 'requested' }
  | { readonly type: 'peopleListed'; readonly people: readonly Candidate[] }
  /** The account's pace lets this telephone be rung now. */
  | { readonly type: 'granted'; readonly attemptId: string }
  | { readonly type: 'attemptPlaced'; readonly attemptId: string; readonly callSid: string }
  /** The carrier did not take the request; nothing rings. */
  | { readonly type: 'attemptRefused'; readonly attemptId: string }
  /** No usable answer: nobody knows whether it rings. */
  | { readonly type: 'placeUnknown'; readonly attemptId: string }
  /** What the carrier's list of calls says of it. */
  | { readonly type: 'lookedUp'; readonly attemptId: string; readonly found: Found }
  | {
      readonly type: 'attemptProgressed';
      readonly attemptId: string;
      readonly callSid: string;
      readonly progress: Progress;
    }
  | {
      readonly type: 'keyPressed';
      readonly attemptId: string;
      readonly callSid: string;
      readonly key: '1' | '2' | 'other' | 'none';
      /** The first or the last time they were asked. */
      readonly asked: 'first' | 'last';
    }
  /** The carrier guesses who answered: noted, decides nothing. */
  | { readonly type: 'amd'; readonly attemptId: string; readonly answeredBy: string }
  | { readonly type: 'briefed'; readonly attemptId: string }
  | { readonly type: 'personInRoom'; readonly attemptId: string; readonly room: string }
  | { readonly type: 'personLeftRoom'; readonly attemptId: string }
  | { readonly type: 'roomStarted'; readonly room: string }
  | { readonly type: 'callerInRoom'; readonly room: string }
  /** The carrier asks what the caller shall hear while alone in the room: proof that they are, now. */
  | { readonly type: 'callerWaiting'; readonly room: string }
  | { readonly type: 'callerLeftRoom'; readonly room: string; readonly leaving: Leaving }
  /** Our request to take the caller out of the room was done. */
  | { readonly type: 'callerFetched' }
  | { readonly type: 'callerJoining' }
  | { readonly type: 'callerGone' }
  | { readonly type: 'declined' }
  | { readonly type: 'briefingChanged'; readonly level: RiskLevel }
  | { readonly type: 'handedOver' }
  /** The call asked for a person anew, under another id. */
  | { readonly type: 'superseded' }
  | { readonly type: 'timerDue' };

export type Found =
  | { readonly kind: 'rings'; readonly callSid: string }
  | { readonly kind: 'nothing' }
  /** The list could not be read. */
  | { readonly kind: 'unknown' };

/** What a person on the telephone is told when it ends. */
export type Farewell = 'hangUp' | 'taken' | 'callerGone';

export interface NewTask {
  readonly kind: 'automaticCallback' | 'humanCallback' | 'supervisor';
  readonly ordinal: number;
  readonly dueAt: WallMs;
  readonly ownerId: string | null;
}

export type Order =
  /** Within the same transaction; answered by `peopleListed`. */
  | { readonly type: 'listPeople' }
  | { readonly type: 'tell'; readonly fact: EscalationFact }
  /** Made, or its deadline moved forward when it is there already. */
  | { readonly type: 'createTask'; readonly task: NewTask }
  | { readonly type: 'cancelTasks'; readonly outcome: EscalationOutcome }
  /** All below: after the commit. */
  | { readonly type: 'place'; readonly attemptId: string }
  | { readonly type: 'lookUp'; readonly attemptId: string }
  | { readonly type: 'release'; readonly attemptId: string; readonly callSid: string; readonly farewell: Farewell }
  | { readonly type: 'fetchCaller' }
  /** Is the caller's call over? Answered by `callerGone`, or not at all. */
  | { readonly type: 'checkCaller' }
  /** Is the person's? Answered by `personLeftRoom`, or not at all. */
  | { readonly type: 'checkPerson'; readonly attemptId: string; readonly callSid: string };

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Changed in place while one event is taken in; never leaves the machine. */
export interface Draft extends Mutable<Omit<Escalation, 'memory' | 'attempts'>> {
  memory: Mutable<Memory>;
  attempts: Mutable<Attempt>[];
}

export type DraftAttempt = Draft['attempts'][number];

/** Everything one event is taken in with. */
export interface Turn {
  readonly draft: Draft;
  readonly at: WallMs;
  readonly orders: Order[];
}

const live: ReadonlySet<AttemptState> = new Set(['planned', 'dialling', 'ringing', 'answered']);

/** May still be answered or accepted. */
export function isLive(attempt: Pick<Attempt, 'state'>): boolean {
  return live.has(attempt.state);
}

/** The carrier was asked to ring it, and it may still be answered or accepted. */
export function isRinging(attempt: Pick<Attempt, 'state'>): boolean {
  return isLive(attempt) && attempt.state !== 'planned';
}
