/** Time as the carrier sees it. The application's own clock fits this shape, and so does a faster one for tests. */
export interface CarrierClock {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly wall: () => Date;
  readonly setTimeout: (run: () => void, ms: number) => CarrierTimer;
  readonly clearTimeout: (timer: CarrierTimer) => void;
}

export type CarrierTimer = ReturnType<typeof setTimeout>;

export const realTime: CarrierClock = acceleratedClock(1);

/**
 * A clock on which `speed` seconds pass in one real second, so that a test of a ten second call takes a fraction of one. Both
 * sides of a test must use the same clock. Timers of Node are exact to about 1 ms, so speeds over 20 make 20 ms frames
 * come in clumps (their number and order stay right).
 */
export function acceleratedClock(speed: number): CarrierClock {
  const wallOrigin = Date.now();
  const origin = performance.now();
  const now = (): number => (performance.now() - origin) * speed;
  return {
    now,
    wall: () => new Date(wallOrigin + now()),
    setTimeout: (run, ms) => setTimeout(run, ms / speed),
    clearTimeout: (timer) => clearTimeout(timer),
  };
}

/** Resolves after `ms`, or at once when the signal is or becomes aborted. */
export function pause(clock: CarrierClock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
