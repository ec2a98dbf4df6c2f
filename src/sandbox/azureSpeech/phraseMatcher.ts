import { buildBank } from './phraseBank.ts';
import { LivePhraseStream } from './phraseStream.ts';

/**
 * Recognition for the sandbox, from the audio that arrives and nothing else.
 *
 * A broken audio path (wrong decoding, shifted bytes, gaps, doubled frames) is therefore heard as nothing, as a real
 * recogniser would hear it.
 */

export interface PhraseWord {
  readonly text: string;
  /** Milliseconds from the first sample of the phrase. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

export interface PhraseTemplate {
  readonly id: string;
  readonly language: string;
  readonly text: string;
  /** 8 kHz μ-law. */
  readonly mulaw: Uint8Array;
  readonly words: readonly PhraseWord[];
}

/** All offsets are milliseconds from the first sample written to the stream. */
export type MatchEvent =
  | { readonly type: 'speechStart'; readonly offsetMs: number }
  | { readonly type: 'hypothesis'; readonly text: string; readonly offsetMs: number; readonly durationMs: number }
  | {
      readonly type: 'final';
      readonly text: string;
      readonly offsetMs: number;
      readonly durationMs: number;
      /** 0..1 */
      readonly confidence: number;
      readonly words: readonly PhraseWord[];
    }
  | { readonly type: 'noMatch'; readonly offsetMs: number; readonly durationMs: number };

export interface PhraseStream {
  /** 8 kHz PCM16, any length. */
  write(samples: Int16Array): MatchEvent[];
  end(): MatchEvent[];
}

export interface PhraseMatcher {
  open(options?: { segmentationSilenceMs?: number }): PhraseStream;
}

/** Hears these phrases and nothing else. The templates are worked through once; each stream then has its own search. */
export function createPhraseMatcher(templates: readonly PhraseTemplate[]): PhraseMatcher {
  const bank = buildBank(templates);
  return { open: (options = {}) => new LivePhraseStream(bank, options.segmentationSilenceMs ?? 500) };
}

export { loadPhrases } from './phraseCatalogue.ts';
