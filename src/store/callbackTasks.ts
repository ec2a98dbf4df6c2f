import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { EscalationOutcome } from '../escalation/model.ts';
import type { CallbackOutcome, CallbackStore, ClaimedCallback, DueCallback } from '../escalation/ports.ts';
import type { NewTask } from '../escalation/snapshot.ts';
import { callerPhonePlace } from './callers.ts';
import { keyOfCall, readCall } from './calls.ts';
import type { Database, Transaction } from './database.ts';
import { readCount, readRows, run, sealedColumn, levelColumn } from './rows.ts';
import { open, SealBroken, type KeyKeeper } from './sealing.ts';

/** Promises to call back: Sanad's own calls, and those of people, with owner and deadline. */

/** Made once of each kind and ordinal; a deadline only moves forward. */
export async function createTask(
  tx: Transaction,
  organisationId: string,
  escalationId: string,
  callId: string,
  task: NewTask,
): Promise<void> {
  const role = task.kind === 'automaticCallback' ? 'sanad' : 'supervisor';
  await run(
    tx,
    `insert into callback_tasks (id, organisation_id, escalation_id, call_id, kind, ordinal, owner_person_id, owner_role,
       due_at, state)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
     on conflict (escalation_id, kind, ordinal) do update set due_at = least(callback_tasks.due_at, excluded.due_at)`,
    [
      randomUUID(),
      organisationId,
      escalationId,
      callId,
      task.kind,
      task.ordinal,
      task.ownerId,
      task.ownerId === null ? role : null,
      new Date(task.dueAt),
    ],
  );
}

/** A person was reached, or none is wanted: what still waits is no longer to be done. */
export async function cancelTasks(tx: Transaction, escalationId: string, outcome: EscalationOutcome): Promise<void> {
  await run(
    tx,
    `update callback_tasks set state = 'cancelled', outcome = ?, changed_at = now()
     where escalation_id = ? and state = 'waiting'`,
    [outcome, escalationId],
  );
}

/** A call back of which nothing was heard for so long is over; the carrier's callbacks come within its ring time. */
const silentAfterSeconds = 90;

export function callbackStore(options: { readonly database: Database; readonly keys: KeyKeeper }): CallbackStore {
  const { database, keys } = options;
  const inTask = async <T>(taskId: string, work: (tx: Transaction, organisationId: string) => Promise<T>) => {
    const found = await database.acrossOrganisations((tx) =>
      run(tx, 'select organisation_id from callback_tasks where id = ?', [taskId]),
    );
    const organisationId = readRows(z.object({ organisation_id: z.string() }), found)[0]?.organisation_id;
    return organisationId === undefined ? null : database.within(organisationId, (tx) => work(tx, organisationId));
  };
  return {
    due: async (most) => {
      const result = await database.acrossOrganisations((tx) =>
        run(
          tx,
          `select id as "taskId", escalation_id as "escalationId", state from callback_tasks
           where kind = 'automaticCallback' and due_at <= clock_timestamp()
             and (state = 'waiting' and not exists (select from callback_tasks other
                 where other.escalation_id = callback_tasks.escalation_id and other.kind = 'automaticCallback'
                   and other.state = 'calling')
               or state = 'calling' and changed_at < now() - make_interval(secs => ?))
           order by due_at, id limit ?`,
          [silentAfterSeconds, most],
        ),
      );
      const row = z.object({ taskId: z.string(), escalationId: z.string(), state: z.enum(['waiting', 'calling']) });
      return readRows(row, result);
    },
    claim: (task) => inTask(task.taskId, (tx) => claim(tx, keys, task)),
    end: async (taskId, outcome) => {
      await inTask(taskId, (tx) => end(tx, taskId, outcome));
    },
    about: (taskId) => inTask(taskId, (tx) => about(tx, taskId)),
  };
}

/**
 * One call back at a time: after a crash, or when the carrier is slow, both may be due, and a caller in danger must not find their
 * own line busy with us. What comes of the first decides about the second.
 */
async function claim(
  tx: Transaction,
  keys: KeyKeeper,
  { taskId, escalationId }: DueCallback,
): Promise<ClaimedCallback | null> {
  await run(
    tx,
    `select 1 from callback_tasks where escalation_id = ? and kind = 'automaticCallback' order by id for update`,
    [escalationId],
  );
  const claimed = await run(
    tx,
    `update callback_tasks set state = 'calling', attempts = attempts + 1, changed_at = now()
     where id = ? and state = 'waiting' and not exists (select from callback_tasks other
       where other.escalation_id = ? and other.kind = 'automaticCallback' and other.state = 'calling')
     returning escalation_id, call_id`,
    [taskId, escalationId],
  );
  const row = readRows(z.object({ escalation_id: z.string(), call_id: z.string() }), claimed)[0];
  if (!row) return null;
  return { taskId, escalationId: row.escalation_id, to: await numberOfCall(tx, keys, row.call_id) };
}

/** The caller's number (E.164); null when it is withheld, erased, or cannot be opened. */
export async function numberOfCall(tx: Transaction, keys: KeyKeeper, callId: string): Promise<string | null> {
  const call = await readCall(tx, callId);
  if (!call || call.caller_id === null || call.caller_key === null) return null;
  const result = await run(tx, 'select phone from callers where id = ?', [call.caller_id]);
  const phone = readRows(z.object({ phone: sealedColumn.nullable() }), result)[0]?.phone;
  if (!phone) return null;
  try {
    const key = keyOfCall(keys, { ...call, wrapped_key: null });
    return key ? open(key, callerPhonePlace(call.caller_id), phone) : null;
  } catch (fault) {
    if (fault instanceof SealBroken) return null;
    throw fault;
  }
}

async function end(tx: Transaction, taskId: string, outcome: CallbackOutcome): Promise<void> {
  // Machine detection comes after the answer and takes it back: nobody was reached. Who picks up and leaves at once is told of as
  // gone before we have written down that they picked up: that they did still counts, or they would be called again.
  const ended = await run(
    tx,
    `update callback_tasks set state = 'done', outcome = ?, changed_at = now()
     where id = ? and (state = 'calling' or (outcome = 'answered' and ? = 'machine') or (outcome = 'unknown' and ? = 'answered'))
     returning escalation_id`,
    [outcome, taskId, outcome, outcome],
  );
  if (readCount(ended) === 0) return;
  const escalationId = readRows(z.object({ escalation_id: z.string() }), ended)[0]?.escalation_id;
  if (outcome === 'answered')
    await run(
      tx,
      `update callback_tasks set state = 'cancelled', outcome = 'reached', changed_at = now()
       where escalation_id = ? and state = 'waiting' and kind = 'automaticCallback'`,
      [escalationId],
    );
  if (outcome === 'machine')
    await run(
      tx,
      `update callback_tasks set state = 'waiting', outcome = null, changed_at = now()
       where escalation_id = ? and state = 'cancelled' and outcome = 'reached'`,
      [escalationId],
    );
  if (outcome === 'noNumber')
    await run(
      tx,
      `update callback_tasks set due_at = least(due_at, now()), changed_at = now()
       where escalation_id = ? and state = 'waiting' and kind = 'supervisor'`,
      [escalationId],
    );
}

async function about(tx: Transaction, taskId: string) {
  const result = await run(
    tx,
    `select t.escalation_id as "escalationId", e.level, e.language from callback_tasks t
     join escalations e on e.id = t.escalation_id where t.id = ?`,
    [taskId],
  );
  return readRows(z.object({ escalationId: z.string(), level: levelColumn, language: z.string() }), result)[0] ?? null;
}
