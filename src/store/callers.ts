import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Transaction } from './database.ts';
import type { Organisation } from './organisations.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { phoneHmac, seal, type KeyKeeper, type Place } from './sealing.ts';

const row = z.object({ id: z.string(), wrapped_key: sealedColumn });

export const callerKeyPlace = (id: string): Place => ({ table: 'callers', column: 'wrapped_key', row: id });
export const callerPhonePlace = (id: string): Place => ({ table: 'callers', column: 'phone', row: id });

/** A caller and their key, still wrapped: whoever unwraps it decides what a broken one means. */
export interface FoundCaller {
  readonly id: string;
  readonly wrappedKey: Buffer;
}

/**
 * The caller with this number (E.164) in this organisation, made when they ring for the first time. An erased caller
 * has no number any more and is never found again. Two calls of one number at once get the same caller.
 */
export async function findOrCreateCaller(
  tx: Transaction,
  keys: KeyKeeper,
  organisation: Organisation,
  number: string,
): Promise<FoundCaller> {
  const hmac = phoneHmac(organisation.lookup, number);
  const known = await select(tx, organisation.id, hmac);
  if (known) return known;
  const id = randomUUID();
  const { key, wrapped, dataKeyId } = keys.create(callerKeyPlace(id));
  await run(
    tx,
    `insert into callers (id, organisation_id, phone_hmac, phone, wrapped_key, data_key_id) values (?, ?, ?, ?, ?, ?)
     on conflict (organisation_id, phone_hmac) do nothing`,
    [id, organisation.id, hmac, seal(key, callerPhonePlace(id), number), wrapped, dataKeyId],
  );
  const made = await select(tx, organisation.id, hmac);
  if (!made) throw new Error('a caller that was just made cannot be seen: row security is set up wrongly');
  return made;
}

/** Locked against erasure until the call is written: an erasure at the same moment then sees that the caller is on the line. */
async function select(tx: Transaction, organisationId: string, hmac: Buffer): Promise<FoundCaller | null> {
  const result = await run(
    tx,
    'select id, wrapped_key from callers where organisation_id = ? and phone_hmac = ? for key share',
    [organisationId, hmac],
  );
  const found = readRows(row, result)[0];
  return found ? { id: found.id, wrappedKey: found.wrapped_key } : null;
}
