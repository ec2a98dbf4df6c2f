import { z } from 'zod';
import type { MessageState } from '../followUp/messageState.ts';
import { idRange, type Page } from './callQueries.ts';
import type { Transaction } from './database.ts';
import {
  callerKeyState,
  eventBodyPlace,
  eventWhyPlace,
  messageBodyPlace,
  messageColumns,
  messageRow,
  type MessageRow,
} from './messageRows.ts';
import { openWith, type KeyState, type Opened } from './opened.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** Messages as staff look at them, in the organisation of the transaction. */

export interface ShownMessage extends Omit<MessageRow, 'body'> {
  /** Null: not asked for. */
  readonly text: Opened | null;
}

export interface MessageFilter {
  readonly states?: readonly MessageState[] | undefined;
  readonly direction?: 'in' | 'out' | undefined;
  readonly callerId?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** The newest first. `withText`: opens the words, which the caller of this has the right to see. */
export async function listMessages(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  filter: MessageFilter,
  page: { readonly after: string | null; readonly limit: number; readonly withText: boolean },
): Promise<Page<ShownMessage>> {
  const { states, direction, callerId, since, until } = filter;
  const { after, limit, withText } = page;
  const conditions: readonly (readonly [sql: string, ...values: readonly unknown[]] | null)[] = [
    ['m.organisation_id = ?', organisationId],
    states === undefined ? null : ['m.state = any(?::text[])', states],
    direction === undefined ? null : ['m.direction = ?', direction],
    callerId === undefined ? null : ['m.caller_id = ?', callerId],
    since === undefined ? null : ['m.created_at >= ?', since],
    until === undefined ? null : ['m.created_at < ?', until],
    after === null ? null : ['(m.created_at, m.id) < (select created_at, id from messages where id = ?)', after],
  ];
  const given = conditions.filter((each) => each !== null);
  const result = await run(
    tx,
    `select ${messageColumns} from messages m where ${given.map(([sql]) => sql).join(' and ')}
     order by m.created_at desc, m.id desc limit ?`,
    [...given.flatMap(([, ...values]) => values), limit + 1],
  );
  const rows = readRows(messageRow, result);
  const items = await Promise.all(rows.slice(0, limit).map((each) => shown(tx, keys, each, withText)));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

async function shown(
  tx: Transaction,
  keys: KeyKeeper,
  { body, ...rest }: MessageRow,
  withText: boolean,
): Promise<ShownMessage> {
  if (!withText) return { ...rest, text: null };
  const key = await callerKeyState(tx, keys, rest.callerId);
  return { ...rest, text: openedBody(key, rest.id, body) };
}

function openedBody(key: KeyState, id: string, body: Buffer | null): Opened {
  return key.kind === 'erased' ? key : openWith(key, messageBodyPlace(id), body);
}

const stepRow = z.object({
  id: z.string(),
  seq: z.number(),
  at: z.date(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  type: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  errorCode: z.number().nullable(),
  reason: z.string().nullable(),
  body: sealedColumn.nullable(),
  why: sealedColumn.nullable(),
});

export interface ShownStep extends Omit<z.infer<typeof stepRow>, 'id' | 'body' | 'why'> {
  /** The words from then on; null: they did not change. */
  readonly text: Opened | null;
  readonly why: Opened | null;
}

export interface WholeMessage {
  readonly message: ShownMessage;
  readonly history: readonly ShownStep[];
}

/** With its history, the oldest step first. Null: there is none of this id. */
export async function showMessage(
  tx: Transaction,
  keys: KeyKeeper,
  id: string,
  withText: boolean,
): Promise<WholeMessage | null> {
  const result = await run(tx, `select ${messageColumns} from messages m where m.id = ?`, [id]);
  const row = readRows(messageRow, result)[0];
  if (row === undefined) return null;
  const steps = await run(
    tx,
    `select id, seq, at, actor_kind as "actorKind", actor_id as "actorId", type, from_state as "from", to_state as "to",
       error_code as "errorCode", reason, body, why
     from message_events where message_id = ? order by seq`,
    [id],
  );
  const key = await callerKeyState(tx, keys, row.callerId);
  const history = readRows(stepRow, steps).map(({ id: stepId, body, why, ...step }) => ({
    ...step,
    text: body === null || !withText ? null : openWith(key, eventBodyPlace(stepId), body),
    why: why === null || !withText ? null : openWith(key, eventWhyPlace(stepId), why),
  }));
  return { message: await shown(tx, keys, row, withText), history };
}

/** Messages whose id begins so, and contacts, which stand for their message; at most `most`. */
export async function messagesNamed(
  tx: Transaction,
  prefix: string,
  most: number,
): Promise<readonly { readonly kind: 'message' | 'checkInCall'; readonly id: string }[]> {
  const range = idRange(prefix);
  if (range === null) return [];
  const result = await run(
    tx,
    `select distinct kind, id from (
       select 'message' as kind, id from messages where id between ?::uuid and ?::uuid
       union all select 'message', m.id from messages m join follow_ups f on f.id = m.follow_up_id
         where f.id between ?::uuid and ?::uuid
       union all select 'checkInCall', id from follow_ups where kind = 'checkInCall' and id between ?::uuid and ?::uuid) found
     order by id limit ?`,
    [...range, ...range, ...range, most],
  );
  return readRows(z.object({ kind: z.enum(['message', 'checkInCall']), id: z.string() }), result);
}
