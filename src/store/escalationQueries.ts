import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import { idRange, type Page } from './callQueries.ts';
import { callKeyPlace } from './calls.ts';
import { callerKeyPlace } from './callers.ts';
import type { Transaction } from './database.ts';
import { briefingPlace } from './escalationRecords.ts';
import { keyState, openWith, type Opened } from './opened.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** Escalations and callback tasks as staff look at them, in the organisation of the transaction. */

export const escalationStates = [
  'requested',
  'ringing',
  'accepted',
  'joining',
  'bridged',
  'fallback',
  'closed',
] as const;
export const escalationOutcomes = ['helped', 'callerGone', 'declined', 'nobody', 'handedOver'] as const;

const listed = z.object({
  id: z.string(),
  callId: z.string(),
  state: z.enum(escalationStates),
  outcome: z.enum(escalationOutcomes).nullable(),
  reason: z.string(),
  level: z.enum(riskLevels),
  language: z.string(),
  round: z.number(),
  requestedAt: z.date(),
  ringingAt: z.date().nullable(),
  acceptedAt: z.date().nullable(),
  bridgedAt: z.date().nullable(),
  fallbackAt: z.date().nullable(),
  closedAt: z.date().nullable(),
});

export type ListedEscalation = z.infer<typeof listed>;

const listedColumns = `id, call_id as "callId", state, outcome, reason, level, language, round,
  requested_at as "requestedAt", ringing_at as "ringingAt", accepted_at as "acceptedAt", bridged_at as "bridgedAt",
  fallback_at as "fallbackAt", closed_at as "closedAt"`;

export interface EscalationFilter {
  readonly since: Date | null;
  readonly until: Date | null;
  readonly state: string | null;
  readonly outcome: string | null;
  readonly open: boolean;
}

type Condition = readonly [sql: string, ...values: readonly unknown[]];

/** The newest first. `after`: the last of the page before; it must exist. */
export async function listEscalations(
  tx: Transaction,
  organisationId: string,
  filter: EscalationFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Page<ListedEscalation>> {
  const { since, until, state, outcome, open } = filter;
  const given: readonly (Condition | null)[] = [
    ['organisation_id = ?', organisationId],
    since && ['requested_at >= ?', since],
    until && ['requested_at < ?', until],
    state === null ? null : ['state = ?', state],
    outcome === null ? null : ['outcome = ?', outcome],
    open ? ["state <> 'closed'"] : null,
    after === null ? null : await laterPage(tx, after),
  ];
  const conditions = given.filter((each) => each !== null);
  const result = await run(
    tx,
    `select ${listedColumns} from escalations where ${conditions.map(([sql]) => sql).join(' and ')}
     order by requested_at desc, id limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  );
  return pageOf(readRows(listed, result), limit);
}

async function laterPage(tx: Transaction, after: string): Promise<Condition> {
  const result = await run(tx, 'select requested_at::text as at from escalations where id = ?', [after]);
  const at = readRows(z.object({ at: z.string() }), result)[0]?.at;
  if (at === undefined) return ['false'];
  return ['requested_at <= ?::timestamptz and (requested_at < ?::timestamptz or id > ?::uuid)', at, at, after];
}

function pageOf<Item extends { readonly id: string }>(rows: readonly Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function escalationsOfCall(tx: Transaction, callId: string): Promise<readonly ListedEscalation[]> {
  const result = await run(tx, `select ${listedColumns} from escalations where call_id = ? order by requested_at, id`, [
    callId,
  ]);
  return readRows(listed, result);
}

/** Ids that begin with `prefix`, at most `most`. */
export async function idsNamed(
  tx: Transaction,
  table: 'escalations' | 'callback_tasks' | 'call_summaries',
  prefix: string,
  most: number,
): Promise<readonly string[]> {
  const range = idRange(prefix);
  if (range === null) return [];
  const result = await run(tx, `select id from ${table} where id between ?::uuid and ?::uuid order by id limit ?`, [
    ...range,
    most,
  ]);
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}

const attempt = z.object({
  id: z.string(),
  personId: z.string().nullable(),
  round: z.number(),
  wave: z.number(),
  state: z.string(),
  dueAt: z.date(),
  dialledAt: z.date().nullable(),
  ringingAt: z.date().nullable(),
  answeredAt: z.date().nullable(),
  acceptedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  answeredBy: z.string().nullable(),
});

const event = z.object({
  seq: z.number(),
  at: z.date(),
  type: z.string(),
  fromState: z.string(),
  toState: z.string(),
  attemptId: z.string().nullable(),
});

export type ShownAttempt = z.infer<typeof attempt>;
export type ShownEvent = z.infer<typeof event>;

export interface ShownEscalation {
  readonly escalation: ListedEscalation & { readonly winner: string | null };
  readonly attempts: readonly ShownAttempt[];
  readonly events: readonly ShownEvent[];
}

/** Null when there is none in this organisation. Opens nothing that is sealed. */
export async function readShownEscalation(tx: Transaction, id: string): Promise<ShownEscalation | null> {
  const result = await run(tx, `select ${listedColumns}, winner from escalations where id = ?`, [id]);
  const escalation = readRows(listed.extend({ winner: z.string().nullable() }), result)[0];
  if (escalation === undefined) return null;
  const attempts = await run(
    tx,
    `select id, person_id as "personId", round, wave, state, due_at as "dueAt", dialled_at as "dialledAt",
       ringing_at as "ringingAt", answered_at as "answeredAt", accepted_at as "acceptedAt", ended_at as "endedAt",
       answered_by as "answeredBy"
     from escalation_attempts where escalation_id = ? order by round, wave, position, id`,
    [id],
  );
  const events = await run(
    tx,
    `select seq, at, type, from_state as "fromState", to_state as "toState", attempt_id as "attemptId"
     from escalation_events where escalation_id = ? order by seq`,
    [id],
  );
  return { escalation, attempts: readRows(attempt, attempts), events: readRows(event, events) };
}

const briefingRow = z.object({
  briefing: sealedColumn.nullable(),
  callId: z.string(),
  callerId: z.string().nullable(),
  wrapped_key: sealedColumn.nullable(),
  caller_key: sealedColumn.nullable(),
});

/** What the person heard, as JSON text; null when there is no such escalation. */
export async function readBriefing(tx: Transaction, keys: KeyKeeper, id: string): Promise<Opened | null> {
  const result = await run(
    tx,
    `select briefing, c.id as "callId", c.caller_id as "callerId", c.wrapped_key, callers.wrapped_key as caller_key
     from escalations e join calls c on c.id = e.call_id left join callers on callers.id = c.caller_id where e.id = ?`,
    [id],
  );
  const found = readRows(briefingRow, result)[0];
  if (found === undefined) return null;
  const { callId, callerId, wrapped_key: own, caller_key: callerKey } = found;
  const key = keyState(() => {
    if (own !== null) return keys.unwrap(own, callKeyPlace(callId));
    return callerId === null || callerKey === null ? null : keys.unwrap(callerKey, callerKeyPlace(callerId));
  });
  return openWith(key, briefingPlace(id), found.briefing);
}

const task = z.object({
  id: z.string(),
  escalationId: z.string(),
  callId: z.string(),
  kind: z.enum(['automaticCallback', 'humanCallback', 'supervisor']),
  ordinal: z.number(),
  ownerId: z.string().nullable(),
  ownerRole: z.string().nullable(),
  dueAt: z.date(),
  state: z.enum(['waiting', 'calling', 'done', 'cancelled']),
  attempts: z.number(),
  outcome: z.string().nullable(),
  level: z.enum(riskLevels),
  overdue: z.boolean(),
});

export type ListedTask = z.infer<typeof task>;

const taskColumns = `t.id, t.escalation_id as "escalationId", t.call_id as "callId", t.kind, t.ordinal,
  t.owner_person_id as "ownerId", t.owner_role as "ownerRole", t.due_at as "dueAt", t.state, t.attempts, t.outcome,
  (select level from escalations e where e.id = t.escalation_id) as level,
  (t.state in ('waiting', 'calling') and t.due_at < now()) as overdue`;

/** By deadline, so that what is overdue comes first; `all`: also what is done or cancelled. */
export async function listTasks(
  tx: Transaction,
  organisationId: string,
  { all, after, limit }: { readonly all: boolean; readonly after: string | null; readonly limit: number },
): Promise<Page<ListedTask>> {
  const given: readonly (Condition | null)[] = [
    ['t.organisation_id = ?', organisationId],
    all ? null : ["t.state in ('waiting', 'calling')"],
    after === null ? null : await laterTasks(tx, after),
  ];
  const conditions = given.filter((each) => each !== null);
  const result = await run(
    tx,
    `select ${taskColumns} from callback_tasks t where ${conditions.map(([sql]) => sql).join(' and ')}
     order by t.due_at, t.id limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  );
  return pageOf(readRows(task, result), limit);
}

async function laterTasks(tx: Transaction, after: string): Promise<Condition> {
  const result = await run(tx, 'select due_at::text as at from callback_tasks where id = ?', [after]);
  const at = readRows(z.object({ at: z.string() }), result)[0]?.at;
  return at === undefined ? ['false'] : ['(t.due_at, t.id) > (?::timestamptz, ?::uuid)', at, after];
}

export async function tasksOfCall(tx: Transaction, callId: string): Promise<readonly ListedTask[]> {
  const result = await run(
    tx,
    `select ${taskColumns} from callback_tasks t where t.call_id = ? order by t.due_at, t.id`,
    [callId],
  );
  return readRows(task, result);
}

export async function readTask(tx: Transaction, id: string): Promise<ListedTask | null> {
  const result = await run(tx, `select ${taskColumns} from callback_tasks t where t.id = ?`, [id]);
  return readRows(task, result)[0] ?? null;
}

/**
 * False when it no longer waits: somebody else closed it, or Sanad is calling right now. Whom a person has reached (`reached`)
 * Sanad need not call back any more.
 */
export async function closeTask(tx: Transaction, id: string, outcome: string): Promise<boolean> {
  const result = await run(
    tx,
    `update callback_tasks set state = 'done', outcome = ?, changed_at = now()
     where id = ? and state = 'waiting' returning escalation_id`,
    [outcome, id],
  );
  const escalationId = readRows(z.object({ escalation_id: z.string() }), result)[0]?.escalation_id;
  if (escalationId === undefined) return false;
  if (outcome === 'reached')
    await run(
      tx,
      `update callback_tasks set state = 'cancelled', outcome = 'reachedByPerson', changed_at = now()
       where escalation_id = ? and state = 'waiting' and kind = 'automaticCallback'`,
      [escalationId],
    );
  return true;
}
