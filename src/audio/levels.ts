/** Levels of 16-bit audio. 0 dBFS is a sine of full scale's RMS counted as RMS/32,768, so a full-scale sine is −3 dBFS. */

const fullScale = 32_768;

/** What digital silence measures, so that no caller meets −Infinity. Below any μ-law step (−72 dBFS). */
export const quietestDbfs = -96;

/** Root mean square in sample units, 0..32,768. Zero for no samples. */
export function rms(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** Largest magnitude in sample units, 0..32,768. */
export function peak(samples: Int16Array): number {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  return most;
}

/** Sample units (an RMS or a peak) to dBFS, never below `quietestDbfs`. */
export function toDbfs(amplitude: number): number {
  return amplitude <= 0 ? quietestDbfs : Math.max(quietestDbfs, 20 * Math.log10(amplitude / fullScale));
}

/** dBFS to sample units. */
export function fromDbfs(dbfs: number): number {
  return fullScale * 10 ** (dbfs / 20);
}

export function levelDbfs(samples: Int16Array): number {
  return toDbfs(rms(samples));
}

/**
 * The level of the speech in a recording: RMS in dBFS over the 20 ms frames (at 8 kHz) that lie within 25 dB of the loudest, so
 * that pauses do not count. After the idea of ITU-T P.56, simplified.
 */
export function activeLevelDbfs(samples: Int16Array, frameSamples = 160): number {
  const powers: number[] = [];
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
    powers.push(rms(samples.subarray(at, at + frameSamples)) ** 2);
  }
  const most = powers.reduce((a, b) => Math.max(a, b), 0);
  const active = powers.filter((power) => power > 0 && power >= most * 10 ** -2.5);
  return active.length === 0
    ? levelDbfs(samples)
    : toDbfs(Math.sqrt(active.reduce((a, b) => a + b, 0) / active.length));
}
