import type { UploadGrain } from '../speech/recogniser.ts';

/**
 * One second after the last voice the silence that ends a phrase (500 ms) has long gone up, and nothing that is still to come of it
 * waits for more audio; until then each 20 ms counts.
 */
const coarseAfterFrames = 50;

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
