import { z } from 'zod';
import { riskLevels, type RiskLevel } from '../call/meaning.ts';
import { logPlace } from './callLog.ts';
import { callKeyPlace } from './calls.ts';
import { callerKeyPlace } from './callers.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type KeyState, type Opened } from './opened.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';
import { turnPlace } from './turns.ts';

/** Calls as staff look at them. Everything works in the organisation of the transaction; words stay sealed unless a key is given. */

export interface CallFilter {
  readonly since: Date | null;
  /** Up to and without this instant. */
  readonly until: Date | null;
  readonly levels: readonly RiskLevel[] | null;
  readonly outcome: string | null;
  readonly language: string | null;
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
  /** Somebody of the rota who was rung for the call. */
  readonly personId: string | null;
  readonly bargeIn: boolean;
  readonly failure: boolean;
  readonly live: boolean;
}

const listed = z.object({
  id: z.string(),
  startedAt: z.date(),
  answeredAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  seconds: z.number(),
  outcome: z.string().nullable(),
  level: z.enum(riskLevels),
  language: z.string(),
  turns: z.number(),
  bargeIns: z.number(),
  failures: z.number(),
  escalation: z.string().nullable(),
});

export type ListedCall = z.infer<typeof listed>;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The id to go on after; null at the end. */
  readonly next: string | null;
}

/** Of calls that still go on, the time until now. */
const secondsOf = (call: string): string =>
  `coalesce(${call}.duration_seconds, floor(extract(epoch from greatest(now() - ${call}.started_at, '0'::interval)))::int)`;

type Condition = readonly [sql: string, ...values: readonly unknown[]];

/** The newest first. `after`: the last call of the page before; it must exist. */
export async function listCalls(
  tx: Transaction,
  organisationId: string,
  filter: CallFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Page<ListedCall>> {
  const conditions: readonly Condition[] = [
    ['organisation_id = ?', organisationId],
    ...conditionsOf(filter),
    ...(after === null ? [] : await laterPage(tx, after)),
  ];
  const result = await run(
    tx,
    `with page as materialized (
       select * from calls where ${conditions.map(([sql]) => sql).join(' and ')} order by started_at desc, id limit ?)
     select page.id, started_at as "startedAt", answered_at as "answeredAt", ended_at as "endedAt",
       ${secondsOf('page')} as seconds, outcome, highest_risk as level, language, turns, barge_ins as "bargeIns", failures,
       (select coalesce(e.outcome, e.state) from escalations e where e.call_id = page.id
          order by requested_at desc limit 1) as escalation
     from page order by started_at desc, page.id`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  );
  const rows = readRows(listed, result);
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function conditionsOf(filter: CallFilter): readonly Condition[] {
  const { since, until, levels, outcome, language, minSeconds, maxSeconds, personId } = filter;
  const given: readonly (Condition | null)[] = [
    since && ['started_at >= ?', since],
    until && ['started_at < ?', until],
    levels && levelCondition(levels),
    outcome === null ? null : ['outcome = ?', outcome],
    language === null ? null : ['language = ?', language],
    minSeconds === null ? null : ['duration_seconds >= ?', minSeconds],
    maxSeconds === null ? null : ['duration_seconds <= ?', maxSeconds],
    personId === null
      ? null
      : // The calls first, then their order: the other way around every call would be looked up.
        [
          `id = any(array(select e.call_id from escalation_attempts a join escalations e on e.id = a.escalation_id
             where a.person_id = ? and a.dialled_at is not null))`,
          personId,
        ],
    filter.bargeIn ? ['barge_ins > 0'] : null,
    filter.failure ? ['failures > 0'] : null,
    filter.live ? ['ended_at is null'] : null,
  ];
  return given.filter((each) => each !== null);
}

/** Of one level, the index also gives the order. */
function levelCondition(levels: readonly RiskLevel[]): Condition {
  return levels.length === 1 ? ['highest_risk = ?', levels[0]] : ['highest_risk = any(?::text[])', levels];
}

/** By time, then id. The time goes through text, because a `Date` would cut off its microseconds. */
async function laterPage(tx: Transaction, after: string): Promise<readonly Condition[]> {
  const result = await run(tx, 'select started_at::text as at from calls where id = ?', [after]);
  const at = readRows(z.object({ at: z.string() }), result)[0]?.at;
  if (at === undefined) return [['false']];
  return [
    ['started_at <= ?::timestamptz', at],
    ['(started_at < ?::timestamptz or id > ?::uuid)', at, after],
  ];
}

/** The first and the last UUID that begin so; null when none can. Hyphens may be left out. */
export function idRange(prefix: string): readonly [from: string, to: string] | null {
  const digits = prefix.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(digits)) return null;
  const whole = (filler: string): string =>
    digits.padEnd(32, filler).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return [whole('0'), whole('f')];
}

const idOnly = z.object({ id: z.string() });

/** Ids of calls that begin with `prefix`, at most `most`; or the one with this carrier's id (`CA…`). */
export async function callsNamed(tx: Transaction, name: string, most: number): Promise<readonly string[]> {
  if (/^CA[0-9a-f]{32}$/i.test(name))
    return readRows(idOnly, await run(tx, 'select id from calls where call_sid = ?', [name])).map(({ id }) => id);
  const range = idRange(name);
  if (range === null) return [];
  const result = await run(tx, 'select id from calls where id between ?::uuid and ?::uuid order by id limit ?', [
    ...range,
    most,
  ]);
  return readRows(idOnly, result).map(({ id }) => id);
}

const shown = z.object({
  id: z.string(),
  callSid: z.string(),
  startedAt: z.date(),
  answeredAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  seconds: z.number(),
  outcome: z.string().nullable(),
  level: z.enum(riskLevels),
  language: z.string(),
  packVersion: z.string(),
  codeRevision: z.string(),
  server: z.string(),
  turns: z.number(),
  bargeIns: z.number(),
  falseBargeIns: z.number(),
  failures: z.number(),
  callerId: z.string().nullable(),
  callerErasedAt: z.date().nullable(),
  wordsRemovedAt: z.date().nullable(),
  logRemovedAt: z.date().nullable(),
  storedTurns: z.number(),
  logEntries: z.number(),
  wrapped_key: sealedColumn.nullable(),
  caller_key: sealedColumn.nullable(),
});

export type ShownCall = Omit<z.infer<typeof shown>, 'wrapped_key' | 'caller_key'> & { readonly key: KeyState };

/** Null when there is no such call in this organisation. */
export async function readShownCall(tx: Transaction, keys: KeyKeeper, id: string): Promise<ShownCall | null> {
  const result = await run(
    tx,
    `select c.id, call_sid as "callSid", started_at as "startedAt", answered_at as "answeredAt", ended_at as "endedAt",
       ${secondsOf('c')} as seconds, outcome, highest_risk as level, language, pack_version as "packVersion",
       code_revision as "codeRevision", held_by as server, turns, barge_ins as "bargeIns",
       false_barge_ins as "falseBargeIns", failures, caller_id as "callerId", callers.erased_at as "callerErasedAt",
       words_removed_at as "wordsRemovedAt", log_removed_at as "logRemovedAt",
       (select count(*)::int from turns where call_id = c.id) as "storedTurns",
       (select count(*)::int from call_log where call_id = c.id) as "logEntries",
       c.wrapped_key, callers.wrapped_key as caller_key
     from calls c left join callers on callers.id = c.caller_id where c.id = ?`,
    [id],
  );
  const found = readRows(shown, result)[0];
  if (found === undefined) return null;
  const { wrapped_key: own, caller_key: callerKey, ...call } = found;
  const key = keyState(() => {
    if (own !== null) return keys.unwrap(own, callKeyPlace(id));
    return call.callerId === null || callerKey === null ? null : keys.unwrap(callerKey, callerKeyPlace(call.callerId));
  });
  return { ...call, key };
}

const turnRow = z.object({
  seq: z.number(),
  speaker: z.enum(['caller', 'sanad']),
  kind: z.enum(['turn', 'backchannel', 'line']),
  atMs: z.number(),
  durationMs: z.number(),
  interrupted: z.boolean(),
  confidence: z.number().nullable(),
  firstSoundMs: z.number().nullable(),
  words: sealedColumn.nullable(),
  heard: sealedColumn.nullable(),
});

export interface ShownTurn extends Omit<z.infer<typeof turnRow>, 'words' | 'heard'> {
  readonly words: Opened;
  /** Of Sanad's words those that were heard; null for the caller's own. */
  readonly heard: Opened | null;
}

/** In order; each opened for itself. */
export async function readShownTurns(tx: Transaction, key: KeyState, callId: string): Promise<readonly ShownTurn[]> {
  const result = await run(
    tx,
    `select seq, speaker, kind, at_ms as "atMs", duration_ms as "durationMs", interrupted, confidence,
       first_sound_ms as "firstSoundMs", words, heard from turns where call_id = ? order by seq`,
    [callId],
  );
  return readRows(turnRow, result).map(({ words, heard, ...turn }) => ({
    ...turn,
    words: openWith(key, turnPlace('words', callId, turn.seq), words),
    heard: turn.speaker === 'caller' ? null : openWith(key, turnPlace('heard', callId, turn.seq), heard),
  }));
}

const logRow = z.object({ seq: z.number(), atMs: z.number(), eventType: z.string(), entry: sealedColumn.nullable() });

export interface ShownLogEntry extends Omit<z.infer<typeof logRow>, 'entry'> {
  readonly entry: Opened;
}

export async function readShownLog(tx: Transaction, key: KeyState, callId: string): Promise<readonly ShownLogEntry[]> {
  const result = await run(
    tx,
    'select seq, at_ms as "atMs", event_type as "eventType", entry from call_log where call_id = ? order by seq',
    [callId],
  );
  return readRows(logRow, result).map((row) => ({
    ...row,
    entry: openWith(key, logPlace(callId, row.seq), row.entry),
  }));
}

const assessment = z.object({
  atMs: z.number(),
  level: z.enum(riskLevels),
  source: z.string(),
  signals: z.array(z.string()),
});

export type ShownAssessment = z.infer<typeof assessment>;

export async function readAssessments(tx: Transaction, callId: string): Promise<readonly ShownAssessment[]> {
  const result = await run(
    tx,
    'select at_ms as "atMs", level, source, signals from risk_assessments where call_id = ? order by at_ms, level',
    [callId],
  );
  return readRows(assessment, result);
}
