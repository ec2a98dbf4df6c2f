import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageStates, type MessageState } from '../followUp/messageState.ts';
import { callerKeyPlace } from './callers.ts';
import type { Transaction } from './database.ts';
import { keyState, type KeyState } from './opened.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { seal, type KeyKeeper, type Place, type SealingKey } from './sealing.ts';

/** Messages to and from callers, as rows. Everything here is within one organisation's transaction. */

export const messageBodyPlace = (id: string): Place => ({ table: 'messages', column: 'body', row: id });
export const eventBodyPlace = (id: string): Place => ({ table: 'message_events', column: 'body', row: id });
export const eventWhyPlace = (id: string): Place => ({ table: 'message_events', column: 'why', row: id });

/** Who did it. A message that a template's approval let out was approved by `sanad`, and the history says so. */
export interface MessageActor {
  readonly kind: 'staff' | 'localOperator' | 'sanad' | 'caller' | 'carrier';
  readonly id: string | null;
}

export const bySanad: MessageActor = { kind: 'sanad', id: null };
export const byCarrier: MessageActor = { kind: 'carrier', id: null };

export const messageRow = z.object({
  id: z.string(),
  organisationId: z.string(),
  callerId: z.string(),
  followUpId: z.string().nullable(),
  callId: z.string().nullable(),
  direction: z.enum(['out', 'in']),
  kind: z.string(),
  language: z.string(),
  state: z.enum(messageStates),
  urgent: z.boolean(),
  approvedBy: z.string().nullable(),
  approvedAt: z.date().nullable(),
  dueAt: z.date().nullable(),
  requestId: z.string().nullable(),
  requestedAt: z.date().nullable(),
  requests: z.number(),
  notBefore: z.date().nullable(),
  providerSid: z.string().nullable(),
  errorCode: z.number().nullable(),
  reason: z.string().nullable(),
  segments: z.number(),
  version: z.number(),
  createdAt: z.date(),
  updatedAt: z.date(),
  body: sealedColumn.nullable(),
});

/** `body` is sealed. */
export type MessageRow = z.infer<typeof messageRow>;

export const messageColumns = `m.id, m.organisation_id as "organisationId", m.caller_id as "callerId",
  m.follow_up_id as "followUpId", m.call_id as "callId", m.direction, m.kind, m.language, m.state, m.urgent,
  m.approved_by as "approvedBy", m.approved_at as "approvedAt", m.due_at as "dueAt", m.request_id as "requestId",
  m.requested_at as "requestedAt", m.requests, m.not_before as "notBefore", m.provider_sid as "providerSid",
  m.error_code as "errorCode", m.reason, m.segments, m.version, m.created_at as "createdAt", m.updated_at as "updatedAt",
  m.body`;

/** Locked until the end of the transaction, and its caller against being erased meanwhile. Null: there is none. */
export async function lockMessage(tx: Transaction, id: string): Promise<MessageRow | null> {
  // The caller first, as whoever erases does.
  await run(tx, 'select 1 from callers where id = (select caller_id from messages where id = ?) for key share', [id]);
  const result = await run(tx, `select ${messageColumns} from messages m where m.id = ? for update`, [id]);
  return readRows(messageRow, result)[0] ?? null;
}

const keyRow = z.object({ wrapped_key: sealedColumn.nullable() });

export async function callerKeyState(tx: Transaction, keys: KeyKeeper, callerId: string): Promise<KeyState> {
  const result = await run(tx, 'select wrapped_key from callers where id = ?', [callerId]);
  const wrapped = readRows(keyRow, result)[0]?.wrapped_key ?? null;
  return keyState(() => (wrapped === null ? null : keys.unwrap(wrapped, callerKeyPlace(callerId))));
}

/** To seal with. Null: the caller was erased, or the key cannot be trusted. */
export async function callerKey(tx: Transaction, keys: KeyKeeper, callerId: string): Promise<SealingKey | null> {
  const state = await callerKeyState(tx, keys, callerId);
  return state.kind === 'key' ? state.key : null;
}

export interface Step {
  readonly message: Pick<MessageRow, 'id' | 'organisationId'>;
  readonly type: string;
  readonly from: MessageState | null;
  readonly to: MessageState;
  readonly by: MessageActor;
  readonly at: Date;
  readonly errorCode?: number | null;
  /** A tag. */
  readonly reason?: string | null;
  /** Sealed here. */
  readonly words?: { readonly key: SealingKey; readonly body?: string | undefined; readonly why?: string | undefined };
}

/** Adds to the history; the message is locked, or was made in this transaction. */
export async function addStep(tx: Transaction, step: Step): Promise<void> {
  const { message, type, from, to, by, at, errorCode = null, reason = null, words } = step;
  const id = randomUUID();
  const sealed = (text: string | undefined, place: Place): Buffer | null =>
    text === undefined || words === undefined ? null : seal(words.key, place, text);
  await run(
    tx,
    `insert into message_events (id, organisation_id, message_id, seq, at, actor_kind, actor_id, type, from_state, to_state,
       error_code, reason, body, why)
     values (?, ?, ?, (select coalesce(max(seq), 0) + 1 from message_events where message_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      message.organisationId,
      message.id,
      message.id,
      at,
      by.kind,
      by.id,
      type,
      from,
      to,
      errorCode,
      reason,
      sealed(words?.body, eventBodyPlace(id)),
      sealed(words?.why, eventWhyPlace(id)),
    ],
  );
}
