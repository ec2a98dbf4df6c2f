import { z } from 'zod';
import { appendAudit, type AuditActor } from './audit.ts';
import type { Transaction } from './database.ts';
import { readCount, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

export interface ErasedCounts {
  readonly calls: number;
  readonly turns: number;
  readonly logEntries: number;
  readonly callbacks: number;
}

export type Erasure =
  | { readonly kind: 'erased'; readonly at: Date; readonly counts: ErasedCounts }
  | { readonly kind: 'alreadyErased'; readonly at: Date }
  | { readonly kind: 'unknown' }
  /** The caller is on the line, a person is being brought to them, or Sanad is ringing them at this moment. */
  | { readonly kind: 'inUse'; readonly why: 'onTheLine' | 'escalation' | 'ringing' }
  /** Somebody has promised to call back, for which the number is needed. */
  | { readonly kind: 'callbacksWaiting'; readonly callbacks: number };

export interface ErasureOptions {
  readonly callerId: string;
  readonly actor: AuditActor;
  readonly why?: string | undefined;
  /** Promised callbacks are called off. Without it the caller is not erased while there are any. */
  readonly cancelCallbacks: boolean;
}

/**
 * Destroys the caller's key and all that could be linked to them: number, look-up, words, logs, briefings, evidence of consents, and
 * the carrier's ids of their calls. What stays are calls without words (times, levels, outcomes) and the audit. Of two who erase
 * at once, one does; it may be repeated. Within `tx`, as its last work.
 */
export async function eraseCaller(tx: Transaction, keys: KeyKeeper, options: ErasureOptions): Promise<Erasure> {
  const { callerId, actor, why, cancelCallbacks } = options;
  // Who comes second waits here, and then sees that it was done.
  const locked = await run(tx, 'select erased_at, clock_timestamp() as now from callers where id = ? for update', [
    callerId,
  ]);
  const caller = readRows(z.object({ erased_at: z.date().nullable(), now: z.date() }), locked)[0];
  if (caller === undefined) return { kind: 'unknown' };
  if (caller.erased_at !== null) return { kind: 'alreadyErased', at: caller.erased_at };
  const obstacle = await obstacleTo(tx, callerId, cancelCallbacks);
  if (obstacle !== null) return obstacle;
  const counts = await eraseCalls(tx, callerId);
  await run(tx, 'update consents set evidence = null where caller_id = ? and evidence is not null', [callerId]);
  await run(
    tx,
    `update callers set phone_hmac = null, phone = null, wrapped_key = null, data_key_id = null, blocked_at = null,
       erased_at = ? where id = ?`,
    [caller.now, callerId],
  );
  const subject = { kind: 'caller', id: callerId } as const;
  await appendAudit(tx, keys, { actor, action: 'callerErased', subject, why, facts: { ...counts } });
  return { kind: 'erased', at: caller.now, counts };
}

const obstacleRow = z.object({
  live: z.boolean(),
  escalations: z.boolean(),
  ringing: z.boolean(),
  callbacks: z.number(),
});

/** Help goes before erasure: whoever is being helped now can be erased when that is over. */
async function obstacleTo(tx: Transaction, callerId: string, cancelCallbacks: boolean): Promise<Erasure | null> {
  const result = await run(
    tx,
    `with own as (select id, ended_at from calls where caller_id = ?)
     select exists (select from own where ended_at is null) as live,
       exists (select from escalations where call_id in (select id from own) and state <> 'closed') as escalations,
       exists (select from callback_tasks where call_id in (select id from own) and state = 'calling') as ringing,
       (select count(*)::int from callback_tasks where call_id in (select id from own) and state = 'waiting') as callbacks`,
    [callerId],
  );
  const found = readRows(obstacleRow, result)[0];
  if (found === undefined) return null;
  if (found.live) return { kind: 'inUse', why: 'onTheLine' };
  if (found.escalations) return { kind: 'inUse', why: 'escalation' };
  if (found.ringing) return { kind: 'inUse', why: 'ringing' };
  return found.callbacks > 0 && !cancelCallbacks ? { kind: 'callbacksWaiting', callbacks: found.callbacks } : null;
}

/** The carrier's id leads to the number as that of a call does. That the number wants no messages stays: it is a hash of it. */
async function eraseMessages(changed: (sql: string) => Promise<number>): Promise<void> {
  await changed(
    `update message_events set body = null, why = null
     where message_id in (select id from messages where caller_id = ?) and (body is not null or why is not null)`,
  );
  await changed(
    `update messages set body = null, provider_sid = null,
       state = case when state in ('draft', 'approved') then 'cancelled' else state end,
       reason = case when state in ('draft', 'approved') then 'erased' else reason end
     where caller_id = ?`,
  );
  await changed(
    `update follow_ups set state = 'cancelled', outcome = 'erased', changed_at = clock_timestamp()
     where caller_id = ? and state in ('planned', 'approved')`,
  );
  await changed(
    `update follow_up_plans set state = 'ended', why = 'erased', ended_at = clock_timestamp()
     where caller_id = ? and state = 'open'`,
  );
}

async function eraseCalls(tx: Transaction, callerId: string): Promise<ErasedCounts> {
  const own = 'select id from calls where caller_id = ?';
  const changed = async (sql: string): Promise<number> => readCount(await run(tx, sql, [callerId]));
  const turns = await changed(
    `update turns set words = null, heard = null where call_id in (${own}) and (words is not null or heard is not null)`,
  );
  const logEntries = await changed(`delete from call_log where call_id in (${own})`);
  await changed(`update escalations set briefing = '' where call_id in (${own})`);
  await changed(
    `update call_summary_steps set body = null where summary_id in (select id from call_summaries where call_id in (${own}))`,
  );
  await changed(`update call_summaries set body = null where call_id in (${own})`);
  await changed(`delete from mood_ratings where call_id in (${own})`);
  await eraseMessages(changed);
  await changed(
    `update appointments set state = 'cancelled', why = 'erased', ended_at = clock_timestamp() where caller_id = ? and state = 'booked'`,
  );
  const callbacks = await changed(
    `update callback_tasks set state = 'cancelled', outcome = 'callerErased', changed_at = clock_timestamp()
     where call_id in (${own}) and state = 'waiting'`,
  );
  await changed(`update callback_tasks set call_sid = null where call_id in (${own}) and call_sid is not null`);
  await changed(`delete from tickets where call_sid in (select call_sid from calls where caller_id = ?)`);
  // The carrier keeps the number beside its id of the call, so the id leads back to the caller.
  const calls = await changed(
    `update calls set call_sid = 'erased-' || id, wrapped_key = null, data_key_id = null, words_due_at = null,
       words_removed_at = coalesce(words_removed_at, clock_timestamp()),
       log_removed_at = coalesce(log_removed_at, clock_timestamp())
     where caller_id = ?`,
  );
  return { calls, turns, logEntries, callbacks };
}
