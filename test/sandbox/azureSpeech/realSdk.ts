import { createRequire } from 'node:module';
import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { startAzureSpeech } from '../../../src/sandbox/azureSpeech/server.ts';
import type { AzureSpeechOptions, AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import type { SandboxVoice } from '../../../src/sandbox/azureSpeech/voice.ts';
import { burstMatcher } from './burstMatcher.ts';

/** Microsoft's own client, unchanged, pointed at the sandbox; and what the tests do with it. */
export { sdk };

// From Node 22 on the SDK would take Node's own WebSocket, which can send no headers.
// (By `require`, because the SDK is CommonJS without named exports that every loader of tests would see.)
const require = createRequire(import.meta.url);
const internals: {
  WebsocketMessageAdapter: { forceNpmWebSocket: boolean };
} = require('microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js');
internals.WebsocketMessageAdapter.forceNpmWebSocket = true;
sdk.Recognizer.enableTelemetry(false);

export const key = 'a-key-of-the-sandbox';

/** Each word is a 100 ms hum; a word of N letters is no longer than one of one letter, so that times are easy to check. */
export const toneVoice: SandboxVoice = async (text) => {
  const words = text.split(' ').map((word, index) => ({ text: word, offsetMs: index * 100, durationMs: 80 }));
  return { mulaw: Uint8Array.from({ length: words.length * 800 }, (_, at) => (at % 8 < 4 ? 0x10 : 0x90)), words };
};

export function startSandbox(options: Partial<AzureSpeechOptions> = {}): Promise<AzureSpeechSandbox> {
  const timing = { hypothesisDelayMs: 0, hypothesisEveryMs: 0, finalDelayMs: 0, firstAudioDelayMs: 0, pacing: null };
  return startAzureSpeech({
    key,
    matcher: burstMatcher,
    voice: toneVoice,
    ...options,
    timing: { ...timing, ...options.timing },
  });
}

export interface Heard {
  readonly event: string;
  readonly text?: string;
  readonly offsetMs?: number;
}

export interface RecognitionRun {
  readonly heard: Heard[];
  readonly results: sdk.SpeechRecognitionResult[];
  readonly canceled: sdk.SpeechRecognitionCanceledEventArgs[];
  readonly push: sdk.PushAudioInputStream;
  readonly recogniser: sdk.SpeechRecognizer;
  /** Writes 20 ms frames, all at once. */
  readonly write: (samples: Int16Array) => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Closes without waiting for the service. */
  readonly close: () => Promise<void>;
}

export function configOf(sandbox: AzureSpeechSandbox, usedKey = key): sdk.SpeechConfig {
  const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host), usedKey);
  config.speechRecognitionLanguage = 'ar-OM';
  config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '200');
  return config;
}

export function recognise(config: sdk.SpeechConfig, mulaw = false): RecognitionRun {
  const format = mulaw
    ? sdk.AudioStreamFormat.getWaveFormat(8000, 8, 1, sdk.AudioFormatTag.MuLaw)
    : sdk.AudioStreamFormat.getWaveFormatPCM(8000, 16, 1);
  const push = sdk.AudioInputStream.createPushStream(format);
  const recogniser = new sdk.SpeechRecognizer(config, sdk.AudioConfig.fromStreamInput(push));
  const heard: Heard[] = [];
  const results: sdk.SpeechRecognitionResult[] = [];
  const canceled: sdk.SpeechRecognitionCanceledEventArgs[] = [];
  const times = (ticks: number): { offsetMs: number } => ({ offsetMs: ticks / 10_000 });
  recogniser.speechStartDetected = (_, event) => void heard.push({ event: 'start', ...times(event.offset) });
  recogniser.speechEndDetected = (_, event) => void heard.push({ event: 'end', ...times(event.offset) });
  recogniser.recognizing = (_, { result }) =>
    void heard.push({ event: 'hypothesis', text: result.text, ...times(result.offset) });
  recogniser.recognized = (_, { result }) => {
    results.push(result);
    const event = result.reason === sdk.ResultReason.NoMatch ? 'noMatch' : 'final';
    heard.push({ event, text: result.text, ...times(result.offset) });
  };
  recogniser.canceled = (_, event) => {
    canceled.push(event);
    heard.push({ event: `canceled ${sdk.CancellationErrorCode[event.errorCode]}` });
  };
  recogniser.sessionStopped = () => void heard.push({ event: 'stopped' });
  return {
    heard,
    results,
    canceled,
    push,
    recogniser,
    write: (samples) => {
      for (let at = 0; at < samples.length; at += 160) push.write(bytesOf(samples.subarray(at, at + 160), mulaw));
    },
    start: () => new Promise((resolve, reject) => recogniser.startContinuousRecognitionAsync(resolve, reject)),
    stop: () => new Promise((resolve, reject) => recogniser.stopContinuousRecognitionAsync(resolve, reject)),
    close: () => closeHard(recogniser),
  };
}

/** The stop that needs no answer of the service. */
function closeHard(recogniser: sdk.SpeechRecognizer): Promise<void> {
  return new Promise((resolve) => {
    sdk.Connection.fromRecognizer(recogniser).closeConnection(
      () => {},
      () => {},
    );
    recogniser.close(resolve, () => resolve());
  });
}

function bytesOf(samples: Int16Array, mulaw: boolean): ArrayBuffer {
  const bytes = new ArrayBuffer(samples.length * (mulaw ? 1 : 2));
  const view = new DataView(bytes);
  samples.forEach((sample, at) => {
    if (mulaw) view.setUint8(at, encodeMulaw(sample));
    else view.setInt16(at * 2, sample, true);
  });
  return bytes;
}

/** ITU-T G.711, by search over its definition. */
function encodeMulaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** Waits for something that other processes' load may delay; throws with what was seen. */
export async function until(holds: () => boolean, seen: () => unknown, limitMs = 3_000): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > limitMs) throw new Error(`did not happen; seen: ${JSON.stringify(seen())}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface SpeakRun {
  readonly result: sdk.SpeechSynthesisResult;
  readonly chunks: number[];
  readonly words: { readonly text: string; readonly offsetMs: number; readonly durationMs: number }[];
}

export function synthesiser(sandbox: AzureSpeechSandbox, usedKey = key): sdk.SpeechSynthesizer {
  const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host), usedKey);
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw8Khz8BitMonoMULaw;
  // eslint-disable-next-line unicorn/no-null -- the SDK's own way to say: no loudspeaker
  return new sdk.SpeechSynthesizer(config, null);
}

export function ssmlOf(text: string, voice = 'ar-OM-AyshaNeural'): string {
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="ar-OM"><voice name="${voice}">${text}</voice></speak>`;
}

export function speak(synthesizer: sdk.SpeechSynthesizer, ssml: string): Promise<SpeakRun> {
  const chunks: number[] = [];
  const words: SpeakRun['words'] = [];
  synthesizer.synthesizing = (_, { result }) => void chunks.push(result.audioData.byteLength);
  synthesizer.wordBoundary = (_, event) =>
    void words.push({ text: event.text, offsetMs: event.audioOffset / 10_000, durationMs: event.duration / 10_000 });
  return new Promise((resolve, reject) =>
    synthesizer.speakSsmlAsync(ssml, (result) => resolve({ result, chunks, words }), reject),
  );
}

export function closeSynthesiser(synthesizer: sdk.SpeechSynthesizer): Promise<void> {
  return new Promise((resolve) => synthesizer.close(resolve, () => resolve()));
}
