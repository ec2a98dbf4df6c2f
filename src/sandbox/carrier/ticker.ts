import type { CarrierClock } from './clock.ts';

/** One frame of telephone audio. */
export const frameMs = 20;
/** μ-law at 8 kHz. */
export const frameBytes = 160;

/** Calls are spread over the frame as on a real line: sixty calls do not all send in the same millisecond. */
const slotMs = 5;
const slots = frameMs / slotMs;
/** After a longer pause of the whole process (a debugger, a suspended machine) time is skipped, not made up for. */
const longestCatchUpMs = 2_000;

export interface Ticker {
  /** Calls `onFrame` every 20 ms from the next free slot on; the returned function ends it. */
  readonly join: (onFrame: () => void) => () => void;
}

interface Wake {
  readonly cancel: () => void;
}

/**
 * The one clock of all calls. Each deadline is counted from the start and never from the last wake-up, so it does not drift;
 * a late wake-up is followed by the frames that were missed, as a carrier's jitter would.
 */
export function createTicker(clock: CarrierClock): Ticker {
  const members: Set<() => void>[] = Array.from({ length: slots }, () => new Set());
  let origin = clock.now();
  let slot = 0;
  let joined = 0;
  let timer: Wake | undefined;

  const wake = (): void => {
    timer = undefined;
    const behindMs = clock.now() - (origin + slot * slotMs);
    if (behindMs > longestCatchUpMs) {
      origin += behindMs;
    }
    if (behindMs >= 0) {
      const due = [...(members[slot % slots] ?? [])];
      slot += 1;
      for (const onFrame of due) {
        onFrame();
      }
    }
    schedule();
  };

  const schedule = (): void => {
    if (timer !== undefined || members.every((set) => set.size === 0)) {
      return;
    }
    while ((members[slot % slots]?.size ?? 0) === 0) {
      slot += 1;
    }
    const waitMs = origin + slot * slotMs - clock.now();
    // Even when late, everyone gets a turn between two frames: nothing could answer to a frame otherwise.
    timer = waitMs > 0 ? timed(waitMs) : immediate();
  };

  const timed = (ms: number): Wake => {
    const handle = clock.setTimeout(wake, ms);
    return { cancel: () => clock.clearTimeout(handle) };
  };

  const immediate = (): Wake => {
    const handle = setImmediate(wake);
    return { cancel: () => clearImmediate(handle) };
  };

  return {
    join: (onFrame) => {
      if (members.every((set) => set.size === 0)) {
        origin = clock.now();
        slot = joined % slots;
      }
      const set = members[joined % slots] ?? new Set();
      joined += 1;
      // A call that joined twice with one function would be two calls: wrap it.
      const member = (): void => onFrame();
      set.add(member);
      if (timer !== undefined) {
        timer.cancel();
        timer = undefined;
        // The next wake-up may lie behind the newcomer's slot; slots up to now have been run.
        slot = Math.min(slot, Math.floor((clock.now() - origin) / slotMs) + 1);
      }
      schedule();
      return () => {
        set.delete(member);
        if (members.every((other) => other.size === 0) && timer !== undefined) {
          timer.cancel();
          timer = undefined;
        }
      };
    },
  };
}
