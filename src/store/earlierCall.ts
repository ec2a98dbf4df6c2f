import { z } from 'zod';
import type { Summary } from '../summary/summary.ts';
import { consentsOf, standingAnswer, wordsMayBeKept } from './consents.ts';
import type { Database } from './database.ts';
import { organisationOf } from './organisations.ts';
import { readRows, run } from './rows.ts';
import { phoneHmac, type KeyKeeper } from './sealing.ts';
import { lastApprovedSummary } from './summaries.ts';

/**
 * What a clinician approved of the last call from this number, for a caller who says that they have rung before. Null without a standing
 * consent to being kept or rung, or when the call of the summary may not be kept. @throws what the database throws, and `SealBroken`
 */
export async function earlierCall(
  database: Database,
  keys: KeyKeeper,
  caller: { readonly dialledNumber: string; readonly from: string },
): Promise<Summary | null> {
  const organisation = await organisationOf(database, keys, caller.dialledNumber);
  if (organisation === null) return null;
  const hmac = phoneHmac(organisation.lookup, caller.from);
  return database.within(organisation.id, async (tx) => {
    const result = await run(
      tx,
      'select id from callers where organisation_id = ? and phone_hmac = ? and erased_at is null',
      [organisation.id, hmac],
    );
    const found = readRows(z.object({ id: z.string() }), result)[0];
    if (found === undefined) return null;
    const consents = await consentsOf(tx, found.id);
    const agreed = (['keepWords', 'followUp'] as const).some((kind) => standingAnswer(consents, kind) === 'given');
    const last = agreed ? await lastApprovedSummary(tx, keys, found.id) : null;
    return last !== null && wordsMayBeKept(consents, last.callId) ? last.summary : null;
  });
}
