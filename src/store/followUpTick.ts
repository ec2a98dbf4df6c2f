import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { nextContact, templateFor, type CallerFacts, type Contact } from '../followUp/plan.ts';
import { messageLanguageOf, wordsOf } from '../followUp/templates.ts';
import { readContactHours } from './contactHours.ts';
import type { Database, Transaction } from './database.ts';
import {
  beginPlan,
  callerFacts,
  callsToPlan,
  endOf,
  endPlansOf,
  lockPlan,
  personFirstUntil,
  type OpenPlan,
} from './followUpPlans.ts';
import { cancelMessages } from './messageCancelling.ts';
import { bySanad } from './messageRows.ts';
import { draftMessage } from './messages.ts';
import { readCount, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/**
 * What is done every minute: plans of calls that are over, the next contact of each plan with its draft, and what calls a plan off. Each
 * piece is a transaction of its own that may be broken off anywhere and done again, by any server.
 */
export interface TickOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisationId: string;
  readonly at: Date;
  readonly signal?: AbortSignal;
  /** Pieces of each sort in one tick; 200. */
  readonly most?: number;
}

export interface Ticked {
  readonly begun: number;
  readonly ended: number;
  readonly planned: number;
}

export async function tickFollowUps(options: TickOptions): Promise<Ticked> {
  const { database, keys, organisationId, at, signal, most = 200 } = options;
  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => database.within(organisationId, work);
  const stopped = (): boolean => signal?.aborted === true;
  const total = { begun: 0, ended: 0, planned: 0 };
  await within((tx) => settle(tx, organisationId, at));
  for (const callId of await within((tx) => callsToPlan(tx, organisationId, at, most))) {
    if (stopped()) break;
    const begun = await within((tx) => beginPlan(tx, keys, organisationId, callId, at));
    if (begun?.planId !== null && begun !== null) total.begun += 1;
  }
  for (const planId of await within((tx) => plansToAdvance(tx, organisationId, most))) {
    if (stopped()) break;
    const advanced = await within((tx) => advance(tx, keys, planId, at));
    if (advanced !== null) total[advanced] += 1;
  }
  return total;
}

/** A contact is over when its message is. */
async function settle(tx: Transaction, organisationId: string, at: Date): Promise<void> {
  await run(
    tx,
    `update follow_ups f set state = case when m.state in ('cancelled', 'rejected') then 'cancelled' else 'done' end,
       outcome = m.state, changed_at = ?
     from messages m where m.follow_up_id = f.id and f.organisation_id = ? and f.state in ('planned', 'approved')
       and m.state in ('sent', 'delivered', 'failed', 'rejected', 'cancelled')`,
    [at, organisationId],
  );
  // A delivery that is reported later is how it went in the end.
  await run(
    tx,
    `update follow_ups f set outcome = m.state, changed_at = ? from messages m
     where m.follow_up_id = f.id and f.organisation_id = ? and f.state = 'done' and f.outcome = 'sent'
       and m.state in ('delivered', 'failed')`,
    [at, organisationId],
  );
}

/** Open plans about which something is to be decided. */
async function plansToAdvance(tx: Transaction, organisationId: string, most: number): Promise<readonly string[]> {
  const result = await run(
    tx,
    `select p.id from follow_up_plans p join callers c on c.id = p.caller_id
     where p.organisation_id = ? and p.state = 'open' and (
       not exists (select from follow_ups f where f.plan_id = p.id and f.state in ('planned', 'approved'))
       or c.erased_at is not null or c.blocked_at is not null
       or exists (select from calls where calls.caller_id = c.id and calls.started_at > p.started_at)
       or exists (select from consents k where k.caller_id = c.id and k.at > p.started_at and k.answer <> 'given')
       or exists (select from opt_outs o where o.organisation_id = c.organisation_id and o.number_hmac = c.phone_hmac))
     order by p.started_at, p.id limit ?`,
    [organisationId, most],
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}

async function advance(
  tx: Transaction,
  keys: KeyKeeper,
  planId: string,
  at: Date,
): Promise<'ended' | 'planned' | null> {
  const plan = await lockPlan(tx, planId);
  if (plan === null) return null;
  const facts = await callerFacts(tx, keys, plan.callerId);
  const why = await endOf(tx, plan, facts);
  if (why !== null) {
    await endPlansOf(tx, plan.callerId, { why, by: bySanad, at });
    return 'ended';
  }
  await dropForbidden(tx, plan, facts, at);
  const last = await lastContact(tx, plan.id);
  if (last?.open === true) return null;
  const hours = await readContactHours(tx, plan.organisationId);
  const first = await personFirstUntil(tx, plan.callId);
  const soFar = { level: plan.level, startedAt: plan.startedAt, last, personFirstUntil: first };
  const contact = nextContact(soFar, facts, at, hours);
  if (contact === null) {
    await endPlansOf(tx, plan.callerId, { why: 'finished', by: bySanad, at });
    return 'ended';
  }
  return (await planContact(tx, keys, plan, contact, at)) ? 'planned' : null;
}

/** A message to somebody who still agrees to be rung but no longer to be written to, and the other way round. */
async function dropForbidden(tx: Transaction, plan: OpenPlan, facts: CallerFacts, at: Date): Promise<void> {
  if (!facts.mayWrite) {
    await cancelMessages(tx, plan.callerId, { why: 'noConsent', by: bySanad, at, ofPlans: true });
    await settle(tx, plan.organisationId, at);
  }
  if (!facts.mayRing)
    await run(
      tx,
      `update follow_ups set state = 'cancelled', outcome = 'noConsent', changed_at = ?
       where plan_id = ? and kind = 'checkInCall' and state in ('planned', 'approved')`,
      [at, plan.id],
    );
}

const lastRow = z.object({ ordinal: z.number(), settledAt: z.date(), open: z.boolean() });

async function lastContact(tx: Transaction, planId: string): Promise<z.infer<typeof lastRow> | null> {
  const result = await run(
    tx,
    `select ordinal, changed_at as "settledAt", state in ('planned', 'approved') as open from follow_ups
     where plan_id = ? order by ordinal desc limit 1`,
    [planId],
  );
  return readRows(lastRow, result)[0] ?? null;
}

async function planContact(
  tx: Transaction,
  keys: KeyKeeper,
  plan: OpenPlan,
  contact: Contact,
  at: Date,
): Promise<boolean> {
  const { organisationId, callerId, callId, startedAt, language } = plan;
  const { ordinal, kind, dueAt } = contact;
  const id = randomUUID();
  const made = await run(
    tx,
    `insert into follow_ups (id, organisation_id, plan_id, caller_id, ordinal, kind, due_at, state, created_at, changed_at)
     values (?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?) on conflict (plan_id, ordinal) do nothing`,
    [id, organisationId, plan.id, callerId, ordinal, kind, dueAt, at, at],
  );
  if (readCount(made) === 0) return false;
  if (kind === 'checkInCall') return true;
  const template = templateFor(ordinal, startedAt, dueAt, await mayBePersonal(tx, callerId));
  const wording = { language: messageLanguageOf(language), turn: ordinal };
  const drafted = await draftMessage(tx, keys, {
    organisationId,
    callerId,
    followUpId: id,
    callId,
    kind: template,
    language: wording.language,
    body: wordsOf(template, wording),
    dueAt,
    by: bySanad,
    at,
  });
  if (drafted.kind === 'refused') throw new Error(`a planned message could not be drafted: ${drafted.why}`);
  return true;
}

async function mayBePersonal(tx: Transaction, callerId: string): Promise<boolean> {
  const result = await run(tx, `select 1 from callers where id = ? and safe_contact = 'personal'`, [callerId]);
  return readCount(result) === 1;
}
