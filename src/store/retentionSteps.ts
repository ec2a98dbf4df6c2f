import { z } from 'zod';
import type { Transaction } from './database.ts';
import { readCount, readRows, run } from './rows.ts';

/** What a sweep removes beside words: each step at most `most` rows that are older than `before`, or the count of all of them. */
export interface Removal {
  readonly organisationId: string;
  readonly before: Date;
  readonly at: Date;
  readonly dryRun: boolean;
  readonly most: number;
}

const countOf = z.object({ n: z.number() });

async function count(tx: Transaction, { organisationId, before }: Removal, from: string): Promise<number> {
  const counted = await run(tx, `select count(*)::int as n from ${from}`, [organisationId, before]);
  return readRows(countOf, counted)[0]?.n ?? 0;
}

/** Chooses rows with `chosen` (two values: the organisation and the age) and counts them, or has them removed. */
export async function step(
  tx: Transaction,
  removal: Removal,
  chosen: { readonly from: string; readonly order: string },
  remove: (ids: readonly string[]) => Promise<void>,
): Promise<number> {
  const { organisationId, before, dryRun, most } = removal;
  const { from, order } = chosen;
  if (dryRun) return count(tx, removal, from);
  const result = await run(tx, `select id from ${from} order by ${order} limit ? for update skip locked`, [
    organisationId,
    before,
    most,
  ]);
  const ids = readRows(z.object({ id: z.string() }), result).map((row) => row.id);
  if (ids.length > 0) await remove(ids);
  return ids.length;
}

export async function emptyBriefings(tx: Transaction, removal: Removal): Promise<number> {
  const from = 'escalations where organisation_id = ? and closed_at < ? and octet_length(briefing) > 0';
  return step(tx, removal, { from, order: 'closed_at' }, async (ids) => {
    await run(tx, `update escalations set briefing = '' where id = any(?::uuid[])`, [ids]);
  });
}

export async function removeLogs(tx: Transaction, removal: Removal): Promise<number> {
  const from = 'calls where organisation_id = ? and ended_at < ? and log_removed_at is null';
  return step(tx, removal, { from, order: 'ended_at' }, async (ids) => {
    await run(tx, 'delete from call_log where call_id = any(?::uuid[])', [ids]);
    await run(tx, 'update calls set log_removed_at = clock_timestamp() where id = any(?::uuid[])', [ids]);
  });
}

/** By themselves, without being locked first: the application may not change them, and so may not lock them. */
export async function removeAssessments(tx: Transaction, removal: Removal): Promise<number> {
  const { organisationId, before, dryRun, most } = removal;
  const from = 'risk_assessments where organisation_id = ? and created_at < ?';
  if (dryRun) return count(tx, removal, from);
  const deleted = await run(
    tx,
    `delete from risk_assessments where ctid = any(array(select ctid from ${from} order by created_at limit ?))`,
    [organisationId, before, most],
  );
  return readCount(deleted);
}

const stillOpen = `exists (select from callback_tasks t where t.escalation_id = escalations.id and t.state in ('waiting', 'calling'))`;

/** With their attempts, events, news and callbacks, which refer to them. One that is open stays, however old it is. */
export async function removeEscalations(tx: Transaction, removal: Removal): Promise<number> {
  const from = `escalations where organisation_id = ? and requested_at < ? and state = 'closed' and not ${stillOpen}`;
  return step(tx, removal, { from, order: 'requested_at' }, async (ids) => {
    await run(tx, 'delete from escalations where id = any(?::uuid[])', [ids]);
  });
}

const stillBusy = `(exists (select from escalations e where e.call_id = calls.id and e.state <> 'closed')
  or exists (select from callback_tasks t where t.call_id = calls.id and t.state in ('waiting', 'calling')))`;

/** With all that belongs to them. Consents of a known caller stay with the caller. */
export async function removeCalls(tx: Transaction, removal: Removal): Promise<number> {
  const from = `calls where organisation_id = ? and ended_at < ? and not ${stillBusy}`;
  return step(tx, removal, { from, order: 'ended_at' }, async (ids) => {
    await run(tx, 'delete from consents where call_id = any(?::uuid[]) and caller_id is null', [ids]);
    await run(tx, 'update consents set call_id = null where call_id = any(?::uuid[])', [ids]);
    await run(tx, 'delete from follow_up_plans where call_id = any(?::uuid[]) and caller_id is null', [ids]);
    await run(tx, 'update follow_up_plans set call_id = null where call_id = any(?::uuid[])', [ids]);
    await run(tx, 'update follow_ups set called_call_id = null where called_call_id = any(?::uuid[])', [ids]);
    await run(tx, 'update messages set call_id = null where call_id = any(?::uuid[])', [ids]);
    const deleted = await run(tx, 'delete from calls where id = any(?::uuid[]) returning caller_id', [ids]);
    const callers = readRows(z.object({ caller_id: z.string().nullable() }), deleted).map((row) => row.caller_id);
    await run(
      tx,
      `update callers set emptied_at = ? where id = any(?::uuid[])
         and not exists (select from calls where calls.caller_id = callers.id)`,
      [removal.at, callers.filter((id) => id !== null)],
    );
  });
}

/** Erased callers too: nothing refers to their row any more. */
export async function removeCallers(tx: Transaction, removal: Removal): Promise<number> {
  const from = `callers where organisation_id = ? and emptied_at < ?
    and not exists (select from calls where calls.caller_id = callers.id)
    and not exists (select from messages where messages.caller_id = callers.id)`;
  return step(tx, removal, { from, order: 'emptied_at' }, async (ids) => {
    await run(tx, 'delete from consents where caller_id = any(?::uuid[])', [ids]);
    await run(tx, 'delete from follow_up_plans where caller_id = any(?::uuid[])', [ids]);
    const deleted = await run(tx, 'delete from callers where id = any(?::uuid[])', [ids]);
    if (readCount(deleted) !== ids.length) throw new Error('a caller who was locked could not be removed');
  });
}
