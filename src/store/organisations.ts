import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Transaction } from './database.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper, Place, SealingKey } from './sealing.ts';

export interface Organisation {
  readonly id: string;
  /** Of the look-up of callers by number; made once for each organisation, see docs/decisions/phone-lookup.md. */
  readonly lookup: SealingKey;
}

const row = z.object({ id: z.string(), lookup_key: sealedColumn });

export const lookupPlace = (id: string): Place => ({ table: 'organisations', column: 'lookup_key', row: id });

/** The organisation that callers reach under this number (E.164), or null. Throws `SealBroken` on a changed key. */
export async function organisationOf(
  database: Database,
  keys: KeyKeeper,
  dialledNumber: string,
): Promise<Organisation | null> {
  return database.forDialledNumber(dialledNumber, (tx) => select(tx, keys, dialledNumber));
}

/** The same, made when there is none yet; several servers may do so at once. Called at the start for the line's number. */
export async function ensureOrganisation(
  database: Database,
  keys: KeyKeeper,
  organisation: { readonly name: string; readonly dialledNumber: string },
): Promise<Organisation> {
  const { name, dialledNumber } = organisation;
  return database.forDialledNumber(dialledNumber, async (tx) => {
    const id = randomUUID();
    const lookup = keys.create(lookupPlace(id));
    await run(
      tx,
      `insert into organisations (id, name, dialled_number, lookup_key, data_key_id) values (?, ?, ?, ?, ?)
       on conflict (dialled_number) do nothing`,
      [id, name, dialledNumber, lookup.wrapped, lookup.dataKeyId],
    );
    const found = await select(tx, keys, dialledNumber);
    if (!found) throw new Error('an organisation that was just made cannot be seen: row security is set up wrongly');
    return found;
  });
}

async function select(tx: Transaction, keys: KeyKeeper, dialledNumber: string): Promise<Organisation | null> {
  const result = await run(tx, 'select id, lookup_key from organisations where dialled_number = ?', [dialledNumber]);
  const found = readRows(row, result)[0];
  return found ? { id: found.id, lookup: keys.unwrap(found.lookup_key, lookupPlace(found.id)) } : null;
}

/** The organisation of the transaction's scope. Throws when there is none, and `SealBroken` on a changed key. */
export async function organisationIn(tx: Transaction, keys: KeyKeeper, id: string): Promise<Organisation> {
  const result = await run(tx, 'select id, lookup_key from organisations where id = ?', [id]);
  const found = readRows(row, result)[0];
  if (!found) throw new Error('the organisation of a transaction cannot be seen: its scope is another');
  return { id: found.id, lookup: keys.unwrap(found.lookup_key, lookupPlace(found.id)) };
}
