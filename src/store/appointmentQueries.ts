import { z } from 'zod';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

const row = z.object({
  id: z.string(),
  callerId: z.string(),
  counsellor: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  state: z.enum(['booked', 'cancelled']),
  why: z.string().nullable(),
  bookedAt: z.date(),
  /** State of its reminder; null: there is none. */
  reminder: z.string().nullable(),
});

export type ListedAppointment = z.infer<typeof row>;

const columns = `a.id, a.caller_id as "callerId", s.counsellor, s.starts_at as "startsAt", s.ends_at as "endsAt", a.state, a.why,
  a.booked_at as "bookedAt", m.state as reminder
  from appointments a join counsellor_slots s on s.id = a.slot_id left join messages m on m.id = a.reminder_id`;

export interface AppointmentFilter {
  /** Those that begin from then on. */
  readonly from: Date;
  readonly callerId: string | null;
  /** Cancelled ones too. */
  readonly all: boolean;
  readonly limit: number;
}

/** The earliest first. */
export async function listAppointments(
  tx: Transaction,
  { from, callerId, all, limit }: AppointmentFilter,
): Promise<readonly ListedAppointment[]> {
  const result = await run(
    tx,
    `select ${columns} where s.starts_at >= ? and (?::uuid is null or a.caller_id = ?::uuid) and (? or a.state = 'booked')
     order by s.starts_at, a.id limit ?`,
    [from, callerId, callerId, all, limit],
  );
  return readRows(row, result);
}

/** All that is kept of one caller, the oldest first. */
export async function appointmentsOfCaller(tx: Transaction, callerId: string): Promise<readonly ListedAppointment[]> {
  const result = await run(tx, `select ${columns} where a.caller_id = ? order by s.starts_at, a.id`, [callerId]);
  return readRows(row, result);
}

/** Ids that begin like this, two at most. */
export async function appointmentsNamed(tx: Transaction, prefix: string): Promise<readonly string[]> {
  const result = await run(tx, `select id from appointments where starts_with(id::text, ?) order by id limit 2`, [
    prefix,
  ]);
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
