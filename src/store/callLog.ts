import { z } from 'zod';
import type { Transaction } from './database.ts';
import { RecordRefused } from './recordRefused.ts';
import { spokenEvents, type LogRecord, type StoredLogEntry } from './records.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { open, seal, SealBroken, type Place, type SealingKey } from './sealing.ts';

export const logPlace = (callId: string, seq: number): Place => ({
  table: 'call_log',
  column: 'entry',
  row: `${callId}/${seq}`,
});

export interface KeyedLogEntry {
  readonly record: LogRecord;
  readonly key: SealingKey;
}

/** All entries in one statement; an entry that is there already stays as it is. */
export async function insertLog(
  tx: Transaction,
  organisationId: string,
  entries: readonly KeyedLogEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await run(
    tx,
    `insert into call_log (organisation_id, call_id, seq, at_ms, event_type, entry)
     select ?::uuid, given.* from unnest(?::uuid[], ?::int[], ?::int[], ?::text[], ?::bytea[]) as given
     on conflict (call_id, seq) do nothing`,
    [
      organisationId,
      entries.map(({ record }) => record.callId),
      entries.map(({ record }) => record.seq),
      entries.map(({ record }) => Math.round(record.atMs)),
      entries.map(({ record }) => record.eventType),
      entries.map(({ record, key }) => seal(key, logPlace(record.callId, record.seq), toJson(record.entry))),
    ],
  );
}

function toJson(entry: unknown): string {
  try {
    return JSON.stringify(entry ?? null);
  } catch {
    throw new RecordRefused('notJson');
  }
}

const row = z.object({ seq: z.number(), at_ms: z.number(), event_type: z.string(), entry: sealedColumn });

/** The log of a call in order; throws `SealBroken` at the first entry that was tampered with. */
export async function readLog(tx: Transaction, key: SealingKey, callId: string): Promise<readonly StoredLogEntry[]> {
  const result = await run(tx, 'select seq, at_ms, event_type, entry from call_log where call_id = ? order by seq', [
    callId,
  ]);
  return readRows(row, result).map((r) => ({
    seq: r.seq,
    atMs: r.at_ms,
    eventType: r.event_type,
    entry: JSON.parse(open(key, logPlace(callId, r.seq), r.entry)) as unknown,
  }));
}

const spokenRow = z.object({ call_id: z.string(), seq: z.number(), entry: sealedColumn });

/**
 * Takes the caller's words out of the logs of these calls and leaves the decisions, which do not depend on them: they can still be
 * replayed. An entry that cannot be opened is deleted, since nobody can tell what is in it; so are all that are spoken of a call
 * without a key.
 */
export async function blankLogs(tx: Transaction, calls: ReadonlyMap<string, SealingKey | null>): Promise<void> {
  const result = await run(
    tx,
    'select call_id, seq, entry from call_log where call_id = any(?::uuid[]) and event_type = any(?::text[])',
    [[...calls.keys()], spokenEvents],
  );
  const entries = readRows(spokenRow, result).map(({ call_id: callId, seq, entry }) => ({
    callId,
    seq,
    blank: blanked(calls.get(callId) ?? null, callId, seq, entry),
  }));
  const kept = entries.flatMap(({ blank, ...place }) => (blank === null ? [] : [{ ...place, blank }]));
  const lost = entries.filter(({ blank }) => blank === null);
  await run(
    tx,
    `update call_log set entry = given.entry from unnest(?::uuid[], ?::int[], ?::bytea[]) as given (call_id, seq, entry)
     where call_log.call_id = given.call_id and call_log.seq = given.seq`,
    [kept.map(({ callId }) => callId), kept.map(({ seq }) => seq), kept.map(({ blank }) => blank)],
  );
  if (lost.length === 0) return;
  await run(
    tx,
    `delete from call_log using unnest(?::uuid[], ?::int[]) as given (call_id, seq)
     where call_log.call_id = given.call_id and call_log.seq = given.seq`,
    [lost.map(({ callId }) => callId), lost.map(({ seq }) => seq)],
  );
}

function blanked(key: SealingKey | null, callId: string, seq: number, entry: Buffer): Buffer | null {
  if (key === null) return null;
  try {
    const content = JSON.parse(open(key, logPlace(callId, seq), entry)) as unknown;
    return seal(key, logPlace(callId, seq), JSON.stringify(withoutText(content)));
  } catch (fault) {
    if (fault instanceof SealBroken || fault instanceof SyntaxError) return null;
    throw fault;
  }
}

/** Whatever is called a text, at any depth, becomes an empty one. */
function withoutText(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(withoutText);
  if (typeof content !== 'object' || content === null) return content;
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [
      name,
      name === 'text' && typeof value === 'string' ? '' : withoutText(value),
    ]),
  );
}
