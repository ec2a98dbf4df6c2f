/**
 * The call desk: what the telephone edge (webhooks and stream socket) asks of the calls. The edge knows the carrier's
 * wire; the desk knows the calls. Every answer says what the caller gets next, and none of them is silence.
 */
import type { RiskLevel } from '../call/meaning.ts';
import type { MediaStream, StreamStart } from '../twilio/mediaStream.ts';

export interface IncomingCall {
  readonly callSid: string;
  /** E.164, or null when the caller withholds it or it is no telephone number. */
  readonly from: string | null;
  /** The number dialled: it chooses the organisation. */
  readonly to: string;
  /** The carrier asked for a key before any audio, so many times, and this was pressed; null: nothing. Left out: not asked yet. */
  readonly consent?: { readonly asked: number; readonly digit: string | null };
}

/** What the carrier shall do with the call next; `twilio/twiml.ts` prints it. */
export type NextStep =
  /** Open the stream with this one-time ticket. */
  | { readonly kind: 'stream'; readonly ticket: string }
  /** Let the carrier's own voice say these sentences (ours is down), then open the stream. */
  | {
      readonly kind: 'sayThenStream';
      readonly ticket: string;
      readonly sentences: readonly string[];
      readonly voice: string;
      readonly language: string;
    }
  /** The same, and then the call is over: a goodbye. */
  | {
      readonly kind: 'sayThenHangUp';
      readonly sentences: readonly string[];
      readonly voice: string;
      readonly language: string;
    }
  /** Let the carrier ask for a key before it sends us any sound; `admit` is asked again with it. */
  | {
      readonly kind: 'askForKey';
      /** How often it was asked then, this time included. */
      readonly asked: number;
      readonly sentences: readonly string[];
      readonly voice: string;
      readonly language: string;
    }
  /** Ring a person: the caller asked, is in danger, or we cannot hold the call ourselves. */
  | {
      readonly kind: 'person';
      readonly reason: PersonReason;
      /** In which the caller is told; not known: in both. */
      readonly language?: 'ar' | 'en';
      /** The caller has heard from us already that a person is coming: nothing is said before the ringing. */
      readonly announced?: boolean;
    }
  /** A person is in the room and the caller goes to them. `room` is a name without meaning. */
  | {
      readonly kind: 'room';
      readonly room: string;
      readonly escalationId: string;
      readonly language: 'ar' | 'en';
    }
  /** Nobody is left to ask here: the person of last resort, as when we cannot answer at all, and in the end honest words. */
  | { readonly kind: 'fallback' }
  | { readonly kind: 'hangUp' };

/** Sanad rings back somebody whose call broke off in danger: the outbound call was answered. */
export interface CallbackCall extends IncomingCall {
  readonly escalationId: string;
  /** At which the broken call was held. */
  readonly level: RiskLevel;
  readonly language: string;
}

export type PersonReason = 'asked' | 'risk' | 'fault' | 'full' | 'draining' | 'unheard';

export type AttachResult = 'accepted' | 'unknownTicket' | 'usedTicket' | 'expiredTicket' | 'otherCall' | 'callOver';

export interface CallDesk {
  /** A call rings. Answers well within a second, also with the database down. */
  readonly admit: (call: IncomingCall) => Promise<NextStep>;
  /** `from` is the caller who was rung back, whoever has picked up. */
  readonly admitCallback: (call: CallbackCall) => Promise<NextStep>;
  /** A stream asks for its call. Not accepted: the edge closes the socket and the carrier asks `afterStream`. */
  readonly attach: (start: StreamStart, stream: MediaStream) => AttachResult;
  /** `<Connect action>`: the stream is over, by our will or not; what now? Also for calls that another server held. */
  readonly afterStream: (callSid: string) => Promise<NextStep>;
  /** `<Dial action>` of a person: they spoke and left (`completed`), or nobody answered. */
  readonly afterPerson: (callSid: string, outcome: 'spoke' | 'nobody') => Promise<NextStep>;
  /** The carrier says that the call is over (status callback, or a final status on any webhook). */
  readonly callEnded: (callSid: string, status: string) => void;
  /** True when a new call could be held now. */
  readonly ready: () => boolean;
}
