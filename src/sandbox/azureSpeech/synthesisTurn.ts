import type { SynthesisRequest } from './clientMessages.ts';
import type { AzureSpeechFaults } from './faults.ts';
import { audioResponse, hexId, sessionEnd, turnStart, wordBoundary } from './messages.ts';
import type { TimedWord } from './messages.ts';
import type { SpeechSocket } from './speechSocket.ts';
import type { SsmlPart } from './ssml.ts';
import type { AzureSpeechStats } from './stats.ts';
import type { Timing } from './timing.ts';
import { mulawBytesPerMs, silentMulaw } from './voice.ts';
import type { SandboxVoice } from './voice.ts';
import { took } from '../took.ts';

export interface SynthesisParts {
  readonly voice: SandboxVoice;
  readonly faults: AzureSpeechFaults;
  readonly timing: Timing;
  readonly stats: AzureSpeechStats;
}

export interface SynthesisTurnOptions extends SynthesisParts {
  readonly socket: SpeechSocket;
  readonly requestId: string;
  readonly request: SynthesisRequest;
}

interface Speech {
  readonly mulaw: Uint8Array;
  readonly words: readonly TimedWord[];
}

/** When the audio at `ms` of the sentence is due, in milliseconds after its first audio. */
type Schedule = (ms: number) => number;

/**
 * One sentence (or one stream of text) spoken: `turn.start`, `response`, words and audio in order, `SessionEnd`,
 * `turn.end`. What is said comes part by part; audio goes out at the pace of the timing or of a planned fault.
 */
export class SynthesisTurn {
  readonly #options: SynthesisTurnOptions;
  readonly #streamId = hexId();
  readonly #stopped = new AbortController();
  readonly #askedAt = performance.now();
  readonly #schedule: Schedule;
  readonly #stallShare: number | undefined;
  /** When the first audio was due. */
  #firstAt: number | undefined;
  #sentMs = 0;

  constructor(options: SynthesisTurnOptions) {
    this.#options = options;
    this.#schedule = chooseSchedule(options);
    this.#stallShare = options.faults.take('synthesis', 'stall')?.fault.share;
    options.socket.stats.turns += 1;
    this.#send('turn.start', turnStart());
    this.#send('response', audioResponse(this.#streamId));
    options.socket.reach('turnStart');
  }

  /** Sends no more audio. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Resolves when all of it has been sent, or at once after `stop`. Rejects when the voice fails. */
  async speak(parts: readonly SsmlPart[]): Promise<void> {
    const speech = await this.#make(parts);
    const stallAt = Math.floor(speech.mulaw.length * (this.#stallShare ?? 1));
    await this.#sendSpeech(speech, stallAt);
  }

  /** A turn that was planned to stall is left open for ever. */
  end(): void {
    if (this.#stallShare !== undefined) return;
    this.#send('audio.metadata', sessionEnd(this.#sentMs));
    if (this.#options.faults.take('synthesis', 'noTurnEnd') === undefined) this.#send('turn.end', {});
  }

  async #make(parts: readonly SsmlPart[]): Promise<Speech> {
    const audio: Uint8Array[] = [];
    const words: TimedWord[] = [];
    let madeMs = 0;
    for (const part of parts) {
      const made: Speech =
        part.type === 'break' ? silence(part.ms) : await this.#options.voice(part.spoken.text, part.spoken);
      for (const word of made.words) words.push({ ...word, offsetMs: madeMs + word.offsetMs });
      audio.push(made.mulaw);
      madeMs += made.mulaw.length / mulawBytesPerMs;
    }
    return { mulaw: Buffer.concat(audio), words };
  }

  async #sendSpeech({ mulaw, words }: Speech, stallAt: number): Promise<void> {
    const { timing, socket } = this.#options;
    const chunkBytes = Math.max(1, Math.round(timing.audioChunkMs * mulawBytesPerMs));
    const baseMs = this.#sentMs;
    const waiting = [...words];
    let halfWay = false;
    for (let at = 0; at < stallAt; at += chunkBytes) {
      await this.#waitFor(this.#sentMs);
      if (this.#stopped.signal.aborted) return;
      const chunk = mulaw.subarray(at, Math.min(at + chunkBytes, stallAt));
      const chunkEndMs = (at + chunk.length) / mulawBytesPerMs;
      while (waiting[0] !== undefined && waiting[0].offsetMs < chunkEndMs) this.#sendWord(waiting.shift(), baseMs);
      socket.sendAudio(this.#options.requestId, this.#streamId, chunk);
      if (this.#sentMs === 0) took.note('firstAudio', performance.now() - this.#askedAt);
      this.#sentMs = baseMs + chunkEndMs;
      if (!halfWay && at + chunk.length >= mulaw.length / 2) {
        halfWay = true;
        socket.reach('midSynthesis');
      }
    }
  }

  #sendWord(word: TimedWord | undefined, baseMs: number): void {
    if (word === undefined || !this.#options.request.wordBoundaries) return;
    this.#send('audio.metadata', wordBoundary({ ...word, offsetMs: baseMs + word.offsetMs }));
  }

  /** The first audio sets the clock of all that follows; it is late only when the voice was slower than the timing. */
  async #waitFor(audioMs: number): Promise<void> {
    if (this.#firstAt === undefined) {
      const dueAt = this.#askedAt + this.#options.timing.firstAudioDelayMs;
      const lateMs = performance.now() - dueAt;
      if (lateMs > 1) noteLate(this.#options.stats, lateMs);
      this.#firstAt = Math.max(dueAt, performance.now());
    }
    const waitMs = this.#firstAt + this.#schedule(audioMs) - performance.now();
    if (waitMs > 0) await sleep(waitMs, this.#stopped.signal);
  }

  #send(path: string, body: object): void {
    this.#options.socket.sendJson(path, this.#options.requestId, body);
  }
}

function chooseSchedule({ faults, timing }: SynthesisTurnOptions): Schedule {
  const bursty = faults.take('synthesis', 'burstyAudio')?.fault;
  if (bursty) return (ms) => Math.floor(ms / bursty.burstMs) * bursty.everyMs;
  const pacing = faults.take('synthesis', 'slowAudio')?.fault.pacing ?? timing.pacing;
  return pacing === null ? () => 0 : (ms) => ms / pacing;
}

function silence(ms: number): Speech {
  return { mulaw: new Uint8Array(Math.round(ms * mulawBytesPerMs)).fill(silentMulaw), words: [] };
}

function noteLate({ lateFirstAudio }: AzureSpeechStats, lateMs: number): void {
  lateFirstAudio.count += 1;
  lateFirstAudio.maxMs = Math.max(lateFirstAudio.maxMs, Math.round(lateMs));
}

/** Ends early, without an error, when the signal aborts. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
