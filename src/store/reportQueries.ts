import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** What reports count of calls, in the organisation of the transaction. No words, nobody's number, nothing that is sealed. */

/** From `from`, up to and without `to`. */
export interface ReportPeriod {
  readonly organisationId: string;
  readonly from: Date;
  readonly to: Date;
  /** IANA name: hours and days are its. */
  readonly zone: string;
}

/** Of so many; all null when there are none. Milliseconds, or seconds where the name says so. */
const spread = z.object({
  count: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
});

export type Spread = z.infer<typeof spread>;

const counts = z.record(z.string(), z.number());

const callFigures = z.object({
  calls: z.number(),
  live: z.number(),
  answered: z.number(),
  answeredWithin20s: z.number(),
  /** Over, and never answered. */
  abandonedBefore20s: z.number(),
  abandonedAfter20s: z.number(),
  /** Answered, and the caller hung up within 20 s of it. */
  leftWithin20s: z.number(),
  withheldNumber: z.number(),
  turns: z.number(),
  bargeIns: z.number(),
  falseBargeIns: z.number(),
  callsWithBargeIn: z.number(),
  callsWithFailure: z.number(),
  failures: z.number(),
  seconds: z.number(),
  answerMs: spread,
  durationSeconds: spread,
  firstSoundMs: spread,
  /** Percent of the calls that the figure before is from, drawn by hash. */
  firstSoundShare: z.number(),
  callers: z.number(),
  newCallers: z.number(),
  returningCallers: z.number(),
  byLanguage: counts,
  byOutcome: counts,
  byLevel: z.partialRecord(z.enum(riskLevels), z.number()),
  byHour: z.array(z.object({ day: z.string(), hour: z.number(), calls: z.number() })),
});

export type CallFigures = z.infer<typeof callFigures>;

/** Seconds from ringing to being given up: the usual measure of crisis lines. */
const patienceSeconds = 20;

/** One row of JSON text from one pass over the period's calls. */
export async function readCallFigures(tx: Transaction, period: ReportPeriod): Promise<CallFigures> {
  const { organisationId, from, to, zone } = period;
  // For a month of a busy line: not to disk in between, and no compiling that takes longer than it saves.
  await run(tx, `select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`);
  const result = await run(tx, callsSql, [
    organisationId,
    from,
    to,
    ...Array.from({ length: 4 }, () => patienceSeconds),
    zone,
  ]);
  const text = readRows(z.object({ figures: z.string() }), result)[0]?.figures ?? 'null';
  return callFigures.parse(JSON.parse(text) as unknown);
}

const spreadOf = (value: string, from: string): string => `
  (select jsonb_build_object('count', count(value), 'p50', (percentile_disc(0.5) within group (order by value)),
     'p95', (percentile_disc(0.95) within group (order by value)), 'max', max(value))
   from (select ${value} as value from ${from}) measured where value is not null)`;

/** By how often each value is there: there are many of them, and few that differ. */
const soundsSpread = `
  (select jsonb_build_object('count', coalesce(max(total), 0), 'p50', min(value) filter (where upto >= 0.5 * total),
     'p95', min(value) filter (where upto >= 0.95 * total), 'max', max(value))
   from (select value, sum(n) over (order by value) as upto, sum(n) over () as total
         from (select value, count(*) as n from (select unnest(first_sounds_ms) as value from period, totals where review_draw < sounds_share) sounded group by value) each) ranked)`;

const countsBy = (column: string): string => `
  (select coalesce(jsonb_object_agg(name, n), '{}'::jsonb)
   from (select ${column} as name, count(*) as n from period where ${column} is not null group by ${column}) counted)`;

/** A month of a busy line has a million first sounds: of so many calls, those of every fifth tell the same. */
const [manyCalls, shareOfMany] = [20_000, 20];

// `greatest` passes over nulls.
const answerMs = `case when answered_at is not null then greatest(0, round(date_part('epoch', answered_at - started_at) * 1000)) end`;
const waitedSeconds = `date_part('epoch', ended_at - started_at)`;

const callsSql = `
  with period as materialized (
    select id, caller_id, started_at, answered_at, ended_at, duration_seconds, outcome, language, highest_risk, turns,
      barge_ins, false_barge_ins, failures, first_sounds_ms, known_caller, review_draw
    from calls where organisation_id = ? and started_at >= ? and started_at < ?),
  totals as (
    select count(*) as calls,
      count(*) filter (where ended_at is null) as live,
      count(answered_at) as answered,
      count(*) filter (where ${answerMs} <= ? * 1000) as answered_within,
      count(*) filter (where answered_at is null and ${waitedSeconds} < ?) as abandoned_before,
      count(*) filter (where answered_at is null and ${waitedSeconds} >= ?) as abandoned_after,
      count(*) filter (where outcome = 'hungUp' and date_part('epoch', ended_at - answered_at) < ?) as left_within,
      count(*) filter (where caller_id is null) as withheld,
      coalesce(sum(turns), 0) as turns,
      coalesce(sum(barge_ins), 0) as barge_ins,
      coalesce(sum(false_barge_ins), 0) as false_barge_ins,
      count(*) filter (where barge_ins > 0) as with_barge_in,
      count(*) filter (where failures > 0) as with_failure,
      coalesce(sum(failures), 0) as failures,
      coalesce(sum(duration_seconds), 0) as seconds,
      case when count(*) > ${manyCalls} then ${shareOfMany} else 100 end as sounds_share
    from period),
  known as (
    select count(*) as callers, count(*) filter (where known) as returning_callers
    from (select bool_and(known_caller) as known from period where caller_id is not null group by caller_id) each),
  hours as (
    select to_char(began, 'YYYY-MM-DD') as day, extract(hour from began)::int as hour, n as calls
    from (select date_trunc('hour', started_at at time zone ?) as began, count(*) as n from period group by 1) each)
  select jsonb_build_object(
    'calls', calls, 'live', live, 'answered', answered, 'answeredWithin20s', answered_within,
    'abandonedBefore20s', abandoned_before, 'abandonedAfter20s', abandoned_after, 'leftWithin20s', left_within,
    'withheldNumber', withheld, 'turns', turns, 'bargeIns', barge_ins, 'falseBargeIns', false_barge_ins,
    'callsWithBargeIn', with_barge_in, 'callsWithFailure', with_failure, 'failures', failures, 'seconds', seconds,
    'callers', callers, 'returningCallers', returning_callers, 'newCallers', callers - returning_callers,
    'answerMs', ${spreadOf(answerMs, 'period')},
    'durationSeconds', ${spreadOf('duration_seconds', 'period')},
    'firstSoundMs', ${soundsSpread}, 'firstSoundShare', sounds_share,
    'byLanguage', ${countsBy('language')},
    'byOutcome', ${countsBy('outcome')},
    'byLevel', ${countsBy('highest_risk')},
    'byHour', (select coalesce(jsonb_agg(to_jsonb(hours) order by day, hour), '[]'::jsonb) from hours))::text as figures
  from totals, known`;
