import type { ConsentKind } from './effect.ts';
import type { Meaning, RiskLevel, Situation } from './meaning.ts';
import type { CallSettings } from './settings.ts';
import type { CallMs } from './time.ts';

/** Counts what Sanad says in a call (a reply of the model or a fixed line), from 1. */
export type TurnId = number;

/** How the caller feels, from one to ten; whether they have rung before. */
export type AllowedQuestion = 'mood' | 'returning';

/** Counts what the recogniser hears in a call, from 1. */
export type UtteranceId = number;

/** A place in a reply: sentence counted from 0, and milliseconds of its audio. */
export interface Position {
  readonly sentence: number;
  readonly ms: number;
}

/** Facts, in the past tense: the only input of the core. Anything that may arrive late carries the id it belongs to. */
export type CallEvent =
  | { readonly type: 'callStarted'; readonly settings: CallSettings }
  | { readonly type: 'streamStarted' }
  /** The media stream is gone: the socket closed or went dead, or Twilio sent `stop`. None of these is a hang-up. */
  | { readonly type: 'streamLost' }
  | { readonly type: 'hungUp' }
  /** Voice activity; `sinceMs` is the start of the first voiced frame, or the end of the last. */
  | { readonly type: 'speechStarted'; readonly sinceMs: CallMs }
  | { readonly type: 'speechPaused'; readonly sinceMs: CallMs }
  | {
      readonly type: 'wordsHypothesised';
      readonly utterance: UtteranceId;
      readonly text: string;
      readonly meaning: Meaning;
    }
  | {
      readonly type: 'wordsRecognised';
      readonly utterance: UtteranceId;
      readonly text: string;
      readonly meaning: Meaning;
      /** The final says something else than the last hypothesis of the utterance did. */
      readonly differs: boolean;
    }
  /** The recogniser took its hypotheses of this utterance back: it was no speech. */
  | { readonly type: 'wordsVoided'; readonly utterance: UtteranceId }
  /**
   * Somebody who sees more than one utterance calls for a level: the classifier and the judge over the call, or an earlier call of
   * the same caller that was left open (`carried`).
   */
  | {
      readonly type: 'riskRaised';
      readonly level: RiskLevel;
      readonly situation: Situation | null;
      readonly source: 'classifier' | 'judge' | 'carried';
    }
  /** After a second neutral question the caller explained with reasons that it was meant otherwise; classifier and judge agree. */
  | { readonly type: 'riskClarified' }
  /** What became of the people who are rung. `escalation` counts them in this call; facts of an earlier one are late. */
  | {
      readonly type: 'escalationAdvanced';
      readonly escalation: number;
      readonly fact: 'ringing' | 'accepted' | 'ready' | 'dropped' | 'nobody' | 'unavailable';
    }
  /** What this caller may be asked for: all that they have not agreed to, or taken back, in earlier calls. */
  | { readonly type: 'consentLookedUp'; readonly open: readonly ConsentKind[] }
  /** What the organisation lets Sanad ask beside the talk; without this fact nothing of it is asked. */
  | { readonly type: 'questionsAllowed'; readonly questions: readonly AllowedQuestion[] }
  | { readonly type: 'hearingLost' }
  | { readonly type: 'hearingRestored' }
  | { readonly type: 'digitPressed'; readonly digit: string }
  /** The first audio of a reply was handed to the carrier. */
  | { readonly type: 'replySounded'; readonly turn: TurnId }
  | { readonly type: 'sentenceSent'; readonly turn: TurnId; readonly sentence: number; readonly durationMs: number }
  /** All audio of a reply was handed over: `sentences` of them, none when nothing could be said. */
  | { readonly type: 'replySent'; readonly turn: TurnId; readonly sentences: number }
  | { readonly type: 'replyFailed'; readonly turn: TurnId; readonly stage: 'model' | 'voice' }
  /** The carrier returned a mark. `generation` is that of the playout it was sent in: a `clear` returns marks unplayed. */
  | { readonly type: 'markReturned'; readonly generation: number; readonly turn: TurnId; readonly position: Position }
  /** The person has left the room or the carrier's dialled call, or nobody had come. */
  | { readonly type: 'personFinished'; readonly outcome: 'spoke' | 'nobody' }
  | { readonly type: 'deadlineReached'; readonly name: DeadlineName }
  /** A fault of our own code, caught by the shell. */
  | { readonly type: 'faulted' }
  /** Another one, on the same stream: not even the line that announces a person can be relied upon. The stream is closed. */
  | { readonly type: 'faultedAgain' };

export interface Timed {
  readonly at: CallMs;
  readonly event: CallEvent;
}

/** When something must happen although nothing comes from outside. */
export const deadlineNames = [
  /** Voice over Sanad's has lasted long enough to count as an interruption. */
  'bargeIn',
  /** After an interruption fell silent: words must confirm it by then, or the reply goes on. */
  'confirmWords',
  /** An interruption that still makes sound, and no words: the floor is the caller's all the same. */
  'unconfirmedVoice',
  'speculate',
  'endOfTurn',
  'awaitFinal',
  'awaitWords',
  /** Voice activity says speech, and no words come: noise, or we are deaf. */
  'stuckVoice',
  'firstSentence',
  /** Marks stopped coming back though audio was sent. */
  'playoutStall',
  'silence',
  'cannotHear',
  /** Nobody came for a caller in danger, and nobody is being rung any more: ring again. */
  'ringAgain',
  'lengthNotice',
  'lengthEnd',
  /** The stream did not come back. */
  'lineLost',
] as const;

export type DeadlineName = (typeof deadlineNames)[number];
