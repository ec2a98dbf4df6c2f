import pg from 'pg';
import { z } from 'zod';
import { applicationRole, maintenanceRole } from '../../migrations/rowSecurity.ts';
import { openDatabase, pendingMigrations } from './database.ts';

/** What can be said of a database without changing it. */
export interface DatabaseCondition {
  /** As PostgreSQL writes it: `17.2`. */
  readonly version: string;
  readonly access: 'readWrite' | 'readOnly';
}

const connectionShape = z.array(z.object({ version: z.string(), read_only: z.boolean() })).length(1);

/** Rejects with the driver's error, whose `code` tells why; its message may quote user and host. */
export async function databaseCondition(url: string, timeoutMs: number): Promise<DatabaseCondition> {
  return asking(url, timeoutMs, async (client) => {
    const { rows } = await client.query(
      `select current_setting('server_version') as version,
              pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as read_only`,
    );
    const row = connectionShape.parse(rows)[0];
    // Debian adds its own name behind the version.
    const version = row?.version.split(' ')[0] ?? 'unknown';
    return { version, access: row?.read_only === true ? 'readOnly' : 'readWrite' };
  });
}

export interface MigrationCondition {
  readonly pending: readonly string[];
  /** Whether the login of `url` may apply them: it makes tables, and the two roles unless they are there. */
  readonly applicable: boolean;
}

const rightsShape = z.array(z.object({ applicable: z.boolean() })).length(1);

export async function migrationCondition(url: string, timeoutMs: number): Promise<MigrationCondition> {
  const pending = await pendingMigrations(url);
  if (pending.length === 0) return { pending, applicable: true };
  return asking(url, timeoutMs, async (client) => {
    const { rows } = await client.query(
      `select has_schema_privilege(current_schema(), 'create')
          and (rolsuper or rolcreaterole or (select count(*) = 2 from pg_roles where rolname in ($1, $2))) as applicable
         from pg_roles where rolname = current_user`,
      [applicationRole, maintenanceRole],
    );
    return { pending, applicable: rightsShape.parse(rows)[0]?.applicable ?? false };
  });
}

const tablesShape = z.array(z.object({ name: z.string() }));

/**
 * Takes both roles, as the server does, and names the tables of organisations that row-level security does not keep apart.
 * Rejects when a role cannot be taken.
 */
export async function unsecuredTables(url: string, timeoutMs: number): Promise<readonly string[]> {
  const database = openDatabase({
    url,
    connections: 1,
    connectMs: timeoutMs,
    statementMs: timeoutMs,
    transactionMs: timeoutMs,
  });
  try {
    await database.ready();
    await database.acrossOrganisations((tx) => tx.raw('select 1'));
  } finally {
    await database.close();
  }
  return asking(url, timeoutMs, async (client) => {
    const { rows } = await client.query(
      `select c.relname as name from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
          and not (c.relrowsecurity and c.relforcerowsecurity)
        order by c.relname`,
    );
    return tablesShape.parse(rows).map(({ name }) => name);
  });
}

/** A connection of its own, bounded in connecting and in each statement. */
async function asking<T>(url: string, timeoutMs: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'sanad doctor',
  });
  // A connection that breaks between two statements would otherwise end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
