import type { SpeechFault, SpeechLanguage } from './recogniser.ts';

/** The synthesiser port: text in, 8 kHz μ-law out, as it is made. One per call. */

export interface Voice {
  readonly language: SpeechLanguage;
  /** The provider's name of the voice, always explicit: the SDK has no default for ar-OM. */
  readonly name: string;
}

export type SynthesisChunk =
  /** μ-law, 8 bytes a millisecond, any length, in order. */
  | { readonly type: 'audio'; readonly mulaw: Uint8Array }
  /** A spoken word. Offsets count from the first audio of this sentence; comes before or with its audio. */
  | { readonly type: 'word'; readonly text: string; readonly offsetMs: number; readonly durationMs: number };

/** Thrown by the iteration of `speak` when the provider fails; never contains the text or a key. */
export class SynthesisError extends Error {
  readonly fault: SpeechFault;
  constructor(fault: SpeechFault, message: string) {
    super(message);
    this.name = 'SynthesisError';
    this.fault = fault;
  }
}

export interface Synthesiser {
  /**
   * Speaks one sentence. The iteration ends when all audio has come, throws `SynthesisError` when the provider fails or
   * stays silent beyond our limits, and ends quietly, at once, when `signal` aborts (the connection is replaced by a spare).
   */
  readonly speak: (text: string, signal: AbortSignal) => AsyncIterable<SynthesisChunk>;
  /** Called when the caller starts to talk: makes sure a connected spare is waiting. */
  readonly warm: () => void;
  readonly close: () => Promise<void>;
}

export type OpenSynthesiser = (voice: Voice) => Synthesiser;
