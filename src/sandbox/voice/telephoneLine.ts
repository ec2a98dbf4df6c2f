/** What a telephone line does to a voice: 300–3,400 Hz and a little noise. 8 kHz throughout, scale of 16-bit samples. */

import { fromDbfs } from '../../audio/levels.ts';

const sampleRate = 8000;
const lowHz = 300;
const highHz = 3400;
const taps = 161;

/** Blackman-windowed difference of two low-pass filters; its delay of 80 samples is taken out when it is applied. */
const bandPass = Float64Array.from({ length: taps }, (_, k) => {
  const n = k - (taps - 1) / 2;
  const lowPass = (hz: number) =>
    n === 0 ? (2 * hz) / sampleRate : Math.sin((2 * Math.PI * hz * n) / sampleRate) / (Math.PI * n);
  const window =
    0.42 - 0.5 * Math.cos((2 * Math.PI * k) / (taps - 1)) + 0.08 * Math.cos((4 * Math.PI * k) / (taps - 1));
  return (lowPass(highHz) - lowPass(lowHz)) * window;
});

/** The band of a telephone line; same length, no delay. */
export function throughTelephoneBand(samples: ArrayLike<number>): Float64Array {
  const output = new Float64Array(samples.length);
  const half = (taps - 1) / 2;
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    const from = Math.max(0, i - half);
    const to = Math.min(samples.length - 1, i + half);
    for (let j = from; j <= to; j++) sum += (samples[j] ?? 0) * (bandPass[i - j + half] ?? 0);
    output[i] = sum;
  }
  return output;
}

/** A source of numbers in 0..1 that repeats exactly for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Gaussian white noise with the given RMS level. */
export function whiteNoise(samples: number, levelDbfs: number, random: () => number): Float64Array {
  const amplitude = fromDbfs(levelDbfs);
  return Float64Array.from({ length: samples }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return amplitude * radius * Math.cos(2 * Math.PI * random());
  });
}

/** Hiss of a line: noise in the telephone band with the given RMS level. */
export function lineNoise(samples: number, levelDbfs: number, random: () => number): Float64Array {
  // The band keeps 3,100 of 4,000 Hz of white noise.
  return throughTelephoneBand(whiteNoise(samples, levelDbfs + 10 * Math.log10(4000 / 3100), random));
}

/** Sum of signals as 16-bit samples, clipped, as long as the first. */
export function mixed(first: ArrayLike<number>, ...others: readonly ArrayLike<number>[]): Int16Array {
  return Int16Array.from({ length: first.length }, (_, i) => {
    const sum = others.reduce((total, other) => total + (other[i] ?? 0), first[i] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}
