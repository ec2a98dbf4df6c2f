import { activeLevelDbfs } from '../../audio/levels.ts';

/** Where telephone speech usually lies while somebody speaks (ITU-T P.56 level of −26 dBov is the network's planning value). */
export const spokenLevelDbfs = -20;

/** Never closer to full scale than this, so that μ-law does not clip. */
const highestPeak = 30_000;

/** The samples at the wished active level, lower if their peaks would clip. Silence stays silence. */
export function toLevel(samples: Float64Array, levelDbfs = spokenLevelDbfs): Int16Array {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  if (most === 0) return new Int16Array(samples.length);
  // Measured on a copy scaled to full range, so that rounding cannot hide a quiet recording.
  const scaled = rounded(samples, highestPeak / most);
  const wished = 10 ** ((levelDbfs - activeLevelDbfs(scaled)) / 20);
  return rounded(samples, (highestPeak / most) * Math.min(1, wished));
}

function rounded(samples: Float64Array, gain: number): Int16Array {
  const result = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) result[i] = Math.round((samples[i] ?? 0) * gain);
  return result;
}
