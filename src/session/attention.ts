import type { UploadGrain } from '../speech/recogniser.ts';

/** So long after the last voice (2 s) the recogniser has said all it will say of it; until then each 20 ms counts. */
const coarseAfterFrames = 100;

/**
 * How closely the recogniser has to follow. Its upload is the dearest thing a call does, frame by frame, and for most of a call
 * the caller listens: then audio goes up five frames at a time. Each change is told once.
 */
export class Attention {
  #quietFrames = 0;

  /** The next 20 ms, with or without somebody's voice. */
  frame(voiced: boolean): UploadGrain | null {
    if (voiced) return this.#attend();
    this.#quietFrames += 1;
    return this.#quietFrames === coarseAfterFrames ? 'coarse' : null;
  }

  /** Words came: somebody speaks so softly that only the recogniser notices. */
  words(): UploadGrain | null {
    return this.#attend();
  }

  #attend(): UploadGrain | null {
    const wasCoarse = this.#quietFrames >= coarseAfterFrames;
    this.#quietFrames = 0;
    return wasCoarse ? 'fine' : null;
  }
}
