import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { CallWriter, type WriterAlarm, type WriterOptions } from '../../src/store/callWriter.ts';
import { openDatabase, type Database, type DatabaseOptions } from '../../src/store/database.ts';
import type { CallStarted, LogRecord, TurnRecord } from '../../src/store/records.ts';
import { createKeyKeeper, type KeyKeeper } from '../../src/store/sealing.ts';

/** What the tests of the store share: a line, its keys, and records of invented calls. */
export const line = { name: 'Line under test', dialledNumber: '+96824000000' };
export const callerNumber = '+96891234567';

export const freshDataKey = (): string => randomBytes(32).toString('base64');
export const freshCallSid = (): string => `CA${randomBytes(16).toString('hex')}`;

export interface Kept {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly writer: CallWriter;
  readonly alarms: WriterAlarm[];
}

export function openStore(url: string, options: Partial<WriterOptions> & Partial<DatabaseOptions> = {}): Kept {
  const { database = openDatabase({ url, ...options }), keys = createKeyKeeper(freshDataKey()), ...rest } = options;
  const alarms: WriterAlarm[] = [];
  const writer = new CallWriter({
    database,
    keys,
    serverId: 'server-1',
    codeRevision: 'abc1234',
    ownNumber: line,
    onAlarm: (alarm) => alarms.push(alarm),
    ...rest,
  });
  return { database, keys, writer, alarms };
}

export function started(change: Partial<CallStarted> = {}): CallStarted {
  return {
    type: 'callStarted',
    callId: randomUUID(),
    callSid: freshCallSid(),
    organisationNumber: line.dialledNumber,
    from: callerNumber,
    language: 'ar-OM',
    packVersion: '1',
    startedAt: new Date('2026-11-20T21:00:00Z'),
    ...change,
  };
}

export function turn(callId: string, seq: number, change: Partial<TurnRecord> = {}): TurnRecord {
  return {
    type: 'turn',
    callId,
    seq,
    speaker: 'caller',
    kind: 'turn',
    text: `turn ${seq}`,
    heardText: null,
    atMs: seq * 1_000,
    durationMs: 900,
    interrupted: false,
    confidence: 0.5,
    firstSoundMs: null,
    ...change,
  };
}

export function logEntry(callId: string, seq: number, change: Partial<LogRecord> = {}): LogRecord {
  return {
    type: 'log',
    callId,
    seq,
    atMs: seq * 20,
    eventType: 'speechStarted',
    entry: { event: { type: 'speechStarted', sinceMs: seq * 20 }, effects: [] },
    ...change,
  };
}

/** Asks the database as its owner, past the store. With row security forced, the owner must name an organisation, too. */
export async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

/** Every row of every table as text, sealed bytes as hex: what a thief of the database would have. */
export async function dump(url: string): Promise<string> {
  return asking(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' order by 1`,
    );
    const parts: string[] = [];
    for (const { name } of tables.rows) {
      await client.query(`alter table ${name} no force row level security`);
      const rows = await client.query(`select row_to_json(t)::text as row from ${name} t`);
      parts.push(`${name}: ${JSON.stringify(rows.rows)}`);
      await client.query(`alter table ${name} force row level security`).catch(() => {});
    }
    return parts.join('\n');
  });
}
