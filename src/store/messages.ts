import { randomUUID } from 'node:crypto';
import { moveMessage, type MessageMove, type MessageRefusal } from '../followUp/messageState.ts';
import { checkWording, type WordingFault } from '../followUp/wording.ts';
import { mayContact } from './consents.ts';
import type { Transaction } from './database.ts';
import {
  addStep,
  callerKey,
  lockMessage,
  messageBodyPlace,
  type MessageActor,
  type MessageRow,
} from './messageRows.ts';
import { isOptedOut } from './optOuts.ts';
import { addToOutbox } from './outbox.ts';
import { readCount, run } from './rows.ts';
import { seal, type KeyKeeper } from './sealing.ts';

/** What people decide about messages. Each is one transaction, under the lock of the message; the audit is the caller's work. */

/** `{ organisationId, messageId }`: this message may be ready to go. */
export const messageTopic = 'followUp.message';

export interface NewMessage {
  readonly organisationId: string;
  readonly callerId: string;
  /** A second draft of the same contact is not made. */
  readonly followUpId: string | null;
  readonly callId: string | null;
  /** Id of a template, or `custom`. */
  readonly kind: string;
  readonly language: string;
  readonly body: string;
  readonly dueAt: Date;
  readonly by: MessageActor;
  readonly at: Date;
}

export type Drafted =
  | { readonly kind: 'drafted'; readonly id: string; readonly segments: number }
  | { readonly kind: 'refused'; readonly why: 'erased' | 'there' }
  | { readonly kind: 'refused'; readonly why: 'wording'; readonly fault: WordingFault };

export async function draftMessage(tx: Transaction, keys: KeyKeeper, message: NewMessage): Promise<Drafted> {
  const checked = checkWording(message.body);
  if (checked.kind === 'faulty') return { kind: 'refused', why: 'wording', fault: checked.fault };
  await run(tx, 'select 1 from callers where id = ? for key share', [message.callerId]);
  const key = await callerKey(tx, keys, message.callerId);
  if (key === null) return { kind: 'refused', why: 'erased' };
  const id = randomUUID();
  const { organisationId, callerId, followUpId, callId, kind, language, dueAt, by, at } = message;
  const { text, segments } = checked;
  const made = await run(
    tx,
    `insert into messages (id, organisation_id, caller_id, follow_up_id, call_id, direction, kind, language, body, state, due_at,
       segments, created_at, updated_at)
     values (?, ?, ?, ?, ?, 'out', ?, ?, ?, 'draft', ?, ?, ?, ?)
     on conflict (follow_up_id) where follow_up_id is not null do nothing`,
    [
      id,
      organisationId,
      callerId,
      followUpId,
      callId,
      kind,
      language,
      seal(key, messageBodyPlace(id), text),
      dueAt,
      segments.segments,
      at,
      at,
    ],
  );
  if (readCount(made) === 0) return { kind: 'refused', why: 'there' };
  const step = { message: { id, organisationId }, type: 'drafted', from: null, to: 'draft', by, at } as const;
  await addStep(tx, { ...step, words: { key, body: text } });
  return { kind: 'drafted', id, segments: segments.segments };
}

export type Decided =
  | { readonly kind: 'done'; readonly message: MessageRow }
  | { readonly kind: 'refused'; readonly why: DecisionRefusal }
  | { readonly kind: 'refused'; readonly why: 'wording'; readonly fault: WordingFault };

export type DecisionRefusal =
  | MessageRefusal
  | 'unknown'
  /** It came from the caller. */
  | 'incoming'
  | 'erased'
  | 'optedOut'
  /** Blocked, or has not agreed to be written to. */
  | 'noConsent'
  /** Somebody has edited it since it was shown. */
  | 'changedSince';

export interface Decision {
  readonly by: MessageActor;
  readonly at: Date;
  /** In the person's own words; sealed. */
  readonly why?: string | undefined;
}

/** An approval of other words ends with it. `urgent` and `dueAt`: left as they are when not given. */
export async function editMessage(
  tx: Transaction,
  keys: KeyKeeper,
  id: string,
  edit: Decision & {
    readonly body?: string | undefined;
    readonly dueAt?: Date | undefined;
    readonly urgent?: boolean | undefined;
  },
): Promise<Decided> {
  const found = await openForDecision(tx, id, 'edited');
  if ('refusal' in found) return found.refusal;
  const { message } = found;
  const key = await callerKey(tx, keys, message.callerId);
  if (key === null) return { kind: 'refused', why: 'erased' };
  const checked = edit.body === undefined ? null : checkWording(edit.body);
  if (checked?.kind === 'faulty') return { kind: 'refused', why: 'wording', fault: checked.fault };
  await run(
    tx,
    `update messages set body = coalesce(?, body), segments = coalesce(?, segments), due_at = coalesce(?, due_at),
       urgent = coalesce(?, urgent), state = 'draft', approved_by = null, approved_at = null, version = version + 1,
       updated_at = ? where id = ?`,
    [
      checked === null ? null : seal(key, messageBodyPlace(id), checked.text),
      checked?.segments.segments ?? null,
      edit.dueAt ?? null,
      edit.urgent ?? null,
      edit.at,
      id,
    ],
  );
  const words = { key, why: edit.why, ...(checked === null ? {} : { body: checked.text }) };
  await addStep(tx, { message, type: 'edited', from: message.state, to: 'draft', by: edit.by, at: edit.at, words });
  return done(tx, id);
}

/** `version`: of the words that were shown. Consent and withdrawal are asked now, and once more before it is sent. */
export async function approveMessage(
  tx: Transaction,
  id: string,
  decision: Pick<Decision, 'by' | 'at'> & { readonly version?: number },
): Promise<Decided> {
  const found = await openForDecision(tx, id, 'approved');
  if ('refusal' in found) return found.refusal;
  const { message } = found;
  const { by, at, version } = decision;
  if (version !== undefined && version !== message.version) return { kind: 'refused', why: 'changedSince' };
  const obstacle = await obstacleTo(tx, message.callerId);
  if (obstacle !== null) return { kind: 'refused', why: obstacle };
  await run(
    tx,
    `update messages set state = 'approved', approved_by = ?, approved_at = ?, reason = null, updated_at = ?
     where id = ?`,
    [by.id, at, at, id],
  );
  await addStep(tx, { message, type: 'approved', from: message.state, to: 'approved', by, at });
  const { organisationId } = message;
  await addToOutbox(tx, { organisationId, topic: messageTopic, payload: { organisationId, messageId: id } });
  return done(tx, id);
}

export async function rejectMessage(
  tx: Transaction,
  keys: KeyKeeper,
  id: string,
  decision: Decision,
): Promise<Decided> {
  const found = await openForDecision(tx, id, 'rejected');
  if ('refusal' in found) return found.refusal;
  const { message } = found;
  const { by, at, why } = decision;
  await run(tx, `update messages set state = 'rejected', updated_at = ? where id = ?`, [at, id]);
  const key = await callerKey(tx, keys, message.callerId);
  const words = key === null ? {} : { words: { key, why } };
  await addStep(tx, { message, type: 'rejected', from: message.state, to: 'rejected', by, at, ...words });
  return done(tx, id);
}

/** Null: nothing stands against writing to this caller now. */
export async function obstacleTo(
  tx: Transaction,
  callerId: string,
): Promise<'erased' | 'optedOut' | 'noConsent' | null> {
  const caller = await run(tx, 'select 1 from callers where id = ? and erased_at is null', [callerId]);
  if (readCount(caller) === 0) return 'erased';
  if (await isOptedOut(tx, callerId)) return 'optedOut';
  return (await mayContact(tx, callerId, 'sms')) ? null : 'noConsent';
}

type ForDecision = { readonly message: MessageRow } | { readonly refusal: Decided };

async function openForDecision(
  tx: Transaction,
  id: string,
  type: 'edited' | 'approved' | 'rejected',
): Promise<ForDecision> {
  const message = await lockMessage(tx, id);
  if (message === null) return { refusal: { kind: 'refused', why: 'unknown' } };
  if (message.direction === 'in') return { refusal: { kind: 'refused', why: 'incoming' } };
  const move: MessageMove = moveMessage(message.state, { type });
  if (move.kind === 'refused') return { refusal: { kind: 'refused', why: move.why } };
  return { message };
}

async function done(tx: Transaction, id: string): Promise<Decided> {
  const message = await lockMessage(tx, id);
  return message === null ? { kind: 'refused', why: 'unknown' } : { kind: 'done', message };
}
