import { type EspeakProgram, findEspeak } from './espeak.ts';
import { type Machine, thisMachine } from './machine.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';
import { type RunningRedis, startRedis } from './redis.ts';

export interface SetUp {
  readonly postgres: RunningPostgres;
  /** Null: none to be had; BullMQ's PostgreSQL backend takes the jobs. */
  readonly redis: RunningRedis | null;
  /** Null: none to be had; the sandbox's voice is a tone that says what it is. */
  readonly espeak: EspeakProgram | null;
  /** Stops what was started. Happens as well when this process ends in any way. */
  readonly stop: () => Promise<void>;
}

export interface SetUpOptions {
  /** Takes each line of what was found, fetched or done without. */
  readonly print: (line: string) => void;
  /** Keeps the database here; without it the database is thrown away at the end. */
  readonly directory?: string;
  readonly machine?: Machine;
  readonly fetch?: 'allowed' | 'never';
}

/** Everything Sanad needs beside Node. Throws only when there is no PostgreSQL, or a given address does not answer. */
export async function setUp(options: SetUpOptions): Promise<SetUp> {
  const { machine = thisMachine(), fetch = 'allowed' } = options;
  const print = (line: string) => options.print(`set-up: ${line}`);
  const common = { machine, log: print };
  const directory = options.directory === undefined ? {} : { directory: options.directory };
  const starting = timed(startPostgres({ ...common, ...directory }));
  // Redis and espeak-ng one after the other: both may come from Debian, and its mirrors are asked for one at a time.
  const fetching = timed(startRedis({ ...common, fetch })).then(async (redis) => ({
    redis,
    espeak: await findEspeak({ ...common, fetch }),
  }));
  const [database, others] = await Promise.allSettled([starting, fetching]);
  if (database.status === 'rejected' || others.status === 'rejected') {
    if (database.status === 'fulfilled') await database.value.result.stop();
    if (others.status === 'fulfilled') await others.value.redis.result?.stop();
    throw database.status === 'rejected' ? database.reason : others.status === 'rejected' ? others.reason : null;
  }
  const postgres = database.value.result;
  const { espeak } = others.value;
  const redis = others.value.redis.result;
  print(describe('PostgreSQL', postgres, database.value.ms));
  if (redis) print(describe('Redis', redis, others.value.redis.ms));
  else print("no Redis to be had: jobs run on BullMQ's PostgreSQL backend instead");
  if (espeak) print(`espeak-ng ${espeak.version} (${espeak.source}) is the local voice`);
  else print('no espeak-ng to be had: the local voice is a tone, not speech');
  const stop = async () => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
  return { postgres, redis, espeak, stop };
}

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startedAt = performance.now();
  const result = await work;
  return { result, ms: performance.now() - startedAt };
}

function describe(
  name: string,
  server: { readonly url: string; readonly source: string; readonly version: string },
  ms: number,
): string {
  if (server.source.endsWith('_URL')) return `${name} ${server.version} of ${server.source}`;
  const { host } = new URL(server.url);
  return `${name} ${server.version} (${server.source}) on ${host}, started in ${(ms / 1000).toFixed(1)} s`;
}
