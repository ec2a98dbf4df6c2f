import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { lastLine, runCommand } from './command.ts';
import { type FetchedProgram, findOrFetch } from './fetchedProgram.ts';
import { openGuard, startServer } from './guardedServer.ts';
import { type Account, type Machine, isOpenToOthers, serverAccount, thisMachine } from './machine.ts';
import { freePort, until } from './port.ts';

export interface RunningRedis {
  readonly url: string;
  readonly source: 'REDIS_URL' | FetchedProgram['source'];
  readonly version: string;
  /** Happens as well when this process ends in any way. */
  readonly stop: () => Promise<void>;
}

export interface RedisOptions {
  readonly log?: (line: string) => void;
  readonly machine?: Machine;
  /** `never` keeps away from the network: only what is installed or was fetched before. */
  readonly fetch?: 'allowed' | 'never';
}

export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

/** BullMQ refuses older ones and advises 6.2. */
const oldestVersion = [6, 2] as const;

/** The program redis-server is a link into redis-tools. */
const debian = { name: 'redis-server', packages: ['redis-server', 'redis-tools'], program: 'redis-server' };

/**
 * REDIS_URL if set, else a redis-server (or valkey-server) of our own on 127.0.0.1, random port and password, nothing
 * written to disk. Null, with the reason said, when none can be had: jobs then use BullMQ's PostgreSQL backend. Throws
 * `RedisUnavailable` only when REDIS_URL is set and does not answer, because going on without what was asked for would hide a
 * fault.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RunningRedis | null> {
  const machine = options.machine ?? thisMachine();
  const log = options.log ?? (() => {});
  const given = machine.env['REDIS_URL']?.trim();
  if (given) return useGiven(given);
  const search = { machine, log, fetch: options.fetch ?? 'allowed' };
  const found = await findOrFetch(['redis-server', 'valkey-server'], debian, search);
  if (found.kind === 'missing') {
    log(`Redis: ${found.why}`);
    return null;
  }
  const started = await start(found.program);
  if (started.kind === 'running') return started.redis;
  log(`Redis: ${started.why}`);
  return null;
}

async function useGiven(url: string): Promise<RunningRedis> {
  const asked = await versionAt(url, 5_000);
  if (asked.kind === 'silent') {
    throw new RedisUnavailable(`REDIS_URL is set, but that Redis does not answer: ${asked.why}`);
  }
  return { url, source: 'REDIS_URL', version: asked.version, stop: () => Promise.resolve() };
}

type Started =
  { readonly kind: 'running'; readonly redis: RunningRedis } | { readonly kind: 'notRunning'; readonly why: string };

async function start(program: FetchedProgram): Promise<Started> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...program.env };
  const asked = await runCommand(program.command, ['--version'], { limitMs: 10_000, env });
  if (asked.kind === 'refused') {
    return { kind: 'notRunning', why: `${program.command} ${asked.why}: ${lastLine(asked.output)}` };
  }
  const version = /v=(\d+\.\d+(?:\.\d+)?)/.exec(asked.output)?.[1] ?? '0.0';
  if (!isNewEnough(version)) {
    return {
      kind: 'notRunning',
      why: `${program.command} is version ${version}; ${oldestVersion.join('.')} is needed`,
    };
  }
  const account = accountFor(program);
  const base = mkdtempSync(path.join(tmpdir(), 'sanad-redis-'));
  const guard = openGuard(base);
  chmodSync(base, 0o700);
  if (account) chownSync(base, account.uid, account.gid);
  let why = '';
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const port = await freePort();
    const password = randomBytes(24).toString('hex');
    const server = startServer(
      {
        command: program.command,
        // The configuration comes by standard input, so that the password is in no list of processes.
        args: ['-'],
        input: configuration(port, password, base),
        env,
        cwd: base,
        account,
        logFile: path.join(base, 'log'),
        stopSignal: 'TERM',
      },
      guard,
    );
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const ready = await until(async () => (await versionAt(url, 1_000)).kind === 'answers', {
      limitMs: 10_000,
      pauseMs: 15,
      givenUp: () => server.ended() !== null,
    });
    if (ready) return { kind: 'running', redis: { url, source: program.source, version, stop: () => guard.release() } };
    why = `${program.command} did not start: ${server.ended() ?? 'no answer in 10 s'}: ${lastLine(server.logTail())}`;
    if (!why.includes('Address already in use')) break;
  }
  await guard.release();
  return { kind: 'notRunning', why };
}

function configuration(port: number, password: string, folder: string): string {
  return [
    'bind 127.0.0.1',
    'protected-mode yes',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    // BullMQ must never lose a key to eviction.
    'maxmemory-policy noeviction',
    `dir ${folder}`,
    '',
  ].join('\n');
}

/** Redis may run as root, but has no need to; it stays ours when `nobody` cannot walk to the program. */
function accountFor(program: FetchedProgram): Account | null {
  const open = isOpenToOthers(program.command) && isOpenToOthers(tmpdir());
  return open ? serverAccount() : null;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1]);
}

type Asked = { readonly kind: 'answers'; readonly version: string } | { readonly kind: 'silent'; readonly why: string };

async function versionAt(url: string, limitMs: number): Promise<Asked> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let why = 'no answer';
  client.on('error', (error: Error) => {
    why = error.message;
  });
  try {
    await client.connect();
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'unknown';
    return { kind: 'answers', version };
  } catch (error) {
    return { kind: 'silent', why: why === 'no answer' && error instanceof Error ? error.message : why };
  } finally {
    client.disconnect();
  }
}
