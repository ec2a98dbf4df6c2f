import type { Position, TurnId, UtteranceId } from './event.ts';
import type { LineName } from './lineName.ts';

/** What a reply is made of: the language model answers, or a fixed line is said. */
export type ReplySource = { readonly kind: 'model' } | { readonly kind: 'line'; readonly line: LineName };

/** What a caller may agree to: words kept, being rung, being written to. */
export type ConsentKind = 'keepWords' | 'followUp' | 'sms';

export type HandOverReason = 'asked' | 'risk' | 'fault' | 'unheard';

/** Why people are rung while Sanad stays. `dropped`: the person who had come was lost after a few seconds. */
export type EscalationReason = 'asked' | 'risk' | 'unheard' | 'dropped';

export type Outcome = 'hungUp' | 'goodbye' | 'silence' | 'length' | 'lost';

/** Orders, in the imperative: the only output of the core. The shell performs them; what comes of them returns as events. */
export type CallEffect =
  /**
   * Begin a reply. With `hold` nothing of it may sound until `releaseReply`. `preface` is said before it; `then` after it, and in
   * its stead when no model answers.
   */
  | {
      readonly type: 'startReply';
      readonly turn: TurnId;
      readonly source: ReplySource;
      readonly hold: boolean;
      readonly preface: LineName | null;
      readonly followedBy: LineName | null;
    }
  | { readonly type: 'holdReply'; readonly turn: TurnId }
  | { readonly type: 'releaseReply'; readonly turn: TurnId }
  /** Stop the model and the voice, forget the audio. */
  | { readonly type: 'dropReply'; readonly turn: TurnId }
  /** Silence what the carrier still has in its queue. Marks sent from now on belong to `generation`. */
  | { readonly type: 'clearPlayout'; readonly generation: number }
  /** Send the reply again from where the caller had heard it, and go on. */
  | { readonly type: 'resumeReply'; readonly turn: TurnId; readonly from: Position }
  /** These utterances were the caller's turn, or only listening words. */
  | { readonly type: 'recordCaller'; readonly utterances: readonly UtteranceId[]; readonly as: 'turn' | 'backchannel' }
  /** What was heard of a reply: that much was said, and no more. */
  | {
      readonly type: 'recordReply';
      readonly turn: TurnId;
      readonly heard: Position | null;
      readonly interrupted: boolean;
    }
  /** Our voice is down: let the carrier's say the line. The stream closes for it, and comes back unless that was a goodbye. */
  | { readonly type: 'sayByCarrier'; readonly line: LineName; readonly afterwards: 'stream' | 'hangUp' }
  /** Ring people; Sanad stays with the caller meanwhile. */
  | { readonly type: 'escalate'; readonly escalation: number; readonly reason: EscalationReason }
  /** The caller wants nobody: whoever is being rung is released. */
  | { readonly type: 'callOff'; readonly escalation: number }
  /** The person is in the room: the stream closes and the caller follows. */
  | { readonly type: 'joinPerson'; readonly escalation: number }
  /**
   * The carrier dials the telephone of last resort, and Sanad is silent meanwhile: for when people cannot be rung any other way.
   * `announced`: the caller has heard from us that a person is coming.
   */
  | { readonly type: 'handOver'; readonly reason: HandOverReason; readonly announced: boolean }
  /**
   * Evidence of an answer: `line` asked for it (null: nobody asked), `utterance` holds its words (null: a key was pressed).
   */
  | {
      readonly type: 'recordConsent';
      readonly kind: ConsentKind;
      readonly answer: 'given' | 'refused' | 'withdrawn';
      readonly line: LineName | null;
      readonly utterance: UtteranceId | null;
    }
  /** How the caller feels, in their own figure: 1 is worst, 10 is best. */
  | {
      readonly type: 'recordMood';
      readonly moment: 'start' | 'end';
      readonly rating: number;
      readonly how: 'voice' | 'key';
    }
  | { readonly type: 'hangUp' }
  | { readonly type: 'closeCall'; readonly outcome: Outcome };
