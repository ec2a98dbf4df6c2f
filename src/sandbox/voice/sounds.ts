import { fromDbfs } from '../../audio/levels.ts';
import { throughTelephoneBand, whiteNoise } from './telephoneLine.ts';

/** Sounds on a telephone that are not speech, made from formulas. 8 kHz, scale of 16-bit samples. */

const rate = 8000;
const samplesOf = (ms: number) => Math.round((ms * rate) / 1000);

/** A sum of steady tones, each with a peak of `amplitude`. */
export function tones(frequenciesHz: readonly number[], ms: number, amplitude: number): Float64Array {
  return Float64Array.from({ length: samplesOf(ms) }, (_, i) =>
    frequenciesHz.reduce((sum, hz) => sum + amplitude * Math.sin((2 * Math.PI * hz * i) / rate), 0),
  );
}

export function silence(ms: number): Float64Array {
  return new Float64Array(samplesOf(ms));
}

export function joined(...parts: readonly ArrayLike<number>[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const dtmfRowsHz = [697, 770, 852, 941];
const dtmfColumnsHz = [1209, 1336, 1477, 1633];
export const dtmfKeys = '123A456B789C*0#D';

/** One key of a telephone (ITU-T Q.23). */
export function dtmf(key: string, ms = 100, amplitude = 5000): Float64Array {
  const at = dtmfKeys.indexOf(key);
  if (at < 0 || key.length !== 1) throw new RangeError('no such key');
  return tones([dtmfRowsHz[at >> 2] ?? 0, dtmfColumnsHz[at & 3] ?? 0], ms, amplitude);
}

export const ringbackPlans = {
  /** Oman and most of Asia and Europe. */
  single425: { frequenciesHz: [425], onMs: 1000, offMs: 4000 },
  northAmerica: { frequenciesHz: [440, 480], onMs: 2000, offMs: 4000 },
  britain: { frequenciesHz: [400, 450], onMs: 400, offMs: 200 },
  busy: { frequenciesHz: [480, 620], onMs: 500, offMs: 500 },
  dial: { frequenciesHz: [350, 440], onMs: 3000, offMs: 100 },
  single400: { frequenciesHz: [400], onMs: 400, offMs: 200 },
} as const;

export function ringback(plan: keyof typeof ringbackPlans, ms: number, amplitude = 3000): Float64Array {
  const { frequenciesHz, onMs, offMs } = ringbackPlans[plan];
  return Float64Array.from({ length: samplesOf(ms) }, (_, i) =>
    i % samplesOf(onMs + offMs) < samplesOf(onMs)
      ? frequenciesHz.reduce((sum, hz) => sum + amplitude * Math.sin((2 * Math.PI * hz * i) / rate), 0)
      : 0,
  );
}

/** Two to three bursts, the first with the explosive release of a cough; about half a second. */
export function cough(random: () => number, levelDbfs = -18): Float64Array {
  const bursts = [
    { atMs: 0, ms: 70, gain: 1 },
    { atMs: 90, ms: 160, gain: 0.35 },
    { atMs: 300, ms: 110, gain: 0.6 },
  ];
  const noise = whiteNoise(samplesOf(450), levelDbfs, random);
  const shaped = noise.map((value, i) => {
    const burst = bursts.findLast(({ atMs, ms }) => i >= samplesOf(atMs) && i < samplesOf(atMs + ms));
    if (burst === undefined) return 0;
    const sinceMs = i / 8 - burst.atMs;
    return value * burst.gain * Math.min(1, sinceMs / 4) * Math.exp((-3 * sinceMs) / burst.ms);
  });
  return throughTelephoneBand(resonance(shaped, 1100, 500));
}

/** Breathing into the handset: a slow swell of noise. */
export function breath(random: () => number, ms = 900, levelDbfs = -32): Float64Array {
  const noise = whiteNoise(samplesOf(ms), levelDbfs, random);
  const swelled = noise.map((value, i) => value * Math.sin((Math.PI * i) / noise.length) ** 2 * 1.6);
  return throughTelephoneBand(resonance(swelled, 1600, 1400));
}

/** Handset clicks, three in a second. */
export function clicks(random: () => number, amplitude = 14_000): Float64Array {
  const output = new Float64Array(samplesOf(1000));
  for (const atMs of [120, 430, 790]) {
    for (let i = 0; i < 24; i++) {
      output[samplesOf(atMs) + i] = amplitude * (random() * 2 - 1) * Math.exp(-i / 5);
    }
  }
  return throughTelephoneBand(output);
}

/** Noise with equal power in each octave, by summing white noise through three leaky integrators (P. Kellet's filter). */
export function pinkNoise(samples: number, levelDbfs: number, random: () => number): Float64Array {
  let a = 0;
  let b = 0;
  let c = 0;
  const pink = whiteNoise(samples, 0, random).map((white) => {
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return a + b + c + white * 0.1848;
  });
  const power = pink.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples);
  const gain = power === 0 ? 0 : fromDbfs(levelDbfs) / Math.sqrt(power);
  return pink.map((value) => value * gain);
}

/** Engine of a car: harmonics of a slowly swaying 28 Hz, and road noise under 500 Hz. */
export function carHum(ms: number, levelDbfs: number, random: () => number): Float64Array {
  const length = samplesOf(ms);
  const road = resonance(whiteNoise(length, levelDbfs, random), 180, 240);
  let phase = 0;
  return road.map((noise, i) => {
    phase += (2 * Math.PI * (28 + Math.sin((2 * Math.PI * 0.2 * i) / rate))) / rate;
    let engine = 0;
    for (let harmonic = 1; harmonic <= 16; harmonic++) engine += Math.sin(harmonic * phase) / harmonic;
    return noise + fromDbfs(levelDbfs) * 0.7 * engine;
  });
}

const scaleHz = [262, 294, 330, 349, 392, 440, 494, 523];

/** Hold music: a melody of 300 ms notes with five harmonics over slow chords of three notes. */
export function music(ms: number, amplitude = 3000): Float64Array {
  return Float64Array.from({ length: samplesOf(ms) }, (_, i) => {
    const t = i / rate;
    const note = Math.floor(t / 0.3);
    const inNote = t - note * 0.3;
    const melodyHz = scaleHz[(note * 5) % scaleHz.length] ?? 262;
    const root = Math.floor(t / 1.2) % 3;
    const envelope = Math.min(1, inNote / 0.01) * Math.exp(-2 * inNote);
    let value = 0;
    for (let harmonic = 1; harmonic <= 5; harmonic++) {
      value += (envelope * Math.sin(2 * Math.PI * melodyHz * harmonic * t)) / harmonic;
    }
    for (const step of [0, 2, 4]) value += 0.3 * Math.sin(2 * Math.PI * (scaleHz[(root * 2 + step) % 8] ?? 262) * t);
    return amplitude * value;
  });
}

/** A band around `hz`, as wide as `widthHz`, by a two-pole resonator with unit gain at its middle (about). */
function resonance(samples: Float64Array, hz: number, widthHz: number): Float64Array {
  const radius = Math.exp((-Math.PI * widthHz) / rate);
  const angle = (2 * Math.PI * hz) / rate;
  let y1 = 0;
  let y2 = 0;
  return samples.map((value) => {
    const y = (1 - radius) * 1.6 * value + 2 * radius * Math.cos(angle) * y1 - radius * radius * y2;
    y2 = y1;
    y1 = y;
    return y;
  });
}
