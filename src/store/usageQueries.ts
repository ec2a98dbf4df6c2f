import { z } from 'zod';
import type { Transaction } from './database.ts';
import type { ReportPeriod, Spread } from './reportQueries.ts';
import { readRows, run } from './rows.ts';
import { usageKinds } from './usageRecord.ts';

/** What calls of a period used, by when they began, in the organisation of the transaction. */

/** Sums come as texts, since they may be longer than the driver's numbers; ours stay far below 2^53. */
const sum = z.coerce.number().int();

const usageRow = z.object({
  /** Day (`2026-11-26`) or call; null when all is one. */
  group: z.string().nullable(),
  provider: z.string(),
  kind: z.enum(usageKinds),
  requests: sum,
  inputTokens: sum,
  cachedTokens: sum,
  cacheWriteTokens: sum,
  outputTokens: sum,
  amount: sum,
  estimated: sum,
  failures: sum,
  failovers: sum,
});

export type UsageSum = z.infer<typeof usageRow>;

const sums = `provider, kind, sum(requests) as requests, sum(input_tokens) as "inputTokens", sum(cached_tokens) as "cachedTokens",
  sum(cache_write_tokens) as "cacheWriteTokens", sum(output_tokens) as "outputTokens", sum(amount) as amount,
  sum(estimated) as estimated, sum(failures) as failures, sum(failovers) as failovers`;

const ofPeriod = 'organisation_id = ? and call_started_at >= ? and call_started_at < ?';

/** One row for each provider and kind; by day also for each day of the period's zone. */
export async function readUsage(
  tx: Transaction,
  { organisationId, from, to, zone }: ReportPeriod,
  by: 'all' | 'day' = 'all',
): Promise<readonly UsageSum[]> {
  await tuned(tx);
  const group = by === 'day' ? '(call_started_at at time zone ?)::date' : 'null::date';
  const result = await run(
    tx,
    `select to_char(day, 'YYYY-MM-DD') as group, used.* from (
       select ${group} as day, ${sums} from provider_usage where ${ofPeriod} group by 1, provider, kind) used
     order by day, provider, kind`,
    [...(by === 'day' ? [zone] : []), organisationId, from, to],
  );
  return readRows(usageRow, result);
}

/** Of the newest calls that used anything; the newest first. `group` is the call. */
export async function readUsageOfCalls(
  tx: Transaction,
  { organisationId, from, to }: ReportPeriod,
  most: number,
): Promise<readonly UsageSum[]> {
  const result = await run(
    tx,
    `with newest as materialized (
       select id, started_at from calls where organisation_id = ? and started_at >= ? and started_at < ?
         and exists (select from provider_usage where call_id = calls.id) order by started_at desc, id limit ?)
     select call_id::text as group, ${sums} from newest join provider_usage on call_id = newest.id
     group by call_id, started_at, provider, kind order by started_at desc, call_id, provider, kind`,
    [organisationId, from, to, most],
  );
  return readRows(usageRow, result);
}

/** Calls that began in the period. */
export async function countCalls(tx: Transaction, { organisationId, from, to }: ReportPeriod): Promise<number> {
  const result = await run(
    tx,
    'select count(*)::int as calls from calls where organisation_id = ? and started_at >= ? and started_at < ?',
    [organisationId, from, to],
  );
  return readRows(z.object({ calls: z.number() }), result)[0]?.calls ?? 0;
}

const stageRow = z.object({
  stage: z.string(),
  count: sum,
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
});

export interface StageFigures {
  /** Percent of the calls that the figures are from, drawn by hash. */
  readonly share: number;
  readonly stages: readonly (Spread & { readonly stage: string })[];
}

const [manyCalls, shareOfMany] = [5_000, 10];

/** Milliseconds of each stage of the turns; of many calls, from every tenth. */
export async function readStageFigures(tx: Transaction, period: ReportPeriod, calls: number): Promise<StageFigures> {
  await tuned(tx);
  const share = calls > manyCalls ? shareOfMany : 100;
  const result = await run(
    tx,
    `select stage, max(total) as count, min(value) filter (where upto >= 0.5 * total) as p50,
       min(value) filter (where upto >= 0.95 * total) as p95, max(value) as max
     from (select stage, value, sum(n) over (partition by stage order by value) as upto, sum(n) over (partition by stage) as total
           from (select stage, value, count(*) as n
                 from (select stage, unnest(took_ms) as value from call_stages
                       where ${ofPeriod} ${share === 100 ? '' : `and draw < ${shareOfMany}`}) measured
                 group by stage, value) each) ranked
     group by stage order by stage`,
    [period.organisationId, period.from, period.to],
  );
  return { share, stages: readRows(stageRow, result) };
}

/** For a month of a busy line: not to disk in between, and no compiling that takes longer than it saves. */
async function tuned(tx: Transaction): Promise<void> {
  await run(tx, `select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`);
}
