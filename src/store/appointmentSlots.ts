import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Slot } from '../appointments/slots.ts';
import type { Transaction } from './database.ts';
import { readCount, readRows, run } from './rows.ts';

/** Hours of one counsellor. One that overlaps with another of theirs is not added. Gives those that were. */
export async function addSlots(
  tx: Transaction,
  organisationId: string,
  { counsellor, slots, at }: { readonly counsellor: string; readonly slots: readonly Slot[]; readonly at: Date },
): Promise<readonly string[]> {
  const added: string[] = [];
  for (const { startsAt, endsAt } of slots) {
    const id = randomUUID();
    const made = await run(
      tx,
      `insert into counsellor_slots (id, organisation_id, counsellor, starts_at, ends_at, created_at)
       values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
      [id, organisationId, counsellor, startsAt, endsAt, at],
    );
    if (readCount(made) === 1) added.push(id);
  }
  return added;
}

const row = z.object({
  id: z.string(),
  counsellor: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  taken: z.boolean(),
});

export type ListedSlot = z.infer<typeof row>;

/** From an instant on, the earliest first. */
export async function listSlots(
  tx: Transaction,
  { from, freeOnly, limit }: { readonly from: Date; readonly freeOnly: boolean; readonly limit: number },
): Promise<readonly ListedSlot[]> {
  const result = await run(
    tx,
    `select id, counsellor, starts_at as "startsAt", ends_at as "endsAt", taken from (
       select s.*, exists (select from appointments a where a.slot_id = s.id and a.state = 'booked') as taken
       from counsellor_slots s where starts_at >= ? and withdrawn_at is null) each
     where not (? and taken) order by starts_at, id limit ?`,
    [from, freeOnly, limit],
  );
  return readRows(row, result);
}

/** A slot that somebody has taken stays: first their appointment is moved or cancelled. */
export async function withdrawSlot(tx: Transaction, id: string, at: Date): Promise<'withdrawn' | 'taken' | 'unknown'> {
  // Whoever takes it now waits here, or has it already.
  const locked = await run(tx, 'select 1 from counsellor_slots where id = ? and withdrawn_at is null for update', [id]);
  if (readCount(locked) === 0) return 'unknown';
  const result = await run(
    tx,
    `update counsellor_slots set withdrawn_at = ? where id = ?
       and not exists (select from appointments where slot_id = counsellor_slots.id and state = 'booked')`,
    [at, id],
  );
  return readCount(result) === 1 ? 'withdrawn' : 'taken';
}

/** Ids that begin like this, two at most. */
export async function slotsNamed(tx: Transaction, prefix: string): Promise<readonly string[]> {
  const result = await run(
    tx,
    `select id from counsellor_slots where withdrawn_at is null and starts_with(id::text, ?) order by id limit 2`,
    [prefix],
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
