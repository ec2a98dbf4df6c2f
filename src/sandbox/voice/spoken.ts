/** What every sandbox voice gives: audio and when each word is said in it. */

export type SpokenLanguage = 'ar' | 'en';

export interface SpokenWord {
  readonly text: string;
  /** Milliseconds from the first sample. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

export interface SpokenAudio {
  /** 8 kHz μ-law, about −20 dBFS while speaking. */
  readonly mulaw: Uint8Array;
  readonly words: readonly SpokenWord[];
}
