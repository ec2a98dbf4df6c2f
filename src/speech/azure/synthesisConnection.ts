import {
  CancellationErrorCode,
  Connection,
  ResultReason,
  type SpeechConfig,
  SpeechSynthesisBoundaryType,
  type SpeechSynthesisResult,
  SpeechSynthesizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import type { Clock, TimerHandle } from '../../clock.ts';
import type { SpeechFault } from '../recogniser.ts';
import type { SynthesisChunk } from '../synthesiser.ts';
import { faultOf } from './faults.ts';
import { confineToOneSocket, type OneSocket } from './oneSocket.ts';
import { ticksPerMs } from './results.ts';
import { field } from './sdk.ts';
import type { SynthesiserTiming } from './timing.ts';

export type SpeakEvent =
  | SynthesisChunk
  /** All audio has come; the connection is free again. */
  | { readonly type: 'done' }
  /** The connection is over, too. */
  | { readonly type: 'failed'; readonly fault: SpeechFault };

export interface SynthesisConnection {
  readonly state: () => 'connecting' | 'idle' | 'speaking' | 'over';
  /** One sentence at a time: the SDK is strictly serial. Ends with exactly one `done` or `failed`, unless closed before. */
  readonly speak: (ssml: string, onEvent: (event: SpeakEvent) => void) => void;
  /** No event comes after the call. Resolves when the socket is gone, at the latest after `stopMs`. */
  readonly close: () => Promise<void>;
}

export interface SynthesisConnectionOptions {
  readonly config: SpeechConfig;
  readonly timing: SynthesiserTiming;
  readonly clock: Clock;
  /** It ended while nothing was being spoken. */
  readonly onIdleEnd: (fault: SpeechFault, livedMs: number) => void;
}

/** One SDK synthesiser on one socket, opened at once. It never reconnects. */
export function openSynthesisConnection(options: SynthesisConnectionOptions): SynthesisConnection {
  return new AzureSynthesisConnection(options);
}

class AzureSynthesisConnection implements SynthesisConnection {
  readonly #options: SynthesisConnectionOptions;
  readonly #synthesiser: SpeechSynthesizer;
  readonly #connection: Connection;
  readonly #socket: OneSocket;
  readonly #openedAt: number;
  #connected = false;
  #over = false;
  #speaking: ((event: SpeakEvent) => void) | null = null;
  /** The step that is being waited for: connection, first audio, next audio. */
  #step: TimerHandle | null = null;
  #total: TimerHandle | null = null;
  #closed: Promise<void> | null = null;
  #onSocketGone: (() => void) | null = null;

  constructor(options: SynthesisConnectionOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
    this.#synthesiser = new SpeechSynthesizer(options.config, null);
    this.#socket = confineToOneSocket(field(this.#synthesiser, 'internalData'), {
      onClosed: (code) => this.#onSocketClosed(code),
      onSendFailed: () => this.#wait(options.timing.stopMs, 'disconnected'),
    });
    this.#connection = Connection.fromSynthesizer(this.#synthesiser);
    this.#connection.connected = () => this.#onConnected();
    this.#connection.disconnected = () => this.#onSocketClosed(1006);
    this.#synthesiser.synthesizing = (_, { result }) => this.#onAudio(result.audioData);
    this.#synthesiser.wordBoundary = (_, boundary) => {
      if (boundary.boundaryType !== SpeechSynthesisBoundaryType.Word) return;
      const { text, audioOffset, duration } = boundary;
      this.#speaking?.({
        type: 'word',
        text,
        offsetMs: audioOffset / ticksPerMs,
        durationMs: (duration ?? 0) / ticksPerMs,
      });
    };
    this.#wait(options.timing.connectMs, 'connectTimeout');
    this.#connection.openConnection(undefined, (reason) => this.#fail(faultOf(failure(reason))));
  }

  readonly state = (): ReturnType<SynthesisConnection['state']> => {
    if (this.#over) return 'over';
    if (this.#speaking !== null) return 'speaking';
    return this.#connected ? 'idle' : 'connecting';
  };

  readonly speak = (ssml: string, onEvent: (event: SpeakEvent) => void): void => {
    if (this.#over || this.#speaking !== null) return onEvent({ type: 'failed', fault: 'disconnected' });
    const { timing } = this.#options;
    this.#speaking = onEvent;
    this.#total = this.#options.clock.setTimeout(() => this.#fail('noResult'), timing.totalMs);
    if (this.#connected) this.#wait(timing.firstByteMs, 'noResult');
    // A failure comes through the success callback, as a cancelled result.
    this.#synthesiser.speakSsmlAsync(
      ssml,
      (result) => this.#onResult(result),
      (error) => this.#fail(faultOf(failure(error))),
    );
  };

  readonly close = (): Promise<void> => {
    this.#closed ??= this.#stop();
    return this.#closed;
  };

  #onConnected(): void {
    if (this.#over) return;
    this.#connected = true;
    this.#wait(this.#speaking === null ? null : this.#options.timing.firstByteMs, 'noResult');
  }

  #onAudio(audio: ArrayBuffer): void {
    if (this.#over || this.#speaking === null || audio.byteLength === 0) return;
    this.#wait(this.#options.timing.gapMs, 'noResult');
    this.#speaking({ type: 'audio', mulaw: new Uint8Array(audio) });
  }

  #onResult(result: SpeechSynthesisResult): void {
    if (this.#over || this.#speaking === null) return;
    if (result.reason !== ResultReason.SynthesizingAudioCompleted) {
      const { details } = failure(result.errorDetails);
      return this.#fail(faultOf({ code: codeOf(result), details, closeCode: this.#socket.closeCode() }));
    }
    const done = this.#speaking;
    this.#settle();
    return done({ type: 'done' });
  }

  /** Also in the middle of a sentence, where the SDK waits for ever after a close with code 1000. */
  #onSocketClosed(code: number): void {
    this.#fail(faultOf({ code: null, details: '', closeCode: code }));
    this.#onSocketGone?.();
  }

  #settle(): void {
    this.#speaking = null;
    this.#wait(null, 'noResult');
    if (this.#total !== null) this.#options.clock.clearTimeout(this.#total);
    this.#total = null;
  }

  #fail(fault: SpeechFault): void {
    if (this.#over) return;
    const speaking = this.#speaking;
    void this.close();
    if (speaking === null) this.#options.onIdleEnd(fault, this.#options.clock.now() - this.#openedAt);
    else speaking({ type: 'failed', fault });
  }

  #wait(ms: number | null, fault: SpeechFault): void {
    const { clock } = this.#options;
    if (this.#step !== null) clock.clearTimeout(this.#step);
    this.#step = ms === null || this.#over ? null : clock.setTimeout(() => this.#fail(fault), ms);
  }

  /**
   * The SDK's own `close` forgets a socket that was opened in advance and never spoke, and waits for one that is still
   * being opened: the socket is therefore closed directly, and cut when that takes too long.
   */
  #stop(): Promise<void> {
    this.#over = true;
    this.#settle();
    const { clock, timing } = this.#options;
    const ignore = (): void => {};
    return new Promise((resolve) => {
      const cut = clock.setTimeout(() => finish(), timing.stopMs);
      const finish = (): void => {
        clock.clearTimeout(cut);
        this.#socket.terminate();
        resolve();
      };
      this.#onSocketGone = finish;
      try {
        this.#synthesiser.close(this.#socket.guarded ? ignore : finish, ignore);
        if (!this.#connected || this.#socket.closeCode() !== null) finish();
        else this.#socket.close();
      } catch {
        finish();
      }
    });
  }
}

function codeOf(result: SpeechSynthesisResult): CancellationErrorCode | null {
  const name = result.properties.getProperty('CancellationErrorCode', '');
  const found = Object.entries(CancellationErrorCode).find(([key]) => key === name)?.[1];
  return typeof found === 'number' ? found : null;
}

function failure(reason: unknown): Parameters<typeof faultOf>[0] {
  const details = reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : '';
  return { code: null, details, closeCode: null };
}
