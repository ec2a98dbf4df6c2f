import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OnCallPerson, Rankable, Shift } from '../escalation/rota.ts';
import type { TelephoneLine } from '../escalation/snapshot.ts';
import type { Transaction } from './database.ts';
import type { Organisation } from './organisations.ts';
import { hasTelephone } from './engagedTelephones.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { open, phoneHmac, seal, type KeyKeeper, type Place, type SealingKey } from './sealing.ts';

/** The people of the rota. Name and number are sealed under a key of each person's own. Every function works within `tx`. */

export const onCallKeyPlace = (id: string): Place => ({ table: 'on_call_people', column: 'wrapped_key', row: id });
const numberPlace = (id: string): Place => ({ table: 'on_call_people', column: 'number', row: id });
const namePlace = (id: string): Place => ({ table: 'on_call_people', column: 'name', row: id });

export type NewPerson = Omit<OnCallPerson, 'id'>;

/** Null: somebody with this number is there already. */
export async function addPerson(
  tx: Transaction,
  keys: KeyKeeper,
  organisation: Organisation,
  person: NewPerson,
): Promise<string | null> {
  const id = randomUUID();
  const { key, wrapped, dataKeyId } = keys.create(onCallKeyPlace(id));
  const result = await run(
    tx,
    `insert into on_call_people (id, organisation_id, number_hmac, number, name, wrapped_key, data_key_id, languages,
       gender, shifts, priority, role, active)
     values (?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?::jsonb, ?, ?, ?) on conflict (organisation_id, number_hmac) do nothing`,
    [
      id,
      organisation.id,
      phoneHmac(organisation.lookup, person.number),
      seal(key, numberPlace(id), person.number),
      seal(key, namePlace(id), person.name),
      wrapped,
      dataKeyId,
      person.languages,
      person.gender,
      JSON.stringify(person.shifts),
      person.priority,
      person.role,
      person.active,
    ],
  );
  return readCount(result) === 1 ? id : null;
}

export type PersonChange = Partial<NewPerson>;

/** `taken`: somebody else has the new number. Throws `SealBroken` when name or number change and the key does not open. */
export async function changePerson(
  tx: Transaction,
  keys: KeyKeeper,
  organisation: Organisation,
  id: string,
  change: PersonChange,
): Promise<'changed' | 'unknown' | 'taken'> {
  const key = await keyOf(tx, keys, id);
  if (!key) return 'unknown';
  if (change.number !== undefined && (await isTaken(tx, organisation, change.number, id))) return 'taken';
  const columns: readonly (readonly [string, unknown])[] = [
    ['number', change.number === undefined ? undefined : seal(key(), numberPlace(id), change.number)],
    ['number_hmac', change.number === undefined ? undefined : phoneHmac(organisation.lookup, change.number)],
    ['name', change.name === undefined ? undefined : seal(key(), namePlace(id), change.name)],
    ['languages', change.languages],
    ['gender', change.gender],
    ['shifts', change.shifts === undefined ? undefined : JSON.stringify(change.shifts)],
    ['priority', change.priority],
    ['role', change.role],
    ['active', change.active],
  ];
  const changed = columns.filter(([, value]) => value !== undefined);
  if (changed.length === 0) return 'changed';
  const types: Readonly<Record<string, string>> = { languages: '::text[]', shifts: '::jsonb' };
  await run(
    tx,
    `update on_call_people set ${changed.map(([name]) => `${name} = ?${types[name] ?? ''}`).join(', ')} where id = ?`,
    [...changed.map(([, value]) => value), id],
  );
  return 'changed';
}

/**
 * Forgets name, number and key at once. The row stays, without them, where attempts refer to it, so that it can still be
 * counted who was rung. False when there was nobody to remove.
 */
export async function removePerson(tx: Transaction, id: string): Promise<boolean> {
  const result = await run(
    tx,
    `update on_call_people set number_hmac = null, number = null, name = null, wrapped_key = null, data_key_id = null,
       active = false, removed_at = now() where id = ? and removed_at is null`,
    [id],
  );
  return readCount(result) === 1;
}

const shift: z.ZodType<Shift> = z.object({
  days: z.array(z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])),
  fromMinute: z.number(),
  toMinute: z.number(),
});

const rankable = z.object({
  id: z.string(),
  languages: z.array(z.string()),
  gender: z.enum(['f', 'm']).nullable(),
  shifts: z.array(shift),
  priority: z.number(),
  role: z.enum(['listener', 'supervisor']),
  active: z.boolean(),
});

const person = rankable.extend({ number: sealedColumn, name: sealedColumn, wrapped_key: sealedColumn });

const rankedColumns = 'id, languages, gender, shifts, priority, role, active';

/** Everybody who was not removed, by priority; throws `SealBroken` when a value was changed or moved. */
export async function listPeople(tx: Transaction, keys: KeyKeeper): Promise<readonly OnCallPerson[]> {
  const result = await run(
    tx,
    `select ${rankedColumns}, number, name, wrapped_key from on_call_people
     where removed_at is null order by priority, created_at, id`,
  );
  return readRows(person, result).map(({ wrapped_key: wrapped, ...row }) => {
    const key = keys.unwrap(wrapped, onCallKeyPlace(row.id));
    return {
      ...row,
      number: open(key, numberPlace(row.id), row.number),
      name: open(key, namePlace(row.id), row.name),
    };
  });
}

export interface RungPerson extends Rankable {
  /** Has accepted in another escalation that is still open: must not be rung now. */
  readonly busy: boolean;
  /** What other escalations do with their telephone. */
  readonly line: TelephoneLine;
  /** Their number is that of the telephone of last resort. */
  readonly isLastResort: boolean;
}

const rung: z.ZodType<RungPerson> = rankable.extend({
  busy: z.boolean(),
  line: z.enum(['free', 'wanted', 'engaged']),
  isLastResort: z.boolean(),
});

/** What the order of ringing needs of everybody active. `lastResort`: E.164 or null. Opens nothing that is sealed. */
export async function peopleToRing(
  tx: Transaction,
  organisation: Organisation,
  escalationId: string,
  lastResort: string | null,
): Promise<readonly RungPerson[]> {
  const hmac = lastResort === null ? null : phoneHmac(organisation.lookup, lastResort);
  const result = await run(
    tx,
    `select ${rankedColumns}, coalesce(number_hmac = ?::bytea, false) as "isLastResort",
       exists (select from escalation_attempts a join escalations e on e.id = a.escalation_id
         where a.person_id = p.id and a.state in ('accepted', 'joined') and a.escalation_id <> ?
           and e.state <> 'closed') as busy,
       coalesce((select case when bool_or(${hasTelephone('a')}) then 'engaged' else 'wanted' end from escalation_attempts a
         where a.person_id = p.id and a.escalation_id <> ? and (a.state = 'planned' or ${hasTelephone('a')})
         having count(*) > 0), 'free') as line
     from on_call_people p where active order by id`,
    [hmac, escalationId, escalationId],
  );
  return readRows(rung, result);
}

/** E.164; null when the person was removed meanwhile. Throws `SealBroken`. */
export async function numberOfPerson(tx: Transaction, keys: KeyKeeper, id: string): Promise<string | null> {
  const result = await run(
    tx,
    'select number, wrapped_key from on_call_people where id = ? and active and removed_at is null',
    [id],
  );
  const found = readRows(z.object({ number: sealedColumn, wrapped_key: sealedColumn }), result)[0];
  return found ? open(keys.unwrap(found.wrapped_key, onCallKeyPlace(id)), numberPlace(id), found.number) : null;
}

/** The key still to be opened, so that a change of priority also works where it does not open. */
async function keyOf(tx: Transaction, keys: KeyKeeper, id: string): Promise<(() => SealingKey) | null> {
  const result = await run(tx, 'select wrapped_key from on_call_people where id = ? and removed_at is null', [id]);
  const wrapped = readRows(z.object({ wrapped_key: sealedColumn }), result)[0]?.wrapped_key;
  return wrapped ? () => keys.unwrap(wrapped, onCallKeyPlace(id)) : null;
}

async function isTaken(tx: Transaction, organisation: Organisation, number: string, id: string): Promise<boolean> {
  const result = await run(tx, 'select 1 from on_call_people where number_hmac = ? and id <> ?', [
    phoneHmac(organisation.lookup, number),
    id,
  ]);
  return readCount(result) > 0;
}
