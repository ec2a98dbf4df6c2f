import { z } from 'zod';
import { consentKinds, consentsOf, standingAnswer, type ConsentKind } from './consents.ts';
import type { Database } from './database.ts';
import { organisationOf } from './organisations.ts';
import { readRows, run } from './rows.ts';
import { phoneHmac, type KeyKeeper } from './sealing.ts';

/**
 * What this caller may be asked for in a call: not again what they have given, nor what they took back. A no of an earlier call was for
 * that call. Everything for a caller who is new. @throws what the database throws, and `SealBroken`
 */
export async function openConsents(
  database: Database,
  keys: KeyKeeper,
  caller: { readonly dialledNumber: string; readonly from: string },
): Promise<readonly ConsentKind[]> {
  const organisation = await organisationOf(database, keys, caller.dialledNumber);
  if (organisation === null) return consentKinds;
  const hmac = phoneHmac(organisation.lookup, caller.from);
  return database.within(organisation.id, async (tx) => {
    const result = await run(tx, 'select id from callers where organisation_id = ? and phone_hmac = ?', [
      organisation.id,
      hmac,
    ]);
    const found = readRows(z.object({ id: z.string() }), result)[0];
    if (found === undefined) return consentKinds;
    const given = await consentsOf(tx, found.id);
    return consentKinds.filter((kind) => ['unasked', 'refused'].includes(standingAnswer(given, kind)));
  });
}
