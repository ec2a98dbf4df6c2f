/**
 * Any rate down to 8 kHz, by a polyphase windowed-sinc filter.
 *
 * The rates' ratio in lowest terms is up/down (22,050 → 8,000 is 160/441): each output sample falls on one of `up` phases, so
 * the filter is worked out once for each of them. Kaiser window for 80 dB; passband to 3.4 kHz, stopband from 4 kHz, which is
 * what a telephone line keeps and all that 8 kHz can hold.
 */

const outputRate = 8000;
const passHz = 3400;
const stopHz = 4000;
const stopbandDb = 80;

interface Polyphase {
  readonly up: number;
  readonly down: number;
  /** Input samples on each side of an output sample. */
  readonly reach: number;
  /** `up` rows of 2·reach coefficients. */
  readonly rows: readonly Float64Array[];
}

const designs = new Map<number, Polyphase>();

/** Samples at `inputRate` (8,000..192,000 Hz) to 8 kHz. The filter's delay is taken out: time 0 stays time 0. */
export function resampleTo8k(samples: Float64Array | Int16Array, inputRate: number): Float64Array {
  if (!Number.isInteger(inputRate) || inputRate < outputRate || inputRate > 192_000) {
    throw new RangeError(`cannot resample from ${inputRate} Hz`);
  }
  if (inputRate === outputRate) return Float64Array.from(samples);
  const { up, down, reach, rows } = designFor(inputRate);
  const output = new Float64Array(Math.floor((samples.length * up) / down));
  for (let i = 0; i < output.length; i++) {
    const position = i * down;
    const row = rows[position % up];
    const first = Math.floor(position / up) - reach + 1;
    let sum = 0;
    if (row !== undefined) {
      const from = Math.max(0, -first);
      const to = Math.min(row.length, samples.length - first);
      for (let k = from; k < to; k++) sum += (row[k] ?? 0) * (samples[first + k] ?? 0);
    }
    output[i] = sum;
  }
  return output;
}

function designFor(inputRate: number): Polyphase {
  const known = designs.get(inputRate);
  if (known !== undefined) return known;
  const shared = greatestCommonDivisor(inputRate, outputRate);
  const up = outputRate / shared;
  const transition = (2 * Math.PI * (stopHz - passHz)) / inputRate;
  const reach = Math.ceil((stopbandDb - 8) / (2.285 * transition) / 2) + 1;
  const rows = Array.from({ length: up }, (_, phase) => phaseRow(phase / up, reach, inputRate));
  const design = { up, down: inputRate / shared, reach, rows };
  designs.set(inputRate, design);
  return design;
}

/** Coefficients for an output that lies `fraction` of an input sample after the middle; they add up to one. */
function phaseRow(fraction: number, reach: number, inputRate: number): Float64Array {
  const cutoff = (passHz + stopHz) / inputRate;
  const beta = 0.1102 * (stopbandDb - 8.7);
  const row = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const distance = k - reach + 1 - fraction;
    const x = Math.PI * cutoff * distance;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    return sinc * bessel0(beta * Math.sqrt(Math.max(0, 1 - (distance / reach) ** 2)));
  });
  const sum = row.reduce((a, b) => a + b, 0);
  return row.map((coefficient) => coefficient / sum);
}

/** Modified Bessel function of the first kind, order zero, by its series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
