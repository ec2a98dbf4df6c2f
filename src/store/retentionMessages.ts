import { z } from 'zod';
import { readRows, run } from './rows.ts';
import type { Transaction } from './database.ts';
import { step, type Removal } from './retentionSteps.ts';

/** Messages of which nothing is to be expected any more. What waits to be approved, sent or reported stays, however old it is. */
const over = `(direction = 'in' or state in ('sent', 'delivered', 'failed', 'rejected', 'cancelled'))`;

/** With the words of their history. */
export async function removeMessageWords(tx: Transaction, removal: Removal): Promise<number> {
  const from = `messages where organisation_id = ? and created_at < ? and body is not null and ${over}`;
  return step(tx, removal, { from, order: 'created_at' }, async (ids) => {
    await run(tx, 'update message_events set body = null, why = null where message_id = any(?::uuid[])', [ids]);
    await run(tx, 'update messages set body = null where id = any(?::uuid[])', [ids]);
  });
}

const callerOf = z.object({ caller_id: z.string() });

/** Whoever only ever wrote is without records when the last message is gone. */
export async function removeMessages(tx: Transaction, removal: Removal): Promise<number> {
  const from = `messages where organisation_id = ? and created_at < ? and ${over}`;
  const messages = await step(tx, removal, { from, order: 'created_at' }, async (ids) => {
    const deleted = await run(tx, 'delete from messages where id = any(?::uuid[]) returning caller_id', [ids]);
    const callers = readRows(callerOf, deleted).map(({ caller_id: id }) => id);
    await run(
      tx,
      `update callers set emptied_at = ? where id = any(?::uuid[]) and emptied_at is null
         and not exists (select from calls where calls.caller_id = callers.id)
         and not exists (select from messages where messages.caller_id = callers.id)`,
      [removal.at, callers],
    );
  });
  return messages + (await removePlans(tx, removal)) + (await removeAppointments(tx, removal));
}

/** Those that are over; the hours themselves hold nothing of a caller. */
async function removeAppointments(tx: Transaction, removal: Removal): Promise<number> {
  const from = `appointments where organisation_id = ? and booked_at < ? and not exists (
    select from counsellor_slots s where s.id = appointments.slot_id and s.ends_at > clock_timestamp())`;
  return step(tx, removal, { from, order: 'booked_at' }, async (ids) => {
    await run(tx, 'delete from appointments where id = any(?::uuid[])', [ids]);
  });
}

/** Plans that ended, when no message of theirs is left. */
async function removePlans(tx: Transaction, removal: Removal): Promise<number> {
  const from = `follow_up_plans where organisation_id = ? and ended_at < ? and state = 'ended'
    and not exists (select from messages m join follow_ups f on f.id = m.follow_up_id where f.plan_id = follow_up_plans.id)`;
  return step(tx, removal, { from, order: 'ended_at' }, async (ids) => {
    await run(tx, 'delete from follow_up_plans where id = any(?::uuid[])', [ids]);
  });
}
