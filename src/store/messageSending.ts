import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { moveMessage, type MessageEvent } from '../followUp/messageState.ts';
import { nextAllowed } from '../followUp/quietHours.ts';
import { callerPhonePlace } from './callers.ts';
import { readContactHours } from './contactHours.ts';
import type { Transaction } from './database.ts';
import {
  addStep,
  byCarrier,
  bySanad,
  callerKey,
  lockMessage,
  messageBodyPlace,
  type MessageRow,
} from './messageRows.ts';
import { cancelMessage } from './messageCancelling.ts';
import { obstacleTo } from './messages.ts';
import { optOutCaller } from './optOuts.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { open, SealBroken, type KeyKeeper, type Place } from './sealing.ts';

/** The way of approved messages to the carrier. Whoever sends asks here before each request, and writes down here what came of it. */

export interface ClaimedMessage {
  readonly organisationId: string;
  readonly messageId: string;
  readonly callerId: string;
  readonly requestId: string;
  /** E.164; null: erased, or it cannot be opened. */
  readonly to: string | null;
  readonly body: string;
  readonly requestedAt: Date;
}

export type Claim =
  /** Written down just now: whoever got this makes the request, and nobody else. */
  | { readonly kind: 'claimed'; readonly request: ClaimedMessage }
  /** A request of before, made or not; it is not to be made again until it is known that it was not made. */
  | { readonly kind: 'doubt'; readonly request: ClaimedMessage; readonly sinceMs: number }
  | { readonly kind: 'later'; readonly inMs: number }
  /** A state, or why it was cancelled just now. */
  | { readonly kind: 'over'; readonly why: string };

/** Everything that may forbid sending is asked in this transaction. `at`: now. */
export async function claimForSending(tx: Transaction, keys: KeyKeeper, id: string, at: Date): Promise<Claim> {
  const message = await lockMessage(tx, id);
  if (message === null || message.direction === 'in') return { kind: 'over', why: 'unknown' };
  if (message.state === 'queued') return inDoubt(tx, keys, message, at);
  if (message.state !== 'approved') return { kind: 'over', why: message.state };
  const forbidden =
    (await obstacleTo(tx, message.callerId)) ??
    (await calledSince(tx, message)) ??
    (await appointmentOff(tx, message, at));
  if (forbidden !== null) {
    await cancelMessage(tx, message, { why: forbidden, by: bySanad, at });
    return { kind: 'over', why: forbidden };
  }
  const from = await earliest(tx, message, at);
  if (from > at) return { kind: 'later', inMs: from.getTime() - at.getTime() };
  const requestId = randomUUID();
  await run(
    tx,
    `update messages set state = 'queued', request_id = ?, requested_at = ?, requests = requests + 1, updated_at = ?
     where id = ?`,
    [requestId, at, at, id],
  );
  await addStep(tx, { message, type: 'queued', from: message.state, to: 'queued', by: bySanad, at });
  const request = await requestOf(tx, keys, { ...message, requestId, requestedAt: at });
  return { kind: 'claimed', request };
}

async function inDoubt(tx: Transaction, keys: KeyKeeper, message: MessageRow, at: Date): Promise<Claim> {
  const request = await requestOf(tx, keys, message);
  return { kind: 'doubt', request, sinceMs: Math.max(0, at.getTime() - request.requestedAt.getTime()) };
}

/** Words that cannot be opened are sent to nobody: `to` is then null. */
async function requestOf(tx: Transaction, keys: KeyKeeper, message: MessageRow): Promise<ClaimedMessage> {
  const { id, organisationId, callerId, requestId, requestedAt, createdAt } = message;
  const key = await callerKey(tx, keys, callerId);
  const phone = await run(tx, 'select phone from callers where id = ?', [callerId]);
  const sealedPhone = readRows(z.object({ phone: sealedColumn.nullable() }), phone)[0]?.phone ?? null;
  const opened = (place: Place, sealed: Buffer | null): string | null => {
    if (key === null || sealed === null) return null;
    try {
      return open(key, place, sealed);
    } catch (fault) {
      if (fault instanceof SealBroken) return null;
      throw fault;
    }
  };
  const body = opened(messageBodyPlace(id), message.body);
  return {
    organisationId,
    messageId: id,
    callerId,
    requestId: requestId ?? id,
    to: body === null ? null : opened(callerPhonePlace(callerId), sealedPhone),
    body: body ?? '',
    requestedAt: requestedAt ?? createdAt,
  };
}

/** Whoever has called since has been spoken to; the end of that call begins anew. */
async function calledSince(tx: Transaction, { followUpId, callerId }: MessageRow): Promise<'calledIn' | null> {
  if (followUpId === null) return null;
  const result = await run(
    tx,
    `select 1 from calls c join follow_ups f on f.id = ? join follow_up_plans p on p.id = f.plan_id
     where c.caller_id = ? and c.started_at > p.started_at and c.call_sid not like 'SM%'
       and not exists (select from follow_ups own where own.called_call_id = c.id) limit 1`,
    [followUpId, callerId],
  );
  return readCount(result) > 0 ? 'calledIn' : null;
}

/** A reminder of an hour that was given up, or has begun, helps nobody; approved late, it would still be due. */
async function appointmentOff(tx: Transaction, { id }: MessageRow, at: Date): Promise<'appointmentOff' | null> {
  const result = await run(
    tx,
    `select 1 from appointments a join counsellor_slots s on s.id = a.slot_id
     where a.reminder_id = ? and (a.state <> 'booked' or s.starts_at <= ?)`,
    [id, at],
  );
  return readCount(result) > 0 ? 'appointmentOff' : null;
}

async function earliest(tx: Transaction, message: MessageRow, at: Date): Promise<Date> {
  const { dueAt, notBefore, urgent, organisationId } = message;
  const from = new Date(Math.max(at.getTime(), dueAt?.getTime() ?? 0, notBefore?.getTime() ?? 0));
  return urgent ? from : nextAllowed(from, await readContactHours(tx, organisationId));
}

const optOutCode = 21610;

export interface Failure {
  /** The carrier's; null: none was given. */
  readonly code: number | null;
  /** A tag. */
  readonly reason: string;
}

/** The carrier has it. */
export async function recordSent(tx: Transaction, id: string, sid: string, at: Date): Promise<void> {
  await record(tx, id, { type: 'accepted' }, { at, sid });
}

/** The carrier refused it for good. 21610 is the person's own withdrawal, made to the carrier. */
export async function recordRefused(tx: Transaction, id: string, failure: Failure, at: Date): Promise<void> {
  await record(tx, id, { type: 'refusedByCarrier' }, { at, failure });
  if (failure.code === optOutCode) await optOutSender(tx, id, at);
}

const mostRequests = 6;
const firstWaitMs = 30_000;

/** It is certain that the carrier does not have it: another request may follow, later each time; after six the message failed. */
export async function recordNotSent(tx: Transaction, id: string, failure: Failure, at: Date): Promise<void> {
  const message = await lockMessage(tx, id);
  if (message === null) return;
  if (message.requests >= mostRequests) return record(tx, id, { type: 'givenUp' }, { at, failure });
  const notBefore = new Date(at.getTime() + firstWaitMs * 2 ** Math.max(0, message.requests - 1));
  await record(tx, id, { type: 'notSent' }, { at, failure, notBefore });
}

/** Nobody will ever know whether it was sent: it failed with `outcomeUnknown`, and is not sent again. */
export async function recordGivenUp(tx: Transaction, id: string, at: Date): Promise<void> {
  await record(tx, id, { type: 'givenUp' }, { at, failure: { code: null, reason: 'outcomeUnknown' } });
}

/** What the carrier reports later. It may come twice, in any order, and before the answer to the request. */
export async function recordStatus(
  tx: Transaction,
  id: string,
  report: { readonly status: string; readonly sid: string; readonly failure: Failure | null },
  at: Date,
): Promise<void> {
  const { status, sid, failure } = report;
  const type = eventOf(status);
  if (type === null) return;
  const failed = type === 'undelivered' ? { failure: failure ?? { code: null, reason: 'other' } } : {};
  await record(tx, id, { type }, { at, sid, ...failed });
  if (failure?.code === optOutCode) await optOutSender(tx, id, at);
}

function eventOf(status: string): 'accepted' | 'delivered' | 'undelivered' | null {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return 'accepted';
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'undelivered':
    case 'failed':
    case 'canceled':
      return 'undelivered';
    default:
      return null;
  }
}

async function optOutSender(tx: Transaction, id: string, at: Date): Promise<void> {
  const message = await lockMessage(tx, id);
  if (message !== null) await optOutCaller(tx, message.callerId, { source: 'carrier21610', at });
}

interface Told {
  readonly at: Date;
  readonly sid?: string;
  readonly failure?: Failure;
  readonly notBefore?: Date;
}

async function record(tx: Transaction, id: string, event: MessageEvent, told: Told): Promise<void> {
  const message = await lockMessage(tx, id);
  if (message === null || message.direction === 'in') return;
  const move = moveMessage(message.state, event);
  if (move.kind !== 'moved') return;
  const { at, sid = null, failure = null, notBefore = null } = told;
  // A report of a message that was reconciled under another id of the carrier changes nothing about which is ours.
  await run(
    tx,
    `update messages set state = ?, provider_sid = coalesce(provider_sid, ?), error_code = ?, reason = ?, not_before = ?,
       updated_at = ? where id = ?`,
    [move.state, sid, failure?.code ?? null, failure?.reason ?? null, notBefore, at, id],
  );
  if (event.type === 'accepted' || event.type === 'delivered') await countSegments(tx, id);
  const step = { message, type: event.type, from: message.state, to: move.state, by: byCarrier, at };
  await addStep(tx, { ...step, errorCode: failure?.code ?? null, reason: failure?.reason ?? null });
}

/**
 * What the carrier bills, with the call that the message follows. The message is its own part, so that it counts once however many
 * reports come, and apart from what the call's servers count. Without a call, or once its record was removed: not counted.
 */
async function countSegments(tx: Transaction, id: string): Promise<void> {
  await run(
    tx,
    `insert into provider_usage (organisation_id, call_id, part, provider, kind, call_started_at, requests, amount)
     select c.organisation_id, c.id, m.id, 'twilio', 'message', c.started_at, 1, m.segments
     from messages m left join follow_ups f on f.id = m.follow_up_id left join follow_up_plans p on p.id = f.plan_id
       join calls c on c.id = coalesce(m.call_id, p.call_id)
     where m.id = ?
     on conflict (call_id, part, provider, kind, model) do nothing`,
    [id],
  );
}

/** Of these ids of the carrier, those that are messages of ours already, this one left out. */
export async function knownSids(tx: Transaction, id: string, sids: readonly string[]): Promise<ReadonlySet<string>> {
  const result = await run(
    tx,
    'select provider_sid as sid from messages where provider_sid = any(?::text[]) and id <> ?',
    [sids, id],
  );
  return new Set(readRows(z.object({ sid: z.string() }), result).map(({ sid }) => sid));
}

/** Approved ones whose time has come and requests whose outcome is open, the oldest first: for whoever looks what was forgotten. */
export async function messagesToSend(tx: Transaction, at: Date, most: number): Promise<readonly string[]> {
  const result = await run(
    tx,
    `select id from messages
     where direction = 'out' and (state = 'approved' and due_at <= ? and (not_before is null or not_before <= ?)
       or state = 'queued')
     order by due_at, id limit ?`,
    [at, at, most],
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
