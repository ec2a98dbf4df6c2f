import type { SynthesisChunk } from '../speech/synthesiser.ts';

const bytesPerMs = 8;

interface SpokenWord {
  readonly text: string;
  readonly offsetMs: number;
  readonly durationMs: number;
}

/** One sentence and its voice, as far as it is made. */
export class SpokenSentence {
  readonly text: string;
  started = false;
  done = false;
  readonly #chunks: Uint8Array[] = [];
  readonly #words: SpokenWord[] = [];
  #bytes = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Whole milliseconds; up to seven bytes of a last, broken millisecond are not sent. */
  get audioMs(): number {
    return Math.floor(this.#bytes / bytesPerMs);
  }

  take(chunk: SynthesisChunk): void {
    if (chunk.type === 'word') {
      this.#words.push(chunk);
      return;
    }
    this.#chunks.push(chunk.mulaw);
    this.#bytes += chunk.mulaw.length;
  }

  /** Audio from one millisecond to another. */
  slice(fromMs: number, toMs: number): Uint8Array {
    const [from, to] = [fromMs * bytesPerMs, toMs * bytesPerMs];
    const out = new Uint8Array(to - from);
    let at = 0;
    for (const chunk of this.#chunks) {
      const [start, end] = [Math.max(from, at), Math.min(to, at + chunk.length)];
      if (end > start) out.set(chunk.subarray(start - at, end - at), start - from);
      at += chunk.length;
      if (at >= to) break;
    }
    return out;
  }

  /**
   * The words heard after so many milliseconds: those whose middle was reached, since a word broken off in its second half is
   * understood. Without word times from the provider they are shared out by length.
   */
  heardText(ms: number): string {
    if (this.done && ms >= this.audioMs) return this.text;
    const words = this.#words.length > 0 ? this.#words : this.#sharedOut();
    const heard = words.filter((word) => word.offsetMs + word.durationMs / 2 <= ms).map((word) => word.text);
    return this.#asWritten(heard);
  }

  /** The sentence as it was written, up to the last of these words: providers give words without their punctuation. */
  #asWritten(words: readonly string[]): string {
    let end = 0;
    for (const word of words) {
      const at = this.text.indexOf(word, end);
      // A number or a date is spoken as other words than it is written.
      if (at < 0) return words.join(' ');
      end = at + word.length;
    }
    return this.text.slice(0, end);
  }

  #sharedOut(): SpokenWord[] {
    const texts = this.text.split(/\s+/);
    const perCharacter = this.audioMs / Math.max(1, texts.join('').length);
    let offsetMs = 0;
    return texts.map((text) => {
      const word = { text, offsetMs, durationMs: text.length * perCharacter };
      offsetMs += word.durationMs;
      return word;
    });
  }
}
