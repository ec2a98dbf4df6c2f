/**
 * Where utterances begin and end: loudness over the line's own noise, which is the tenth-quietest part of the last 1.5 s.
 * Digital silence counts when it lasts: then it is the line's own; a lost packet says nothing about the line.
 * Deliberately another way than the application's voice activity, so that both cannot share one fault.
 */

const windowFrames = 75;
/** A frame of nothing but zeros measures 12.6 dB. */
const digitalSilenceDb = 14;
/** Longer than any run of lost packets that we serve. */
const lostFrames = 8;
const quietestShare = 0.1;
const overNoiseDb = 7;
/** About −58 dBFS in the scale of `loudnessDb`: what no line lets through as speech. */
const leastDb = 30;
/** Before so many frames nothing is known about the line, so nothing is louder than it. */
const settlingFrames = 5;
const onsetFrames = 3;
/** A single loud frame inside a silence is a click. */
const clickFrames = 1;

export type Segment = 'outside' | 'begins' | 'inside' | 'ends';

export class SpeechSegmenter {
  readonly #recentDb = new Float32Array(windowFrames).fill(Infinity);
  readonly #sortedDb = new Float32Array(windowFrames);
  readonly #silenceFrames: number;
  readonly #longestFrames: number;
  #at = 0;
  #silentRun = 0;
  #loudHistory = 0;
  #loudRun = 0;
  #quietFrames = 0;
  #utteranceFrames = 0;
  #inside = false;
  loud = false;

  constructor(silenceMs: number, longestMs: number, frameMs: number) {
    this.#silenceFrames = Math.max(1, Math.round(silenceMs / frameMs));
    this.#longestFrames = Math.round(longestMs / frameMs);
  }

  /** Frames without speech since the last that had some. */
  get quietFrames(): number {
    return this.#quietFrames;
  }

  next(loudnessDb: number): Segment {
    this.#silentRun = loudnessDb > digitalSilenceDb ? 0 : this.#silentRun + 1;
    if (this.#silentRun === 0 || this.#silentRun > lostFrames) this.#recentDb[this.#at++ % windowFrames] = loudnessDb;
    const noiseDb = this.#noiseDb();
    this.loud = loudnessDb > Math.max(noiseDb + overNoiseDb, leastDb);
    this.#loudHistory = ((this.#loudHistory << 1) | (this.loud ? 1 : 0)) & 0b1111;
    this.#loudRun = this.loud ? this.#loudRun + 1 : 0;
    return this.#inside ? this.#continue() : this.#wait();
  }

  #noiseDb(): number {
    if (this.#at < settlingFrames) return Infinity;
    const known = Math.min(this.#at, windowFrames);
    this.#sortedDb.set(this.#recentDb);
    return this.#sortedDb.sort()[Math.max(2, Math.floor(known * quietestShare))] ?? Infinity;
  }

  #wait(): Segment {
    const loudFrames = this.#loudHistory.toString(2).replaceAll('0', '').length;
    if (loudFrames < onsetFrames) return 'outside';
    this.#inside = true;
    this.#quietFrames = 0;
    this.#utteranceFrames = 0;
    return 'begins';
  }

  #continue(): Segment {
    this.#utteranceFrames++;
    this.#quietFrames = this.#loudRun > clickFrames ? 0 : this.#quietFrames + 1;
    if (this.#quietFrames < this.#silenceFrames && this.#utteranceFrames < this.#longestFrames) return 'inside';
    this.#inside = false;
    this.#loudHistory = 0;
    return 'ends';
  }
}
