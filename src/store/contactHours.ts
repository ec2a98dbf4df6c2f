import { z } from 'zod';
import { contactHoursSchema, usualContactHours, type ContactHours } from '../followUp/quietHours.ts';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** When an organisation lets people be contacted. */
const setting = 'followUps.hours';

/** What is set and no longer sound counts as not set: the usual hours are the careful ones. */
export async function readContactHours(tx: Transaction, organisationId: string): Promise<ContactHours> {
  const result = await run(tx, 'select value from organisation_settings where organisation_id = ? and name = ?', [
    organisationId,
    setting,
  ]);
  const value = readRows(z.object({ value: z.unknown() }), result)[0]?.value;
  return contactHoursSchema.safeParse(value).data ?? usualContactHours;
}

/** `changedBy`: null is the local operator. */
export async function setContactHours(
  tx: Transaction,
  organisationId: string,
  hours: ContactHours,
  changedBy: string | null,
): Promise<void> {
  await run(
    tx,
    `insert into organisation_settings (organisation_id, name, value, changed_by) values (?, ?, ?::jsonb, ?)
     on conflict (organisation_id, name) do update
       set value = excluded.value, changed_by = excluded.changed_by, changed_at = now()`,
    [organisationId, setting, JSON.stringify(hours), changedBy],
  );
}
