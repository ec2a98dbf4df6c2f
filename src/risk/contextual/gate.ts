import type { Clock } from '../../clock.ts';

/** Lets so many in at once and lets some wait; whoever would wait longer or come later is told so at once. */
export interface Gate {
  /** `entered` must be followed by one `leave`. */
  readonly enter: (waitMs: number, signal: AbortSignal) => Promise<'entered' | 'overloaded' | 'aborted'>;
  readonly leave: () => void;
  /** How many are in, and how many wait. */
  readonly load: () => { readonly inside: number; readonly waiting: number };
}

export function createGate(bounds: { readonly atOnce: number; readonly waiting: number; readonly clock: Clock }): Gate {
  const { atOnce, clock } = bounds;
  let inside = 0;
  const queue = new Set<() => void>();
  return {
    enter: (waitMs, signal) => {
      if (signal.aborted) return Promise.resolve('aborted');
      if (inside < atOnce) {
        inside += 1;
        return Promise.resolve('entered');
      }
      if (queue.size >= bounds.waiting) return Promise.resolve('overloaded');
      return new Promise((resolve) => {
        const settle = (how: 'entered' | 'overloaded' | 'aborted') => {
          queue.delete(admit);
          clock.clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(how);
        };
        // Who leaves hands the place over, so that nobody who comes in between can take it.
        const admit = () => settle('entered');
        const giveUp = () => settle('aborted');
        const timer = clock.setTimeout(() => settle('overloaded'), waitMs);
        queue.add(admit);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    leave: () => {
      const [next] = queue;
      if (next === undefined) inside -= 1;
      else next();
    },
    load: () => ({ inside, waiting: queue.size }),
  };
}
