import {
  createPostgresBackend,
  createRedisBackend,
  withBackend,
  type Job,
  runMigrations,
  type Queue,
  type Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { IdsOnly } from '../ids.ts';
import { limits } from '../limits.ts';

export type JobQueue = Pick<
  Queue<IdsOnly>,
  'add' | 'upsertJobScheduler' | 'getFailed' | 'getJob' | 'getJobCounts' | 'close'
> &
  Faulting;
export type JobWorker = Pick<Worker<IdsOnly>, 'waitUntilReady' | 'pause' | 'close'> & Faulting;

/** Both must be listened to: without it BullMQ prints the fault, and with it the connection's host and user. */
interface Faulting {
  readonly on: (event: 'error', listen: (fault: Error) => void) => unknown;
}

export type Process = (job: Job<IdsOnly>) => Promise<void>;

export interface WorkerTimings {
  /** A job whose worker did not renew its lock for so long is taken for stalled. */
  readonly lockMs: number;
  /** How often stalled jobs are looked for. */
  readonly stalledCheckMs: number;
  readonly concurrency: number;
}

/** Where jobs wait. Both have the same behaviour, proved by one suite of tests. */
export interface QueueBackend {
  readonly name: 'redis' | 'postgres';
  /** Resolves when jobs can be taken; rejects at once, or within the limit, when they cannot. */
  readonly prepare: () => Promise<void>;
  /** Only after `prepare` resolved. */
  readonly queue: (name: string) => JobQueue;
  readonly worker: (name: string, process: Process, timings: WorkerTimings) => JobWorker;
  readonly close: () => Promise<void>;
}

const keptAfterMs = { completed: 86_400, failed: 7 * 86_400 };

/**
 * A finished job is kept for a day, a failed one for a week: as long as its id is there it is not added a second time, and
 * the outbox may hand an entry over twice.
 */
export const retention = {
  removeOnComplete: { age: keptAfterMs.completed, count: 10_000 },
  removeOnFail: { age: keptAfterMs.failed, count: 10_000 },
};

function workerOptions(timings: WorkerTimings) {
  return {
    lockDuration: timings.lockMs,
    stalledInterval: timings.stalledCheckMs,
    concurrency: timings.concurrency,
    // Three servers may die under a job before it counts as the job's own fault.
    maxStalledCount: 3,
    ...retention,
  };
}

/**
 * BullMQ on Redis. All producers share one connection that refuses while it is down instead of keeping commands:
 * `skipWaitingForReady` and `enableOfflineQueue: false` both are needed for that (reference: measured, 0 ms).
 */
export function redisBackend(url: string, prefix: string, onFault: (fault: Error) => void): QueueBackend {
  const { Queue: RedisQueue, Worker: RedisWorker } = withBackend(createRedisBackend);
  const producer = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: limits.queueAddMs,
    connectTimeout: limits.queueAddMs,
  });
  producer.on('error', onFault);
  return {
    name: 'redis',
    prepare: () => ready(producer),
    queue: (name) => new RedisQueue<IdsOnly>(name, { connection: producer, prefix, skipWaitingForReady: true }),
    worker: (name, process, timings) =>
      new RedisWorker<IdsOnly>(name, process, {
        connection: { url, maxRetriesPerRequest: null },
        prefix,
        ...workerOptions(timings),
      }),
    close: async () => {
      producer.disconnect();
      await Promise.resolve();
    },
  };
}

/** At once when the connection is up or known to be down; waits only while it is being made for the first time. */
function ready(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  if (redis.status !== 'connecting' && redis.status !== 'connect')
    return Promise.reject(new Error('Redis is not connected'));
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      redis.off('ready', up);
      redis.off('close', down);
      act();
    };
    const up = settle(resolve);
    const down = settle(() => reject(new Error('Redis is not connected')));
    redis.on('ready', up);
    redis.on('close', down);
  });
}

/** BullMQ's own backend on the PostgreSQL that keeps the records, in a schema of its own. No Redis is needed. */
export function postgresBackend(url: string): QueueBackend {
  const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);
  const connection = { connectionString: url, connectionTimeoutMillis: limits.queueAddMs, keepAlive: true };
  let migrated: Promise<void> | null = null;
  return {
    name: 'postgres',
    prepare: () => {
      migrated ??= migrateQueues(url).catch((fault: unknown) => {
        // A failure is not remembered: the database may be back the next time.
        migrated = null;
        throw fault;
      });
      return migrated;
    },
    queue: (name) => new PostgresQueue<IdsOnly>(name, { connection: { ...connection, max: 2 } }),
    worker: (name, process, timings) =>
      new PostgresWorker<IdsOnly>(name, process, {
        connection: { ...connection, max: 2 + timings.concurrency },
        ...workerOptions(timings),
      }),
    close: () => Promise.resolve(),
  };
}

/** Connections do not migrate by themselves; the migrations take a lock, so any number of servers may start at once. */
async function migrateQueues(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: limits.queueAddMs });
  client.on('error', () => {});
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
