import type { SpokenAudio } from './spoken.ts';

/** The voice where espeak-ng is not to be had: deterministic tones, one per syllable. */
export function speakWithTones(text: string): SpokenAudio {
  throw new Error(`not ready: ${text.length}`);
}
