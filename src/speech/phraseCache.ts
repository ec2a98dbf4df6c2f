import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import { lineKey, readLine, type SpokenLine, writeLine } from './phraseFile.ts';
import { type OpenSynthesiser, SynthesisError, type Synthesiser, type Voice } from './synthesiser.ts';

/**
 * Fixed lines, spoken in advance: greeting, safety words, "one moment". They are there when the speech service is not, also
 * after a restart, because they are kept on disk.
 */
export interface PhraseCache {
  /**
   * Makes every line that is not there yet: from memory, else from disk, else from the speech service. Never rejects; a
   * line that could not be had is counted and named by its place in the list.
   */
  readonly prepare: (
    voice: Voice,
    sentences: readonly string[],
    onProgress?: (progress: PhraseProgress) => void,
  ) => Promise<PrepareOutcome>;
  readonly get: (voice: Voice, text: string) => SpokenLine | null;
}

export interface PhraseProgress {
  readonly done: number;
  readonly total: number;
}

export interface PrepareOutcome {
  readonly fromMemory: number;
  readonly fromDisk: number;
  readonly spoken: number;
  /** Places in the list of sentences. */
  readonly missing: readonly number[];
}

export interface PhraseCacheOptions {
  readonly open: OpenSynthesiser;
  readonly log: Log;
  /** Where lines are kept; null keeps them in memory only. Default `.sanad/phrases` under the working directory. */
  readonly directory?: string | null;
  /** Names what else changes the sound, such as the speed: another variant is another line. */
  readonly variant?: string;
  readonly clock?: Clock;
}

const atOnce = 2;
const triesAtMost = 3;
const firstPauseMs = 500;
/** About an hour of speech; the fixed lines of all languages and voices together are some minutes. */
const memoryBytesAtMost = 32_000_000;

type Source = 'memory' | 'disk' | 'spoken' | 'missing';

export function createPhraseCache(options: PhraseCacheOptions): PhraseCache {
  return new Cache(options);
}

class Cache implements PhraseCache {
  readonly #options: PhraseCacheOptions;
  readonly #directory: string | null;
  readonly #lines = new Map<string, SpokenLine>();
  #bytes = 0;

  constructor(options: PhraseCacheOptions) {
    this.#options = options;
    this.#directory = options.directory === undefined ? '.sanad/phrases' : options.directory;
  }

  readonly get = (voice: Voice, text: string): SpokenLine | null => this.#lines.get(this.#key(voice, text)) ?? null;

  readonly prepare: PhraseCache['prepare'] = async (voice, sentences, onProgress = () => {}) => {
    const total = sentences.length;
    const sources: Source[] = [];
    let synthesiser: Synthesiser | null = null;
    const speaker = (): Synthesiser => (synthesiser ??= this.#options.open(voice));
    let next = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      while (next < total) {
        const place = next++;
        sources[place] = await this.#obtain(voice, sentences[place] ?? '', speaker);
        done += 1;
        onProgress({ done, total });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    await closeIfOpened(synthesiser);
    return this.#outcome(sources);
  };

  #outcome(sources: readonly Source[]): PrepareOutcome {
    const count = (wanted: Source): number => sources.filter((source) => source === wanted).length;
    const missing = sources.flatMap((source, place) => (source === 'missing' ? [place] : []));
    const outcome = { fromMemory: count('memory'), fromDisk: count('disk'), spoken: count('spoken'), missing };
    const { log } = this.#options;
    const fields = { ...outcome, missing: missing.length };
    if (missing.length > 0) log.warn('some fixed lines could not be spoken in advance', fields);
    else log.info('fixed lines are ready', fields);
    return outcome;
  }

  async #obtain(voice: Voice, text: string, speaker: () => Synthesiser): Promise<Source> {
    const key = this.#key(voice, text);
    if (this.#lines.has(key)) return 'memory';
    const stored = await this.#read(key);
    if (stored !== null) return this.#keep(key, stored) ? 'disk' : 'missing';
    const spoken = await this.#speak(text, speaker);
    if (spoken === null || !this.#keep(key, spoken)) return 'missing';
    await this.#write(key, spoken);
    return 'spoken';
  }

  async #speak(text: string, speaker: () => Synthesiser): Promise<SpokenLine | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await collect(speaker(), text);
      } catch (error) {
        const fault = error instanceof SynthesisError ? error.fault : 'service';
        this.#options.log.warn('a fixed line was not spoken', { fault, attempt });
        if (attempt >= triesAtMost) return null;
        await this.#pause(firstPauseMs * 2 ** (attempt - 1));
      }
    }
  }

  #keep(key: string, line: SpokenLine): boolean {
    if (this.#bytes + line.mulaw.length > memoryBytesAtMost) {
      this.#options.log.error('the fixed lines are longer than the memory for them', { bytes: this.#bytes });
      return false;
    }
    this.#bytes += line.mulaw.length;
    this.#lines.set(key, line);
    return true;
  }

  async #read(key: string): Promise<SpokenLine | null> {
    if (this.#directory === null) return null;
    const read = await readLine(this.#directory, key);
    if (read.type === 'damaged') this.#options.log.warn('a fixed line on disk was damaged and is made anew');
    return read.type === 'line' ? read.line : null;
  }

  async #write(key: string, line: SpokenLine): Promise<void> {
    if (this.#directory === null) return;
    try {
      await writeLine(this.#directory, key, line);
    } catch {
      this.#options.log.warn('a fixed line could not be kept on disk');
    }
  }

  #pause(ms: number): Promise<void> {
    const clock = this.#options.clock ?? systemClock;
    return new Promise((resolve) => {
      clock.setTimeout(resolve, ms);
    });
  }

  #key(voice: Voice, text: string): string {
    return lineKey(voice, text, this.#options.variant ?? '');
  }
}

async function closeIfOpened(synthesiser: Synthesiser | null): Promise<void> {
  await synthesiser?.close();
}

async function collect(synthesiser: Synthesiser, text: string): Promise<SpokenLine> {
  const audio: Uint8Array[] = [];
  const words: { text: string; offsetMs: number; durationMs: number }[] = [];
  for await (const chunk of synthesiser.speak(text, new AbortController().signal)) {
    if (chunk.type === 'audio') audio.push(chunk.mulaw);
    else words.push({ text: chunk.text, offsetMs: chunk.offsetMs, durationMs: chunk.durationMs });
  }
  return { mulaw: new Uint8Array(Buffer.concat(audio)), words };
}
