/**
 * How periodic a sound is at the pitch of a voice: normalised autocorrelation of 40 ms at 4 kHz, over lags of 2.5–16.7 ms
 * (60–400 Hz). Half the rate is enough because a voice's strongest harmonics lie below 2 kHz.
 */

const rate = 4000;
const shortestLag = rate / 400;
const longestLag = Math.ceil(rate / 60);
/** Samples compared at each lag; with the longest lag this spans the 40 ms; a multiple of four for the sums below. */
const compared = 92;

/**
 * 0..1 (negative correlation counts as none): the best lag's correlation between a stretch and what came before it. The search
 * ends at the first lag that reaches `enough`: whoever asks whether there is a voice need not know how clear it is.
 */
export function periodicity(window: Float32Array, enough = 1): number {
  const end = window.length;
  const start = end - compared;
  let energy = 0;
  for (let i = start; i < end; i++) energy += (window[i] ?? 0) ** 2;
  if (energy === 0) return 0;
  let before = 0;
  for (let i = start - shortestLag; i < end - shortestLag; i++) before += (window[i] ?? 0) ** 2;
  let best = 0;
  for (let lag = shortestLag; lag <= longestLag; lag++) {
    const product = dot(window, start, start - lag);
    // product / √(energy·before) is at most 1; comparing squares spares the root for the lags that lose.
    if (product > 0 && product * product > best * energy * before) best = (product * product) / (energy * before);
    if (best >= enough * enough) break;
    const leaves = window[end - lag - 1] ?? 0;
    const enters = window[start - lag - 1] ?? 0;
    before += enters * enters - leaves * leaves;
  }
  return Math.sqrt(Math.min(1, best));
}

/** Four sums side by side: one alone would wait for each addition to finish before the next. */
function dot(window: Float32Array, from: number, lagged: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < compared; i += 4) {
    a += (window[from + i] ?? 0) * (window[lagged + i] ?? 0);
    b += (window[from + i + 1] ?? 0) * (window[lagged + i + 1] ?? 0);
    c += (window[from + i + 2] ?? 0) * (window[lagged + i + 2] ?? 0);
    d += (window[from + i + 3] ?? 0) * (window[lagged + i + 3] ?? 0);
  }
  return a + b + c + d;
}
