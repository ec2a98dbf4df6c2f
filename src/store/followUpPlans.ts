import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { higherRisk, type RiskLevel } from '../call/meaning.ts';
import { defaultTiming, humanCallbackOf } from '../escalation/timing.ts';
import { endedBecause, noPlanBecause, type CallerFacts, type PlanEnd } from '../followUp/plan.ts';
import { readSmsNumber } from '../followUp/sending/smsNumber.ts';
import { createTask } from './callbackTasks.ts';
import { callerPhonePlace } from './callers.ts';
import { consentsOf, standingAnswer } from './consents.ts';
import type { Transaction } from './database.ts';
import { cancelMessages } from './messageCancelling.ts';
import { bySanad, callerKeyState, type MessageActor } from './messageRows.ts';
import { openWith } from './opened.ts';
import { isOptedOut } from './optOuts.ts';
import { levelColumn, readCount, readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** The plan of each call: begun when it is over, ended by the next call, by the caller's word, or when it is finished. */

const planRow = z.object({
  id: z.string(),
  organisationId: z.string(),
  callerId: z.string(),
  callId: z.string().nullable(),
  level: levelColumn,
  language: z.string(),
  startedAt: z.date(),
});

export type OpenPlan = z.infer<typeof planRow>;

const planColumns = `p.id, p.organisation_id as "organisationId", p.caller_id as "callerId", p.call_id as "callId", p.level,
  p.language, p.started_at as "startedAt"`;

/** Locked, and its caller with it. Null: it is over. */
export async function lockPlan(tx: Transaction, id: string): Promise<OpenPlan | null> {
  await run(tx, 'select 1 from callers where id = (select caller_id from follow_up_plans where id = ?) for key share', [
    id,
  ]);
  const result = await run(
    tx,
    `select ${planColumns} from follow_up_plans p where p.id = ? and p.state = 'open' for update`,
    [id],
  );
  return readRows(planRow, result)[0] ?? null;
}

const callerRow = z.object({ known: z.boolean(), blocked: z.boolean(), phone: sealedColumn.nullable() });

/** Asked anew whenever something depends on it. */
export async function callerFacts(tx: Transaction, keys: KeyKeeper, callerId: string | null): Promise<CallerFacts> {
  const nobody = { numberKnown: false, mayWrite: false, mayRing: false, blocked: false, optedOut: false };
  if (callerId === null) return nobody;
  const result = await run(
    tx,
    'select erased_at is null as known, blocked_at is not null as blocked, phone from callers where id = ?',
    [callerId],
  );
  const caller = readRows(callerRow, result)[0];
  if (caller?.known !== true) return nobody;
  const consents = await consentsOf(tx, callerId);
  const optedOut = await isOptedOut(tx, callerId);
  const phone = openWith(await callerKeyState(tx, keys, callerId), callerPhonePlace(callerId), caller.phone);
  const takesMessages = phone.kind === 'text' && readSmsNumber(phone.text).ok;
  return {
    numberKnown: true,
    mayWrite: standingAnswer(consents, 'sms') === 'given' && !optedOut && takesMessages,
    mayRing: standingAnswer(consents, 'followUp') === 'given',
    blocked: caller.blocked,
    optedOut,
  };
}

/** What the call still writes at its end has come by then. */
const settledAfterMs = 60_000;
/** Calls of before are not followed up any more: whoever starts the jobs after a long pause must not write to people of last month. */
const oldestMs = 7 * 86_400_000;

/** Calls that are over and have no plan yet. Those for which a person is still being brought come later. */
export async function callsToPlan(
  tx: Transaction,
  organisationId: string,
  at: Date,
  most: number,
): Promise<readonly string[]> {
  const result = await run(
    tx,
    `select c.id from calls c
     where c.organisation_id = ? and c.ended_at > ? and c.ended_at <= ? and c.call_sid not like 'SM%'
       and not exists (select from follow_up_plans p where p.call_id = c.id)
       and not exists (select from follow_ups f where f.called_call_id = c.id)
       and not exists (select from escalations e where e.call_id = c.id and e.state <> 'closed')
     order by c.ended_at, c.id limit ?`,
    [organisationId, new Date(at.getTime() - oldestMs), new Date(at.getTime() - settledAfterMs), most],
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}

const endedCall = z.object({
  callerId: z.string().nullable(),
  level: levelColumn,
  language: z.string(),
  endedAt: z.date(),
});

/** Makes the plan of a call, or writes down why there is none; once, whoever tries it again. */
export async function beginPlan(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  callId: string,
  at: Date,
): Promise<{ readonly planId: string | null; readonly why: PlanEnd | null } | null> {
  const result = await run(
    tx,
    `select caller_id as "callerId", highest_risk as level, language, ended_at as "endedAt" from calls
     where id = ? and ended_at is not null`,
    [callId],
  );
  const call = readRows(endedCall, result)[0];
  if (call === undefined) return null;
  await promisePerson(tx, organisationId, callId);
  const { callerId, language, endedAt } = call;
  if (callerId !== null) await run(tx, 'select 1 from callers where id = ? for no key update', [callerId]);
  const facts = await callerFacts(tx, keys, callerId);
  const level = callerId === null ? call.level : higherRisk(call.level, await carriedLevel(tx, callerId, endedAt));
  const why = noPlanBecause(level, facts) ?? (callerId === null ? null : await newerCall(tx, callerId, endedAt));
  if (callerId !== null) await endPlansOf(tx, callerId, { why: 'calledIn', by: bySanad, at });
  const planId = randomUUID();
  const made = await run(
    tx,
    `insert into follow_up_plans (id, organisation_id, caller_id, call_id, level, language, started_at, state, why, ended_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (call_id) do nothing`,
    [
      planId,
      organisationId,
      callerId,
      callId,
      level,
      language,
      endedAt,
      why === null ? 'open' : 'ended',
      why,
      why && at,
    ],
  );
  return readCount(made) === 0 ? null : { planId: why === null ? planId : null, why };
}

/** Two calls in a row: only the end of the last begins a plan. */
async function newerCall(tx: Transaction, callerId: string, endedAt: Date): Promise<'calledIn' | null> {
  const result = await run(
    tx,
    `select 1 from calls where caller_id = ? and started_at > ? and call_sid not like 'SM%' limit 1`,
    [callerId, endedAt],
  );
  return readCount(result) > 0 ? 'calledIn' : null;
}

const carriedDays = 30;

/** A calm call after a dangerous one lowers nothing: the level of the plan that it ends is carried on. */
async function carriedLevel(tx: Transaction, callerId: string, endedAt: Date): Promise<RiskLevel> {
  const result = await run(
    tx,
    `select level from follow_up_plans
     where caller_id = ? and (state = 'open' or why = 'calledIn') and started_at > ? order by started_at desc limit 1`,
    [callerId, new Date(endedAt.getTime() - carriedDays * 86_400_000)],
  );
  return readRows(z.object({ level: levelColumn }), result)[0]?.level ?? 'none';
}

const missed = z.object({ id: z.string(), level: levelColumn, closedAt: z.date() });

/** Whoever wanted a person, or was to have one, and had none is rung by one, before any message; where that is promised already, it stays. */
async function promisePerson(tx: Transaction, organisationId: string, callId: string): Promise<void> {
  const result = await run(
    tx,
    `select id, level, closed_at as "closedAt" from escalations e
     where call_id = ? and state = 'closed' and outcome in ('nobody', 'declined', 'callerGone')
       and not exists (select from callback_tasks t where t.escalation_id = e.id and t.kind in ('humanCallback', 'supervisor'))`,
    [callId],
  );
  for (const { id, level, closedAt } of readRows(missed, result)) {
    const dueAt = closedAt.getTime() + humanCallbackOf(level, defaultTiming);
    await createTask(tx, organisationId, id, callId, { kind: 'humanCallback', ordinal: 1, dueAt, ownerId: null });
  }
}

/** Until then a person who promised to ring goes first; null: nobody has. */
export async function personFirstUntil(tx: Transaction, callId: string | null): Promise<Date | null> {
  const result = await run(
    tx,
    `select max(due_at) as at from callback_tasks
     where call_id = ? and kind in ('humanCallback', 'supervisor') and state in ('waiting', 'calling')`,
    [callId],
  );
  return readRows(z.object({ at: z.date().nullable() }), result)[0]?.at ?? null;
}

export interface Ending {
  readonly why: PlanEnd;
  readonly by: MessageActor;
  readonly at: Date;
}

/** With everything that is not yet on its way. False: there was none. */
export async function endPlansOf(tx: Transaction, callerId: string, { why, by, at }: Ending): Promise<boolean> {
  const ended = await run(
    tx,
    `update follow_up_plans set state = 'ended', why = ?, ended_at = ?, ended_by = ? where caller_id = ? and state = 'open'
     returning id`,
    [why, at, by.kind === 'staff' ? by.id : null, callerId],
  );
  const ids = readRows(z.object({ id: z.string() }), ended).map(({ id }) => id);
  if (ids.length === 0) return false;
  await cancelPlannedMessages(tx, ids, { why, by, at });
  await run(
    tx,
    `update follow_ups set state = 'cancelled', outcome = ?, changed_at = ?
     where plan_id = any(?::uuid[]) and state in ('planned', 'approved')
       and not exists (select from messages m where m.follow_up_id = follow_ups.id and m.state in ('queued', 'sent', 'delivered', 'failed'))`,
    [why, at, ids],
  );
  return true;
}

async function cancelPlannedMessages(tx: Transaction, planIds: readonly string[], ending: Ending): Promise<void> {
  const found = await run(
    tx,
    `select distinct m.caller_id as id from messages m join follow_ups f on f.id = m.follow_up_id
     where f.plan_id = any(?::uuid[]) and m.state in ('draft', 'approved')`,
    [planIds],
  );
  for (const { id } of readRows(z.object({ id: z.string() }), found))
    await cancelMessages(tx, id, { ...ending, ofPlans: true });
}

/** Why this plan ends now; null: it goes on. */
export async function endOf(tx: Transaction, plan: OpenPlan, facts: CallerFacts): Promise<PlanEnd | null> {
  const result = await run(
    tx,
    `select 1 from calls c where c.caller_id = ? and c.started_at > ? and c.call_sid not like 'SM%'
       and not exists (select from follow_ups own where own.called_call_id = c.id) limit 1`,
    [plan.callerId, plan.startedAt],
  );
  return endedBecause({ ...facts, calledSince: readCount(result) > 0 });
}
