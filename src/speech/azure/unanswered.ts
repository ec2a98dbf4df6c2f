/**
 * Notices that someone speaks clearly while nothing comes back: the only sign of a receive loop that died without an
 * event. Steady noise is not speech (the floor rises to meet it), and when a new connection stays mute over the same
 * sound the patience doubles, because then it is the sound: weeping, a television, a machine.
 */
export interface UnansweredSpeech {
  /** PCM of the next audio. True when the limit was reached just now. */
  readonly heard: (pcm: Int16Array) => boolean;
  /** The provider said something about the audio. */
  readonly answered: () => void;
  /** A new connection: counts from zero again, with the patience as it is. */
  readonly restart: () => void;
}

/** About -36 dBFS: speech on a telephone line lies some 10 dB above, its background below. */
const clearLevel = 500;
/** Speech stands this much (10 dB) over the noise of its line. */
const overFloor = 3;
/** The floor follows a steady sound upwards by 6 dB in about 1.4 s of 20 ms frames, and downwards at once. */
const floorRise = 1.01;
const lowestFloor = clearLevel / overFloor;
const samplesPerMs = 8;
const longestPatience = 8;

export function createUnansweredSpeech(limitMs: number): UnansweredSpeech {
  let floor = lowestFloor;
  let speechMs = 0;
  let patience = 1;

  return {
    heard: (pcm) => {
      const level = rootMeanSquare(pcm);
      floor = Math.max(lowestFloor, Math.min(level, floor * floorRise));
      if (level < clearLevel || level < floor * overFloor) return false;
      const before = speechMs;
      speechMs += pcm.length / samplesPerMs;
      const limit = limitMs * patience;
      if (before >= limit || speechMs < limit) return false;
      patience = Math.min(longestPatience, patience * 2);
      return true;
    },
    answered: () => {
      speechMs = 0;
      patience = 1;
    },
    restart: () => {
      speechMs = 0;
    },
  };
}

function rootMeanSquare(pcm: Int16Array): number {
  if (pcm.length === 0) return 0;
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / pcm.length);
}
