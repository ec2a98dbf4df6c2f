import { systemClock, type Clock } from '../clock.ts';
import type { IdsOnly } from '../ids.ts';
import type { Log } from '../log.ts';
import { limits } from '../limits.ts';
import type { JobDefinition, Queues } from './queues.ts';

export interface OutboxItem {
  readonly id: string;
  readonly organisationId: string;
  readonly topic: string;
  readonly payload: IdsOnly;
}

/** The store's outbox: gives waiting items to `handOver`, and strikes out those for which it resolved. Gives how many. */
export type TakeFromOutbox = (
  topics: readonly string[],
  most: number,
  handOver: (item: OutboxItem) => Promise<void>,
) => Promise<number>;

export interface DispatcherOptions {
  readonly take: TakeFromOutbox;
  /** The job that each topic becomes. Items of other topics wait for a server that knows them. */
  readonly routes: Readonly<Record<string, Pick<JobDefinition, 'queue' | 'name' | 'attempts' | 'backoffMs'>>>;
  readonly queues: Pick<Queues, 'add'>;
  readonly log: Log;
  readonly clock?: Clock;
  readonly pollMs?: number;
}

/** Hands the outbox over to the queues until stopped. Any number may run: each row is with one of them at a time. */
export interface OutboxDispatcher {
  /** Looks at once instead of at the next poll. */
  readonly wake: () => void;
  /** Resolves when the run under way is over. */
  readonly stop: () => Promise<void>;
}

const longestPauseMs = 30_000;

export function startOutboxDispatcher(options: DispatcherOptions): OutboxDispatcher {
  const { take, routes, queues, log, clock = systemClock, pollMs = 1_000 } = options;
  const stopping = new AbortController();
  let faults = 0;
  let endPause = () => {};

  // The item's id is the job's, so an item handed over twice is one job.
  const handOver = async (item: OutboxItem) => {
    const kind = routes[item.topic];
    if (!kind) throw new Error('no route');
    await queues.add(kind, { id: item.id, payload: { ...item.payload, organisationId: item.organisationId } });
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      endPause = () => {
        clock.clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        const handed = await take(Object.keys(routes), limits.outboxBatch, handOver);
        faults = 0;
        if (handed === limits.outboxBatch) continue;
      } catch (fault) {
        faults += 1;
        log.warn('outbox not handed over', { faults, fault: fault instanceof Error ? fault.name : 'unknown' });
      }
      if (!stopping.signal.aborted) await pause(Math.min(longestPauseMs, pollMs * 2 ** Math.min(faults, 10)));
    }
  };
  const running = run();
  return {
    wake: () => endPause(),
    stop: () => {
      stopping.abort();
      endPause();
      return running;
    },
  };
}
