/** What the drive needs of the world: the store, and the telephone. Implemented in `store` and by the carrier's REST; `main.ts` fills it in. */
import type { RiskLevel } from '../call/meaning.ts';
import type { OutboundCalls } from '../twilio/outboundCalls.ts';
import type { CallControl } from '../twilio/callControl.ts';
import type { Briefing, EscalationFact } from './model.ts';
import type { WaitingTelephone } from './pace.ts';
import type { Rankable } from './rota.ts';
import type { Escalation, EscalationEvent, Order, TelephoneLine, WallMs } from './snapshot.ts';
import type { SafetyDecision } from './safetyDecisions.ts';

export interface RingablePerson extends Rankable {
  /** Has accepted in another escalation that is still open: must not be rung now. */
  readonly busy: boolean;
  /** What other escalations do with their telephone. */
  readonly line: TelephoneLine;
  /** Their number is that of the telephone of last resort. */
  readonly isLastResort: boolean;
}

/** One event and what it did, for the audit. */
export interface TakenStep {
  readonly event: EscalationEvent;
  readonly before: Escalation;
  readonly after: Escalation;
  readonly orders: readonly Order[];
}

/** An escalation whose row is locked: whoever else would drive it waits. */
export interface LockedEscalation {
  readonly escalation: Escalation;
  readonly callId: string;
  readonly callSid: string;
  /** Of the call: `ar-OM`, … */
  readonly language: string;
  /** The database's. */
  readonly now: WallMs;
  /** The record of the call says that it is over. */
  readonly callIsOver: boolean;
  /** What the live call has said since, in order; taken with this transaction. */
  readonly takeNews: () => Promise<readonly EscalationEvent[]>;
  /** Whoever else of the organisation lists people meanwhile waits a moment, so that two callers do not get the same ones. */
  readonly people: () => Promise<readonly RingablePerson[]>;
  /** E.164; null when there is none any more, or its key does not open. */
  readonly numberOf: (personId: string | null) => Promise<string | null>;
  readonly languagesOf: (personId: string | null) => Promise<readonly string[]>;
  /** Null when it cannot be opened: the caller was erased. */
  readonly briefing: () => Promise<Briefing | null>;
  /** Of these calls of the carrier, those that an attempt of any escalation has already. */
  readonly knownSids: (callSids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly save: (steps: readonly TakenStep[]) => Promise<void>;
}

export interface FollowedFacts {
  readonly escalationId: string;
  readonly seq: number;
  readonly facts: readonly EscalationFact[];
}

export interface EscalationStore {
  /** One transaction. Null: there is no such escalation. Rejects when the database is away. */
  readonly change: <T>(escalationId: string, work: (locked: LockedEscalation) => Promise<T>) => Promise<T | null>;
  /** Open ones whose time has come, the most urgent first. */
  readonly due: (most: number) => Promise<readonly string[]>;
  readonly factsAfter: (
    followed: readonly { readonly escalationId: string; readonly seq: number }[],
  ) => Promise<readonly FollowedFacts[]>;
  /** Of these, those whose row stands, and whether a telephone was rung. */
  readonly standing: (
    escalationIds: readonly string[],
  ) => Promise<readonly { readonly escalationId: string; readonly callId: string; readonly placed: boolean }[]>;
  readonly open: () => Promise<{ readonly count: number; readonly oldestMs: number }>;
  /** Adds what was decided to the audit, in a transaction of its own. */
  readonly audit: (escalationId: string, decisions: readonly SafetyDecision[]) => Promise<void>;
  readonly callbacks: CallbackStore;
  readonly pace: PaceStore;
}

/** What comes of asking whether a telephone may be rung now. */
export type Grant =
  | { readonly kind: 'granted'; readonly escalationId: string; readonly attemptId: string }
  /** Telephones wait, and the account may start no call yet. */
  | { readonly kind: 'notYet'; readonly inMs: number }
  /** No telephone waits, or only such as are engaged and whose callers have another that rings. */
  | { readonly kind: 'nobodyWaits' };

/** All that may be rung now, the next first. */
export type OrderOfRinging = (waiting: readonly WaitingTelephone[], now: WallMs) => readonly WaitingTelephone[];

export interface PaceStore {
  /**
   * Takes the first of those that wait, as `inOrder` has them, and marks it, so that no other process does. `everyMs`: between two
   * calls of the account. Rejects when the database is away.
   */
  readonly grant: (everyMs: number, inOrder: OrderOfRinging) => Promise<Grant>;
}

export interface DueCallback {
  readonly taskId: string;
  readonly escalationId: string;
  readonly state: 'waiting' | 'calling';
}

/** One call back that this process has just claimed: nobody else makes it. */
export interface ClaimedCallback {
  readonly taskId: string;
  readonly escalationId: string;
  /** E.164; null when the caller's number is withheld or erased. */
  readonly to: string | null;
}

export type CallbackOutcome = 'answered' | 'machine' | 'noAnswer' | 'failed' | 'noNumber' | 'unknown';

export interface CallbackStore {
  readonly due: (most: number) => Promise<readonly DueCallback[]>;
  /** Null: it is no longer to be made, or another call back to the same caller is under way. */
  readonly claim: (task: DueCallback) => Promise<ClaimedCallback | null>;
  /**
   * How it ended. Answered: the other calls back are no longer needed. No number: a supervisor has to act at once. A task that
   * has ended keeps its outcome, except that a machine is no answer.
   */
  readonly end: (taskId: string, outcome: CallbackOutcome) => Promise<void>;
  /** What the caller is met with when the call back is answered; null when it is not known. */
  readonly about: (
    taskId: string,
  ) => Promise<{ readonly escalationId: string; readonly level: RiskLevel; readonly language: string } | null>;
}

export interface EscalationCarrier {
  readonly outbound: OutboundCalls;
  readonly control: Pick<CallControl, 'update' | 'fetch'>;
}
