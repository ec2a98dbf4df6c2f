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

/** Calls with risk, which are over and reached `moderate`: what was asked in them is decided in their logs, which must be folded. */

export interface RiskyLog {
  readonly callId: string;
  /** Empty when it was removed; entries that cannot be opened are closed. */
  readonly entries: readonly ShownLogEntry[];
}

export const askedFindings = ['asked', 'toldUnasked', 'notAsked', 'unknown'] as const;

export type AskedFinding = (typeof askedFindings)[number];

const isRisky = `organisation_id = ? and started_at >= ? and started_at < ? and ended_at is not null
  and highest_risk in ('moderate', 'high', 'imminent')`;

const chosenRow = z.object({
  id: z.string(),
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
 * Logs that nobody has folded yet, in an order that has nothing to do with what happened in the calls. At most `calls`, which together
 * have no more than about `entries` (the first may): each must be fetched, opened and folded, about 30 µs.
 */
export async function readUnfolded(
  tx: Transaction,
  keys: KeyKeeper,
  { organisationId, from, to }: ReportPeriod,
  most: { readonly calls: number; readonly entries: number },
): Promise<readonly RiskyLog[]> {
  const chosen = await run(
    tx,
    `with drawn as materialized (
       select *, (select seq + 1 from call_log where call_id = id order by seq desc limit 1) as entries
       from (select id, caller_id, wrapped_key, md5(id::text) as place from calls
             where ${isRisky} and asked_directly is null order by md5(id::text) limit ?) first),
     added as (select *, sum(entries) over (order by place) as upto, row_number() over (order by place) as n from drawn)
     select added.id, caller_id as "callerId", added.wrapped_key as own, callers.wrapped_key as callers
     from added left join callers on callers.id = added.caller_id where n = 1 or coalesce(upto, 0) <= ? order by n`,
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
  return [...logs].map(([callId, log]) => ({ callId, entries: log.entries }));
}

export async function keepFindings(tx: Transaction, findings: ReadonlyMap<string, AskedFinding>): Promise<void> {
  if (findings.size === 0) return;
  await run(
    tx,
    `update calls set asked_directly = given.finding from unnest(?::uuid[], ?::text[]) as given (id, finding)
     where calls.id = given.id`,
    [[...findings.keys()], [...findings.values()]],
  );
}

const countedRow = z.object({ finding: z.enum(askedFindings).nullable(), n: z.number() });

/** How many calls there are of each finding; of `null` those that nobody has folded yet. */
export async function countFindings(
  tx: Transaction,
  { organisationId, from, to }: ReportPeriod,
): Promise<ReadonlyMap<AskedFinding | null, number>> {
  const result = await run(
    tx,
    `select asked_directly as finding, count(*)::int as n from calls where ${isRisky} group by asked_directly`,
    [organisationId, from, to],
  );
  return new Map(readRows(countedRow, result).map(({ finding, n }) => [finding, n]));
}

function keyOf(keys: KeyKeeper, { id, own, callerId, callers }: z.infer<typeof chosenRow>): KeyState {
  return keyState(() => {
    if (own !== null) return keys.unwrap(own, callKeyPlace(id));
    return callerId === null || callers === null ? null : keys.unwrap(callers, callerKeyPlace(callerId));
  });
}
