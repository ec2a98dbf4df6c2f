/**
 * Makes a `MediaStream` of a carrier's socket: the order of messages, the watchdogs, back-pressure and the ways to end.
 * What a message means byte by byte is the codec's matter (`mediaMessage.ts`).
 */
import { Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Clock, TimerHandle } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import type { Metrics, StreamEnd } from '../metrics.ts';
import { mediaPrinter, parseMediaMessage } from './mediaMessage.ts';
import type { MediaMessage, MediaPrinter, MessageRefusal } from './mediaMessage.ts';
import type { MediaStream, MediaStreamEvent, StreamStart } from './mediaStream.ts';

type StreamLimitName =
  | 'streamStartMs'
  | 'mediaStallMs'
  | 'streamRefusalDebt'
  | 'streamEventsWaiting'
  | 'socketBufferedBytes'
  | 'socketBufferedMaxBytes'
  | 'socketCloseMs';

/** The bounds of one stream, out of `limits`; tests give smaller ones. */
export type StreamLimits = Readonly<Record<StreamLimitName, number>>;

export interface MediaStreamOptions {
  readonly clock: Clock;
  readonly limits: StreamLimits;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The stream names its call. True when the call takes it (and listens); false closes the socket with 1008. */
  readonly onStart: (start: StreamStart, stream: MediaStream) => boolean;
}

/** Why a message that the codec could read (or could not) had no effect. */
export type StreamRefusal =
  | MessageRefusal['reason']
  | 'binary'
  | 'outOfOrder'
  | 'beforeStart'
  | 'duplicateStart'
  | 'otherStream'
  | 'afterStop'
  | 'oversized';

/** WebSocket close codes (RFC 6455 §7.4.1) as used here. */
const closeCode = { normal: 1000, policy: 1008, fault: 1011 } as const;

/**
 * Takes over a carrier's socket. Returns at once and never throws; everything after it happens in callbacks, which do not
 * throw either. The socket is closed when no `start` comes within `limits.streamStartMs`, when `onStart` declines, when
 * refused messages prevail, and when our own code fails (then the carrier asks what comes next).
 */
export function openMediaStream(socket: WebSocket, options: MediaStreamOptions): void {
  new SocketStream(socket, options).watch();
}

type Phase = 'awaitingStart' | 'live' | 'stopped' | 'closing' | 'over';

class SocketStream implements MediaStream {
  readonly #socket: WebSocket;
  readonly #options: MediaStreamOptions;
  #phase: Phase = 'awaitingStart';
  #streamSid = '';
  #printer: MediaPrinter | null = null;
  #connected = false;
  #lastSequence = 0;
  #refusalDebt = 0;
  readonly #refusalsLogged = new Set<StreamRefusal>();
  #lastMediaAtMs = 0;
  #watchdog: TimerHandle | undefined;
  #closeTimer: TimerHandle | undefined;
  #backedUp = false;
  #end: StreamEnd | null = null;
  #listener: ((event: MediaStreamEvent) => void) | null = null;
  #waiting: MediaStreamEvent[] = [];

  constructor(socket: WebSocket, options: MediaStreamOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  get streamSid(): string {
    return this.#streamSid;
  }

  watch(): void {
    const { clock, limits, metrics } = this.#options;
    metrics.streamOpened();
    this.#watchdog = clock.setTimeout(() => this.#finish('neverStarted', closeCode.policy), limits.streamStartMs);
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // `close` follows an error in any case; without a listener the error would end the process.
    this.#socket.on('error', (error) => this.#socketFailed(error));
    this.#socket.on('close', (code) => this.#closed(code));
  }

  readonly listen = (onEvent: (event: MediaStreamEvent) => void): void => {
    if (this.#listener !== null) throw new Error('a media stream has one listener');
    this.#listener = onEvent;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.#tell(event);
  };

  readonly sendAudio = (mulaw: Uint8Array): void => {
    if (this.#printer !== null && mulaw.byteLength > 0) this.#send(this.#printer.media(mulaw));
  };

  readonly sendMark = (name: string): void => {
    if (this.#printer !== null) this.#send(this.#printer.mark(name));
  };

  readonly clear = (): void => {
    if (this.#printer !== null) this.#send(this.#printer.clear());
  };

  readonly close = (): void => this.#finish('ours', closeCode.normal);

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#phase === 'closing' || this.#phase === 'over') return;
    if (isBinary) return this.#refuse('binary');
    const parsed = parseMediaMessage(bytesOf(data));
    if (!parsed.ok) return this.#refuse(parsed.refusal.reason);
    const refusal = this.#take(parsed.message);
    if (refusal !== null) return this.#refuse(refusal);
    if (this.#refusalDebt > 0) this.#refusalDebt -= 1;
  }

  /** Gives the message its effect, or says why it has none. */
  #take(message: MediaMessage): StreamRefusal | null {
    if (message.event === 'connected') {
      if (this.#connected || this.#phase !== 'awaitingStart') return 'outOfOrder';
      this.#connected = true;
      return null;
    }
    if (message.event === 'start') return this.#start(message);
    if (this.#phase === 'awaitingStart') return 'beforeStart';
    if (message.streamSid !== this.#streamSid) return 'otherStream';
    if (this.#phase === 'stopped') return 'afterStop';
    if (message.sequenceNumber <= this.#lastSequence) return 'outOfOrder';
    this.#lastSequence = message.sequenceNumber;
    this.#pass(message);
    return null;
  }

  #start(message: MediaMessage & { readonly event: 'start' }): StreamRefusal | null {
    if (this.#phase !== 'awaitingStart') return 'duplicateStart';
    const { log, onStart } = this.#options;
    const { streamSid, callSid, accountSid, customParameters, sequenceNumber } = message;
    this.#stopWatching();
    this.#phase = 'live';
    this.#streamSid = streamSid;
    this.#printer = mediaPrinter(streamSid);
    this.#lastSequence = sequenceNumber;
    this.#awaitMedia();
    try {
      const start = { streamSid, callSid, accountSid, ticket: customParameters['ticket'] ?? null };
      if (!onStart(start, this)) this.#finish('refused', closeCode.policy);
    } catch (error) {
      log.error('the call failed to take its stream', { streamSid, callSid, ...faultOf(error) });
      this.#finish('fault', closeCode.fault);
    }
    return null;
  }

  #pass(message: Exclude<MediaMessage, { readonly event: 'connected' | 'start' }>): void {
    switch (message.event) {
      case 'media':
        this.#mediaCame();
        return this.#tell({ type: 'media', mulaw: message.mulaw, timestampMs: message.timestampMs });
      case 'mark':
        return this.#tell({ type: 'mark', name: message.name });
      case 'dtmf':
        return this.#tell({ type: 'digit', digit: message.digit });
      case 'stop':
        this.#phase = 'stopped';
        this.#stopWatching();
        return this.#tell({ type: 'stopped' });
    }
  }

  #tell(event: MediaStreamEvent): void {
    if (this.#listener === null) {
      this.#waiting.push(event);
      if (this.#waiting.length > this.#options.limits.streamEventsWaiting) this.#finish('fault', closeCode.fault);
      return;
    }
    try {
      this.#listener(event);
    } catch (error) {
      this.#options.log.error('a call failed on an event of its stream', {
        streamSid: this.#streamSid,
        event: event.type,
        ...faultOf(error),
      });
      this.#finish('fault', closeCode.fault);
    }
  }

  #refuse(refusal: StreamRefusal): void {
    const { limits, log, metrics } = this.#options;
    metrics.messageRefused(refusal);
    // Once per reason: garbage must not fill the log either.
    if (!this.#refusalsLogged.has(refusal)) {
      this.#refusalsLogged.add(refusal);
      log.warn('refused a stream message', { streamSid: this.#streamSid, reason: refusal });
    }
    this.#refusalDebt += 10;
    if (this.#refusalDebt > limits.streamRefusalDebt) this.#finish('garbage', closeCode.policy);
  }

  /** The timer is not reset by each of 50 frames a second: it looks, when due, how long ago the last one was. */
  #awaitMedia(): void {
    this.#lastMediaAtMs = this.#options.clock.now();
    this.#watchFor(this.#options.limits.mediaStallMs);
  }

  #watchFor(ms: number): void {
    const { clock, limits, metrics } = this.#options;
    this.#watchdog = clock.setTimeout(() => {
      const leftMs = limits.mediaStallMs - (clock.now() - this.#lastMediaAtMs);
      if (leftMs > 0) return this.#watchFor(leftMs);
      this.#watchdog = undefined;
      metrics.streamStalled();
      this.#tell({ type: 'stalled' });
    }, ms);
  }

  #mediaCame(): void {
    this.#lastMediaAtMs = this.#options.clock.now();
    if (this.#watchdog === undefined) this.#watchFor(this.#options.limits.mediaStallMs);
  }

  #send(text: string): void {
    if (this.#phase !== 'live' || this.#socket.readyState !== this.#socket.OPEN) return;
    const { limits, log, metrics } = this.#options;
    const bufferedBytes = this.#socket.bufferedAmount;
    if (bufferedBytes > limits.socketBufferedMaxBytes) {
      log.error('gave up a stream whose socket does not drain', { streamSid: this.#streamSid, bufferedBytes });
      this.#finish('backedUp', closeCode.policy);
      return this.#socket.terminate();
    }
    if (bufferedBytes > limits.socketBufferedBytes && !this.#backedUp) {
      this.#backedUp = true;
      metrics.streamBackedUp();
      log.warn('the socket of a stream drains slowly', { streamSid: this.#streamSid, bufferedBytes });
    } else if (bufferedBytes < limits.socketBufferedBytes / 2) this.#backedUp = false;
    gatherWrites(this.#socket);
    this.#socket.send(text, ignoreSendError);
  }

  /** Asks the other end to close; the first reason stands. Nothing but `closed` is told after it. */
  #finish(end: StreamEnd, code: number): void {
    if (this.#phase === 'closing' || this.#phase === 'over') return;
    const { clock, limits } = this.#options;
    this.#phase = 'closing';
    this.#end = end;
    this.#stopWatching();
    this.#socket.close(code);
    this.#closeTimer = clock.setTimeout(() => this.#socket.terminate(), limits.socketCloseMs);
  }

  #socketFailed(error: Error): void {
    const oversized = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    if (oversized) this.#options.metrics.messageRefused('oversized');
    this.#options.log.warn('a stream socket failed', {
      streamSid: this.#streamSid,
      fault: 'code' in error ? String(error.code) : error.name,
    });
    this.#end ??= oversized ? 'garbage' : 'lost';
  }

  #closed(code: number): void {
    if (this.#phase === 'over') return;
    const stopped = this.#phase === 'stopped';
    this.#phase = 'over';
    this.#stopWatching();
    if (this.#closeTimer !== undefined) this.#options.clock.clearTimeout(this.#closeTimer);
    this.#options.metrics.streamClosed(this.#end ?? (code === 1006 && !stopped ? 'lost' : 'theirs'));
    if (this.#streamSid !== '') this.#tell({ type: 'closed', code });
  }

  #stopWatching(): void {
    if (this.#watchdog !== undefined) this.#options.clock.clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
  }
}

/** A failed send is followed by `close`, which is where it is dealt with. */
function ignoreSendError(): void {}

/**
 * What is sent in one go, such as a stretch of audio and the mark after it, leaves in one write: a system call costs more than
 * all that comes before it. Nothing waits longer than until the running callback is over.
 */
function gatherWrites(socket: WebSocket): void {
  // `ws` does not promise this field; without it each message is a write of its own.
  const tcp: unknown = Reflect.get(socket, '_socket');
  if (!(tcp instanceof Writable) || tcp.writableCorked > 0) return;
  tcp.cork();
  process.nextTick(() => tcp.uncork());
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
