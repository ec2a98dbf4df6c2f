import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { idsOnly, type IdsOnly } from '../ids.ts';
import type { Database, Transaction } from './database.ts';
import { readCount, readRows, run } from './rows.ts';

/**
 * Work that must not be lost: written in the transaction that makes it necessary, handed to the queue afterwards. It may be
 * handed over twice, so its id is the id of the job.
 */

export interface OutboxEntry {
  readonly id: string;
  readonly organisationId: string;
  readonly topic: string;
  readonly payload: IdsOnly;
}

/** Adds an entry within `tx`, which must be in the organisation's scope. Throws a ZodError when `payload` is not ids only. */
export async function addToOutbox(tx: Transaction, entry: Omit<OutboxEntry, 'id'>): Promise<string> {
  const id = randomUUID();
  await run(tx, 'insert into outbox (id, organisation_id, topic, payload) values (?, ?, ?, ?::jsonb)', [
    id,
    entry.organisationId,
    entry.topic,
    JSON.stringify(idsOnly.parse(entry.payload)),
  ]);
  return id;
}

const row = z.object({ id: z.string(), organisation_id: z.string(), topic: z.string(), payload: idsOnly });

/**
 * Gives up to `most` waiting entries of these topics, oldest first, to `dispatch`, and marks those dispatched for which it
 * resolved. Several dispatchers may run at once: a row is with one of them at a time. Gives how many were dispatched.
 */
export async function dispatchOutbox(
  database: Database,
  topics: readonly string[],
  most: number,
  dispatch: (entry: OutboxEntry) => Promise<void>,
): Promise<number> {
  return database.acrossOrganisations(async (tx) => {
    const waiting = await run(
      tx,
      `select id, organisation_id, topic, payload from outbox
       where dispatched_at is null and topic = any(?::text[]) order by created_at, id limit ? for update skip locked`,
      [topics, most],
    );
    const entries = readRows(row, waiting);
    const results = await Promise.allSettled(
      entries.map((r) => dispatch({ id: r.id, organisationId: r.organisation_id, topic: r.topic, payload: r.payload })),
    );
    const done = entries.filter((_, index) => results[index]?.status === 'fulfilled').map((r) => r.id);
    if (done.length === 0) return 0;
    return readCount(await run(tx, 'update outbox set dispatched_at = now() where id = any(?::uuid[])', [done]));
  });
}

/** Removes entries that were dispatched so long ago. Gives how many. */
export async function sweepOutbox(database: Database, olderThanMs: number): Promise<number> {
  const result = await database.acrossOrganisations((tx) =>
    run(tx, 'delete from outbox where dispatched_at < now() - make_interval(secs => ?)', [olderThanMs / 1000]),
  );
  return readCount(result);
}
