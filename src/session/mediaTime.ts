import type { CallMs, MediaMs } from '../call/time.ts';

/** Clocks of both ends drift apart by far less than this share of the time that passes. */
const drift = 0.0005;
/** Beyond it frames are not late: the carrier counts anew, or left something out. */
const anotherClockMs = 1_000;

/**
 * When the caller spoke, in the time of the call. The network brings frames late by different amounts, and a busy moment of ours
 * brings many at once; the carrier's own count of time has neither, and the frame that was least late tells how far the
 * two clocks are apart. Without it every hold-up would look like a pause of the caller.
 */
export class MediaTime {
  /** Call time less media time, for a frame that was not late at all. */
  #apartMs: number | null = null;
  #lastArrivalMs: CallMs = 0;

  /** The start of a frame of `lengthMs` that carries `timestampMs` and arrived, when it was over, at `arrivedMs`. */
  startOf(timestampMs: MediaMs, lengthMs: number, arrivedMs: CallMs): number {
    const apart = arrivedMs - (timestampMs + lengthMs);
    const before = this.#apartMs;
    const grown = before === null ? apart : before + (arrivedMs - this.#lastArrivalMs) * drift;
    this.#lastArrivalMs = arrivedMs;
    this.#apartMs = apart - grown > anotherClockMs ? apart : Math.min(apart, grown);
    return timestampMs + this.#apartMs;
  }
}
