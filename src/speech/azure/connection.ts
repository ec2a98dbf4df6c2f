import {
  AudioConfig,
  type CancellationErrorCode,
  CancellationReason,
  Connection,
  type ConnectionMessageEventArgs,
  PhraseListGrammar,
  type PushAudioInputStream,
  ResultReason,
  type SpeechRecognitionResult,
  SpeechRecognizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import type { SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import type { Clock, TimerHandle } from '../../clock.ts';
import type { RecognisedWord, SpeechFault } from '../recogniser.ts';
import { faultOf } from './faults.ts';
import { confineToOneSocket, type OneSocket } from './oneSocket.ts';
import { readPhraseDetail, type ServiceMessage, silencesTheSdk, ticksPerMs } from './results.ts';
import { createUploadStream, field, type UploadFormat, writeWhole } from './sdk.ts';
import type { RecogniserTiming } from './timing.ts';

/** What happens on one connection. All offsets are milliseconds from its own first byte of audio. */
export type ConnectionEvent =
  | { readonly type: 'connected' }
  /** The service said something, whatever it is: it is there. */
  | { readonly type: 'message' }
  /** It hears somebody, words or not. */
  | { readonly type: 'speechStarted' }
  | { readonly type: 'hypothesis'; readonly text: string; readonly offsetMs: number; readonly durationMs: number }
  | {
      readonly type: 'phrase';
      /** Empty when the service closed the utterance without words. */
      readonly text: string;
      readonly confidence: number | null;
      readonly words: readonly RecognisedWord[];
      readonly offsetMs: number;
      readonly durationMs: number;
    }
  /** The end of this connection, once; nothing comes after it. */
  | { readonly type: 'failed'; readonly fault: SpeechFault };

export interface RecognitionConnection {
  /** One message. Takes the buffer over: it must be fresh and exact, never a view and never a `Buffer`. */
  readonly write: (audio: ArrayBuffer) => void;
  /** No event comes after the call. Resolves when the socket is gone, at the latest after `stopMs`. */
  readonly close: () => Promise<void>;
}

export interface ConnectionOptions {
  /** Not shared: the SDK writes into it. */
  readonly config: SpeechConfig;
  readonly phrases: readonly string[];
  readonly upload: UploadFormat;
  readonly timing: RecogniserTiming;
  readonly clock: Clock;
  readonly onEvent: (event: ConnectionEvent) => void;
}

/** `turn.end` makes the SDK send everything again since the last phrase: a service that does only that is no service. */
const turnsWithoutResult = 5;

/** One SDK recogniser on one socket, from start to the first failure. It never reconnects: whoever owns it opens another. */
export function openRecognitionConnection(options: ConnectionOptions): RecognitionConnection {
  return new AzureConnection(options);
}

class AzureConnection implements RecognitionConnection {
  readonly #options: ConnectionOptions;
  readonly #audio: PushAudioInputStream;
  readonly #recogniser: SpeechRecognizer;
  readonly #connection: Connection;
  readonly #socket: OneSocket;
  #state: 'connecting' | 'connected' | 'over' = 'connecting';
  #deadline: TimerHandle | null = null;
  #turnsSinceResult = 0;
  #closed: Promise<void> | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#audio = createUploadStream(options.upload);
    this.#recogniser = new SpeechRecognizer(options.config, AudioConfig.fromStreamInput(this.#audio));
    const adapter = field(this.#recogniser, 'internalData');
    this.#socket = confineToOneSocket(adapter, {
      onClosed: () => this.#onDisconnected(),
      onSendFailed: () => this.#limit(options.timing.stopMs, 'disconnected'),
    });
    this.#connection = Connection.fromRecognizer(this.#recogniser);
    if (options.phrases.length > 0) PhraseListGrammar.fromRecognizer(this.#recogniser).addPhrases([...options.phrases]);
    this.#attach();
    this.#limit(options.timing.connectMs, 'connectTimeout');
    // A refused start comes through `canceled`; the error callback is for what the SDK throws at itself.
    this.#recogniser.startContinuousRecognitionAsync(undefined, () => this.#fail('service'));
  }

  readonly write = (audio: ArrayBuffer): void => {
    if (this.#state === 'over') return;
    try {
      writeWhole(this.#audio, audio);
    } catch {
      this.#fail('service');
    }
  };

  readonly close = (): Promise<void> => {
    this.#closed ??= this.#stop();
    return this.#closed;
  };

  #attach(): void {
    this.#connection.connected = () => {
      if (this.#state !== 'connecting') return;
      this.#state = 'connected';
      this.#limit(this.#options.timing.firstMessageMs, 'noResult');
      this.#emit({ type: 'connected' });
    };
    this.#connection.disconnected = () => this.#onDisconnected();
    this.#connection.messageReceived = (event) => this.#onMessage(event);
    this.#recogniser.recognizing = (_, { result }) => this.#onHypothesis(result);
    this.#recogniser.recognized = (_, { result }) => this.#onPhrase(result);
    this.#recogniser.canceled = (_, event) => this.#onCanceled(event.reason, event.errorCode, event.errorDetails);
    this.#recogniser.sessionStopped = () => this.#fail('disconnected');
  }

  /**
   * The SDK would now connect again by itself, at once and as often as it likes. We do that, with our own pace and our own
   * audio, so for us this connection is over.
   */
  #onDisconnected(): void {
    this.#fail(faultOf({ code: null, details: '', closeCode: this.#socket.closeCode() ?? 1006 }));
  }

  #onCanceled(reason: CancellationReason, code: CancellationErrorCode, details: unknown): void {
    const ended = reason === CancellationReason.EndOfStream;
    const closeCode = this.#socket.closeCode();
    this.#fail(ended ? 'disconnected' : faultOf({ code, details: textOf(details), closeCode }));
  }

  #onMessage({ message }: ConnectionMessageEventArgs): void {
    if (this.#state === 'over') return;
    this.#limit(null);
    const read: ServiceMessage = {
      path: message.path,
      requestId: headerOf(message, 'x-requestid'),
      text: message.isTextMessage ? message.TextMessage : null,
    };
    if (silencesTheSdk(read)) {
      this.#fail('protocol');
      return;
    }
    const path = read.path?.toLowerCase();
    if (path === 'turn.end') this.#turnsSinceResult += 1;
    if (this.#turnsSinceResult > turnsWithoutResult) {
      this.#fail('protocol');
      return;
    }
    this.#emit({ type: 'message' });
    if (path === 'speech.startdetected') this.#emit({ type: 'speechStarted' });
  }

  #onHypothesis(result: SpeechRecognitionResult): void {
    this.#turnsSinceResult = 0;
    this.#emit({ type: 'hypothesis', text: result.text ?? '', ...spanOf(result) });
  }

  #onPhrase(result: SpeechRecognitionResult): void {
    this.#turnsSinceResult = 0;
    const recognised = result.reason === ResultReason.RecognizedSpeech;
    const text = recognised ? (result.text ?? '').trim() : '';
    const detail = text === '' ? { confidence: null, words: [] } : readPhraseDetail(result.json ?? '');
    this.#emit({ type: 'phrase', text, ...detail, ...spanOf(result) });
  }

  #emit(event: ConnectionEvent): void {
    if (this.#state === 'over') return;
    this.#options.onEvent(event);
  }

  #fail(fault: SpeechFault): void {
    if (this.#state === 'over') return;
    this.#emit({ type: 'failed', fault });
    void this.close();
  }

  #limit(ms: number | null, fault: SpeechFault = 'noResult'): void {
    const { clock } = this.#options;
    if (this.#deadline !== null) clock.clearTimeout(this.#deadline);
    this.#deadline = ms === null || this.#state === 'over' ? null : clock.setTimeout(() => this.#fail(fault), ms);
  }

  /**
   * The stop that works in every state: handlers off, the socket closed under the SDK, then the recogniser. A connection
   * that is not up yet cannot be closed politely: the SDK would wait for it, for ever if need be.
   */
  #stop(): Promise<void> {
    const connecting = this.#state === 'connecting';
    this.#state = 'over';
    this.#limit(null);
    this.#detach();
    if (connecting) this.#socket.terminate();
    const { clock, timing } = this.#options;
    return new Promise((resolve) => {
      const cut = clock.setTimeout(() => finish(), timing.stopMs);
      const finish = (): void => {
        clock.clearTimeout(cut);
        this.#socket.terminate();
        resolve();
      };
      try {
        this.#connection.closeConnection();
        this.#recogniser.close(finish, finish);
      } catch {
        finish();
      }
    });
  }

  #detach(): void {
    const nothing = (): void => {};
    Object.assign(this.#connection, { connected: nothing, disconnected: nothing, messageReceived: nothing });
    Object.assign(this.#recogniser, {
      recognizing: nothing,
      recognized: nothing,
      canceled: nothing,
      sessionStopped: nothing,
    });
  }
}

function spanOf(result: SpeechRecognitionResult): { readonly offsetMs: number; readonly durationMs: number } {
  return { offsetMs: (result.offset ?? 0) / ticksPerMs, durationMs: (result.duration ?? 0) / ticksPerMs };
}

/** Declared as text, but now and then the SDK hands on the error itself. */
function textOf(details: unknown): string {
  return details instanceof Error ? details.message : typeof details === 'string' ? details : '';
}

/** The SDK keeps the names of headers as they came, and compares without case. */
function headerOf(message: unknown, name: string): string | undefined {
  const headers = field(field(message, 'privConnectionMessage'), 'headers');
  // Not to be read: then it must not be held against the message.
  if (typeof headers !== 'object' || headers === null) return 'unknown';
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === name && typeof value === 'string') return value;
  }
  return undefined;
}
