import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../../src/embedded/postgres.ts';
import { type RunningRedis, startRedis } from '../../src/embedded/redis.ts';
import { migrate } from '../../src/store/database.ts';

/**
 * Databases and queues for tests. `npm test` starts the servers once and names them in TEST_DATABASE_URL and
 * TEST_REDIS_URL; a single `npx mocha test/x` starts its own, once, when the first test asks.
 */
export interface TestDatabase {
  /** `postgres://…` of a database that is yours alone; its role is no superuser. */
  readonly url: string;
  /** Optional: what is left is dropped when the tests end. */
  readonly drop: () => Promise<void>;
}

let server: Promise<RunningPostgres> | null = null;
let redis: Promise<RunningRedis | null> | null = null;
let template: Promise<string> | null = null;
const made = new Set<string>();

function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return Promise.resolve(given);
  server ??= startPostgres();
  return server.then((running) => running.url);
}

/** A fresh database: with all migrations (a copy of a template that is migrated once, about 30 ms), or empty. */
export async function testDatabase(content: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const base = await serverUrl();
  if (content === 'empty') return create(base, null);
  template ??= makeTemplate(base);
  return create(base, await template);
}

async function makeTemplate(base: string): Promise<string> {
  const { url } = await create(base, null);
  await migrate(url);
  return databaseName(url);
}

async function create(base: string, from: string | null): Promise<TestDatabase> {
  const name = `sanad_test_${randomBytes(8).toString('hex')}`;
  // WAL_LOG copies while others copy the same template; FILE_COPY would make checkpoints.
  await administer(base, `create database ${name}${from === null ? '' : ` template ${from}`}`);
  made.add(name);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(base, name) };
}

async function drop(base: string, name: string): Promise<void> {
  if (!made.delete(name)) return;
  try {
    await administer(base, `drop database if exists ${name} with (force)`);
  } catch (error) {
    if (!isForeignProcess(error)) throw error;
    // The server's own vacuum is in it, and only a superuser may end that. It is dropped with the others at the end.
    made.add(name);
  }
}

function isForeignProcess(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function databaseName(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** `redis://…`, or null where none is to be had; then the queue tests run on BullMQ's PostgreSQL backend only. */
export async function testRedisUrl(): Promise<string | null> {
  const given = process.env['TEST_REDIS_URL'];
  if (given === 'none') return null;
  if (given) return given;
  redis ??= startRedis({ fetch: 'never' });
  return (await redis)?.url ?? null;
}

/** The first test that asks pays for initdb, and on a busy machine more than mocha's usual limit. */
export const serverStartMs = 30_000;

// Registered on the root suite, because this file is loaded while mocha collects the tests.
after(async function () {
  this.timeout(serverStartMs);
  const given = process.env['TEST_DATABASE_URL'];
  // What a login of another right still holds open goes with the server.
  if (given) await Promise.allSettled([...made].map((name) => drop(given, name)));
  const [running, queue] = await Promise.allSettled([server, redis]);
  if (running.status === 'fulfilled') await running.value?.stop();
  if (queue.status === 'fulfilled') await queue.value?.stop();
});
