import { decodeMulaw } from '../../audio/mulaw.ts';
import type { Clock, TimerHandle } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Recogniser, RecogniserOptions, SpeechFault, UploadGrain } from '../recogniser.ts';
import type { ConnectionEvent, RecognitionConnection } from './connection.ts';
import { retryDelayMs } from './faults.ts';
import { bytesPerMs, createRingBuffer, type RingBuffer } from './ringBuffer.ts';
import type { UploadFormat } from './sdk.ts';
import type { RecogniserTiming } from './timing.ts';
import { createUnansweredSpeech, type UnansweredSpeech } from './unanswered.ts';

export interface SupervisorOptions extends RecogniserOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly replayMs: number;
  readonly timing: RecogniserTiming;
  readonly upload: UploadFormat;
  readonly openConnection: (onEvent: (event: ConnectionEvent) => void) => RecognitionConnection;
}

/**
 * Keeps one call heard over as many connections as it takes: reconnects, replays from the ring what no final has covered,
 * rotates before the service's ten minutes are over, and keeps offsets and utterance numbers as if nothing had happened.
 */
export function superviseRecognition(options: SupervisorOptions): Recogniser {
  return new Supervisor(options);
}

/** A connection and where its own time begins in the time of the call. */
interface Lane {
  readonly connection: RecognitionConnection;
  openedAt: number;
  /** Position in the ring of its first byte; null while it is not fed. */
  basePosition: number | null;
  /** Position after the last byte that it was sent. */
  sentPosition: number;
  answered: boolean;
}

const grainMs: Readonly<Record<UploadGrain, number>> = { fine: 20, coarse: 100 };
/** Two frames: a result of the same audio may end that much later when it is recognised again. */
const sameEndMs = 40;
type Phrase = Extract<ConnectionEvent, { type: 'phrase' }>;
type Hypothesis = Extract<ConnectionEvent, { type: 'hypothesis' }>;

class Supervisor implements Recogniser {
  readonly #options: SupervisorOptions;
  readonly #ring: RingBuffer;
  readonly #unanswered: UnansweredSpeech;
  readonly #closing = new Set<Promise<void>>();
  /** The connection that hears, or is to hear once it is up. */
  #live: Lane | null = null;
  /** Its replacement, opened while it still hears. */
  #next: Lane | null = null;
  #grain: UploadGrain = 'fine';
  #samples = new Int16Array(0);
  #utterance = 1;
  /** End of the last phrase, in milliseconds from the first frame: what comes before it is settled. */
  #settledMs = 0;
  #failures = 0;
  #lostAt: number | null = null;
  #retry: TimerHandle | null = null;
  #rotation: TimerHandle | null = null;
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#ring = createRingBuffer(options.replayMs);
    this.#unanswered = createUnansweredSpeech(options.timing.unansweredSpeechMs);
    this.#live = this.#open();
  }

  readonly write = (mulaw: Uint8Array): void => {
    if (this.#closed || mulaw.length === 0) return;
    this.#ring.append(mulaw);
    const lane = this.#live;
    if (lane === null || lane.basePosition === null) return;
    const isNext = this.#grain === 'fine' && lane.sentPosition + mulaw.length === this.#ring.end();
    if (isNext) {
      this.#send(lane, mulaw);
      lane.sentPosition = this.#ring.end();
    } else this.#upload(lane);
    if (this.#unanswered.heard(this.#decoded(mulaw))) this.#drop(lane, 'noResult');
  };

  readonly upload = (grain: UploadGrain): void => {
    this.#grain = grain;
    const lane = this.#live;
    if (lane !== null && lane.basePosition !== null) this.#upload(lane);
  };

  readonly quiet = (): void => {
    const lane = this.#live;
    if (lane === null || this.#age(lane) < this.#options.timing.rotateInQuietMs) return;
    this.#rotate();
  };

  readonly close = async (): Promise<void> => {
    this.#closed = true;
    this.#cancel();
    for (const lane of [this.#live, this.#next]) if (lane !== null) this.#discard(lane);
    this.#live = null;
    this.#next = null;
    await Promise.all(this.#closing);
  };

  #open(): Lane {
    const lane: Lane = {
      openedAt: this.#options.clock.now(),
      basePosition: null,
      sentPosition: 0,
      answered: false,
      // Events never come before this function has returned: the SDK starts on a later turn of the loop.
      connection: this.#options.openConnection((event) => this.#on(lane, event)),
    };
    return lane;
  }

  #on(lane: Lane, event: ConnectionEvent): void {
    if (this.#closed || (lane !== this.#live && lane !== this.#next)) return;
    switch (event.type) {
      case 'connected':
        return this.#connected(lane);
      case 'message':
        return this.#answeredBy(lane);
      case 'speechStarted':
        return lane === this.#live ? this.#unanswered.answered() : undefined;
      case 'hypothesis':
        return this.#hypothesis(lane, event);
      case 'phrase':
        return this.#phrase(lane, event);
      case 'failed':
        return this.#failed(lane, event.fault);
    }
  }

  #connected(lane: Lane): void {
    lane.openedAt = this.#options.clock.now();
    if (lane === this.#next) {
      const old = this.#live;
      this.#live = lane;
      this.#next = null;
      // From here on only the new connection is believed; what the old one had not finalised, the new one hears again.
      if (old !== null) this.#discard(old);
    }
    this.#feed(lane);
    this.#planRotation();
  }

  #feed(lane: Lane): void {
    const from = Math.max(this.#ring.start(), Math.round(this.#settledMs * bytesPerMs));
    lane.basePosition = Math.min(from, this.#ring.end());
    lane.sentPosition = lane.basePosition;
    this.#unanswered.restart();
    this.#upload(lane);
  }

  /** Sends what has not been sent: all of it in small pieces, or as many large ones as there are. */
  #upload(lane: Lane): void {
    const pieceBytes = grainMs[this.#grain] * bytesPerMs;
    if (this.#grain === 'coarse' && this.#ring.end() - lane.sentPosition < pieceBytes) return;
    const unsent = this.#ring.since(lane.sentPosition);
    let at = 0;
    while (at < unsent.length && (this.#grain === 'fine' || unsent.length - at >= pieceBytes)) {
      this.#send(lane, unsent.subarray(at, at + pieceBytes));
      at += pieceBytes;
    }
    lane.sentPosition = this.#ring.end() - Math.max(0, unsent.length - at);
  }

  /** Good until the next frame: fifty of them a second need no memory of their own. */
  #decoded(mulaw: Uint8Array): Int16Array {
    if (mulaw.length !== this.#samples.length) this.#samples = new Int16Array(mulaw.length);
    return decodeMulaw(mulaw, this.#samples);
  }

  /** The SDK keeps the buffer it gets, whole: a fresh one of the exact length, never a pooled one with other data in it. */
  #send(lane: Lane, mulaw: Uint8Array): void {
    if (this.#options.upload === 'mulaw') return lane.connection.write(new Uint8Array(mulaw).buffer);
    const buffer = new ArrayBuffer(mulaw.length * 2);
    decodeMulaw(mulaw, new Int16Array(buffer));
    lane.connection.write(buffer);
  }

  #answeredBy(lane: Lane): void {
    if (lane.answered || lane !== this.#live) return;
    lane.answered = true;
    if (this.#lostAt === null) return;
    const { clock, log } = this.#options;
    const lostForMs = Math.round(clock.now() - this.#lostAt);
    const replayedMs = Math.round((this.#ring.end() - (lane.basePosition ?? this.#ring.end())) / bytesPerMs);
    this.#lostAt = null;
    log.info('recogniser restored', { lostForMs, replayedMs });
    this.#emit({ type: 'restored', lostForMs, replayedMs });
  }

  #hypothesis(lane: Lane, event: Hypothesis): void {
    const offsetMs = this.#callTime(lane, event.offsetMs);
    if (offsetMs === null) return;
    this.#unanswered.answered();
    const endMs = offsetMs + event.durationMs;
    if (event.text === '' || endMs <= this.#settledMs + sameEndMs) return;
    this.#emit({ type: 'hypothesis', utterance: this.#utterance, text: event.text, offsetMs });
    this.#watchLag(lane, endMs);
  }

  #phrase(lane: Lane, event: Phrase): void {
    const offsetMs = this.#callTime(lane, event.offsetMs);
    if (offsetMs === null) return;
    this.#unanswered.answered();
    const { text, confidence, durationMs } = event;
    const endMs = offsetMs + durationMs;
    if (text !== '' && endMs <= this.#settledMs + sameEndMs) return;
    const utterance = this.#utterance++;
    this.#settledMs = Math.max(this.#settledMs, endMs);
    this.#ring.release(this.#settledMs * bytesPerMs);
    if (text === '') return this.#emit({ type: 'noMatch', utterance });
    const shift = offsetMs - event.offsetMs;
    const words = event.words.map((word) => ({ ...word, offsetMs: word.offsetMs + shift }));
    return this.#emit({ type: 'final', utterance, text, confidence, words, offsetMs, durationMs });
  }

  /** Partial results that fall further and further behind are a known illness of old connections; a new one is well. */
  #watchLag(lane: Lane, endMs: number): void {
    const { timing, log } = this.#options;
    const lagMs = this.#ring.end() / bytesPerMs - endMs;
    if (lagMs < timing.lagMs || this.#age(lane) < timing.lagGraceMs || this.#next !== null) return;
    log.warn('recogniser connection falls behind and is replaced', { lagMs: Math.round(lagMs) });
    this.#rotate();
  }

  #failed(lane: Lane, fault: SpeechFault): void {
    if (lane === this.#next) {
      this.#next = null;
      this.#options.log.warn('recogniser replacement failed; the old connection still hears', { fault });
      this.#planRotation(this.#options.timing.rotateRetryMs);
      return;
    }
    this.#live = null;
    this.#lose(lane, fault);
  }

  /** Ends a connection that does not know itself that it is dead. */
  #drop(lane: Lane, fault: SpeechFault): void {
    this.#discard(lane);
    this.#failed(lane, fault);
  }

  #lose(lane: Lane, fault: SpeechFault): void {
    const { clock, log, random, timing } = this.#options;
    const wasHealthy = lane.answered && clock.now() - lane.openedAt >= timing.healthyMs;
    this.#failures = wasHealthy ? 1 : this.#failures + 1;
    this.#lostAt ??= clock.now();
    this.#cancel();
    // A replacement that is on its way serves at once.
    this.#live = this.#next;
    this.#next = null;
    const retryInMs =
      this.#live === null ? retryDelayMs({ fault, failures: this.#failures, wasHealthy, random: random() }, timing) : 0;
    if (this.#live === null) {
      this.#retry = clock.setTimeout(() => {
        this.#retry = null;
        this.#live = this.#open();
      }, retryInMs);
    }
    log.warn('recogniser lost', { fault, retryInMs, failures: this.#failures });
    this.#emit({ type: 'lost', fault, retryInMs });
  }

  #planRotation(inMs: number = this.#options.timing.rotateLatestMs): void {
    if (this.#rotation !== null) this.#options.clock.clearTimeout(this.#rotation);
    this.#rotation = this.#options.clock.setTimeout(() => {
      this.#rotation = null;
      this.#rotate();
    }, inMs);
  }

  #rotate(): void {
    if (this.#closed || this.#next !== null || this.#live?.basePosition === null || this.#live === null) return;
    this.#options.log.info('recogniser connection is rotated', { ageMs: Math.round(this.#age(this.#live)) });
    this.#next = this.#open();
  }

  #age(lane: Lane): number {
    return this.#options.clock.now() - lane.openedAt;
  }

  /** Null for a result of a connection that hears nothing yet. */
  #callTime(lane: Lane, ms: number): number | null {
    return lane !== this.#live || lane.basePosition === null ? null : lane.basePosition / bytesPerMs + ms;
  }

  #discard(lane: Lane): void {
    const closing = lane.connection.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #cancel(): void {
    for (const timer of [this.#retry, this.#rotation]) if (timer !== null) this.#options.clock.clearTimeout(timer);
    this.#retry = null;
    this.#rotation = null;
  }

  #emit(event: Parameters<RecogniserOptions['onEvent']>[0]): void {
    if (this.#closed) return;
    try {
      this.#options.onEvent(event);
    } catch {
      // An exception here would end the SDK's receive loop in silence.
      this.#options.log.error('a handler of recogniser events threw', { type: event.type });
    }
  }
}
