import { z } from 'zod';
import type { Transaction } from './database.ts';
import { RecordRefused } from './recordRefused.ts';
import type { LogRecord, StoredLogEntry } from './records.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { open, seal, type Place, type SealingKey } from './sealing.ts';

const place = (callId: string, seq: number): Place => ({ table: 'call_log', column: 'entry', row: `${callId}/${seq}` });

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
      entries.map(({ record, key }) => seal(key, place(record.callId, record.seq), toJson(record.entry))),
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
    entry: JSON.parse(open(key, place(callId, r.seq), r.entry)) as unknown,
  }));
}
