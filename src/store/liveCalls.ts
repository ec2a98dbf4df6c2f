import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import type { Page } from './callQueries.ts';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** The calls that are on the line now, in the organisation of the transaction. No words. */

const liveRow = z.object({
  id: z.string(),
  startedAt: z.date(),
  seconds: z.number(),
  answered: z.boolean(),
  language: z.string(),
  level: z.enum(riskLevels),
  /** Of the latest escalation: its state, or its outcome once it is over. */
  escalation: z.string().nullable(),
  /** Since anybody's last turn ended, as far as it was written; null: nobody has spoken yet. */
  quietSeconds: z.number().nullable(),
  server: z.string(),
  heartbeatSeconds: z.number(),
});

export type LiveCall = z.infer<typeof liveRow>;

export interface LiveCalls extends Pick<Page<LiveCall>, 'items'> {
  readonly total: number;
}

/** The most dangerous first, of those the longest; at most `most` of them, and how many there are. */
export async function readLiveCalls(tx: Transaction, organisationId: string, most: number): Promise<LiveCalls> {
  const result = await run(
    tx,
    `with live as materialized (
       select * from calls where organisation_id = ? and ended_at is null),
     shown as (
       select * from live
       order by array_position(?::text[], highest_risk) desc, started_at, id limit ?)
     select shown.id, started_at as "startedAt", ${sinceSeconds('started_at')} as seconds, answered_at is not null as answered,
       shown.language, highest_risk as level,
       (select coalesce(e.outcome, e.state) from escalations e where e.call_id = shown.id
          order by requested_at desc limit 1) as escalation,
       (select ${sinceSeconds(`started_at + make_interval(secs => last_ms / 1000.0)`)}
          from (select max(at_ms + duration_ms) as last_ms from turns where call_id = shown.id) spoken
          where last_ms is not null) as "quietSeconds",
       held_by as server, ${sinceSeconds('heartbeat_at')} as "heartbeatSeconds",
       (select count(*)::int from live) as total
     from shown order by array_position(?::text[], highest_risk) desc, started_at, shown.id`,
    [organisationId, riskLevels, most, riskLevels],
  );
  const total = readRows(z.object({ total: z.number() }), result)[0]?.total ?? 0;
  return { items: readRows(liveRow, result), total };
}

function sinceSeconds(instant: string): string {
  return `greatest(0, floor(extract(epoch from now() - (${instant}))))::int`;
}
