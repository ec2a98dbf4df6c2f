import { Redis } from 'ioredis';
import { defineCheck } from './check.ts';
import { type Finding, ok, warning } from './finding.ts';
import { codeOf, reasonOf } from './networkReason.ts';

/** BullMQ refuses anything before 5 and advises this. */
const oldestRedis = [6, 2] as const;

/** Calls are held without the queue, and escalations move on by the database: what waits are the jobs after a call. */
export const queueCheck = defineCheck({
  rows: ['queue'],
  uses: ['REDIS_URL', 'DATABASE_URL'],
  late: {
    state: 'warning',
    fix: 'Calls are served, jobs wait. See whether Redis is overloaded, and whether a firewall lies between.',
  },
  run: async ({ REDIS_URL: url }, { report, timeoutMs, signal }) =>
    report(
      'queue',
      url === undefined
        ? ok("no REDIS_URL: PostgreSQL keeps the jobs (BullMQ's PostgreSQL backend)")
        : await ofRedis(url, timeoutMs, signal),
    ),
});

async function ofRedis(url: string, timeoutMs: number, signal: AbortSignal): Promise<Finding> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  signal.addEventListener('abort', () => client.disconnect(), { once: true });
  let why: Error | null = null;
  client.on('error', (error: Error) => {
    why = error;
  });
  try {
    await client.connect();
    return redisFinding(await client.info());
  } catch (error) {
    return unusable(why ?? error);
  } finally {
    client.disconnect();
  }
}

/** Reads the answer to INFO. */
export function redisFinding(info: string): Finding {
  const read = (name: string): string | null => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? null;
  const version = read('redis_version') ?? '0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldestRedis[0] || (major === oldestRedis[0] && minor < oldestRedis[1]))
    return warning(
      `Redis ${version} is too old`,
      `Install Redis ${oldestRedis.join('.')} or newer. Until then jobs wait.`,
    );
  if (read('role') === 'slave')
    return warning(`Redis ${version} is a replica and takes no jobs`, 'Point REDIS_URL to the primary. Jobs wait.');
  const policy = read('maxmemory_policy');
  if (policy !== null && policy !== 'noeviction')
    return warning(`Redis ${version} may drop jobs when it is full (${policy})`, 'Set maxmemory-policy noeviction.');
  return ok(`Redis ${version} answers`);
}

function unusable(error: unknown): Finding {
  const said = error instanceof Error ? error.message : '';
  if (/WRONGPASS|NOAUTH|NOPERM/.test(said))
    return warning('Redis refuses the password', 'Calls are served, jobs wait. Correct the password in REDIS_URL.');
  const code = codeOf(error);
  const why = code === null ? 'no usable answer' : reasonOf(code);
  return warning(`Redis is away: ${why}`, 'Calls are served, jobs wait. Start Redis, or correct REDIS_URL.');
}
