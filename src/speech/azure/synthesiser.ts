import { type SpeechConfig, SpeechSynthesisOutputFormat } from 'microsoft-cognitiveservices-speech-sdk';
import type { Clock } from '../../clock.ts';
import { limits } from '../../limits.ts';
import type { Log } from '../../log.ts';
import type { SpeechFault } from '../recogniser.ts';
import {
  type OpenSynthesiser,
  type SynthesisChunk,
  SynthesisError,
  type Synthesiser,
  type Voice,
} from '../synthesiser.ts';
import { type ChunkQueue, createChunkQueue } from './chunkQueue.ts';
import { prepareSpeechSdk, speechConfig, type SpeechResource } from './sdk.ts';
import { sentenceSsml } from './ssml.ts';
import { openSynthesisConnection, type SpeakEvent, type SynthesisConnection } from './synthesisConnection.ts';
import { type SynthesiserTiming, synthesiserTiming } from './timing.ts';

export interface AzureSynthesiserConfig extends SpeechResource {
  readonly clock: Clock;
  readonly log: Log;
  readonly timing?: Partial<SynthesiserTiming>;
  /** Speed against the voice's own, in percent: a little slower is easier to follow in distress. Default -5. */
  readonly ratePercent?: number;
}

/** One speaks, one is prepared, one is being thrown away, one is waiting. */
const connectionsAtMost = 4;
const idleAtMost = 2;
/** A sentence of `limits.sentenceCharacters` takes about 40 s; 960 kB are two minutes. */
const audioBytesAtMost = 960_000;

/**
 * Speech with Azure Speech over its real SDK: 8 kHz μ-law as it is made, with the times of the words. An unusable
 * resource (no region and no host) throws TypeError here; what the provider does comes as `SynthesisError` when speaking.
 */
export function azureSynthesiser(config: AzureSynthesiserConfig): OpenSynthesiser {
  prepareSpeechSdk(config.log);
  speechConfig(config);
  const timing = { ...synthesiserTiming, ...config.timing };
  return (voice) => new AzureSynthesiser(config, timing, voice);
}

function synthesisConfig(config: AzureSynthesiserConfig, voice: Voice): SpeechConfig {
  const made = speechConfig(config);
  made.speechSynthesisOutputFormat = SpeechSynthesisOutputFormat.Raw8Khz8BitMonoMULaw;
  made.speechSynthesisLanguage = voice.language;
  made.speechSynthesisVoiceName = voice.name;
  return made;
}

/** These have used up the caller's patience already; a second try would double the silence. */
const slowFaults: ReadonlySet<SpeechFault> = new Set(['connectTimeout', 'noResult']);

/** One sentence on its way to the reader. */
interface Job {
  readonly ssml: string;
  readonly queue: ChunkQueue;
  connection: SynthesisConnection | null;
  audioBytes: number;
  retried: boolean;
  /** Stops listening to the signal, which may outlive many sentences. */
  readonly release: () => void;
}

/**
 * The connections of one call. A connection is strictly serial and there is no way to make one stop: sentences that
 * overlap use two, and an interrupted one is closed and its place taken by the spare that is always waiting, connected.
 */
class AzureSynthesiser implements Synthesiser {
  readonly #config: AzureSynthesiserConfig;
  readonly #timing: SynthesiserTiming;
  readonly #voice: Voice;
  #idle: SynthesisConnection[] = [];
  readonly #jobs = new Set<Job>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(config: AzureSynthesiserConfig, timing: SynthesiserTiming, voice: Voice) {
    this.#config = config;
    this.#timing = timing;
    this.#voice = voice;
    this.warm();
  }

  readonly speak = (text: string, signal: AbortSignal): AsyncIterable<SynthesisChunk> => {
    const leave = (): void => this.#abort(job);
    const queue = createChunkQueue({
      audioBytes: audioBytesAtMost,
      words: limits.sentenceCharacters * 2,
      onLeft: leave,
    });
    const ssml = sentenceSsml(text, this.#voice, this.#config.ratePercent ?? -5);
    const release = (): void => signal.removeEventListener('abort', leave);
    const job: Job = { ssml, queue, connection: null, audioBytes: 0, retried: false, release };
    if (this.#closed || signal.aborted) {
      queue.end();
      return queue.chunks;
    }
    signal.addEventListener('abort', leave, { once: true });
    this.#jobs.add(job);
    this.#start(job);
    return queue.chunks;
  };

  readonly warm = (): void => {
    if (this.#closed || this.#idle.length > 0) return;
    this.#idle.push(this.#open());
  };

  readonly close = async (): Promise<void> => {
    this.#closed = true;
    for (const job of this.#jobs) this.#abort(job);
    for (const connection of this.#idle) this.#discard(connection);
    this.#idle = [];
    await Promise.all(this.#closing);
  };

  #start(job: Job): void {
    if (this.#jobs.size > connectionsAtMost) return this.#fail(job, 'tooManyRequests');
    const waiting = this.#idle.find((connection) => connection.state() === 'idle') ?? this.#idle[0];
    const connection = waiting ?? this.#open();
    this.#idle = this.#idle.filter((other) => other !== connection);
    job.connection = connection;
    // One that was waiting may have died a moment ago, of something that is over: that is worth a second try.
    connection.speak(job.ssml, (event) => this.#on(job, event, waiting !== undefined));
    return this.warm();
  }

  #on(job: Job, event: SpeakEvent, reused: boolean): void {
    if (!this.#jobs.has(job)) return;
    switch (event.type) {
      case 'audio':
      case 'word':
        if (event.type === 'audio') job.audioBytes += event.mulaw.length;
        if (!job.queue.push(event)) this.#fail(job, 'protocol');
        return;
      case 'done':
        return this.#done(job);
      case 'failed':
        job.connection = null;
        if (reused && !job.retried && job.audioBytes === 0 && !slowFaults.has(event.fault)) {
          job.retried = true;
          return this.#start(job);
        }
        return this.#fail(job, event.fault);
    }
  }

  #done(job: Job): void {
    const { connection } = job;
    job.connection = null;
    if (connection !== null && !this.#closed && this.#idle.length < idleAtMost) this.#idle.push(connection);
    else if (connection !== null) this.#discard(connection);
    // Silence in place of a sentence is a failure, whatever the provider calls it.
    if (job.audioBytes === 0) return this.#fail(job, 'noResult');
    this.#forget(job);
    return job.queue.end();
  }

  #fail(job: Job, fault: SpeechFault): void {
    this.#forget(job);
    if (job.connection !== null) this.#discard(job.connection);
    job.connection = null;
    this.#config.log.warn('synthesis failed', { fault });
    job.queue.fail(new SynthesisError(fault, `the speech service did not speak the sentence: ${fault}`));
  }

  /** Settled at once: nothing more is given out, and the connection, which would go on to the end, is replaced. */
  #abort(job: Job): void {
    job.queue.drop();
    if (!this.#forget(job)) return;
    if (job.connection !== null) this.#discard(job.connection);
    job.connection = null;
    this.warm();
  }

  /** True when the job was still under way. */
  #forget(job: Job): boolean {
    job.release();
    return this.#jobs.delete(job);
  }

  #open(): SynthesisConnection {
    const connection = openSynthesisConnection({
      config: synthesisConfig(this.#config, this.#voice),
      timing: this.#timing,
      clock: this.#config.clock,
      onIdleEnd: (fault, livedMs) => this.#onIdleEnd(connection, fault, livedMs),
    });
    return connection;
  }

  /** The service closes idle sockets after some minutes, which is no fault. One that closes young is not asked for again. */
  #onIdleEnd(connection: SynthesisConnection, fault: SpeechFault, livedMs: number): void {
    this.#idle = this.#idle.filter((other) => other !== connection);
    const old = livedMs >= this.#timing.idleReplaceMs;
    this.#config.log.debug('idle synthesis connection ended', { fault, livedMs: Math.round(livedMs) });
    if (old) this.warm();
  }

  #discard(connection: SynthesisConnection): void {
    const closing = connection.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
