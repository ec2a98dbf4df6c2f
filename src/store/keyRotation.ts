import { z } from 'zod';
import { callKeyPlace } from './calls.ts';
import { callerKeyPlace } from './callers.ts';
import type { Database, Transaction } from './database.ts';
import { onCallKeyPlace } from './onCallPeople.ts';
import { lookupPlace } from './organisations.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { SealBroken, type BrokenReason, type KeyKeeper, type Place } from './sealing.ts';
import { staffKeyPlace } from './staff.ts';

/**
 * Every key that is kept wrapped by the data key. Rotation wraps it anew; what it seals is not touched. A new table with a
 * wrapped key belongs into this list (a test compares it with the database).
 */
export const keyTables = [
  { table: 'organisations', column: 'lookup_key', place: lookupPlace },
  { table: 'callers', column: 'wrapped_key', place: callerKeyPlace },
  { table: 'calls', column: 'wrapped_key', place: callKeyPlace },
  { table: 'on_call_people', column: 'wrapped_key', place: onCallKeyPlace },
  { table: 'staff', column: 'wrapped_key', place: staffKeyPlace },
] as const satisfies readonly KeyTable[];

interface KeyTable {
  readonly table: string;
  readonly column: string;
  readonly place: (id: string) => Place;
}

export interface KeyCount {
  readonly table: string;
  /** 8 hex digits. */
  readonly dataKeyId: string;
  readonly keys: number;
}

/** How many keys of the organisation each data key has wrapped. */
export async function countKeys(database: Database, organisationId: string): Promise<readonly KeyCount[]> {
  return database.within(organisationId, async (tx) => {
    const counts: KeyCount[] = [];
    for (const { table, column } of keyTables) {
      const result = await run(
        tx,
        `select data_key_id as "dataKeyId", count(*)::int as keys from ${table}
         where ${column} is not null group by 1 order by 1`,
      );
      const rows = readRows(z.object({ dataKeyId: z.string(), keys: z.number() }), result);
      counts.push(...rows.map((each) => ({ table, ...each })));
    }
    return counts;
  });
}

export interface BrokenKey {
  readonly table: string;
  readonly id: string;
  readonly why: BrokenReason;
}

export interface RotationReport {
  /** Wrapped anew by this run. */
  readonly rotated: number;
  /** Still under another key than the present one, broken ones apart: somebody else is at them, or it was stopped. */
  readonly left: number;
  /** These could not be opened and stay as they are; the first hundred. */
  readonly broken: readonly BrokenKey[];
  readonly brokenCount: number;
  readonly stopped: boolean;
}

export interface RotationOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisationId: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
  /** Keys in one transaction; 500. */
  readonly batch?: number;
}

const brokenShown = 100;

/**
 * Wraps all keys of the organisation that another data key has wrapped with the present one. In batches, each at once or not at all;
 * it may be broken off, run again, and run by several at once: each key is wrapped anew once, and can be opened at every moment by
 * whoever has both data keys.
 */
export async function rotateKeys(options: RotationOptions): Promise<RotationReport> {
  const { database, keys, organisationId, signal, onProgress = () => {} } = options;
  const of = await countLeft(options);
  let rotated = 0;
  let brokenCount = 0;
  const broken: BrokenKey[] = [];
  const stopped = (): boolean => signal?.aborted === true;
  for (const table of keyTables) {
    let after: string | null = null;
    while (!stopped()) {
      const from: string | null = after;
      const batch: Batch = await database.within(organisationId, (tx) =>
        rotateBatch(tx, keys, table, from, options.batch ?? 500),
      );
      rotated += batch.rotated;
      brokenCount += batch.broken.length;
      broken.push(...batch.broken.slice(0, brokenShown - broken.length));
      if (batch.last === null) break;
      after = batch.last;
      onProgress(Math.min(rotated + brokenCount, of), of);
    }
  }
  const left = Math.max(0, (await countLeft(options)) - brokenCount);
  return { rotated, left, broken, brokenCount, stopped: stopped() };
}

interface Batch {
  readonly rotated: number;
  readonly broken: readonly BrokenKey[];
  /** Null when there was nothing more. */
  readonly last: string | null;
}

const row = z.object({ id: z.string(), wrapped: sealedColumn });

async function rotateBatch(
  tx: Transaction,
  keys: KeyKeeper,
  { table, column, place }: KeyTable,
  after: string | null,
  most: number,
): Promise<Batch> {
  const result = await run(
    tx,
    `select id, ${column} as wrapped from ${table}
     where ${column} is not null and data_key_id <> ? and id > ?::uuid
     order by id limit ? for no key update skip locked`,
    [keys.dataKeyId, after ?? '00000000-0000-0000-0000-000000000000', most],
  );
  const found = readRows(row, result);
  const broken: BrokenKey[] = [];
  const anew: { readonly id: string; readonly wrapped: Buffer }[] = [];
  for (const { id, wrapped } of found) {
    const outcome = rewrapped(keys, wrapped, place(id));
    if (Buffer.isBuffer(outcome)) anew.push({ id, wrapped: outcome });
    else broken.push({ table, id, why: outcome });
  }
  const updated = await run(
    tx,
    `update ${table} set ${column} = given.wrapped, data_key_id = ?
     from unnest(?::uuid[], ?::bytea[]) as given (id, wrapped) where ${table}.id = given.id`,
    [keys.dataKeyId, anew.map(({ id }) => id), anew.map(({ wrapped }) => wrapped)],
  );
  return { rotated: readCount(updated), broken, last: found.at(-1)?.id ?? null };
}

function rewrapped(keys: KeyKeeper, wrapped: Buffer, place: Place): Buffer | BrokenReason {
  try {
    return keys.rewrap(wrapped, place).wrapped;
  } catch (fault) {
    if (fault instanceof SealBroken) return fault.reason;
    throw fault;
  }
}

async function countLeft({ database, keys, organisationId }: RotationOptions): Promise<number> {
  const counts = await countKeys(database, organisationId);
  return counts.filter(({ dataKeyId }) => dataKeyId !== keys.dataKeyId).reduce((sum, { keys: n }) => sum + n, 0);
}
