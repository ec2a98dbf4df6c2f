/**
 * The level of the line without anybody speaking, in dBFS. It follows downward at once and upward slowly, and hardly at all
 * while somebody speaks: a long sentence must not become the noise it is compared with.
 */

/** What each kind of frame is to the floor. */
export type FrameKind = 'quiet' | 'noisy' | 'voiced';

/** Decibels the floor may rise in one 20 ms frame. */
const risePerFrameDb = {
  /** Near the floor: the line itself. 5 dB a second. */
  quiet: 0.1,
  /** Loud but no voice: noise that came to stay is learnt in a second or two, a breath is not. */
  noisy: 0.2,
  /** 0.25 dB a second: a minute of unbroken voice would cost 15 dB, and nobody speaks a minute without a pause. */
  voiced: 0.005,
} as const;

const fallShare = 0.3;
/** Assumed before anything was heard: a quiet telephone line. */
const startDbfs = -58;
const lowestDbfs = -75;

export class NoiseFloor {
  dbfs = startDbfs;

  learn(levelDbfs: number, kind: FrameKind): void {
    if (levelDbfs < this.dbfs) {
      this.dbfs = Math.max(lowestDbfs, this.dbfs + fallShare * (levelDbfs - this.dbfs));
    } else {
      this.dbfs = Math.min(levelDbfs, this.dbfs + risePerFrameDb[kind]);
    }
  }
}
