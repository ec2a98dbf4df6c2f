import { z } from 'zod';
import type { ShownLogEntry } from './callQueries.ts';
import { logPlace } from './callLog.ts';
import { callerKeyPlace } from './callers.ts';
import { callKeyPlace } from './calls.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type KeyState } from './opened.ts';
import type { ReportPeriod } from './reportQueries.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** Logs of calls with risk, to be folded: what was asked in a call is decided there and stands in no column. */
export interface RiskySample {
  /** Calls of the period that are over and reached `moderate`, with the log or without. */
  readonly calls: number;
  /** In an order that has nothing to do with what happened in them, and is the same each time. */
  readonly logs: readonly (readonly ShownLogEntry[])[];
}

const chosenRow = z.object({
  id: z.string(),
  calls: z.number(),
  callerId: z.string().nullable(),
  own: sealedColumn.nullable(),
  callers: sealedColumn.nullable(),
});

const entryRow = z.object({
  callId: z.string(),
  seq: z.number(),
  atMs: z.number(),
  eventType: z.string(),
  entry: sealedColumn,
});

/**
 * At most `calls` logs, which together have no more than about `entries` (the first may): each must be fetched, opened and folded,
 * about 30 µs. Those that were removed or destroyed are empty or closed.
 */
export async function readRiskySample(
  tx: Transaction,
  keys: KeyKeeper,
  { organisationId, from, to }: ReportPeriod,
  most: { readonly calls: number; readonly entries: number },
): Promise<RiskySample> {
  const chosen = await run(
    tx,
    `with risky as (
       select id, caller_id, wrapped_key from calls
       where organisation_id = ? and started_at >= ? and started_at < ? and ended_at is not null
         and highest_risk in ('moderate', 'high', 'imminent')),
     drawn as materialized (
       select *, md5(id::text) as place,
         (select seq + 1 from call_log where call_id = id order by seq desc limit 1) as entries
       from (select * from risky order by md5(id::text) limit ?) first),
     added as (select *, sum(entries) over (order by place) as upto, row_number() over (order by place) as n from drawn)
     select added.id, (select count(*)::int from risky) as calls, caller_id as "callerId", added.wrapped_key as own,
       callers.wrapped_key as callers
     from added left join callers on callers.id = added.caller_id where n = 1 or coalesce(upto, 0) <= ?`,
    [organisationId, from, to, most.calls, most.entries],
  );
  const rows = readRows(chosenRow, chosen);
  const logs = new Map(rows.map((row) => [row.id, { key: keyOf(keys, row), entries: [] as ShownLogEntry[] }]));
  const entries = await run(
    tx,
    `select call_id as "callId", seq, at_ms as "atMs", event_type as "eventType", entry from call_log
     where call_id = any(?::uuid[]) order by call_id, seq`,
    [[...logs.keys()]],
  );
  for (const { callId, entry, ...rest } of readRows(entryRow, entries)) {
    const log = logs.get(callId);
    log?.entries.push({ ...rest, entry: openWith(log.key, logPlace(callId, rest.seq), entry) });
  }
  return { calls: rows[0]?.calls ?? 0, logs: [...logs.values()].map((log) => log.entries) };
}

function keyOf(keys: KeyKeeper, { id, own, callerId, callers }: z.infer<typeof chosenRow>): KeyState {
  return keyState(() => {
    if (own !== null) return keys.unwrap(own, callKeyPlace(id));
    return callerId === null || callers === null ? null : keys.unwrap(callers, callerKeyPlace(callerId));
  });
}
