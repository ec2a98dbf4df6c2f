/**
 * The recogniser port: one per call, fed with the caller's audio for as long as the call lasts.
 *
 * It never throws and never goes quiet: whatever the provider does, within a bounded time that we own there is an event
 * that says so. It hides reconnects, replay and rotation; `lost`/`restored` tell the call how long we could not hear.
 */

/** `ar-OM`, another Arabic or an English locale; one per call. */
export type SpeechLanguage = 'ar-OM' | `ar-${string}` | `en-${string}`;

export interface RecognisedWord {
  readonly text: string;
  /** Milliseconds from the first frame that was written to this recogniser. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

export type SpeechFault =
  | 'unauthorised'
  | 'forbidden'
  | 'badRequest'
  | 'tooManyRequests'
  | 'unreachable'
  | 'connectTimeout'
  | 'noResult'
  | 'disconnected'
  | 'protocol'
  | 'service';

export type RecogniserEvent =
  /** Words so far of an utterance still being spoken. `utterance` counts from 1 and is the same in its final. */
  | { readonly type: 'hypothesis'; readonly utterance: number; readonly text: string; readonly offsetMs: number }
  | {
      readonly type: 'final';
      readonly utterance: number;
      readonly text: string;
      /** 0..1, as the provider reports it; null when it does not. */
      readonly confidence: number | null;
      readonly words: readonly RecognisedWord[];
      readonly offsetMs: number;
      readonly durationMs: number;
    }
  /** The provider closed an utterance without words (noise); a hypothesis of that utterance, if any, is void. */
  | { readonly type: 'noMatch'; readonly utterance: number }
  /** We cannot hear now. Audio is kept in a ring and replayed when the connection is back. */
  | { readonly type: 'lost'; readonly fault: SpeechFault; readonly retryInMs: number | null }
  | { readonly type: 'restored'; readonly lostForMs: number; readonly replayedMs: number };

export type UploadGrain = 'fine' | 'coarse';

export interface Recogniser {
  /** One 20 ms frame of 8 kHz μ-law (160 bytes). Bounded work, never throws; ignored after `close`. */
  readonly write: (mulaw: Uint8Array) => void;
  /** Told by the call when nobody speaks, so that a due rotation of the connection can happen unheard. */
  readonly quiet: () => void;
  /**
   * How audio goes up from here on. `fine`, the default: each frame as it comes. `coarse`: 100 ms at a time, which is a fifth of
   * the work and late by as much, for while nobody speaks; going back to `fine` sends at once what had gathered.
   */
  readonly upload: (grain: UploadGrain) => void;
  /** Frees everything within a second, whatever the provider does. No event comes after it. */
  readonly close: () => Promise<void>;
}

export interface RecogniserOptions {
  readonly language: SpeechLanguage;
  /** Names, places and words the caller is likely to say. */
  readonly phrases?: readonly string[];
  readonly onEvent: (event: RecogniserEvent) => void;
}

export type OpenRecogniser = (options: RecogniserOptions) => Recogniser;
