import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { foldSome, readAskedDirectly } from '../src/staff/report/askedDirectly.ts';
import { openDatabase, type Transaction } from '../src/store/database.ts';
import { readLiveCalls } from '../src/store/liveCalls.ts';
import { organisationOf } from '../src/store/organisations.ts';
import { readCallbackFigures, readPeopleFigures, readReviewFigures } from '../src/store/reportPeopleQueries.ts';
import { readCallFigures, type ReportPeriod } from '../src/store/reportQueries.ts';
import { countWaiting, listReviews } from '../src/store/reviews.ts';
import { readRows, run } from '../src/store/rows.ts';
import { createKeyKeeper } from '../src/store/sealing.ts';
import { countCalls, readStageFigures, readUsage, readUsageOfCalls } from '../src/store/usageQueries.ts';

/**
 * Times what reports, reviews and the watch read on the database of DATABASE_URL, through the same functions and the same row security
 * as the commands:
 *
 *   DATABASE_URL=… DATA_KEY=… node scripts/run.mjs scripts/measureReports.ts [--plans]
 *
 * Each row: the first run (what is cached is as others left it) and the median of five more. `--plans` prints what EXPLAIN (ANALYZE,
 * BUFFERS) says of each statement, in a transaction with the same settings.
 */

type Reading = readonly [name: string, work: (tx: Transaction) => Promise<unknown>];
type Within = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

const periods = { day: 1, week: 7, month: 31 } as const;
const page = { after: null, limit: 50 } as const;

async function main(): Promise<void> {
  const shape = z.object({ DATABASE_URL: z.string(), DATA_KEY: z.string(), TWILIO_PHONE_NUMBER: z.string() });
  const given = shape.parse({ TWILIO_PHONE_NUMBER: '+96824000000', ...process.env });
  const url = given.DATABASE_URL;
  const database = openDatabase({ url, connections: 1, statementMs: 120_000, transactionMs: 130_000 });
  const keys = createKeyKeeper(given.DATA_KEY);
  const organisation = await organisationOf(database, keys, given.TWILIO_PHONE_NUMBER);
  if (organisation === null) throw new Error('there is no organisation of that number here');
  const organisationId = organisation.id;
  const within: Within = (work) => database.within(organisationId, work);
  const to = await within(newest);
  const reports = Object.entries(periods).flatMap(([name, days]): readonly Reading[] => {
    const period: ReportPeriod = { organisationId, from: daysBefore(to, days), to, zone: 'Asia/Muscat' };
    return [
      [`report ${name}: calls`, (tx) => readCallFigures(tx, period)],
      [`report ${name}: logs folded`, (tx) => foldSome(tx, { keys }, period)],
      [`report ${name}: asked directly`, (tx) => readAskedDirectly(tx, period)],
      [`report ${name}: people`, (tx) => readPeopleFigures(tx, period)],
      [`report ${name}: callbacks`, (tx) => readCallbackFigures(tx, period)],
      [`report ${name}: reviews`, (tx) => readReviewFigures(tx, period)],
      [`report ${name}: usage`, (tx) => readUsage(tx, period)],
      [`report ${name}: stages`, async (tx) => readStageFigures(tx, period, await countCalls(tx, period))],
      [`usage ${name} by day`, (tx) => readUsage(tx, period, 'day')],
      [`usage ${name} by call`, (tx) => readUsageOfCalls(tx, period, 20)],
    ];
  });
  const window = { organisationId, since: daysBefore(to, 30), reason: null };
  const readings: readonly Reading[] = [
    ...reports,
    ['review next: what waits', (tx) => countWaiting(tx, window)],
    [
      'review list',
      (tx) => listReviews(tx, keys, { since: null, until: null, marks: null }, { organisationId, ...page }),
    ],
    ['watch', (tx) => readLiveCalls(tx, organisationId, 20)],
  ];
  console.log('| reading | first ms | median ms |');
  console.log('| ------- | -------: | --------: |');
  for (const reading of readings) await measure(reading, within, process.argv.includes('--plans'));
  await database.close();
}

async function newest(tx: Transaction): Promise<Date> {
  const result = await run(tx, 'select coalesce(max(started_at), now()) as at from calls');
  return readRows(z.object({ at: z.date() }), result)[0]?.at ?? new Date();
}

function daysBefore(to: Date, days: number): Date {
  return new Date(to.getTime() - days * 86_400_000);
}

async function measure([name, work]: Reading, within: Within, plans: boolean): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const startedMs = performance.now();
    await within(work);
    times.push(performance.now() - startedMs);
  }
  const [first = 0, ...more] = times;
  const median = more.toSorted((a, b) => a - b)[2] ?? 0;
  console.log(`| ${name} | ${first.toFixed(0)} | ${median.toFixed(0)} |`);
  if (plans) await within((tx) => work(explaining(tx)));
}

/** The same transaction, which says how each statement is done before it does it. */
function explaining(tx: Transaction): Transaction {
  return new Proxy(tx, {
    get: (target, property) => {
      if (property !== 'raw') return Reflect.get(target, property) as unknown;
      return async (sql: string, values: readonly unknown[]) => {
        const explained = await run(target, `explain (analyze, buffers) ${sql}`, values);
        const lines = readRows(z.object({ 'QUERY PLAN': z.string() }), explained).map((row) => row['QUERY PLAN']);
        console.log(lines.join('\n'));
        return run(target, sql, values);
      };
    },
  });
}

await main();
