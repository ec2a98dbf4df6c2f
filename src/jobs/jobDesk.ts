import type { Job } from 'bullmq';
import { idsOnly, type IdsOnly } from '../ids.ts';
import { limits } from '../limits.ts';
import { postgresBackend, redisBackend, type JobQueue } from './backend.ts';
import { queueNames, within, QueueAway, type QueueName } from './queues.ts';

/** A job that failed as often as it may. It stays for a week and does nothing until somebody retries or discards it. */
export interface DeadLetter {
  readonly queue: QueueName;
  readonly id: string;
  readonly name: string;
  readonly payload: IdsOnly;
  readonly attempts: number;
  readonly failedAt: Date | null;
  /** A code, never the words of whatever failed. */
  readonly fault: string;
}

export interface QueueCounts {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly dead: number;
}

/** What staff do with the queues. Everything rejects with `QueueAway` when they do not answer in time. */
export interface JobDesk {
  readonly backend: 'redis' | 'postgres';
  readonly counts: () => Promise<readonly QueueCounts[]>;
  /** The newest of each queue first, at most `most` of each. */
  readonly deadLetters: (most: number) => Promise<readonly DeadLetter[]>;
  /** As if it were new, with all its attempts. `notDead`: it is gone, or somebody has retried it. */
  readonly retry: (dead: DeadLetter) => Promise<'done' | 'notDead'>;
  /** It is removed and will never run; what it was for is not done. */
  readonly discard: (dead: DeadLetter) => Promise<'done' | 'notDead'>;
  readonly close: () => Promise<void>;
}

export interface JobDeskOptions {
  /** Null: BullMQ's PostgreSQL backend on `databaseUrl`. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly prefix?: string;
}

/** Opens nothing until it is asked. */
export function openJobDesk({ redisUrl, databaseUrl, prefix = 'sanad' }: JobDeskOptions): JobDesk {
  const quiet = (): void => {};
  const backend = redisUrl === null ? postgresBackend(databaseUrl) : redisBackend(redisUrl, prefix, quiet);
  const opened = new Map<QueueName, JobQueue>();
  const queueOf = async (name: QueueName): Promise<JobQueue> => {
    await backend.prepare();
    const queue = opened.get(name) ?? backend.queue(name);
    if (!opened.has(name)) queue.on('error', quiet);
    opened.set(name, queue);
    return queue;
  };
  const asked = async <T>(name: QueueName, ask: (queue: JobQueue) => Promise<T>): Promise<T> => {
    const asking = queueOf(name).then(ask);
    asking.catch(quiet);
    try {
      return await within(limits.jobDeskMs, asking);
    } catch (fault) {
      throw new QueueAway(name, fault);
    }
  };
  const change = (dead: DeadLetter, act: (job: Job<IdsOnly>) => Promise<unknown>): Promise<'done' | 'notDead'> =>
    asked(dead.queue, async (queue) => {
      const job = await queue.getJob(dead.id);
      if (job === undefined || !(await job.isFailed())) return 'notDead';
      await act(job);
      return 'done';
    });
  return {
    backend: backend.name,
    counts: () => Promise.all(queueNames.map((queue) => asked(queue, (open) => countsOf(queue, open)))),
    deadLetters: async (most) => {
      const found = await Promise.all(
        queueNames.map((name) =>
          asked(name, async (queue) => (await queue.getFailed(0, most - 1)).map((job) => deadLetter(name, job))),
        ),
      );
      return found.flat();
    },
    retry: (dead) =>
      change(dead, (job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })),
    discard: (dead) => change(dead, (job) => job.remove()),
    close: async () => {
      await within(limits.queueAddMs, Promise.allSettled([...opened.values()].map((queue) => queue.close()))).catch(
        quiet,
      );
      await backend.close();
    },
  };
}

async function countsOf(queue: QueueName, open: JobQueue): Promise<QueueCounts> {
  const counts = await open.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const count = (state: string): number => counts[state] ?? 0;
  return {
    queue,
    waiting: count('waiting') + count('prioritized'),
    running: count('active'),
    delayed: count('delayed'),
    dead: count('failed'),
  };
}

function deadLetter(queue: QueueName, job: Job<IdsOnly>): DeadLetter {
  const payload = idsOnly.safeParse(job.data);
  return {
    queue,
    id: job.id ?? '',
    name: job.name,
    payload: payload.success ? payload.data : {},
    attempts: job.attemptsMade,
    failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
    // `<job> failed: <code>`, as the worker writes it; BullMQ's own words, such as those of a stalled job, quote nobody.
    fault: (job.failedReason ?? 'unknown').replace(`${job.name} failed: `, '').slice(0, 80),
  };
}
