/**
 * The last seconds of what the caller said, to be told again to a new connection. Positions are bytes of 8 kHz μ-law since
 * the first write, eight to the millisecond, and never go back.
 */
export interface RingBuffer {
  readonly append: (mulaw: Uint8Array) => void;
  /** Forgets what lies before `position`: the provider has finalised it. */
  readonly release: (position: number) => void;
  /** A copy of everything from `position` on, or from `start` when that is later. */
  readonly since: (position: number) => Uint8Array;
  /** Oldest position still held. */
  readonly start: () => number;
  /** Position after the newest byte: all that was ever written. */
  readonly end: () => number;
}

export const bytesPerMs = 8;

/** Holds at most `capacityMs` of audio; older audio is overwritten. */
export function createRingBuffer(capacityMs: number): RingBuffer {
  const capacity = Math.max(1, Math.round(capacityMs * bytesPerMs));
  const bytes = new Uint8Array(capacity);
  let start = 0;
  let end = 0;

  function append(mulaw: Uint8Array): void {
    const kept = mulaw.length > capacity ? mulaw.subarray(mulaw.length - capacity) : mulaw;
    end += mulaw.length;
    const at = (end - kept.length) % capacity;
    const head = Math.min(kept.length, capacity - at);
    bytes.set(kept.subarray(0, head), at);
    bytes.set(kept.subarray(head), 0);
    start = Math.max(start, end - capacity);
  }

  function since(position: number): Uint8Array {
    const from = Math.min(end, Math.max(start, Math.round(position)));
    const copy = new Uint8Array(end - from);
    const at = from % capacity;
    const head = Math.min(copy.length, capacity - at);
    copy.set(bytes.subarray(at, at + head), 0);
    copy.set(bytes.subarray(0, copy.length - head), head);
    return copy;
  }

  return {
    append,
    since,
    release: (position) => {
      start = Math.max(start, Math.min(end, Math.round(position)));
    },
    start: () => start,
    end: () => end,
  };
}
