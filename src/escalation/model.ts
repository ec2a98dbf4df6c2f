/**
 * The words in which everybody speaks of an escalation: the live call that asks for a person, the store that keeps it, the drive
 * that rings people, and the staff who read it. Types only; what happens when is in `machine.ts`.
 */
import type { RiskLevel } from '../call/meaning.ts';

/** Why a person is wanted. `dropped`: a caller in danger whom the person lost again. */
export type EscalationReason = 'asked' | 'risk' | 'unheard' | 'dropped';

/**
 * `requested`: the row stands, nobody is rung yet. `ringing`: telephones ring. `accepted`: one person pressed the key and hears
 * the briefing. `joining`: that person is on the way into the room, and the caller follows. `bridged`: both are in it.
 * `fallback`: everybody was rung in vain; the caller was told so, ringing goes on with pauses. `closed`: over, with an outcome.
 */
export type EscalationState = 'requested' | 'ringing' | 'accepted' | 'joining' | 'bridged' | 'fallback' | 'closed';

/**
 * How it ended: exactly one, always recorded.
 * `helped`: caller and person spoke, and their talk ended. `callerGone`: the caller hung up or was lost before anybody had joined.
 * `declined`: the caller did not want a person (never at `imminent`). `nobody`: the call ended and nobody had been reached.
 * `handedOver`: people could not be rung this way, so the carrier dialled the telephone of last resort.
 */
export type EscalationOutcome = 'helped' | 'callerGone' | 'declined' | 'nobody' | 'handedOver';

/** What became of one person's telephone in one wave. Final, except the first six. */
export type AttemptState =
  | 'planned'
  | 'dialling'
  | 'ringing'
  | 'answered'
  | 'accepted'
  | 'joined'
  | 'declined'
  | 'noKey'
  | 'busy'
  | 'noAnswer'
  | 'failed'
  | 'released'
  | 'tooLate'
  | 'left';

/**
 * What the person hears once the key was pressed, and staff read afterwards. `trigger` holds the caller's own words, so all of it
 * is sealed wherever it is kept.
 */
export interface Briefing {
  readonly level: RiskLevel;
  readonly reason: EscalationReason;
  /** Language pack of the call: `ar-OM`, `ar` or `en`. */
  readonly language: string;
  /** The caller's own words that raised the level, at most 200 characters; null when there are none (key 0). */
  readonly trigger: string | null;
  readonly about: 'self' | 'other' | 'child' | 'unknown';
  /** Tags such as `medicine`, `firearm`, `height`; never words. */
  readonly means: readonly string[];
  /** What the caller said of where they are, at most 120 characters; null when nothing is known. */
  readonly location: string | null;
  readonly alone: 'yes' | 'no' | 'unknown';
  readonly callerGender: 'feminine' | 'masculine' | 'unknown';
  readonly child: boolean;
  /** Somebody may be listening where the caller is: ask yes-or-no questions. */
  readonly overheard: boolean;
  /** The caller said that they want no person. */
  readonly refuses: boolean;
}

/** Asked for by the live call; `escalationId` is derived from the call and a count, so asking twice is one escalation. */
export interface EscalationRequest {
  readonly escalationId: string;
  readonly callId: string;
  readonly callSid: string;
  readonly briefing: Briefing;
}

/** What the live call is told, in the order in which it happens; each at least once, so the core compares. */
export type EscalationFact =
  /** The first telephone rings. */
  | { readonly type: 'ringing' }
  /** Somebody pressed the key, and is being briefed. */
  | { readonly type: 'accepted' }
  /** The person is ready in the room: the caller shall come now. */
  | { readonly type: 'ready' }
  /** The person who had accepted is gone again before caller and person spoke; others are rung. */
  | { readonly type: 'dropped' }
  /** Everybody was rung `rounds` times and nobody came. Ringing goes on. */
  | { readonly type: 'nobody'; readonly rounds: number }
  /** No telephone can be rung this way (no database, no carrier REST, nobody to ring): the core hands over by the carrier. */
  | { readonly type: 'unavailable' };

/** What the live call tells its escalation beside the request. */
export type CallNews =
  /** The level rose, or more is known: replaces the briefing. */
  | { readonly type: 'briefing'; readonly briefing: Briefing }
  /** The call is over, or its caller was lost. */
  | { readonly type: 'callerGone' }
  /** The caller wants no person, and is not in danger right now. */
  | { readonly type: 'declined' }
  /** The caller left the stream for the room. */
  | { readonly type: 'callerJoining' }
  /** The carrier dials the telephone of last resort instead. */
  | { readonly type: 'handedOver' };

/**
 * The escalations as a live call sees them. Nothing here waits or throws: everything is kept first and done afterwards, by this
 * process or another, and what comes of it arrives at `listener`.
 */
export interface EscalationDesk {
  /** Follows an escalation of a call held by this process, from its request or after a restart. Returns the way to stop. */
  readonly follow: (escalationId: string, listener: (fact: EscalationFact) => void) => () => void;
  readonly request: (request: EscalationRequest) => void;
  readonly tell: (escalationId: string, news: CallNews) => void;
}
