import { encodeMulaw } from '../../../src/audio/mulaw.ts';
import type { MatchEvent, PhraseMatcher, PhraseStream } from '../../../src/sandbox/azureSpeech/phraseMatcher.ts';

/**
 * Speech for the tests of the speech adapters: each word is 160 ms of one loudness, so that the stand-in's ears can tell to
 * the sample whether a word came whole, once, and in order. A word with a gap or a doubled frame is no word.
 */

export const samplesPerMs = 8;
export const frameBytes = 160;
const wordMs = 160;
const wordSamples = wordMs * samplesPerMs;
const gapMs = 60;
const loudest = 0x80;
export const vocabulary = 64;

export function wordText(word: number): string {
  return `w${word % vocabulary}`;
}

function wordAudio(word: number): Uint8Array {
  const loud = loudest + (word % vocabulary);
  return Uint8Array.from({ length: wordSamples }, (_, i) => (i % 2 === 0 ? loud : loud ^ 0x80));
}

export function silence(ms: number): Uint8Array {
  return new Uint8Array(ms * samplesPerMs).fill(0xff);
}

/** Words with short gaps, then `pauseMs` of silence, which closes the phrase when it is longer than the segmentation's. */
export function utterance(words: readonly number[], pauseMs = 600): Uint8Array {
  return concat([...words.flatMap((word) => [wordAudio(word), silence(gapMs)]), silence(pauseMs)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function frames(audio: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(audio.length / frameBytes) }, (_, i) =>
    audio.slice(i * frameBytes, (i + 1) * frameBytes),
  );
}

/** Hears `wordAudio` and nothing else. */
export const wordMatcher: PhraseMatcher = {
  open: ({ segmentationSilenceMs = 500 } = {}) => new WordStream(segmentationSilenceMs),
};

interface HeardWord {
  readonly text: string;
  readonly offsetMs: number;
  readonly durationMs: number;
}

class WordStream implements PhraseStream {
  readonly #silenceSamples: number;
  #position = 0;
  #level: number | null = null;
  #run = 0;
  #silent = 0;
  #words: HeardWord[] = [];
  /** Something was said that is no word: the phrase is void. */
  #broken = false;
  #startMs: number | null = null;

  constructor(segmentationSilenceMs: number) {
    this.#silenceSamples = segmentationSilenceMs * samplesPerMs;
  }

  write(samples: Int16Array): MatchEvent[] {
    const events: MatchEvent[] = [];
    for (const byte of encodeMulaw(samples)) this.#hear(byte | 0x80, events);
    return events;
  }

  end(): MatchEvent[] {
    return [];
  }

  #hear(byte: number, events: MatchEvent[]): void {
    const level = byte === 0xff ? null : byte;
    if (level !== this.#level) this.#endRun(events);
    this.#level = level;
    this.#run += 1;
    this.#position += 1;
    if (level !== null) {
      if (this.#startMs === null) this.#start(events);
      this.#silent = 0;
      return;
    }
    this.#silent += 1;
    if (this.#startMs !== null && this.#silent >= this.#silenceSamples) this.#close(this.#startMs, events);
  }

  #start(events: MatchEvent[]): void {
    this.#startMs = (this.#position - 1) / samplesPerMs;
    events.push({ type: 'speechStart', offsetMs: this.#startMs });
  }

  #endRun(events: MatchEvent[]): void {
    const [level, run] = [this.#level, this.#run];
    this.#run = 0;
    if (level === null || this.#startMs === null) return;
    if (run !== wordSamples) {
      this.#broken = true;
      return;
    }
    const offsetMs = (this.#position - run) / samplesPerMs;
    this.#words.push({ text: wordText(level - loudest), offsetMs, durationMs: wordMs });
    events.push({
      type: 'hypothesis',
      text: this.#words.map((word) => word.text).join(' '),
      offsetMs: this.#startMs,
      durationMs: offsetMs + wordMs - this.#startMs,
    });
  }

  #close(startMs: number, events: MatchEvent[]): void {
    const durationMs = (this.#position - this.#silent) / samplesPerMs - startMs;
    const words = this.#words;
    const broken = this.#broken;
    this.#words = [];
    this.#broken = false;
    this.#startMs = null;
    if (broken || words.length === 0) {
      events.push({ type: 'noMatch', offsetMs: startMs, durationMs });
      return;
    }
    const text = words.map((word) => word.text).join(' ');
    events.push({ type: 'final', text, offsetMs: startMs, durationMs, confidence: 0.9, words });
  }
}
