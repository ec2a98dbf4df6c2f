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

/**
 * One process decides at a time, and its decision is in the rows before the next one reads them. Few statements: a caller in danger
 * waits for them.
 */
async function grant(tx: Transaction, everyMs: number, inOrder: OrderOfRinging): Promise<Grant> {
  const locked = await run(tx, `select pg_try_advisory_xact_lock(hashtextextended('sanad.pace', 0)) as mine`);
  if (!readRows(z.object({ mine: z.boolean() }), locked)[0]?.mine) return { kind: 'notYet', inMs: takenMs };
  const waiting = await waitingTelephones(tx);
  const [one] = waiting;
  if (one === undefined) return { kind: 'nobodyWaits' };
  // Clocks that were set back must not stop the ringing.
  const inMs = Math.min(everyMs, Math.ceil(everyMs - one.sinceLastMs));
  if (inMs > 0) return { kind: 'notYet', inMs };
  const next = inOrder(waiting, one.now);
  for (const { attemptId, escalationId } of next) {
    if (await markGranted(tx, attemptId)) return { kind: 'granted', attemptId, escalationId };
  }
  return next.length === 0 ? { kind: 'nobodyWaits' } : { kind: 'notYet', inMs: takenMs };
}

const time = z.date().transform((date) => date.getTime());

const waitingRow = z.object({
  attemptId: z.string(),
  escalationId: z.string(),
  level: levelColumn,
  ringing: z.number(),
  line: z.enum(['free', 'engaged']),
  dueAt: time,
  position: z.number(),
  now: time,
  sinceLastMs: z.number(),
}) satisfies z.ZodType<WaitingTelephone>;

/**
 * With each, because it is one statement, the time and how long ago the account's last call was. Every call that this database knows
 * of counts, also those back to callers and those that were rung out of turn.
 */
async function waitingTelephones(tx: Transaction): Promise<readonly z.infer<typeof waitingRow>[]> {
  const result = await run(
    tx,
    `select a.id as "attemptId", a.escalation_id as "escalationId", e.level, a.due_at as "dueAt", a.position,
       (select count(*)::int from escalation_attempts o
         where o.escalation_id = a.escalation_id and ${isRinging('o')}) as ringing,
       case when exists (select from escalation_attempts o
         where o.organisation_id = a.organisation_id and o.person_id = a.person_id and o.escalation_id <> a.escalation_id
           and ${hasTelephone('o')}) then 'engaged' else 'free' end as line,
       clock_timestamp() as now,
       coalesce(extract(epoch from clock_timestamp() - greatest(
         (select max(granted_at) from escalation_attempts where granted_at is not null),
         (select max(dialled_at) from escalation_attempts where dialled_at is not null and granted_at is null),
         (select max(changed_at) from callback_tasks where state = 'calling')
       )) * 1000, 1e9)::float8 as "sinceLastMs"
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
  const result = await run(
    tx,
    `update escalation_attempts set granted_at = clock_timestamp()
     where id = (select id from escalation_attempts where id = ? and state = 'planned' for update skip locked)`,
    [attemptId],
  );
  return readCount(result) === 1;
}
