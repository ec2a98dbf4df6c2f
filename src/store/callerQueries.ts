import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import { idRange, type Page } from './callQueries.ts';
import { callerKeyPlace, callerPhonePlace } from './callers.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type Opened } from './opened.ts';
import type { Organisation } from './organisations.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { phoneHmac, type KeyKeeper } from './sealing.ts';

/** Callers as staff look at them, in the organisation of the transaction. */

const row = z.object({
  id: z.string(),
  createdAt: z.date(),
  erasedAt: z.date().nullable(),
  blockedAt: z.date().nullable(),
  calls: z.number(),
  lastCallAt: z.date().nullable(),
  level: z.enum(riskLevels),
  phone: sealedColumn.nullable(),
  wrapped_key: sealedColumn.nullable(),
});

export interface ShownCaller {
  readonly id: string;
  /** Of their first call. */
  readonly createdAt: Date;
  readonly erasedAt: Date | null;
  /** No follow-ups; calls are answered all the same. */
  readonly blockedAt: Date | null;
  /** Whose record is left. */
  readonly calls: number;
  readonly lastCallAt: Date | null;
  /** The highest of all those calls. */
  readonly level: (typeof riskLevels)[number];
  /** E.164. */
  readonly number: Opened;
}

const columns = `c.id, c.created_at as "createdAt", c.erased_at as "erasedAt", c.blocked_at as "blockedAt",
  coalesce(s.calls, 0) as calls, s.last_at as "lastCallAt", (?::text[])[coalesce(s.level, 1)] as level, c.phone, c.wrapped_key`;

const summary = `left join lateral (
  select count(*)::int as calls, max(started_at) as last_at, max(array_position(?::text[], highest_risk)) as level
  from calls where calls.caller_id = c.id) s on true`;

function shown(keys: KeyKeeper, { phone, wrapped_key: wrapped, ...caller }: z.infer<typeof row>): ShownCaller {
  const key = keyState(() => (wrapped === null ? null : keys.unwrap(wrapped, callerKeyPlace(caller.id))));
  const number = key.kind === 'erased' ? key : openWith(key, callerPhonePlace(caller.id), phone);
  return { ...caller, number };
}

export interface CallerFilter {
  readonly since: Date | null;
  readonly until: Date | null;
  readonly blocked: boolean;
  /** Also those who were erased. */
  readonly erased: boolean;
}

/** By their first call, the newest first. `after`: the last caller of the page before. */
export async function listCallers(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  filter: CallerFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Page<ShownCaller>> {
  const given: readonly (readonly [sql: string, ...values: readonly unknown[]] | null)[] = [
    ['organisation_id = ?', organisationId],
    filter.since && ['created_at >= ?', filter.since],
    filter.until && ['created_at < ?', filter.until],
    filter.blocked ? ['blocked_at is not null'] : null,
    filter.erased ? null : ['erased_at is null'],
    after === null
      ? null
      : [
          `created_at <= (select created_at from callers where id = ?)
           and (created_at < (select created_at from callers where id = ?) or id > ?::uuid)`,
          after,
          after,
          after,
        ],
  ];
  const conditions = given.filter((each) => each !== null);
  const result = await run(
    tx,
    `with page as materialized (
       select * from callers where ${conditions.map(([sql]) => sql).join(' and ')} order by created_at desc, id limit ?)
     select ${columns} from page c ${summary} order by c.created_at desc, c.id`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1, riskLevels, riskLevels],
  );
  const rows = readRows(row, result);
  const items = rows.slice(0, limit).map((each) => shown(keys, each));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Null when there is no such caller in this organisation. */
export async function readShownCaller(tx: Transaction, keys: KeyKeeper, id: string): Promise<ShownCaller | null> {
  const result = await run(tx, `select ${columns} from callers c ${summary} where c.id = ?`, [
    riskLevels,
    riskLevels,
    id,
  ]);
  const found = readRows(row, result)[0];
  return found === undefined ? null : shown(keys, found);
}

const idOnly = z.object({ id: z.string() });

/** The caller with this number (E.164); null when there is none, or they were erased. */
export async function callerWithNumber(
  tx: Transaction,
  organisation: Organisation,
  number: string,
): Promise<string | null> {
  const result = await run(tx, 'select id from callers where organisation_id = ? and phone_hmac = ?', [
    organisation.id,
    phoneHmac(organisation.lookup, number),
  ]);
  return readRows(idOnly, result)[0]?.id ?? null;
}

/** Ids that begin with `prefix` (hexadecimal, hyphens or not), at most `most`. */
export async function callersNamed(tx: Transaction, prefix: string, most: number): Promise<readonly string[]> {
  const range = idRange(prefix);
  if (range === null) return [];
  const result = await run(tx, 'select id from callers where id between ?::uuid and ?::uuid order by id limit ?', [
    ...range,
    most,
  ]);
  return readRows(idOnly, result).map(({ id }) => id);
}

/**
 * Blocks a caller or lifts it: no follow-ups, and a mark for staff. It never keeps a call from being answered; nothing that
 * answers calls reads this column. False when it was so already, or the caller was erased.
 */
export async function setBlocked(tx: Transaction, callerId: string, blocked: boolean): Promise<boolean> {
  const result = await run(
    tx,
    `update callers set blocked_at = case when ? then clock_timestamp() end
     where id = ? and erased_at is null and (blocked_at is not null) <> ?`,
    [blocked, callerId, blocked],
  );
  return readCount(result) === 1;
}

const callRow = z.object({
  id: z.string(),
  startedAt: z.date(),
  seconds: z.number().nullable(),
  outcome: z.string().nullable(),
  level: z.enum(riskLevels),
  language: z.string(),
});

export type CallOfCaller = z.infer<typeof callRow>;

/** The newest first; `seconds` is null while it goes on. */
export async function callsOfCaller(tx: Transaction, callerId: string, most: number): Promise<readonly CallOfCaller[]> {
  const result = await run(
    tx,
    `select id, started_at as "startedAt", extract(epoch from ended_at - started_at)::float8 as seconds, outcome,
       highest_risk as level, language
     from calls where caller_id = ? order by started_at desc, id limit ?`,
    [callerId, most],
  );
  return readRows(callRow, result);
}
