import { createRequire } from 'node:module';
import {
  AudioConfig,
  AudioFormatTag,
  AudioInputStream,
  AudioStreamFormat,
  type PushAudioInputStream,
  Recognizer,
  SpeechConfig,
  SpeechRecognizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import type { Log } from '../../log.ts';

/**
 * Everything that we know about the inside of the SDK is in this file. It is pinned (1.52.0), each use is guarded, and
 * without the internals the adapters still work: with 100 ms upload chunks, or a slower stop. `speechSdkInternals` says which.
 */

export interface SpeechResource {
  /** Goes into the SDK and nowhere else. */
  readonly key: string;
  readonly region?: string | undefined;
  /** Private endpoint, container or sandbox; wins over `region`. `ws:`, `wss:`, `http:` or `https:`. */
  readonly host?: string | undefined;
}

/** Throws TypeError when the resource names neither region nor host: settings check that before. */
export function speechConfig({ key, region, host }: SpeechResource): SpeechConfig {
  if (host !== undefined) return SpeechConfig.fromHost(new URL(host), key);
  if (region === undefined) throw new TypeError('an Azure Speech resource needs a region or a host');
  return SpeechConfig.fromSubscription(key, region);
}

/** A member of an object of unknown shape; undefined when there is none. */
export function field(holder: unknown, name: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return value;
}

const adapterModule =
  'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';

/**
 * On Node 22 and later the SDK would take the built-in WebSocket: no headers, the key only in the URL, every failure
 * a bare 1006. Its own class has the switch back to `ws`.
 */
function forceNpmWebSocket(): boolean {
  try {
    const loaded: unknown = createRequire(import.meta.url)(adapterModule);
    const adapter = field(loaded, 'WebsocketMessageAdapter');
    return typeof field(adapter, 'forceNpmWebSocket') === 'boolean' && setField(adapter, 'forceNpmWebSocket', true);
  } catch {
    return false;
  }
}

function setField(holder: unknown, name: string, value: unknown): boolean {
  return typeof holder === 'object' || typeof holder === 'function'
    ? holder !== null && Reflect.set(holder, name, value)
    : false;
}

let npmWebSocket: boolean | null = null;
let checked = false;

/** Once per process, before the first connection: no telemetry, the `ws` sockets, and a warning for what is missing. */
export function prepareSpeechSdk(log: Log): void {
  Recognizer.enableTelemetry(false);
  npmWebSocket ??= forceNpmWebSocket();
  if (checked) return;
  checked = true;
  const { granularityMs } = uploadGranularity();
  if (granularityMs !== fineMs) {
    log.warn('The speech SDK has changed inside: audio goes up in its default chunks, partial results come later', {
      granularityMs,
    });
  }
  if (!canHoldSocket()) {
    log.warn('The speech SDK has changed inside: its sockets are out of our hands, and it reconnects by itself');
  }
  if (!npmWebSocket && 'WebSocket' in globalThis) {
    log.warn('The speech SDK has changed inside: it may use the built-in WebSocket, which cannot send headers');
  }
}

const fineMs = 20;
const defaultMs = 100;

export type UploadFormat = 'pcm16' | 'mulaw';

const bytesPerMsOf: Readonly<Record<UploadFormat, number>> = { pcm16: 16, mulaw: 8 };

/**
 * A push stream that passes on each 20 ms as it comes. By default the SDK collects 100 ms first, which costs every frame
 * 41 ms on average and 82 ms at worst; the size has no public setting.
 */
export function createUploadStream(format: UploadFormat): PushAudioInputStream {
  const stream = AudioInputStream.createPushStream(
    format === 'pcm16'
      ? AudioStreamFormat.getWaveFormatPCM(8_000, 16, 1)
      : AudioStreamFormat.getWaveFormat(8_000, 8, 1, AudioFormatTag.MuLaw),
  );
  const inner = field(stream, 'privStream');
  if (typeof field(inner, 'privTargetChunkSize') === 'number') {
    setField(inner, 'privTargetChunkSize', fineMs * bytesPerMsOf[format]);
  }
  return stream;
}

/** Passes the buffer on whole, however long it is, where the SDK would gather or cut. Throws when the stream is closed. */
export function writeWhole(stream: PushAudioInputStream, audio: ArrayBuffer): void {
  const inner = field(stream, 'privStream');
  // A buffer of just the target's size is not even copied.
  if (typeof field(inner, 'privTargetChunkSize') === 'number') {
    setField(inner, 'privTargetChunkSize', audio.byteLength);
  }
  stream.write(audio);
}

/** How finely audio leaves: 20 ms, or the SDK's own 100 ms when its internals are not as expected. */
export function uploadGranularity(): { readonly granularityMs: 20 | 100 } {
  const inner = field(createUploadStream('pcm16'), 'privStream');
  const fine = field(inner, 'privTargetChunkSize') === fineMs * bytesPerMsOf.pcm16;
  return { granularityMs: fine ? fineMs : defaultMs };
}

/** For `doctor`: false means that a newer SDK has moved something that we hold on to. */
export interface SpeechSdkInternals {
  readonly fineUpload: boolean;
  /** Without it the SDK reconnects by itself and a closing socket can hold up the whole process. */
  readonly oneSocket: boolean;
  readonly npmWebSocket: boolean;
}

export function speechSdkInternals(): SpeechSdkInternals {
  npmWebSocket ??= forceNpmWebSocket();
  return { fineUpload: uploadGranularity().granularityMs === fineMs, oneSocket: canHoldSocket(), npmWebSocket };
}

/** Nothing is connected for this: an SDK recogniser opens its socket when it is started. */
function canHoldSocket(): boolean {
  const recogniser = new SpeechRecognizer(
    SpeechConfig.fromSubscription('none', 'none'),
    AudioConfig.fromStreamInput(createUploadStream('pcm16')),
  );
  const factory = field(field(recogniser, 'internalData'), 'privConnectionFactory');
  recogniser.close();
  return typeof field(factory, 'create') === 'function';
}
