import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { AzureSpeechFaults, Moment, Scope } from './faults.ts';
import { printBinaryFrame, printTextFrame } from './frames.ts';
import { count } from './stats.ts';
import type { ConnectionStats } from './stats.ts';
import type { Timing } from './timing.ts';

/**
 * One accepted connection: prints messages, keeps the connection's timers, and is the place where planned faults that
 * any message or moment can have are carried out.
 */
export class SpeechSocket {
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #faults: AzureSpeechFaults;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #idle: NodeJS.Timeout;
  #silent = false;
  readonly stats: ConnectionStats;

  constructor(socket: WebSocket, tcp: Socket, faults: AzureSpeechFaults, timing: Timing, stats: ConnectionStats) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#faults = faults;
    this.stats = stats;
    socket.on('close', () => this.#freeTimers());
    const cut = faults.take(stats.scope, 'cut')?.fault;
    this.later(cut?.lifeMs ?? timing.connectionLifeMs, () => this.close(cut?.code ?? 1000, 'connection life is over'));
    this.#idle = setTimeout(() => this.close(1000, 'connection was idle'), timing.connectionIdleMs);
  }

  get scope(): Scope {
    return this.stats.scope;
  }

  /** The client has sent something: the idle time starts again. */
  touch(): void {
    this.#idle.refresh();
  }

  sendJson(path: string, requestId: string, body: object): void {
    if (this.#silent || !this.stats.open) return;
    const isPath = (fault: { readonly path: string }): boolean => fault.path === path;
    const broken = this.#faults.take(this.scope, 'badJson', isPath) !== undefined;
    const nameless = this.#faults.take(this.scope, 'missingRequestId', isPath) !== undefined;
    const headers = {
      ...(nameless ? {} : { 'X-RequestId': requestId }),
      'Content-Type': 'application/json; charset=utf-8',
      Path: path,
    };
    const text = JSON.stringify(body);
    count(this.stats.sent, path);
    this.#socket.send(printTextFrame(headers, broken ? text.slice(0, -1) : text));
  }

  sendAudio(requestId: string, streamId: string, audio: Uint8Array): void {
    if (this.#silent || !this.stats.open) return;
    const headers = {
      'X-RequestId': requestId,
      'X-StreamId': streamId,
      'Content-Type': 'audio/basic',
      Path: 'audio',
    };
    count(this.stats.sent, 'audio');
    this.stats.audioBytes += audio.length;
    this.#socket.send(printBinaryFrame(headers, audio));
  }

  /** Carries out what is planned for this moment. */
  reach(moment: Moment): void {
    const here = (fault: { readonly at: string }): boolean => fault.at === moment;
    const silent = this.#faults.take(this.scope, 'silent', here);
    if (silent) this.later(silent.afterMs, () => (this.#silent = true));
    const close = this.#faults.take(this.scope, 'close', here);
    if (close) this.later(close.afterMs, () => this.close(close.fault.code, close.fault.reason ?? 'planned fault'));
    const reset = this.#faults.take(this.scope, 'reset', here);
    if (reset) this.later(reset.afterMs, () => this.#tcp.resetAndDestroy());
  }

  /** 1005 sends a close message without a code; 1006 ends the connection without one. */
  close(code: number, reason: string): void {
    if (!this.stats.open) return;
    if (code === 1006) this.#socket.terminate();
    else if (code === 1005) this.#socket.close();
    else this.#socket.close(code, reason);
    this.#silent = true;
  }

  /** The client broke the protocol; `reason` is kept for whoever reads the statistics. */
  refuse(code: 1002 | 1007 | 1009, reason: string): void {
    this.stats.refusal ??= reason;
    this.close(code, reason.slice(0, 120));
  }

  /** Runs at once for 0. Nothing runs after the connection is gone. */
  later(ms: number, run: () => void): void {
    if (ms <= 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #freeTimers(): void {
    this.stats.open = false;
    clearTimeout(this.#idle);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
