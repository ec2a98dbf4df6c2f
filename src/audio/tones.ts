/**
 * The tones of telephone networks, by Goertzel's algorithm: keys (ITU-T Q.23), and ringing, busy and dial tones. They are loud and
 * perfectly periodic, so every voice detector takes them for speech; they are told apart by having all their energy in one
 * or two known frequencies, which a voice never has for long.
 */

const keyRate = 8000;
const keyRowsHz = [697, 770, 852, 941];
const keyColumnsHz = [1209, 1336, 1477, 1633];
const progressRate = 4000;
/** 620 stands twice to fill the second four. */
const progressHz = [350, 400, 425, 440, 450, 480, 620, 620];
const progressTones = 7;

/** Share of the energy that must lie in the tones. Exact tones give 0.95 and more; half a frame of one gives 0.5. */
const keyShare = 0.8;
const progressShare = 0.85;
/** The weaker tone of a key may be this much below the stronger (Q.24 allows 4 to 8 dB of twist). */
const largestTwist = 10;

const coefficients = (frequencies: readonly number[], rate: number) =>
  Float64Array.from(frequencies, (hz) => 2 * Math.cos((2 * Math.PI * hz) / rate));

const rows = coefficients(keyRowsHz, keyRate);
const columns = coefficients(keyColumnsHz, keyRate);
const progress = coefficients(progressHz, progressRate);

/** Whether 20 ms at 8 kHz (or any length) are a key's pair of tones. */
export function isKeyTone(samples: Float32Array): boolean {
  const whole = energy(samples);
  if (whole === 0) return false;
  const row = strongest(samples, rows);
  // Without a strong row tone there is no key, and nothing more to work out.
  if (row < 0.05 * samples.length * whole) return false;
  const column = strongest(samples, columns);
  const share = (2 * (row + column)) / (samples.length * whole);
  return share >= keyShare && row <= column * largestTwist && column <= row * largestTwist;
}

/** Whether 40 ms at 4 kHz are ringing, busy or dial tone: one or two of their frequencies and nothing else. */
export function isProgressTone(samples: Float32Array): boolean {
  const whole = energy(samples);
  if (whole === 0) return false;
  let first = 0;
  let second = 0;
  for (let i = 0; i < progressTones; i++) {
    if (i % 4 === 0) goertzel(samples, progress, i);
    const power = powers[i % 4] ?? 0;
    if (power > first) [first, second] = [power, first];
    else if (power > second) second = power;
  }
  const single = (2 * first) / (samples.length * whole);
  return (
    single >= progressShare || (single > 0.3 && (2 * (first + second)) / (samples.length * whole) >= progressShare)
  );
}

/** The largest of the powers at a bank's four frequencies. */
function strongest(samples: Float32Array, bank: Float64Array): number {
  goertzel(samples, bank, 0);
  return Math.max(powers[0] ?? 0, powers[1] ?? 0, powers[2] ?? 0, powers[3] ?? 0);
}

const powers = new Float64Array(4);

/**
 * Squared magnitudes of the spectrum at four frequencies of the bank, given as 2·cos(2πf/rate), into `powers`. Four at a time,
 * because one alone would wait for each of its steps to finish.
 */
function goertzel(samples: Float32Array, bank: Float64Array, from: number): void {
  const c0 = bank[from] ?? 0;
  const c1 = bank[from + 1] ?? 0;
  const c2 = bank[from + 2] ?? 0;
  const c3 = bank[from + 3] ?? 0;
  let a0 = 0;
  let b0 = 0;
  let a1 = 0;
  let b1 = 0;
  let a2 = 0;
  let b2 = 0;
  let a3 = 0;
  let b3 = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i] ?? 0;
    const n0 = sample + c0 * a0 - b0;
    const n1 = sample + c1 * a1 - b1;
    const n2 = sample + c2 * a2 - b2;
    const n3 = sample + c3 * a3 - b3;
    b0 = a0;
    b1 = a1;
    b2 = a2;
    b3 = a3;
    a0 = n0;
    a1 = n1;
    a2 = n2;
    a3 = n3;
  }
  powers[0] = a0 * a0 + b0 * b0 - c0 * a0 * b0;
  powers[1] = a1 * a1 + b1 * b1 - c1 * a1 * b1;
  powers[2] = a2 * a2 + b2 * b2 - c2 * a2 * b2;
  powers[3] = a3 * a3 + b3 * b3 - c3 * a3 * b3;
}

function energy(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  return sum;
}
