import { z } from 'zod';
import type { Shift } from '../escalation/rota.ts';
import type { Database } from './database.ts';
import { organisationOf } from './organisations.ts';
import { levelColumn, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** What waits, for the metrics: counts and ages, of all organisations. */
export interface StoredBacklog {
  readonly outbox: { readonly count: number; readonly oldestMs: number };
  /** Open ones, by level; a level without any is left out. */
  readonly escalations: readonly { readonly level: string; readonly count: number; readonly oldestMs: number }[];
}

const waiting = z.object({ count: z.number(), oldestMs: z.number() });
const ageMs = (column: string) =>
  `coalesce(extract(epoch from clock_timestamp() - min(${column})) * 1000, 0)::float8 as "oldestMs"`;

export function readBacklog(database: Database): Promise<StoredBacklog> {
  return database.acrossOrganisations(async (tx) => {
    const outbox = await run(
      tx,
      `select count(*)::int as count, ${ageMs('created_at')} from outbox where dispatched_at is null`,
    );
    const escalations = await run(
      tx,
      `select level, count(*)::int as count, ${ageMs('requested_at')}
       from escalations where next_at is not null group by level`,
    );
    return {
      outbox: readRows(waiting, outbox)[0] ?? { count: 0, oldestMs: 0 },
      escalations: readRows(waiting.extend({ level: levelColumn }), escalations),
    };
  });
}

const shifts = z.object({
  active: z.boolean(),
  shifts: z.array(
    z.object({
      days: z.array(z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])),
      fromMinute: z.number(),
      toMinute: z.number(),
    }),
  ),
});

/** The shifts of everybody active at the line of this number; opens nothing that is sealed. */
export async function shiftsAt(
  database: Database,
  keys: KeyKeeper,
  dialledNumber: string,
): Promise<readonly { readonly active: boolean; readonly shifts: readonly Shift[] }[]> {
  const organisation = await organisationOf(database, keys, dialledNumber);
  if (organisation === null) return [];
  const result = await database.within(organisation.id, (tx) =>
    run(tx, 'select active, shifts from on_call_people where active'),
  );
  return readRows(shifts, result);
}
