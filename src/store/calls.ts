import { z } from 'zod';
import type { RiskLevel } from '../call/meaning.ts';
import { callerKeyPlace } from './callers.ts';
import type { Database, Transaction } from './database.ts';
import { addToOutbox } from './outbox.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { SealBroken, type KeyKeeper, type Place, type SealingKey, type WrappedKey } from './sealing.ts';
import type {
  CallAnswered,
  CallEndedRecord,
  CallStarted,
  DirectQuestion,
  HeartbeatRecord,
  OpenCall,
  RiskRaised,
} from './records.ts';

/** Rising; the column allows these and no other. */
const riskLevels = ['none', 'low', 'moderate', 'high', 'imminent'] as const satisfies readonly RiskLevel[];

export const callKeyPlace = (id: string): Place => ({ table: 'calls', column: 'wrapped_key', row: id });

export interface NewCall {
  readonly record: CallStarted;
  readonly organisationId: string;
  readonly callerId: string | null;
  /** The call's own key, for a caller who is not known; null when the caller's key seals it. */
  readonly ownKey: WrappedKey | null;
  readonly codeRevision: string;
  readonly serverId: string;
}

/** Keeps the first row of a call id; says nothing when there was one already (a write that was repeated). */
export async function insertCall(tx: Transaction, call: NewCall): Promise<void> {
  const { record, ownKey } = call;
  await run(
    tx,
    `insert into calls (id, organisation_id, caller_id, wrapped_key, data_key_id, call_sid, language, pack_version,
       code_revision, started_at, held_by, heartbeat_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now()) on conflict do nothing`,
    [
      record.callId,
      call.organisationId,
      call.callerId,
      ownKey?.wrapped ?? null,
      ownKey?.dataKeyId ?? null,
      record.callSid,
      record.language,
      record.packVersion,
      call.codeRevision,
      record.startedAt,
      call.serverId,
    ],
  );
}

export async function markAnswered(tx: Transaction, record: CallAnswered): Promise<void> {
  await run(tx, 'update calls set answered_at = coalesce(answered_at, ?) where id = ?', [record.at, record.callId]);
}

export async function keepDirectQuestion(tx: Transaction, record: DirectQuestion): Promise<void> {
  await run(tx, `update calls set asked_directly = ? where id = ? and asked_directly is distinct from 'asked'`, [
    record.finding,
    record.callId,
  ]);
}

export async function raiseRisk(tx: Transaction, record: RiskRaised): Promise<void> {
  await run(
    tx,
    `update calls set highest_risk = ?
     where id = ? and array_position(?::text[], highest_risk) < array_position(?::text[], ?::text)`,
    [record.level, record.callId, riskLevels, riskLevels, record.level],
  );
}

/**
 * The server that sends heartbeats holds the call. A call taken for lost, whose server was only cut off from the
 * database, is open again with its next heartbeat.
 */
export async function beat(tx: Transaction, serverId: string, heartbeats: readonly HeartbeatRecord[]): Promise<void> {
  if (heartbeats.length === 0) return;
  // A server's clock that runs ahead must not keep a dead call alive, so the database's is the limit.
  await run(
    tx,
    `update calls set held_by = ?, heartbeat_at = greatest(heartbeat_at, least(given.at, now())),
       ended_at = null, outcome = null
     from unnest(?::uuid[], ?::timestamptz[]) as given (id, at)
     where calls.id = given.id and (calls.ended_at is null or calls.outcome = 'lost')`,
    [serverId, heartbeats.map((h) => h.callId), heartbeats.map((h) => h.at)],
  );
}

/** What is to be done when a call is over; written in the transaction that ends it. */
export const callEndedTopic = 'call.ended';

/** The first ending counts, except that what a server says of its call replaces our guess that it was lost. */
export async function endCall(tx: Transaction, record: CallEndedRecord): Promise<void> {
  const { counters, callId } = record;
  const ended = await run(
    tx,
    `update calls set ended_at = ?, outcome = ?, turns = ?, barge_ins = ?, false_barge_ins = ?
     where id = ? and (ended_at is null or outcome = 'lost') returning organisation_id`,
    [record.endedAt, record.outcome, counters.turns, counters.bargeIns, counters.falseBargeIns, callId],
  );
  for (const { organisation_id: organisationId } of readRows(z.object({ organisation_id: z.string() }), ended))
    await addToOutbox(tx, { organisationId, topic: callEndedTopic, payload: { callId } });
}

export async function organisationOfCall(
  database: Database,
  call: { readonly callId: string } | { readonly callSid: string },
): Promise<string | null> {
  const [column, value] = 'callId' in call ? ['id', call.callId] : ['call_sid', call.callSid];
  const result = await database.acrossOrganisations((tx) =>
    run(tx, `select organisation_id from calls where ${column} = ?`, [value]),
  );
  return readRows(z.object({ organisation_id: z.string() }), result)[0]?.organisation_id ?? null;
}

const callRow = z.object({
  id: z.string(),
  organisation_id: z.string(),
  call_sid: z.string(),
  language: z.string(),
  pack_version: z.string(),
  started_at: z.date(),
  ended_at: z.date().nullable(),
  outcome: z.string().nullable(),
  highest_risk: z.enum(riskLevels),
  caller_id: z.string().nullable(),
  wrapped_key: sealedColumn.nullable(),
  caller_key: sealedColumn.nullable(),
});

export type CallRow = z.infer<typeof callRow>;

/** A call with the wrapped keys that may seal it, in the organisation of the transaction; null when there is none. */
export async function readCall(tx: Transaction, callId: string): Promise<CallRow | null> {
  return select(tx, 'calls.id', callId);
}

export async function readCallBySid(tx: Transaction, callSid: string): Promise<CallRow | null> {
  return select(tx, 'calls.call_sid', callSid);
}

async function select(tx: Transaction, column: 'calls.id' | 'calls.call_sid', value: string): Promise<CallRow | null> {
  const result = await run(
    tx,
    `select calls.id, calls.organisation_id, call_sid, language, pack_version, started_at, ended_at, outcome,
       highest_risk, caller_id, calls.wrapped_key, callers.wrapped_key as caller_key
     from calls left join callers on callers.id = calls.caller_id where ${column} = ?`,
    [value],
  );
  return readRows(callRow, result)[0] ?? null;
}

/** The key that seals this call: its own if it has one, else its caller's. Null when it was erased; throws `SealBroken`. */
export function keyOfCall(keys: KeyKeeper, call: CallRow): SealingKey | null {
  if (call.wrapped_key) return keys.unwrap(call.wrapped_key, callKeyPlace(call.id));
  if (call.caller_id === null || call.caller_key === null) return null;
  return keys.unwrap(call.caller_key, callerKeyPlace(call.caller_id));
}

/** The caller's key, or null when it cannot be trusted or opened: the call then gets a key of its own. */
export function tryUnwrap(keys: KeyKeeper, wrapped: Buffer, place: Place): SealingKey | null {
  try {
    return keys.unwrap(wrapped, place);
  } catch (fault) {
    if (fault instanceof SealBroken) return null;
    throw fault;
  }
}

const openRow = z.object({
  id: z.string(),
  organisation_id: z.string(),
  call_sid: z.string(),
  started_at: z.date(),
  heartbeat_at: z.date(),
});

/** Calls that this server held when last heard of, oldest first: what a server that starts again may have left. */
export async function openCalls(database: Database, serverId: string): Promise<readonly OpenCall[]> {
  const result = await database.acrossOrganisations((tx) =>
    run(
      tx,
      `select id, organisation_id, call_sid, started_at, heartbeat_at from calls
       where held_by = ? and ended_at is null order by started_at, id`,
      [serverId],
    ),
  );
  return readRows(openRow, result).map((r) => ({
    callId: r.id,
    organisationId: r.organisation_id,
    callSid: r.call_sid,
    startedAt: r.started_at,
    heartbeatAt: r.heartbeat_at,
  }));
}

/** Closes calls without a heartbeat for so long as `lost`, ended when they were last heard of. Gives their ids. */
export async function closeAbandoned(database: Database, olderThanMs: number): Promise<readonly string[]> {
  const result = await database.acrossOrganisations((tx) =>
    run(
      tx,
      `update calls set ended_at = heartbeat_at, outcome = 'lost'
       where ended_at is null and heartbeat_at < now() - make_interval(secs => ?) returning id`,
      [olderThanMs / 1000],
    ),
  );
  return readRows(z.object({ id: z.string() }), result).map((r) => r.id);
}
