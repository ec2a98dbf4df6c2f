/**
 * What the phrase matcher compares: the shape of the short-time spectrum in mel bands, and how loud a frame is within its
 * utterance. Neither changes with the level of the line; noise is taken off and the deep valleys, which noise fills, are
 * levelled out.
 */

export const sampleRate = 8000;
export const windowSamples = 256;
/** Frames of the live audio. */
export const hopSamples = 160;
/** Templates are twice as fine, so that a live frame is never more than 5 ms from one of theirs. */
export const templateHopSamples = 80;
export const bandCount = 18;

const lowestHz = 280;
const highestHz = 3500;
/** Valleys deeper than this below the strongest band are levelled: 23 dB. */
const valleyDepth = 0.005;
/** A 16-bit sample's rounding noise, so that the logarithm of digital silence exists. */
const leastPower = 1;

const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);

/** For each spectrum bin: the lower of its two bands and its share in the upper one; triangles that overlap by half. */
const binBand = new Int32Array(windowSamples / 2 + 1);
const binUpperShare = new Float32Array(windowSamples / 2 + 1);
for (let bin = 0; bin < binBand.length; bin++) {
  const place =
    ((mel((bin * sampleRate) / windowSamples) - mel(lowestHz)) / (mel(highestHz) - mel(lowestHz))) * (bandCount + 1);
  binBand[bin] = Math.floor(place) - 1;
  binUpperShare[bin] = place - Math.floor(place);
}

const hann = Float32Array.from(
  { length: windowSamples },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowSamples),
);

const half = windowSamples / 2;
const cosines = Float32Array.from({ length: half }, (_, i) => Math.cos((2 * Math.PI * i) / windowSamples));
const sines = Float32Array.from({ length: half }, (_, i) => -Math.sin((2 * Math.PI * i) / windowSamples));
const reversed = Uint8Array.from({ length: windowSamples }, (_, i) => {
  let bits = 0;
  for (let bit = 0; bit < 8; bit++) bits |= ((i >> bit) & 1) << (7 - bit);
  return bits;
});

const real = new Float32Array(windowSamples);
const imaginary = new Float32Array(windowSamples);

/** Power in each band of the 256 samples from `at`; returned in `bands`. Not reentrant (nothing here waits). */
export function bandPowers(samples: Int16Array, at: number, bands: Float32Array): void {
  for (let i = 0; i < windowSamples; i++) {
    real[reversed[i] ?? 0] = (samples[at + i] ?? 0) * (hann[i] ?? 0);
  }
  imaginary.fill(0);
  transform();
  bands.fill(leastPower);
  for (let bin = 1; bin < binBand.length; bin++) {
    const power = ((real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2) / windowSamples;
    const band = binBand[bin] ?? -1;
    const upper = binUpperShare[bin] ?? 0;
    if (band >= 0 && band < bandCount) bands[band] = (bands[band] ?? 0) + power * (1 - upper);
    if (band + 1 >= 0 && band + 1 < bandCount) bands[band + 1] = (bands[band + 1] ?? 0) + power * upper;
  }
}

/** Radix-2 Fourier transform in place, input already in bit-reversed order. */
function transform(): void {
  for (let size = 2; size <= windowSamples; size *= 2) {
    const step = windowSamples / size;
    const reach = size / 2;
    for (let start = 0; start < windowSamples; start += size) {
      for (let k = 0; k < reach; k++) {
        const c = cosines[k * step] ?? 0;
        const s = sines[k * step] ?? 0;
        const i = start + k;
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

/**
 * The spectrum's shape: logarithms of the band powers less the noise, valleys levelled, with their mean taken out.
 * Written to `shape` from `at` on. Returns the loudness that is left without the noise, in decibels.
 */
export function spectralShape(bands: Float32Array, noise: Float32Array, shape: Float32Array, at: number): number {
  let most = leastPower;
  let power = 0;
  for (let band = 0; band < bandCount; band++) {
    const clean = Math.max((bands[band] ?? 0) - (noise[band] ?? 0), leastPower);
    shape[at + band] = clean;
    power += clean;
    if (clean > most) most = clean;
  }
  let sum = 0;
  for (let band = 0; band < bandCount; band++) {
    const value = Math.log((shape[at + band] ?? 0) + valleyDepth * most);
    shape[at + band] = value;
    sum += value;
  }
  const mean = sum / bandCount;
  for (let band = 0; band < bandCount; band++) shape[at + band] = (shape[at + band] ?? 0) - mean;
  return 10 * Math.log10(power);
}

/** Power over all bands, in decibels (0 dB is a power of one sample unit squared). */
export function loudnessDb(bands: Float32Array): number {
  let sum = 0;
  for (let band = 0; band < bandCount; band++) sum += bands[band] ?? 0;
  return 10 * Math.log10(sum);
}
