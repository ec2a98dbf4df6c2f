/** Time as a dependency, so that tests can own it. `now` is monotonic milliseconds; `wall` is for records. */
export interface Clock {
  readonly now: () => number;
  readonly wall: () => Date;
  readonly setTimeout: (run: () => void, ms: number) => TimerHandle;
  readonly clearTimeout: (timer: TimerHandle) => void;
}

export type TimerHandle = ReturnType<typeof setTimeout>;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => new Date(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
