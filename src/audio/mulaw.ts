/**
 * G.711 μ-law by table: this runs 50 times a second for each direction of each call.
 *
 * The tables are made once from the formulas of ITU-T G.711 (bias 132, eight segments of sixteen steps, bits inverted), with
 * 16-bit linear samples as every telephony stack scales them (largest value ±32,124).
 */

const bias = 0x84;
const largest = 32_635;

/** The byte that is silence on the wire. */
export const mulawSilence = 0xff;

function expand(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = (((inverted & 0x0f) << 3) + bias) << exponent;
  return inverted & 0x80 ? bias - magnitude : magnitude - bias;
}

function compress(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), largest) + bias;
  // The segment is the place of the leading bit above bit 7; bias makes that bit exist for every magnitude.
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

const linear = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));
const compressed = Uint8Array.from({ length: 65_536 }, (_, bits) => compress((bits << 16) >> 16));

/**
 * μ-law bytes to 16-bit samples. With `into` nothing is allocated: the samples go to its beginning and `into` is returned.
 * Throws RangeError when `into` is too short, which is a programming error.
 */
export function decodeMulaw(mulaw: Uint8Array, into: Int16Array = new Int16Array(mulaw.length)): Int16Array {
  if (into.length < mulaw.length) throw new RangeError('decodeMulaw: the target is too short');
  for (let i = 0; i < mulaw.length; i++) into[i] = linear[mulaw[i] ?? mulawSilence] ?? 0;
  return into;
}

/** 16-bit samples to μ-law bytes; `into` as for `decodeMulaw`. Samples beyond ±32,635 are clipped, as G.711 says. */
export function encodeMulaw(samples: Int16Array, into: Uint8Array = new Uint8Array(samples.length)): Uint8Array {
  if (into.length < samples.length) throw new RangeError('encodeMulaw: the target is too short');
  for (let i = 0; i < samples.length; i++) into[i] = compressed[(samples[i] ?? 0) & 0xffff] ?? mulawSilence;
  return into;
}
