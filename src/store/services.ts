import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readService, serviceJson, type NewService, type Service } from '../referral/service.ts';
import type { Transaction } from './database.ts';
import { readCount, readRows, run } from './rows.ts';

const row = z.object({
  id: z.string(),
  name: z.unknown(),
  what_for: z.unknown(),
  number: z.string(),
  purpose: z.string(),
  hours: z.string(),
  languages: z.array(z.string()),
  cost: z.string(),
  for_whom: z.string(),
  verified_by: z.string().nullable(),
  verified_on: z.string().nullable(),
  expires_on: z.string().nullable(),
});

/** All of the organisation, by purpose and number. A row that is not sound any more is left out: it could not be spoken. */
export async function listServices(tx: Transaction): Promise<readonly Service[]> {
  const result = await run(
    tx,
    `select id, name, what_for, number, purpose, hours, languages, cost, for_whom, verified_by,
       to_char(verified_on, 'YYYY-MM-DD') as verified_on, to_char(expires_on, 'YYYY-MM-DD') as expires_on
     from services order by purpose, number limit 1000`,
  );
  return readRows(row, result).flatMap(({ id, ...stored }) => {
    const read = readService(stored);
    return read.ok ? [{ id, ...read.service }] : [];
  });
}

/** By its number: one that is there is changed. Gives whether it was new. */
export async function keepService(
  tx: Transaction,
  organisationId: string,
  service: NewService,
  at: Date,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const json = serviceJson(service);
  const result = await run(
    tx,
    `insert into services (id, organisation_id, name, what_for, number, purpose, hours, languages, cost, for_whom, verified_by,
       verified_on, expires_on, created_at, changed_at)
     values (?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?::text[], ?, ?, ?, ?::date, ?::date, ?, ?)
     on conflict (organisation_id, number) do update set name = excluded.name, what_for = excluded.what_for,
       purpose = excluded.purpose, hours = excluded.hours, languages = excluded.languages, cost = excluded.cost,
       for_whom = excluded.for_whom, verified_by = excluded.verified_by, verified_on = excluded.verified_on,
       expires_on = excluded.expires_on, changed_at = excluded.changed_at
     returning id, created_at = changed_at as "isNew"`,
    [
      randomUUID(),
      organisationId,
      JSON.stringify(json.name),
      JSON.stringify(json.what_for),
      json.number,
      json.purpose,
      json.hours,
      json.languages,
      json.cost,
      service.forWhom,
      json.verified_by,
      json.verified_on,
      json.expires_on,
      at,
      at,
    ],
  );
  const kept = readRows(z.object({ id: z.string(), isNew: z.boolean() }), result)[0];
  if (kept === undefined) throw new Error('a service was neither added nor changed');
  return kept;
}

/** False: there is none. */
export async function removeService(tx: Transaction, id: string): Promise<boolean> {
  return readCount(await run(tx, 'delete from services where id = ?', [id])) === 1;
}
