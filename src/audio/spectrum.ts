/** Magnitude spectrum of 256 real samples under a Hann window, by one complex transform of half the length. */

export const spectrumSamples = 256;
export const spectrumBins = spectrumSamples / 2;

const half = spectrumSamples / 2;
const hann = Float32Array.from(
  { length: spectrumSamples },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / spectrumSamples),
);
const cosines = Float32Array.from({ length: half }, (_, i) => Math.cos((2 * Math.PI * i) / spectrumSamples));
const sines = Float32Array.from({ length: half }, (_, i) => -Math.sin((2 * Math.PI * i) / spectrumSamples));
const reversed = Uint8Array.from({ length: half }, (_, i) => {
  let turned = 0;
  for (let bit = 0; bit < 7; bit++) turned |= ((i >> bit) & 1) << (6 - bit);
  return turned;
});

// Shared working space: nothing waits in between, and a frame must not allocate.
const real = new Float32Array(half);
const imaginary = new Float32Array(half);

export function magnitudeSpectrum(samples: Float32Array, into: Float32Array): void {
  for (let i = 0; i < half; i++) {
    const to = reversed[i] ?? 0;
    real[to] = (samples[2 * i] ?? 0) * (hann[2 * i] ?? 0);
    imaginary[to] = (samples[2 * i + 1] ?? 0) * (hann[2 * i + 1] ?? 0);
  }
  transform();
  into[0] = Math.abs((real[0] ?? 0) + (imaginary[0] ?? 0));
  // Even samples went in as the real part, odd ones as the imaginary: the two spectra are taken apart by symmetry.
  for (let bin = 1; bin < half; bin++) {
    const re = real[bin] ?? 0;
    const im = imaginary[bin] ?? 0;
    const mirrorRe = real[half - bin] ?? 0;
    const mirrorIm = imaginary[half - bin] ?? 0;
    const evenRe = (re + mirrorRe) / 2;
    const evenIm = (im - mirrorIm) / 2;
    const oddRe = (im + mirrorIm) / 2;
    const oddIm = (mirrorRe - re) / 2;
    const c = cosines[bin] ?? 0;
    const s = sines[bin] ?? 0;
    const wholeRe = evenRe + oddRe * c - oddIm * s;
    const wholeIm = evenIm + oddRe * s + oddIm * c;
    into[bin] = Math.sqrt(wholeRe * wholeRe + wholeIm * wholeIm);
  }
}

/** Radix-2 Fourier transform in place, input in bit-reversed order. */
function transform(): void {
  for (let span = 2; span <= half; span *= 2) {
    const step = spectrumSamples / span;
    const reach = span / 2;
    for (let k = 0; k < reach; k++) {
      const c = cosines[k * step] ?? 0;
      const s = sines[k * step] ?? 0;
      for (let i = k; i < half; i += span) {
        const j = i + reach;
        const re = (real[j] ?? 0) * c - (imaginary[j] ?? 0) * s;
        const im = (real[j] ?? 0) * s + (imaginary[j] ?? 0) * c;
        real[j] = (real[i] ?? 0) - re;
        imaginary[j] = (imaginary[i] ?? 0) - im;
        real[i] = (real[i] ?? 0) + re;
        imaginary[i] = (imaginary[i] ?? 0) + im;
      }
    }
  }
}
