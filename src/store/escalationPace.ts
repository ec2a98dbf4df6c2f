import { z } from 'zod';
import type { WaitingTelephone } from '../escalation/pace.ts';
import type { Grant, OrderOfRinging, PaceStore } from '../escalation/ports.ts';
import type { Database, Transaction } from './database.ts';
import { grantLostSeconds, hasTelephone, isRinging } from './engagedTelephones.ts';
import { levelColumn, readCount, readRows, run } from './rows.ts';

/** The one pace at which all processes on this database ring telephones, of all organisations: they share the carrier's account. */

/** Who is asked while another process decides. */
const takenMs = 20;
/** Far more than can be rung before anybody must have answered. */
const mostWaiting = 500;

export function paceStore(database: Database): PaceStore {
  return { grant: (everyMs, inOrder) => database.acrossOrganisations((tx) => grant(tx, everyMs, inOrder)) };
}

/** One process decides at a time, and its decision is in the rows before the next one reads them. */
async function grant(tx: Transaction, everyMs: number, inOrder: OrderOfRinging): Promise<Grant> {
  const waiting = await waitingTelephones(tx);
  if (waiting.length === 0) return { kind: 'nobodyWaits' };
  const locked = await run(tx, `select pg_try_advisory_xact_lock(hashtextextended('sanad.pace', 0)) as mine`);
  if (!readRows(z.object({ mine: z.boolean() }), locked)[0]?.mine) return { kind: 'notYet', inMs: takenMs };
  const inMs = await msUntilNext(tx, everyMs);
  if (inMs > 0) return { kind: 'notYet', inMs };
  // Read again under the lock: whoever held it until now may have granted one of them.
  const next = inOrder(await waitingTelephones(tx), await wallOf(tx));
  for (const { attemptId, escalationId } of next) {
    if (await markGranted(tx, attemptId)) return { kind: 'granted', attemptId, escalationId };
  }
  return next.length === 0 ? { kind: 'nobodyWaits' } : { kind: 'notYet', inMs: takenMs };
}

/** Every call that this database knows of counts, also those back to callers and those that were rung out of turn. */
async function msUntilNext(tx: Transaction, everyMs: number): Promise<number> {
  const result = await run(
    tx,
    `select coalesce(extract(epoch from greatest(
         (select max(granted_at) from escalation_attempts where granted_at is not null),
         (select max(dialled_at) from escalation_attempts where dialled_at is not null and granted_at is null),
         (select max(changed_at) from callback_tasks where state = 'calling')
       ) - clock_timestamp()) * 1000 + ?::float8, 0)::float8 as "inMs"`,
    [everyMs],
  );
  // Clocks that were set back must not stop the ringing.
  return Math.min(everyMs, Math.ceil(readRows(z.object({ inMs: z.number() }), result)[0]?.inMs ?? 0));
}

const waitingRow: z.ZodType<WaitingTelephone> = z.object({
  attemptId: z.string(),
  escalationId: z.string(),
  level: levelColumn,
  ringing: z.number(),
  line: z.enum(['free', 'engaged']),
  dueAt: z.date().transform((date) => date.getTime()),
  position: z.number(),
});

async function waitingTelephones(tx: Transaction): Promise<readonly WaitingTelephone[]> {
  const result = await run(
    tx,
    `select a.id as "attemptId", a.escalation_id as "escalationId", e.level, a.due_at as "dueAt", a.position,
       (select count(*)::int from escalation_attempts o
         where o.escalation_id = a.escalation_id and ${isRinging('o')}) as ringing,
       case when exists (select from escalation_attempts o
         where o.organisation_id = a.organisation_id and o.person_id = a.person_id and o.escalation_id <> a.escalation_id
           and ${hasTelephone('o')}) then 'engaged' else 'free' end as line
     from escalation_attempts a join escalations e on e.id = a.escalation_id
     where a.state = 'planned' and e.state in ('ringing', 'fallback')
       and (a.granted_at is null or a.granted_at < clock_timestamp() - make_interval(secs => ?))
     order by a.due_at, a.position limit ?`,
    [grantLostSeconds, mostWaiting],
  );
  return readRows(waitingRow, result);
}

/** False: its escalation is being driven just now, or it does not wait any more. */
async function markGranted(tx: Transaction, attemptId: string): Promise<boolean> {
  const locked = await run(
    tx,
    `select 1 from escalation_attempts where id = ? and state = 'planned' for update skip locked`,
    [attemptId],
  );
  if (readCount(locked) === 0) return false;
  await run(tx, 'update escalation_attempts set granted_at = clock_timestamp() where id = ?', [attemptId]);
  return true;
}

async function wallOf(tx: Transaction): Promise<number> {
  const result = await run(tx, 'select clock_timestamp() as at');
  return readRows(z.object({ at: z.date() }), result)[0]?.at.getTime() ?? 0;
}
