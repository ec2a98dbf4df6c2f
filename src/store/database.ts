import knex, { type Knex } from 'knex';
import pg from 'pg';
import { z } from 'zod';
import { migrations, migrationSource } from '../../migrations/index.ts';
import { applicationRole, maintenanceRole } from '../../migrations/rowSecurity.ts';

export type Transaction = Knex.Transaction;

/** The database as the server uses it: every piece of work is one transaction in one scope, and none outlives its limit. */
export interface Database {
  /** Sees and writes the rows of one organisation. */
  readonly within: <T>(organisationId: string, work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** Sees the one organisation that has this dialled number (E.164), and may create it. */
  readonly forDialledNumber: <T>(number: string, work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** Maintenance: all organisations, no sealed column. */
  readonly acrossOrganisations: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** Resolves when the database answers and its schema is the one of this code; rejects otherwise. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections; 10 when not given. */
  readonly connections?: number;
  /** Waiting for a free or new connection; 5 s. */
  readonly connectMs?: number;
  /** One statement, enforced by the database; 10 s. */
  readonly statementMs?: number;
  /** One transaction, enforced by us: cuts the connection, since a network that swallows everything tells nobody. 15 s. */
  readonly transactionMs?: number;
}

/** A transaction took longer than its limit; its connection was cut and whether it was committed is unknown. */
export class DatabaseTimeout extends Error {
  constructor(ms: number) {
    super(`the database did not finish a transaction within ${ms} ms`);
    this.name = 'DatabaseTimeout';
  }
}

const silent = { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} };

/** `compileSqlOnError: false` keeps the values of a failed statement out of its error, and so out of every log. */
function open(url: string, pool: Knex.PoolConfig, connectMs: number): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'sanad',
      keepAlive: true,
      connectionTimeoutMillis: connectMs,
    },
    pool,
    acquireConnectionTimeout: connectMs,
    compileSqlOnError: false,
    log: silent,
  });
}

interface Scope {
  readonly role: string;
  readonly organisation: string;
  readonly dialledNumber: string;
}

/** Opens no connection yet: a server must be able to start, and to answer, while its database is away. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, connections = 10, connectMs = 5_000, statementMs = 10_000, transactionMs = 15_000 } = options;
  const onConnect = [
    `set role ${applicationRole}`,
    `set statement_timeout = ${statementMs}`,
    `set lock_timeout = ${statementMs}`,
    `set idle_in_transaction_session_timeout = ${2 * transactionMs}`,
  ].join('; ');
  const db = open(
    url,
    {
      min: 0,
      max: connections,
      afterCreate: (connection: pg.Client, done: (fault: Error | null, connection: pg.Client) => void) => {
        connection.query(onConnect, (fault: Error | null) => {
          // The pool forgets a connection that is refused here, and would leave it open for good.
          if (fault) void connection.end().catch(() => {});
          done(fault, connection);
        });
      },
    },
    connectMs,
  );

  const inScope = <T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    limited(db, transactionMs, async (tx) => {
      // The role too: a pooler between us and the database may have given this transaction to another session.
      await tx.raw(
        `select set_config('role', ?, true), set_config('sanad.organisation', ?, true), set_config('sanad.dialled_number', ?, true)`,
        [scope.role, scope.organisation, scope.dialledNumber],
      );
      return work(tx);
    });

  return {
    within: (organisationId, work) =>
      inScope({ role: applicationRole, organisation: organisationId, dialledNumber: '' }, work),
    forDialledNumber: (number, work) =>
      inScope({ role: applicationRole, organisation: '', dialledNumber: number }, work),
    acrossOrganisations: (work) => inScope({ role: maintenanceRole, organisation: '', dialledNumber: '' }, work),
    ready: async () => {
      await limited(db, transactionMs, (tx) => tx.raw('select id from organisations limit 0'));
    },
    close: () => db.destroy(),
  };
}

/** Runs `work` in a transaction on a connection of its own, which is cut when the time is over. */
async function limited<T>(db: Knex, ms: number, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const connection: unknown = await db.client.acquireConnection();
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    socketOf(connection)?.destroy();
  }, ms);
  try {
    return await db.transaction(work, { connection });
  } catch (fault) {
    throw cut ? new DatabaseTimeout(ms) : fault;
  } finally {
    clearTimeout(timer);
    await db.client.releaseConnection(connection);
  }
}

/** The socket under a pg client. Destroying it fails every statement on it at once, and the pool drops the connection. */
function socketOf(connection: unknown): { readonly destroy: () => void } | null {
  const shape = z.object({ connection: z.object({ stream: z.custom<{ readonly destroy: () => void }>() }) });
  const parsed = shape.safeParse(connection);
  return parsed.success ? parsed.data.connection.stream : null;
}

/** Any number of servers may start at once: the first migrates, the others wait for it. Names what it applied. */
export async function migrate(url: string): Promise<readonly string[]> {
  const applied = await asOwner(url, (db) => db.migrate.latest({ migrationSource }));
  return z.tuple([z.number(), z.array(z.string())]).parse(applied)[1];
}

/** Takes back every migration; for tests and for a database that is to be given up. */
export async function unmigrate(url: string): Promise<void> {
  await asOwner(url, (db) => db.migrate.rollback({ migrationSource }, true));
}

/** Names of migrations this database still lacks; for the check before a start. */
export async function pendingMigrations(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const made = await client.query(`select to_regclass('knex_migrations') is not null as made`);
    if (!z.array(z.object({ made: z.boolean() })).parse(made.rows)[0]?.made) return migrations.map((m) => m.name);
    const done = await client.query('select name from knex_migrations');
    const names = z.array(z.object({ name: z.string() })).parse(done.rows);
    return migrations.map((m) => m.name).filter((name) => !names.some((row) => row.name === name));
  } finally {
    await client.end();
  }
}

/** `SANAD` in hexadecimal: one migration at a time in a database. */
const migrationLock = 0x53414e4144;

/**
 * Runs `work` on the owner's connection under a lock that dies with its session. knex's own lock is a row, which a
 * server killed while migrating leaves behind for ever; under ours it can be freed safely.
 */
async function asOwner<T>(url: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const guard = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await guard.connect();
  const db = open(url, { min: 0, max: 1 }, 10_000);
  try {
    await guard.query(`select pg_advisory_lock(${migrationLock})`);
    await db.migrate.forceFreeMigrationsLock({ migrationSource });
    return await work(db);
  } finally {
    await db.destroy();
    await guard.end();
  }
}

/** A code for logs: the SQLSTATE or the system's error code; never the message, which may quote a row. */
export function faultCode(fault: unknown): string {
  const parsed = z.object({ code: z.string() }).safeParse(fault);
  if (parsed.success) return parsed.data.code;
  return fault instanceof Error ? fault.name : 'unknown';
}
