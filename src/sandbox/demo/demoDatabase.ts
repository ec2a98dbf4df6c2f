import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of the demo's own: simulated calls must never lie among real ones, also when DATABASE_URL names a server in use. */
export interface DemoDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** @param server `postgres://…` of any database there whose account may create others */
export async function createDemoDatabase(server: string): Promise<DemoDatabase> {
  const name = `sanad_demo_${randomBytes(6).toString('hex')}`;
  try {
    await administer(server, `create database ${name}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(
      `The demo could not create a database of its own (${why}). Unset DATABASE_URL, and it starts a PostgreSQL of its own.`,
      { cause: error },
    );
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database if exists ${name} with (force)`) };
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
