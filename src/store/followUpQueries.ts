import { z } from 'zod';
import { messageStates } from '../followUp/messageState.ts';
import { idRange, type Page } from './callQueries.ts';
import type { Transaction } from './database.ts';
import { callerKeyState, messageBodyPlace } from './messageRows.ts';
import { openWith, type Opened } from './opened.ts';
import { levelColumn, readCount, readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** Contacts of plans as staff look at them, and what they decide about check-in calls. */

export const followUpStates = ['planned', 'approved', 'done', 'cancelled'] as const;
export type FollowUpState = (typeof followUpStates)[number];

const row = z.object({
  id: z.string(),
  callerId: z.string(),
  callId: z.string().nullable(),
  ordinal: z.number(),
  kind: z.enum(['message', 'checkInCall']),
  level: levelColumn,
  dueAt: z.date(),
  state: z.enum(followUpStates),
  outcome: z.string().nullable(),
  urgent: z.boolean(),
  overdue: z.boolean(),
  messageId: z.string().nullable(),
  messageState: z.enum(messageStates).nullable(),
  version: z.number().nullable(),
  segments: z.number().nullable(),
  body: sealedColumn.nullable(),
});

export interface ShownFollowUp extends Omit<z.infer<typeof row>, 'body'> {
  /** The message; null for a check-in call. */
  readonly text: Opened | null;
}

const columns = `f.id, f.caller_id as "callerId", p.call_id as "callId", f.ordinal, f.kind, p.level, coalesce(m.due_at, f.due_at) as "dueAt",
  f.state, f.outcome, f.urgent or coalesce(m.urgent, false) as urgent,
  f.state in ('planned', 'approved') and coalesce(m.due_at, f.due_at) < ? as overdue, m.id as "messageId",
  m.state as "messageState", m.version, m.segments, m.body`;

export interface FollowUpFilter {
  readonly which: 'waiting' | 'overdue' | 'all';
  readonly callerId?: string | undefined;
  readonly now: Date;
}

/** By when they are due, the earliest first; of `all` the latest first. `after`: the last contact of the page before. */
export async function listFollowUps(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  { which, callerId, now }: FollowUpFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Page<ShownFollowUp>> {
  const [direction, order] = which === 'all' ? ['<', 'desc'] : ['>', 'asc'];
  const conditions: readonly (readonly [sql: string, ...values: readonly unknown[]] | null)[] = [
    ['f.organisation_id = ?', organisationId],
    which === 'all' ? null : [`f.state in ('planned', 'approved')`],
    which === 'overdue' ? ['coalesce(m.due_at, f.due_at) < ?', now] : null,
    callerId === undefined ? null : ['f.caller_id = ?', callerId],
    after === null
      ? null
      : [
          `(coalesce(m.due_at, f.due_at), f.id) ${direction} (select coalesce(b.due_at, a.due_at), a.id from follow_ups a
             left join messages b on b.follow_up_id = a.id where a.id = ?)`,
          after,
        ],
  ];
  const given = conditions.filter((each) => each !== null);
  const result = await run(
    tx,
    `select ${columns} from follow_ups f join follow_up_plans p on p.id = f.plan_id left join messages m on m.follow_up_id = f.id
     where ${given.map(([sql]) => sql).join(' and ')}
     order by coalesce(m.due_at, f.due_at) ${order}, f.id ${order} limit ?`,
    [now, ...given.flatMap(([, ...values]) => values), limit + 1],
  );
  const rows = readRows(row, result);
  const items: ShownFollowUp[] = [];
  for (const { body, ...each } of rows.slice(0, limit)) {
    const key = await callerKeyState(tx, keys, each.callerId);
    items.push({
      ...each,
      text: each.messageId === null ? null : openWith(key, messageBodyPlace(each.messageId), body),
    });
  }
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

const checkInRow = z.object({ callerId: z.string(), state: z.enum(followUpStates), dueAt: z.date() });

/** Locked; null: there is no such check-in call. */
export async function lockCheckIn(tx: Transaction, id: string): Promise<z.infer<typeof checkInRow> | null> {
  const result = await run(
    tx,
    `select caller_id as "callerId", state, due_at as "dueAt" from follow_ups where id = ? and kind = 'checkInCall' for update`,
    [id],
  );
  return readRows(checkInRow, result)[0] ?? null;
}

/** False: it was not waiting for that. `by`: null is the local operator. */
export async function approveCheckIn(tx: Transaction, id: string, by: string | null, at: Date): Promise<boolean> {
  const result = await run(
    tx,
    `update follow_ups set state = 'approved', approved_by = ?, approved_at = ?, changed_at = ?
     where id = ? and kind = 'checkInCall' and state = 'planned'`,
    [by, at, at, id],
  );
  return readCount(result) === 1;
}

/** With a tag for how it went or why it was called off. False: it was over. */
export async function settleCheckIn(
  tx: Transaction,
  id: string,
  end: {
    readonly state: 'done' | 'cancelled';
    readonly outcome: string;
    readonly callId?: string | null;
    readonly at: Date;
  },
): Promise<boolean> {
  const result = await run(
    tx,
    `update follow_ups set state = ?, outcome = ?, called_call_id = coalesce(?, called_call_id), changed_at = ?
     where id = ? and kind = 'checkInCall' and state in ('planned', 'approved')`,
    [end.state, end.outcome, end.callId ?? null, end.at, id],
  );
  return readCount(result) === 1;
}

/** The call in which it takes place, from its beginning: it counts neither as calling in nor does its end begin a plan. */
export async function noteCheckInCall(tx: Transaction, id: string, callId: string): Promise<void> {
  await run(tx, 'update follow_ups set called_call_id = ? where id = ?', [callId, id]);
}

/** Approved check-in calls whose time has come. */
export async function dueCheckIns(
  tx: Transaction,
  organisationId: string,
  at: Date,
  most: number,
): Promise<readonly { readonly id: string; readonly callerId: string }[]> {
  const result = await run(
    tx,
    `select id, caller_id as "callerId" from follow_ups
     where organisation_id = ? and kind = 'checkInCall' and state = 'approved' and due_at <= ? order by due_at, id limit ?`,
    [organisationId, at, most],
  );
  return readRows(z.object({ id: z.string(), callerId: z.string() }), result);
}

/** Ids of contacts that begin with `prefix`, at most two. */
export async function followUpsNamed(tx: Transaction, prefix: string): Promise<readonly string[]> {
  const range = idRange(prefix);
  if (range === null) return [];
  const result = await run(tx, 'select id from follow_ups where id between ?::uuid and ?::uuid order by id limit 2', [
    ...range,
  ]);
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
