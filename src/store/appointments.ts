import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { reminderAt, writtenTime } from '../appointments/slots.ts';
import { wordsOf, type MessageLanguage } from '../followUp/templates.ts';
import type { Transaction } from './database.ts';
import { cancelMessage } from './messageCancelling.ts';
import { bySanad, lockMessage, type MessageActor } from './messageRows.ts';
import { approveMessage, draftMessage, obstacleTo } from './messages.ts';
import { readCount, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';
import { isTemplateApproved } from './templateApprovals.ts';

/** Who has taken which hour. Each is one transaction; of two who take the same hour at once, one gets it. */

export interface Booking {
  readonly organisationId: string;
  readonly slotId: string;
  readonly callerId: string;
  /** In which it was taken; null: by staff. */
  readonly callId: string | null;
  readonly language: MessageLanguage;
  readonly by: MessageActor;
  readonly at: Date;
}

export type BookingRefusal =
  | 'unknownSlot'
  /** It has begun, or is over. */
  | 'past'
  | 'taken'
  /** One to come is enough: it can be moved. */
  | 'alreadyBooked'
  | 'erased';

/** `approved`: goes out when due. `draft`: waits for a person. `none`: too near, or the caller may not be written to. */
export type Reminder = 'approved' | 'draft' | 'none';

export type Booked =
  | { readonly kind: 'booked'; readonly id: string; readonly startsAt: Date; readonly reminder: Reminder }
  | { readonly kind: 'refused'; readonly why: BookingRefusal };

export async function bookAppointment(tx: Transaction, keys: KeyKeeper, booking: Booking): Promise<Booked> {
  const { organisationId, slotId, callerId, callId, at } = booking;
  // The caller first, as everywhere: two bookings of one caller wait for each other.
  const caller = await run(tx, 'select 1 from callers where id = ? and erased_at is null for update', [callerId]);
  if (readCount(caller) === 0) return refuse('erased');
  const startsAt = await startOf(tx, slotId);
  if (startsAt === null) return refuse('unknownSlot');
  if (startsAt <= at) return refuse('past');
  const other = await run(
    tx,
    `select 1 from appointments a join counsellor_slots s on s.id = a.slot_id
     where a.caller_id = ? and a.state = 'booked' and s.starts_at > ?`,
    [callerId, at],
  );
  if (readCount(other) > 0) return refuse('alreadyBooked');
  const id = randomUUID();
  const made = await run(
    tx,
    `insert into appointments (id, organisation_id, slot_id, caller_id, call_id, state, booked_at)
     values (?, ?, ?, ?, ?, 'booked', ?) on conflict (slot_id) where state = 'booked' do nothing`,
    [id, organisationId, slotId, callerId, callId, at],
  );
  if (readCount(made) === 0) return refuse('taken');
  return { kind: 'booked', id, startsAt, reminder: await remind(tx, keys, { ...booking, id, startsAt }) };
}

function refuse(why: BookingRefusal): Booked {
  return { kind: 'refused', why };
}

async function startOf(tx: Transaction, slotId: string): Promise<Date | null> {
  const result = await run(
    tx,
    'select starts_at as at from counsellor_slots where id = ? and withdrawn_at is null for share',
    [slotId],
  );
  return readRows(z.object({ at: z.date() }), result)[0]?.at ?? null;
}

/** By the same rules as every message: a person approves it, or has approved the template once. */
async function remind(
  tx: Transaction,
  keys: KeyKeeper,
  {
    organisationId,
    callerId,
    callId,
    language,
    at,
    id,
    startsAt,
  }: Booking & { readonly id: string; readonly startsAt: Date },
): Promise<Reminder> {
  const dueAt = reminderAt(startsAt, at);
  if (dueAt === null || (await obstacleTo(tx, callerId)) !== null) return 'none';
  const body = wordsOf('reminder', { language, slots: { time: writtenTime(startsAt, language) } });
  const message = { organisationId, callerId, callId, language, body, dueAt, at } as const;
  const drafted = await draftMessage(tx, keys, { ...message, followUpId: null, kind: 'reminder', by: bySanad });
  if (drafted.kind === 'refused') return 'none';
  await run(tx, 'update appointments set reminder_id = ? where id = ?', [drafted.id, id]);
  if (!(await isTemplateApproved(tx, 'reminder'))) return 'draft';
  const approved = await approveMessage(tx, drafted.id, { by: bySanad, at });
  return approved.kind === 'done' ? 'approved' : 'draft';
}

export interface Ending {
  /** A tag: who or what ended it. */
  readonly why: string;
  readonly by: MessageActor;
  readonly at: Date;
}

export type Cancelled =
  | { readonly kind: 'cancelled'; readonly callerId: string; readonly startsAt: Date; readonly organisationId: string }
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'alreadyCancelled' | 'past' };

/** Its hour is free again, and its reminder does not go out unless it is on its way. */
export async function cancelAppointment(tx: Transaction, id: string, ending: Ending): Promise<Cancelled> {
  const result = await run(
    tx,
    `select a.state, a.caller_id as "callerId", a.organisation_id as "organisationId", a.reminder_id as "reminderId",
       s.starts_at as "startsAt"
     from appointments a join counsellor_slots s on s.id = a.slot_id where a.id = ? for update of a`,
    [id],
  );
  const found = readRows(locked, result)[0];
  if (found === undefined) return { kind: 'refused', why: 'unknown' };
  if (found.state === 'cancelled') return { kind: 'refused', why: 'alreadyCancelled' };
  const { callerId, startsAt, organisationId, reminderId } = found;
  if (startsAt <= ending.at) return { kind: 'refused', why: 'past' };
  await run(tx, `update appointments set state = 'cancelled', why = ?, ended_at = ? where id = ?`, [
    ending.why,
    ending.at,
    id,
  ]);
  const reminder = reminderId === null ? null : await lockMessage(tx, reminderId);
  if (reminder !== null) await cancelMessage(tx, reminder, { ...ending, why: 'appointmentOff' });
  return { kind: 'cancelled', callerId, startsAt, organisationId };
}

const locked = z.object({
  state: z.enum(['booked', 'cancelled']),
  callerId: z.string(),
  organisationId: z.string(),
  reminderId: z.string().nullable(),
  startsAt: z.date(),
});

export type Moved =
  Booked | Extract<Cancelled, { readonly kind: 'refused' }> | { readonly kind: 'refused'; readonly why: 'sameSlot' };

/** The old hour is given up only with the new one. A refusal leaves everything as it was: the transaction must then not be kept. */
export async function moveAppointment(
  tx: Transaction,
  keys: KeyKeeper,
  id: string,
  to: Pick<Booking, 'slotId' | 'callId' | 'language' | 'by' | 'at'>,
): Promise<Moved> {
  const there = await run(tx, 'select 1 from appointments where id = ? and slot_id = ?', [id, to.slotId]);
  if (readCount(there) > 0) return { kind: 'refused', why: 'sameSlot' };
  const cancelled = await cancelAppointment(tx, id, { why: 'moved', by: to.by, at: to.at });
  if (cancelled.kind === 'refused') return cancelled;
  const { callerId, organisationId } = cancelled;
  return bookAppointment(tx, keys, { ...to, callerId, organisationId });
}
