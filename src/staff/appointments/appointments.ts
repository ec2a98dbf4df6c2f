import type { MessageLanguage } from '../../followUp/templates.ts';
import { appointmentsNamed, listAppointments, type ListedAppointment } from '../../store/appointmentQueries.ts';
import { slotsNamed } from '../../store/appointmentSlots.ts';
import {
  bookAppointment,
  cancelAppointment,
  moveAppointment,
  type Booked,
  type Moved,
} from '../../store/appointments.ts';
import type { Transaction } from '../../store/database.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { findCaller } from '../callers/findCaller.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import { inZone, usualZone } from '../zonedTime.ts';

const nothing = 'Nothing was changed.';

/** A refusal within a transaction of which nothing may be kept. */
class Broken extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('refused');
    this.name = 'Broken';
    this.outcome = outcome;
  }
}

async function within(access: StaffAccess, work: (tx: Transaction) => Promise<Outcome>): Promise<Outcome> {
  try {
    return await access.database.within(access.organisationId, work);
  } catch (error) {
    if (error instanceof Broken) return error.outcome;
    throw error;
  }
}

export interface ListOptions {
  readonly caller?: string;
  readonly all?: true;
  readonly limit: number;
}

export async function list(access: StaffAccess, { caller, all, limit }: ListOptions, now: Date): Promise<Outcome> {
  access.demand('manageAppointments');
  return within(access, async (tx) => {
    const found = caller === undefined ? null : await findCaller(tx, access, caller);
    if (found?.kind === 'refused') return found.outcome;
    const from = all === true ? new Date(0) : now;
    const appointments = await listAppointments(tx, { from, callerId: found?.id ?? null, all: all === true, limit });
    await access.noteIn(tx, 'appointmentsSeen', { kind: 'appointment', id: null }, undefined, {
      appointments: appointments.length,
    });
    return {
      kind: 'done',
      json: { zone: usualZone, appointments },
      print: ({ line, table }) => (appointments.length === 0 ? line('No appointments.') : table(columns, appointments)),
    };
  });
}

const columns = [
  { title: 'id', width: 8, cell: ({ id }: ListedAppointment) => shortId(id) },
  {
    title: 'when (Muscat)',
    width: 16,
    cell: ({ startsAt }: ListedAppointment) => inZone(startsAt, usualZone).slice(0, 16),
  },
  { title: 'counsellor', cell: ({ counsellor }: ListedAppointment) => counsellor },
  { title: 'caller', width: 8, cell: ({ callerId }: ListedAppointment) => shortId(callerId) },
  {
    title: 'state',
    width: 18,
    cell: ({ state, why }: ListedAppointment) => (why === null ? state : `${state} (${why})`),
  },
  { title: 'reminder', width: 10, cell: ({ reminder }: ListedAppointment) => reminder ?? 'none' },
];

export interface BookOptions {
  readonly caller: string;
  readonly language: MessageLanguage;
}

export async function book(access: StaffAccess, slot: string, options: BookOptions, now: Date): Promise<Outcome> {
  access.demand('manageAppointments');
  const { organisationId, keys, actor } = access;
  return within(access, async (tx) => {
    const caller = await findCaller(tx, access, options.caller);
    if (caller.kind === 'refused') return caller.outcome;
    const slotId = await oneOf(slotsNamed, tx, slot, 'free hour');
    const by = { kind: actor.kind, id: actor.id };
    const { language } = options;
    const booking = { organisationId, slotId, callerId: caller.id, callId: null, language, by, at: now };
    const booked = await bookAppointment(tx, keys, booking);
    if (booked.kind === 'booked')
      await access.noteIn(tx, 'appointmentBooked', { kind: 'appointment', id: booked.id }, undefined, {
        reminder: booked.reminder,
      });
    return told(booked);
  });
}

export async function move(
  access: StaffAccess,
  id: string,
  slot: string,
  { language }: Pick<BookOptions, 'language'>,
  now: Date,
): Promise<Outcome> {
  access.demand('manageAppointments');
  const by = { kind: access.actor.kind, id: access.actor.id };
  return within(access, async (tx) => {
    const appointmentId = await oneOf(appointmentsNamed, tx, id, 'appointment');
    const slotId = await oneOf(slotsNamed, tx, slot, 'free hour');
    const moved = await moveAppointment(tx, access.keys, appointmentId, {
      slotId,
      callId: null,
      language,
      by,
      at: now,
    });
    if (moved.kind === 'refused') throw new Broken(told(moved));
    await access.noteIn(tx, 'appointmentMoved', { kind: 'appointment', id: appointmentId }, undefined, {
      to: moved.id,
    });
    return told(moved);
  });
}

export async function cancel(access: StaffAccess, id: string, reason: string, now: Date): Promise<Outcome> {
  access.demand('manageAppointments');
  const by = { kind: access.actor.kind, id: access.actor.id };
  return within(access, async (tx) => {
    const appointmentId = await oneOf(appointmentsNamed, tx, id, 'appointment');
    const cancelled = await cancelAppointment(tx, appointmentId, { why: 'byStaff', by, at: now });
    if (cancelled.kind === 'refused') return told(cancelled);
    await access.noteIn(tx, 'appointmentCancelled', { kind: 'appointment', id: appointmentId }, reason);
    return {
      kind: 'done',
      json: { cancelled: appointmentId },
      print: ({ line }) =>
        line(`${shortId(appointmentId)} is cancelled; the hour is free again. Nobody has told the caller.`),
    };
  });
}

async function oneOf(
  named: (tx: Transaction, prefix: string) => Promise<readonly string[]>,
  tx: Transaction,
  words: string,
  what: string,
): Promise<string> {
  const prefix = words.trim().toLowerCase();
  const ids = prefix.length < 4 ? [] : await named(tx, prefix);
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  throw new Broken(
    ids.length === 0
      ? refused('unknown', `There is no ${what} "${words}" (at least the first 4 characters of the id). ${nothing}`)
      : refused('ambiguous', `"${words}" begins several. Type more of the id. ${nothing}`),
  );
}

const reasons: Readonly<Record<Extract<Moved, { readonly kind: 'refused' }>['why'], string>> = {
  unknownSlot: 'This hour is not offered any more.',
  past: 'This hour has begun or is over.',
  taken: 'Somebody has taken this hour.',
  alreadyBooked: 'The caller has an appointment to come: move it instead.',
  erased: 'The caller was erased.',
  unknown: 'There is no such appointment.',
  sameSlot: 'It is at this hour already.',
  alreadyCancelled: 'It is cancelled already.',
};

const reminders = {
  approved: 'A reminder goes out by the template that was approved.',
  draft: 'Its reminder waits for approval: follow-ups list, messages list.',
  none: 'No reminder: it is too near, or the caller may not be written to.',
} as const;

function told(booked: Booked | Moved): Outcome {
  if (booked.kind === 'refused') return refused(booked.why, `${reasons[booked.why]} ${nothing}`);
  const { id, startsAt, reminder } = booked;
  return {
    kind: 'done',
    json: { id, startsAt, reminder },
    print: ({ line }) => {
      line(`${shortId(id)} is booked for ${inZone(startsAt, usualZone).slice(0, 16)} (${usualZone}).`);
      line(reminders[reminder]);
    },
  };
}
