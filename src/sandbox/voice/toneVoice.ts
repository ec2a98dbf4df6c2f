import { encodeMulaw } from '../../audio/mulaw.ts';
import { toLevel } from './loudness.ts';
import type { SpokenAudio, SpokenWord } from './spoken.ts';
import { spokenTokens } from './wordTimings.ts';

/**
 * The voice where espeak-ng is not to be had: no speech, but tones in the rhythm of speech, one per syllable, with word
 * times. Deterministic: a text always sounds the same. Whoever uses it must say aloud that it is a tone voice.
 */

export const toneVoiceLabel = 'tone voice (espeak-ng was not found; tones stand for syllables)';

const samplesPerMs = 8;
const syllableMs = 170;
const wordGapMs = 60;
const rampMs = 12;
const edgeMs = 20;
/** A pentatonic scale, so that any order of syllables stays bearable. */
const pitchesHz = [196, 220, 262, 294, 330];
const longestWords = 400;

const arabicVowels = /[اويىآةؤئأإ]/gu;
const latinVowelGroups = /[aeiouy]+/giu;

export function speakWithTones(text: string): SpokenAudio {
  const tokens = spokenTokens(text).slice(0, longestWords);
  const words: SpokenWord[] = [];
  let atMs = edgeMs;
  for (const token of tokens) {
    const durationMs = syllables(token) * syllableMs;
    words.push({ text: token, offsetMs: atMs, durationMs });
    atMs += durationMs + wordGapMs;
  }
  const samples = new Float64Array(tokens.length === 0 ? 0 : (atMs - wordGapMs + edgeMs) * samplesPerMs);
  for (const { text: token, offsetMs, durationMs } of words) {
    for (let at = 0; at < durationMs; at += syllableMs) {
      addTone(samples, offsetMs + at, pitchesHz[(letterSum(token) + at / syllableMs) % pitchesHz.length] ?? 220);
    }
  }
  return { mulaw: encodeMulaw(toLevel(samples)), words };
}

function syllables(token: string): number {
  const arabic = token.match(arabicVowels)?.length ?? 0;
  const latin = token.match(latinVowelGroups)?.length ?? 0;
  return Math.min(12, Math.max(1, Math.ceil(token.length / 4), arabic + latin));
}

function letterSum(token: string): number {
  return Array.from(token).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
}

/** Five falling harmonics under a soft envelope: audible on a telephone, which drops the fundamental. */
function addTone(samples: Float64Array, offsetMs: number, pitchHz: number): void {
  const length = (syllableMs - rampMs) * samplesPerMs;
  const ramp = rampMs * samplesPerMs;
  for (let i = 0; i < length; i++) {
    const envelope = Math.min(1, i / ramp, (length - i) / ramp);
    let value = 0;
    for (let harmonic = 1; harmonic <= 5; harmonic++) {
      value += Math.sin((2 * Math.PI * pitchHz * harmonic * i) / 8000) / harmonic;
    }
    samples[offsetMs * samplesPerMs + i] = envelope * value;
  }
}
