/**
 * μ-law levels and mixing, from G.711 itself and not from the application's tables: a mistake in one would otherwise be
 * heard as right by the other.
 */
import { frameBytes, frameMs } from './ticker.ts';

/** μ-law for "no sound at all". */
export const silentByte = 0xff;
export const silentFrame: Uint8Array = new Uint8Array(frameBytes).fill(silentByte);

/** Speech on a telephone lies about −20 dBFS, line noise below −50: what a person notices as sound. */
export const audibleDbfs = -42;

const fullScale = 32_768;
const linear = Float64Array.from({ length: 256 }, (_zero, byte) => decode(byte));
const power = linear.map((sample) => sample * sample);

function decode(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted >> 4) & 0x07);
  return (inverted & 0x80) === 0 ? magnitude - 0x84 : 0x84 - magnitude;
}

/** One 16-bit sample to μ-law (G.711: bias 132, clip 32,635, eight segments). */
export function encode(sample: number): number {
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32_635) + 0x84;
  const segment = 24 - Math.clz32(magnitude);
  const code = ((segment & 0x07) << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return ~(sample < 0 ? code | 0x80 : code) & 0xff;
}

/** Root mean square of a stretch in dB below full scale; −Infinity for digital silence. */
export function levelDbfs(mulaw: Uint8Array): number {
  return 10 * Math.log10(meanPower(mulaw) / (fullScale * fullScale));
}

const audiblePower = 10 ** (audibleDbfs / 10) * fullScale * fullScale;

export function isAudible(frame: Uint8Array): boolean {
  return frame !== silentFrame && meanPower(frame) >= audiblePower;
}

function meanPower(mulaw: Uint8Array): number {
  let sum = 0;
  for (const byte of mulaw) {
    sum += power[byte] ?? 0;
  }
  return mulaw.length === 0 ? 0 : sum / mulaw.length;
}

export interface Layer {
  readonly mulaw: Uint8Array;
  /** 0 leaves it as it is; −6 is half the amplitude. */
  readonly gainDb: number;
  /** Where in the layer the mix starts, in samples; layers repeat when they are shorter than the whole. */
  readonly from?: number;
}

/** Adds layers sample by sample, clipped at full scale. */
export function mix(samples: number, layers: readonly Layer[]): Uint8Array {
  const prepared = layers
    .filter((layer) => layer.mulaw.length > 0)
    .map((layer) => ({ ...layer, from: layer.from ?? 0, factor: 10 ** (layer.gainDb / 20) }));
  const mixed = new Uint8Array(samples);
  for (let index = 0; index < samples; index += 1) {
    let sum = 0;
    for (const { mulaw, from, factor } of prepared) {
      sum += (linear[mulaw[(from + index) % mulaw.length] ?? silentByte] ?? 0) * factor;
    }
    mixed[index] = sum === 0 ? silentByte : encode(sum);
  }
  return mixed;
}

/** A tone of one frequency, for prompts nobody synthesised and for ringing. */
export function tone(ms: number, hertz: number, dbfs: number): Uint8Array {
  const amplitude = Math.SQRT2 * fullScale * 10 ** (dbfs / 20);
  return Uint8Array.from({ length: ms * 8 }, (_zero, index) => {
    return encode(amplitude * Math.sin((2 * Math.PI * hertz * index) / 8_000));
  });
}

/** Audible stretch, in ms from the start of the audio; `endMs` is the end of its last audible frame. */
export interface Burst {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The audible stretches of a recording. Shorter pauses than `gapMs` belong to the stretch (speech has holes of 50–200 ms),
 * shorter stretches than `leastMs` are clicks and are left out.
 */
export function bursts(mulaw: Uint8Array, { gapMs = 300, leastMs = 40 } = {}): readonly Burst[] {
  const found: Burst[] = [];
  for (let offset = 0; offset < mulaw.length; offset += frameBytes) {
    if (!isAudible(mulaw.subarray(offset, offset + frameBytes))) {
      continue;
    }
    const startMs = (offset / frameBytes) * frameMs;
    const last = found.at(-1);
    if (last !== undefined && startMs - last.endMs < gapMs) {
      found[found.length - 1] = { startMs: last.startMs, endMs: startMs + frameMs };
    } else {
      found.push({ startMs, endMs: startMs + frameMs });
    }
  }
  return found.filter(({ startMs, endMs }) => endMs - startMs >= leastMs);
}
