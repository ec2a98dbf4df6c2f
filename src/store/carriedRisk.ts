import { z } from 'zod';
import { isAtLeast, riskLevels, type RiskLevel } from '../call/meaning.ts';
import { consentsOf, standingAnswer } from './consents.ts';
import type { Database } from './database.ts';
import { organisationOf } from './organisations.ts';
import { readRows, run } from './rows.ts';
import { phoneHmac, type KeyKeeper } from './sealing.ts';

/** Danger is asked about again in calls of this many days; after that it is another story. */
const carriedDays = 7;

/**
 * The level of this caller's last call, for the next one to begin with: `moderate` or above, at most a week old, and only for who
 * agreed to follow-up. Null otherwise. @throws what the database throws, and `SealBroken`
 */
export async function carriedRisk(
  database: Database,
  keys: KeyKeeper,
  caller: { readonly dialledNumber: string; readonly from: string },
): Promise<RiskLevel | null> {
  const organisation = await organisationOf(database, keys, caller.dialledNumber);
  if (organisation === null) return null;
  const hmac = phoneHmac(organisation.lookup, caller.from);
  return database.within(organisation.id, async (tx) => {
    const result = await run(
      tx,
      `select c.id, last.highest_risk from callers c cross join lateral (
         select highest_risk from calls where caller_id = c.id and ended_at > now() - make_interval(days => ?)
         order by started_at desc limit 1) last
       where c.organisation_id = ? and c.phone_hmac = ?`,
      [carriedDays, organisation.id, hmac],
    );
    const shape = z.object({ id: z.string(), highest_risk: z.enum(riskLevels) });
    const found = readRows(shape, result)[0];
    if (found === undefined || !isAtLeast(found.highest_risk, 'moderate')) return null;
    return standingAnswer(await consentsOf(tx, found.id), 'followUp') === 'given' ? found.highest_risk : null;
  });
}
