import type { Job } from 'bullmq';
import { idsOnly, type IdsOnly } from '../ids.ts';
import type { Log } from '../log.ts';
import { limits } from '../limits.ts';
import {
  postgresBackend,
  redisBackend,
  retention,
  type JobQueue,
  type JobWorker,
  type QueueBackend,
  type WorkerTimings,
} from './backend.ts';

export const queueNames = ['escalation', 'followUp', 'afterCall', 'maintenance'] as const;

export type QueueName = (typeof queueNames)[number];

/** The queue did not take a job in time. Whoever cannot lose it writes to the outbox instead. */
export class QueueAway extends Error {
  constructor(queue: QueueName, cause: unknown) {
    super(`the ${queue} queue is away: ${cause instanceof Error ? cause.name : 'unknown'}`);
    this.name = 'QueueAway';
  }
}

export interface RunningJob {
  readonly id: string;
  readonly payload: IdsOnly;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the server must stop and cannot wait any longer; the job then runs again elsewhere. */
  readonly signal: AbortSignal;
}

export interface JobDefinition {
  readonly queue: QueueName;
  readonly name: string;
  readonly attempts: number;
  /** The wait before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
  /** May run more than once for the same id, after a server died: it must notice what is already done. */
  readonly run: (job: RunningJob) => Promise<void>;
}

export interface NewJob {
  /** A second job with this id is not added. UUID. */
  readonly id: string;
  readonly payload: IdsOnly;
  readonly delayMs?: number;
}

type Kind = Pick<JobDefinition, 'queue' | 'name' | 'attempts' | 'backoffMs'>;

export interface Queues {
  readonly backend: QueueBackend['name'];
  /** Rejects with `QueueAway` at once, or after `limits.queueAddMs`; with a ZodError when the payload is not ids only. */
  readonly add: (kind: Kind, job: NewJob) => Promise<void>;
  /** Runs `kind` now and then every `everyMs`, on one of the workers; the last schedule given counts. */
  readonly repeat: (kind: Kind, everyMs: number) => Promise<void>;
  /** Works off these jobs in this process until `close`. Rejects when the queue is away. */
  readonly work: (definitions: readonly JobDefinition[]) => Promise<void>;
  /** Waits for running jobs at most so long; then aborts them, and they run again elsewhere once their locks expire. */
  readonly close: (limitMs: number) => Promise<'finished' | 'aborted'>;
}

export interface QueuesOptions {
  /** Null: BullMQ's PostgreSQL backend on `databaseUrl`. */
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly log: Log;
  readonly prefix?: string;
  readonly timings?: Partial<WorkerTimings>;
}

/** Opens nothing that must be there: a server starts, and takes calls, while the queue is away. */
export function openQueues(options: QueuesOptions): Queues {
  const { redisUrl, databaseUrl, log, prefix = 'sanad' } = options;
  const timings = { lockMs: 30_000, stalledCheckMs: 15_000, concurrency: 4, ...options.timings };
  const onFault = (fault: Error) => log.warn('queue fault', { fault: codeOf(fault) });
  const backend = redisUrl === null ? postgresBackend(databaseUrl) : redisBackend(redisUrl, prefix, onFault);
  const producers = new Producers(backend, onFault);
  const workers: JobWorker[] = [];
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  return {
    backend: backend.name,
    add: (kind, job) => {
      const payload = idsOnly.parse(job.payload);
      const opts = { jobId: job.id, ...(job.delayMs === undefined ? {} : { delay: job.delayMs }), ...optionsOf(kind) };
      return producers.use(kind.queue, (queue) => queue.add(kind.name, payload, opts));
    },
    repeat: (kind, everyMs) =>
      producers.use(kind.queue, (queue) =>
        queue.upsertJobScheduler(kind.name, { every: everyMs }, { name: kind.name, data: {}, opts: optionsOf(kind) }),
      ),
    work: async (definitions) => {
      await backend.prepare();
      for (const name of new Set(definitions.map((definition) => definition.queue))) {
        const own = definitions.filter((definition) => definition.queue === name);
        const process = (job: Job<IdsOnly>) => {
          const performing = perform(own, job, stopping.signal, log);
          running.add(performing);
          return performing.finally(() => running.delete(performing));
        };
        const worker = backend.worker(name, process, timings);
        worker.on('error', onFault);
        workers.push(worker);
        await worker.waitUntilReady();
      }
    },
    close: async (limitMs) => {
      const ending = await closeWorkers(workers, running, limitMs);
      stopping.abort();
      await producers.close();
      await backend.close();
      return ending;
    },
  };
}

function optionsOf(kind: Kind) {
  return { attempts: kind.attempts, backoff: { type: 'exponential', delay: kind.backoffMs }, ...retention };
}

/** What a job throws may quote a caller, and BullMQ keeps the message: only its code is let through. */
async function perform(
  definitions: readonly JobDefinition[],
  job: Job<IdsOnly>,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const definition = definitions.find((candidate) => candidate.name === job.name);
  // A newer server may have added a job that this one does not know: it is tried again, perhaps there.
  if (!definition) throw new Error(`unknown job ${job.name}`);
  const id = job.id ?? '';
  const attempt = job.attemptsMade + 1;
  const from = performance.now();
  try {
    await definition.run({
      id,
      payload: idsOnly.parse(job.data),
      attempt,
      signal,
    });
    log.debug('job done', { job: job.name, jobId: id, attempt, ms: Math.round(performance.now() - from) });
  } catch (fault) {
    const code = codeOf(fault);
    log.warn('job failed', { job: job.name, jobId: id, attempt, of: definition.attempts, fault: code });
    // oxlint-disable-next-line preserve-caught-error -- the cause may quote a caller
    throw new Error(`${job.name} failed: ${code}`);
  }
}

function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'unknown';
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.name;
}

/** The producers' side of each queue. One that never worked is made anew: BullMQ remembers a failed first connection. */
class Producers {
  readonly #backend: QueueBackend;
  readonly #onFault: (fault: Error) => void;
  readonly #queues = new Map<QueueName, { readonly queue: JobQueue; proven: boolean }>();

  constructor(backend: QueueBackend, onFault: (fault: Error) => void) {
    this.#backend = backend;
    this.#onFault = onFault;
  }

  async use(name: QueueName, act: (queue: JobQueue) => Promise<unknown>): Promise<void> {
    const acting = this.#act(name, act);
    // When the time is up nobody listens to the outcome any more, and it must not count as unhandled.
    acting.catch(() => {});
    try {
      await within(limits.queueAddMs, acting);
    } catch (fault) {
      throw new QueueAway(name, fault);
    }
  }

  async #act(name: QueueName, act: (queue: JobQueue) => Promise<unknown>): Promise<void> {
    await this.#backend.prepare();
    const known = this.#queues.get(name) ?? this.#open(name);
    try {
      await act(known.queue);
      known.proven = true;
    } catch (fault) {
      if (!known.proven && this.#queues.delete(name)) void known.queue.close().catch(this.#onFault);
      throw fault;
    }
  }

  #open(name: QueueName): { readonly queue: JobQueue; proven: boolean } {
    const queue = this.#backend.queue(name);
    queue.on('error', this.#onFault);
    const opened = { queue, proven: false };
    this.#queues.set(name, opened);
    return opened;
  }

  async close(): Promise<void> {
    const closing = [...this.#queues.values()].map(({ queue }) => queue.close());
    await within(limits.queueAddMs, Promise.allSettled(closing)).catch(() => {});
  }
}

/** Takes no more jobs, and waits for those that run; not by the workers' own `close`, which nothing can hurry once called. */
async function closeWorkers(
  workers: readonly JobWorker[],
  running: ReadonlySet<Promise<void>>,
  limitMs: number,
): Promise<'finished' | 'aborted'> {
  await Promise.all(workers.map((worker) => worker.pause(true)));
  const ending = await within(limitMs, Promise.allSettled(running)).then(
    () => 'finished' as const,
    () => 'aborted' as const,
  );
  // What still runs is cut off before it is aborted: an abort that reached the queue would count as a failure, perhaps the
  // last allowed. Unheard of, the job is taken for stalled when its lock expires, and another server runs it.
  const closing = workers.map((worker) => worker.close(ending === 'aborted'));
  await within(limits.queueAddMs, Promise.allSettled(closing)).catch(() => {});
  return ending;
}

class TimeUp extends Error {
  override readonly name = 'TimeUp';
}

/** Rejects when `work` takes longer; it is not stopped by that. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeUp(`not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
