import { isCounsellor, slotsWithin, type Hours } from '../../appointments/slots.ts';
import { addSlots, listSlots, slotsNamed, withdrawSlot, type ListedSlot } from '../../store/appointmentSlots.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { inZone, usualZone } from '../zonedTime.ts';

/** The hours that counsellors offer. */

export async function listHours(
  access: StaffAccess,
  { all, limit }: { readonly all?: true; readonly limit: number },
  now: Date,
): Promise<Outcome> {
  access.demand('manageAppointments');
  const slots = await access.database.within(access.organisationId, (tx) =>
    listSlots(tx, { from: now, freeOnly: all !== true, limit }),
  );
  return {
    kind: 'done',
    json: { zone: usualZone, slots },
    print: ({ line, table }) => (slots.length === 0 ? line('No hours are offered.') : table(columns, slots)),
  };
}

const columns = [
  { title: 'id', width: 8, cell: ({ id }: ListedSlot) => shortId(id) },
  { title: 'from (Muscat)', width: 16, cell: ({ startsAt }: ListedSlot) => inZone(startsAt, usualZone).slice(0, 16) },
  { title: 'to', width: 5, cell: ({ endsAt }: ListedSlot) => inZone(endsAt, usualZone).slice(11, 16) },
  { title: 'counsellor', cell: ({ counsellor }: ListedSlot) => counsellor },
  { title: '', width: 5, cell: ({ taken }: ListedSlot) => (taken ? 'taken' : 'free') },
];

const faults = {
  day: 'It is a day, for example 2026-11-29.',
  hours: 'Hours are from and to on one day, for example 10:00 and 13:00.',
  length: 'An appointment lasts 10 to 240 minutes.',
  none: 'No appointment of this length fits between these hours.',
  past: 'These hours have begun or are over.',
} as const;

export async function addHours(access: StaffAccess, counsellor: string, hours: Hours, now: Date): Promise<Outcome> {
  access.demand('manageAppointments');
  if (!isCounsellor(counsellor))
    return misused('counsellor', 'A counsellor is named by a tag of 2 to 40 of a-z, 0-9, ".", "_" and "-".');
  const read = slotsWithin(hours, now);
  if (!read.ok) return misused(read.fault, `${faults[read.fault]} Nothing was added.`);
  const { database, organisationId } = access;
  const added = await database.within(organisationId, async (tx) => {
    const ids = await addSlots(tx, organisationId, { counsellor, slots: read.slots, at: now });
    await access.noteIn(tx, 'slotsAdded', { kind: 'slot', id: null }, undefined, { slots: ids.length });
    return ids;
  });
  const left = read.slots.length - added.length;
  if (added.length === 0) return refused('overlap', `${counsellor} has other hours at all of these times.`);
  return {
    kind: 'done',
    json: { added, overlapping: left },
    print: ({ line }) => {
      line(`${added.length} hours are offered now.`);
      if (left > 0) line(`${left} were not added: ${counsellor} has other hours then.`);
    },
  };
}

export async function removeHour(access: StaffAccess, words: string, now: Date): Promise<Outcome> {
  access.demand('manageAppointments');
  return access.database.within(access.organisationId, async (tx): Promise<Outcome> => {
    const ids = words.trim().length < 4 ? [] : await slotsNamed(tx, words.trim().toLowerCase());
    const [id] = ids;
    if (id === undefined || ids.length > 1)
      return refused(ids.length > 1 ? 'ambiguous' : 'unknown', `"${words}" is no one hour. See: appointments slots`);
    const done = await withdrawSlot(tx, id, now);
    if (done !== 'withdrawn')
      return refused(
        done,
        'Somebody has taken this hour: move or cancel their appointment first. Nothing was changed.',
      );
    await access.noteIn(tx, 'slotRemoved', { kind: 'slot', id });
    return {
      kind: 'done',
      json: { removed: id },
      print: ({ line }) => line(`${shortId(id)} is not offered any more.`),
    };
  });
}
