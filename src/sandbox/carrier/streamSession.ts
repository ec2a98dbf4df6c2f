import { WebSocket } from 'ws';
import type { CarrierClock } from './clock.ts';
import { DelayLine } from './delayLine.ts';
import { bursts } from './levels.ts';
import { PlaybackQueue } from './playbackQueue.ts';
import type { Recorder } from './recorder.ts';
import type { StreamEndedBy } from './report.ts';
import { signStreamUpgrade, type StreamSignatureForm } from './signature.ts';
import {
  printConnected,
  printDigit,
  printMark,
  printMedia,
  printStart,
  printStop,
  readServerMessage,
  type StreamIdentity,
} from './streamWire.ts';
import { frameMs } from './ticker.ts';

export interface StreamOptions {
  /** As it stands in the document; a query is dropped, as Twilio does. */
  readonly url: string;
  readonly identity: StreamIdentity;
  readonly parameters: Readonly<Record<string, string>>;
  readonly authToken: string;
  readonly signatureForm: StreamSignatureForm;
  readonly clock: CarrierClock;
  readonly recorder: Recorder;
  /** Added to every message in both directions. */
  readonly edgeDelayMs: number;
  readonly connectTimeoutMs: number;
}

export interface StreamEnd {
  readonly by: StreamEndedBy;
  /** WebSocket close code as this side saw it. */
  readonly code: number;
}

export type StreamOpening =
  | { readonly kind: 'open'; readonly stream: StreamSession }
  /** Twilio's error code: 31901 time-out, 31902 refused, 31920 answered without an upgrade. */
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string };

/** Connects, and says `connected` and `start`. Never rejects. */
export function openStream(options: StreamOptions): Promise<StreamOpening> {
  const url = options.url.replace(/[?#].*$/s, '');
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    handshakeTimeout: options.connectTimeoutMs,
    headers: {
      'X-Twilio-Signature': signStreamUpgrade(options.authToken, url, options.signatureForm),
      'User-Agent': 'Twilio.TmeWs/1.0',
    },
  });
  return new Promise((resolve) => {
    const refuse = (code: number, reason: string): void => resolve({ kind: 'refused', code, reason });
    socket.on('unexpected-response', (request, response) => {
      refuse(31920, `the upgrade was answered with ${response.statusCode}`);
      request.destroy();
    });
    socket.on('error', (error) => refuse(/timed? ?out/i.test(error.message) ? 31901 : 31902, error.message));
    // The listener stands before the upgrade is answered, so that no early message of the server is missed.
    const stream = new StreamSession(socket, options);
    socket.on('open', () => {
      stream.begin();
      resolve({ kind: 'open', stream });
    });
  });
}

/** The carrier's end of one bidirectional stream. */
export class StreamSession {
  /** Resolves once, when the stream is over for whatever reason. */
  readonly ended: Promise<StreamEnd>;
  readonly streamSid: string;
  readonly #socket: WebSocket;
  readonly #options: StreamOptions;
  readonly #queue: PlaybackQueue;
  readonly #out: DelayLine<string>;
  readonly #in: DelayLine<string | null>;
  readonly #warned = new Set<number>();
  #settle: (end: StreamEnd) => void = () => {};
  #endedBy: StreamEndedBy | undefined;
  #sequence = 0;
  #chunk = 0;
  #startedAtMs = 0;
  #firstFrameMs: number | undefined;
  #frames = 0;
  #clearing = false;
  #frozen = false;

  constructor(socket: WebSocket, options: StreamOptions) {
    this.#socket = socket;
    this.#options = options;
    this.streamSid = options.identity.streamSid;
    this.#queue = new PlaybackQueue((name) => this.#returnMark(name));
    const path = { delayMs: options.edgeDelayMs, jitterMs: 0 };
    const random = (): number => 0;
    this.#out = new DelayLine(options.clock, path, random, (text) => this.#put(text));
    this.#in = new DelayLine(options.clock, path, random, (text) => this.#receive(text));
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    socket.on('message', (data, isBinary) =>
      this.#in.send(isBinary || !Buffer.isBuffer(data) ? null : data.toString()),
    );
    socket.on('close', (code) => this.#closed(code));
  }

  begin(): void {
    this.#startedAtMs = this.#options.clock.now();
    this.#out.send(printConnected());
    this.#out.send(printStart(this.#next(), this.#options.identity, this.#options.parameters));
    this.#options.recorder.note({ type: 'stream-started', streamSid: this.streamSid });
  }

  /** 20 ms of the caller. `lost`: the network dropped them, so only the time goes on. */
  frame(mulaw: Uint8Array, lost = false): void {
    this.#firstFrameMs ??= Math.max(0, Math.round(this.#options.clock.now() - this.#startedAtMs));
    const timestampMs = this.#firstFrameMs + this.#frames * frameMs;
    this.#frames += 1;
    if (this.#speaking && !lost) {
      this.#chunk += 1;
      this.#out.send(printMedia(this.#next(), this.streamSid, this.#chunk, timestampMs, mulaw));
    }
  }

  digit(digit: string): void {
    if (this.#speaking) {
      this.#out.send(printDigit(this.#next(), this.streamSid, digit));
    }
  }

  /** The next 20 ms for the caller; null while nothing is played. */
  next(): Uint8Array | null {
    return this.#speaking ? this.#queue.next() : null;
  }

  /** Says `stop` and closes, as on a hang-up or a redirect. */
  stop(by: 'caller' | 'redirect' | 'rest' | 'carrier'): void {
    if (this.#speaking) {
      this.#out.send(printStop(this.#next(), this.#options.identity));
    }
    this.#endedBy ??= by;
    // With a delay on the path the close must not overtake the `stop`.
    this.#options.clock.setTimeout(() => this.#socket.close(1000), this.#options.edgeDelayMs);
  }

  /** The network breaks: the application sees 1006 and no `stop`. */
  cut(): void {
    this.#endedBy ??= 'network';
    this.#socket.terminate();
  }

  /** The carrier falls silent with the socket open: no frames, no marks, nothing is played. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Nothing follows a `stop`, and a frozen stream neither speaks nor listens. */
  get #speaking(): boolean {
    return this.#endedBy === undefined && !this.#frozen;
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #put(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(text);
    }
  }

  #receive(text: string | null): void {
    if (!this.#speaking) {
      return;
    }
    const message =
      text === null
        ? ({ event: 'violation', reason: 'a binary message' } as const)
        : readServerMessage(text, this.streamSid);
    switch (message.event) {
      case 'media':
        return this.#takeAudio(message.mulaw);
      case 'mark':
        this.#options.recorder.note({ type: 'mark-received', name: message.name });
        return this.#queue.mark(message.name);
      case 'clear':
        return this.#clear();
      case 'violation':
        return this.#warn(31951, `Stream - Protocol - Invalid message (${message.reason})`);
    }
  }

  #takeAudio(mulaw: Uint8Array): void {
    const { recorder } = this.#options;
    recorder.arrivals.push({
      atMs: recorder.nowMs(),
      lengthMs: mulaw.length / 8,
      audible: bursts(mulaw, { leastMs: 0 }).length > 0,
    });
    if (!this.#queue.push(mulaw)) {
      this.#warn(31931, 'Stream - more than 10 minutes of audio are waiting; the rest is discarded');
    }
  }

  #clear(): void {
    this.#clearing = true;
    const { droppedBytes, marks } = this.#queue.clear();
    this.#clearing = false;
    this.#options.recorder.note({ type: 'clear-received', droppedMs: droppedBytes / 8, marks: marks.length });
  }

  #returnMark(name: string): void {
    const because = this.#clearing ? 'cleared' : 'played';
    this.#options.recorder.note({ type: 'mark-returned', name, because });
    this.#out.send(printMark(this.#next(), this.streamSid, name));
  }

  #warn(code: number, message: string): void {
    if (!this.#warned.has(code)) {
      this.#warned.add(code);
      this.#options.recorder.warning(code, message);
    }
  }

  #closed(code: number): void {
    this.#out.close();
    this.#in.close();
    if (this.#startedAtMs === 0) {
      return;
    }
    const by = this.#endedBy ?? (code === 1006 ? 'network' : 'server');
    this.#endedBy = by;
    this.#options.recorder.note({ type: 'stream-ended', streamSid: this.streamSid, by, code });
    this.#settle({ by, code });
  }
}
