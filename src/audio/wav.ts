import { createRequire } from 'node:module';
import type * as wavefileModule from 'wavefile';
import type { WaveFile } from 'wavefile';
import { z } from 'zod';
import { decodeMulaw } from './mulaw.ts';

// A CommonJS bundle that marks itself as a module: its default import differs between loaders, `require` does not.
const wavefile: typeof wavefileModule = createRequire(import.meta.url)('wavefile');

/** Reading and writing WAV files, whole files only; live audio never passes here. */

/** One hour of stereo PCM16 at 8 kHz, with room for headers. */
export const largestWavBytes = 116 * 1024 * 1024;

export type WavRefusal = 'tooLarge' | 'notWav' | 'unsupportedFormat';

export interface Wav {
  readonly sampleRate: number;
  readonly encoding: 'pcm16' | 'mulaw';
  /** One array for each channel, μ-law already decoded. */
  readonly channels: readonly Int16Array[];
  /** The bytes as they lie in the file, for one channel of μ-law; else null. */
  readonly mulaw: Uint8Array | null;
}

export type WavResult = { readonly ok: true; readonly wav: Wav } | { readonly ok: false; readonly reason: WavRefusal };

const formatPcm = 1;
const formatMulaw = 7;

const formatChunk = z.object({
  audioFormat: z.number(),
  numChannels: z.number().int().min(1).max(8),
  sampleRate: z.number().int().min(1).max(192_000),
  bitsPerSample: z.number(),
});

const dataChunk = z.object({ samples: z.instanceof(Uint8Array) });

/** Reads PCM16 and μ-law files. Anything else, or anything broken, is refused with a reason; never throws. */
export function readWav(bytes: Uint8Array): WavResult {
  if (bytes.length > largestWavBytes) return { ok: false, reason: 'tooLarge' };
  let file: WaveFile;
  try {
    file = new wavefile.WaveFile(bytes);
  } catch {
    return { ok: false, reason: 'notWav' };
  }
  const format = formatChunk.safeParse(file.fmt);
  const data = dataChunk.safeParse(file.data);
  if (!format.success || !data.success) return { ok: false, reason: 'unsupportedFormat' };
  const { audioFormat, numChannels, sampleRate, bitsPerSample } = format.data;
  const pcm16 = audioFormat === formatPcm && bitsPerSample === 16;
  const mulaw = audioFormat === formatMulaw && bitsPerSample === 8;
  if (!pcm16 && !mulaw) return { ok: false, reason: 'unsupportedFormat' };
  const raw = data.data.samples;
  return {
    ok: true,
    wav: {
      sampleRate,
      encoding: pcm16 ? 'pcm16' : 'mulaw',
      channels: split(pcm16 ? fromLittleEndian(raw) : decodeMulaw(raw), numChannels),
      mulaw: mulaw && numChannels === 1 ? raw : null,
    },
  };
}

/** PCM16 with one channel for each array (caller left, Sanad right in a call's recording). Shorter ones end in silence. */
export function writePcmWav(channels: readonly [Int16Array, ...Int16Array[]], sampleRate = 8000): Uint8Array {
  const length = channels.reduce((most, channel) => Math.max(most, channel.length), 0);
  const interleaved = new Int16Array(length * channels.length);
  channels.forEach((channel, index) => {
    for (let i = 0; i < channel.length; i++) interleaved[i * channels.length + index] = channel[i] ?? 0;
  });
  const file = new wavefile.WaveFile();
  // Interleaved samples are what wavefile takes for many channels when given one flat array.
  file.fromScratch(channels.length, sampleRate, '16', interleaved);
  return file.toBuffer();
}

/** One channel of μ-law (WAV format 7). */
export function writeMulawWav(mulaw: Uint8Array, sampleRate = 8000): Uint8Array {
  const file = new wavefile.WaveFile();
  file.fromScratch(1, sampleRate, '8m', mulaw);
  return file.toBuffer();
}

function fromLittleEndian(raw: Uint8Array): Int16Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Int16Array.from({ length: raw.length >> 1 }, (_, i) => view.getInt16(i * 2, true));
}

function split(interleaved: Int16Array, channels: number): Int16Array[] {
  if (channels === 1) return [interleaved];
  const length = Math.floor(interleaved.length / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length }, (__, i) => interleaved[i * channels + channel] ?? 0),
  );
}
