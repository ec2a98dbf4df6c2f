import { systemClock, type Clock, type TimerHandle } from '../clock.ts';
import { limits } from '../limits.ts';
import { faultOf, type Log } from '../log.ts';
import type { Backlog, Metrics } from '../metrics.ts';

export interface BacklogWatchOptions {
  /** Jobs by queue and state; rejects when the queues do not answer. */
  readonly queues: () => Promise<NonNullable<Backlog['queues']>>;
  /** What waits in the database; rejects when it is away. */
  readonly stored: () => Promise<NonNullable<Backlog['stored']>>;
  readonly metrics: Pick<Metrics, 'backlog' | 'backlogUnknown'>;
  readonly log: Log;
  readonly clock?: Clock;
  readonly everyMs?: number;
}

/** Looks what waits, again and again until stopped: one look at a time, and one part away does not hide the other. */
export function watchBacklog(options: BacklogWatchOptions): { readonly stop: () => Promise<void> } {
  const { metrics, log, clock = systemClock, everyMs = limits.backlogEveryMs } = options;
  const away = new Set<string>();
  let timer: TimerHandle | null = null;
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();

  const ask = async <T>(of: 'queues' | 'database', question: () => Promise<T>): Promise<T | null> => {
    try {
      const answer = await question();
      away.delete(of);
      return answer;
    } catch (error) {
      metrics.backlogUnknown(of);
      // Once for each absence, as it is asked again and again.
      if (!away.has(of)) log.warn('it could not be told what waits', { of, ...faultOf(error) });
      away.add(of);
      return null;
    }
  };
  const look = async (): Promise<void> => {
    const [queues, stored] = await Promise.all([ask('queues', options.queues), ask('database', options.stored)]);
    metrics.backlog({ queues, stored });
  };
  const next = (): void => {
    timer = clock.setTimeout(() => {
      looking = look().finally(() => {
        if (!stopped) next();
      });
    }, everyMs);
    timer.unref();
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clock.clearTimeout(timer);
      await looking;
    },
  };
}
