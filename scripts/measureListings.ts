import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { callsNamed, listCalls, readShownCall, readShownTurns, type CallFilter } from '../src/store/callQueries.ts';
import { openDatabase, type Transaction } from '../src/store/database.ts';
import { listEscalations, listTasks } from '../src/store/escalationQueries.ts';
import { organisationOf } from '../src/store/organisations.ts';
import { readRows, run } from '../src/store/rows.ts';
import { createKeyKeeper, type KeyKeeper } from '../src/store/sealing.ts';

/**
 * Times the listings of staff on the database of DATABASE_URL, through the same functions and the same row security as the commands:
 *
 *   DATABASE_URL=… DATA_KEY=… node scripts/run.mjs scripts/measureListings.ts [--plans]
 *
 * Each row: the first run (what is cached is as others left it), the median of five more, and, of the slowest statement, what EXPLAIN
 * (ANALYZE, BUFFERS) says of time and pages. `--plans` prints the plans whole.
 */

type Listing = readonly [name: string, work: (tx: Transaction) => Promise<unknown>];

const none: CallFilter = {
  since: null,
  until: null,
  levels: null,
  outcome: null,
  language: null,
  minSeconds: null,
  maxSeconds: null,
  personId: null,
  bargeIn: false,
  failure: false,
  live: false,
};
const first: { readonly after: string | null; readonly limit: number } = { after: null, limit: 50 };

async function main(): Promise<void> {
  const shape = z.object({ DATABASE_URL: z.string(), DATA_KEY: z.string(), TWILIO_PHONE_NUMBER: z.string() });
  const {
    DATABASE_URL: url,
    DATA_KEY: dataKey,
    TWILIO_PHONE_NUMBER: number,
  } = shape.parse({
    TWILIO_PHONE_NUMBER: '+96824000000',
    ...process.env,
  });
  const plans = process.argv.includes('--plans');
  const database = openDatabase({ url, connections: 1, statementMs: 120_000, transactionMs: 130_000 });
  const keys = createKeyKeeper(dataKey);
  const organisation = await organisationOf(database, keys, number);
  if (organisation === null) throw new Error('there is no organisation of that number here');
  const { id } = organisation;
  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => database.within(id, work);
  const some = await within((tx) => samples(tx));
  console.log('| listing | first ms | median ms | in the database ms | pages |');
  console.log('| ------- | -------: | --------: | -----------------: | ----: |');
  for (const listing of listingsOf(id, some, keys)) await measure(listing, within, plans);
  await database.close();
}

interface Samples {
  readonly call: string;
  readonly person: string;
}

function listingsOf(id: string, some: Samples, keys: KeyKeeper): readonly Listing[] {
  return [
    ...callListings(id, some),
    [
      'calls show (by its first characters)',
      async (tx) => {
        const [found = ''] = await callsNamed(tx, some.call.slice(0, 8), 6);
        return readShownCall(tx, keys, found);
      },
    ],
    [
      'calls transcript',
      async (tx) => {
        const call = await readShownCall(tx, keys, some.call);
        return call === null ? null : readShownTurns(tx, call.key, call.id);
      },
    ],
    ['escalations list', (tx) => listEscalations(tx, id, { ...period, outcome: null, open: false }, first)],
    [
      'escalations list --outcome nobody',
      (tx) => listEscalations(tx, id, { ...period, outcome: 'nobody', open: false }, first),
    ],
    ['escalations list --open', (tx) => listEscalations(tx, id, { ...period, outcome: null, open: true }, first)],
    ['tasks list', (tx) => listTasks(tx, id, { all: false, ...first })],
    ['tasks list --all', (tx) => listTasks(tx, id, { all: true, ...first })],
  ];
}

function callListings(id: string, some: Samples): readonly Listing[] {
  const now = Date.now();
  const calls = (name: string, filter: Partial<CallFilter>, page = first): Listing => [
    `calls list ${name}`,
    (tx) => listCalls(tx, id, { ...none, ...filter }, page),
  ];
  return [
    calls('', {}),
    calls('--limit 5000', {}, { after: null, limit: 5_000 }),
    calls('--after, in the middle', {}, { after: some.call, limit: 50 }),
    calls('--since 7d', { since: new Date(now - 7 * 86_400_000) }),
    calls('--since 300d --until 299d', {
      since: new Date(now - 300 * 86_400_000),
      until: new Date(now - 299 * 86_400_000),
    }),
    calls('--level imminent', { levels: ['imminent'] }),
    calls('--level high+', { levels: ['high', 'imminent'] }),
    calls('--level none', { levels: ['none'] }),
    calls('--outcome lost', { outcome: 'lost' }),
    calls('--outcome, of none', { outcome: 'nothingLikeIt' }),
    calls('--language en', { language: 'en' }),
    calls('--language ar, of none', { language: 'ar' }),
    calls('--min-duration 2h', { minSeconds: 7_200 }),
    calls('--min-duration 10h, of none', { minSeconds: 36_000 }),
    calls('--min-duration 5m --max-duration 10m', { minSeconds: 300, maxSeconds: 600 }),
    calls('--on-call PERSON', { personId: some.person }),
    calls('--on-call, never rung', { personId: '00000000-0000-4000-8000-000000000000' }),
    calls('--barge-in', { bargeIn: true }),
    calls('--failure', { failure: true }),
    calls('--live', { live: true }),
    calls('--failure --level imminent --language en', { failure: true, levels: ['imminent'], language: 'en' }),
  ];
}

const period = { since: null, until: null, state: null };

async function samples(tx: Transaction): Promise<Samples> {
  const call = await run(
    tx,
    `select id from calls where started_at > now() - interval '180 days' order by started_at limit 1`,
  );
  const person = await run(tx, 'select person_id as id from escalation_attempts where person_id is not null limit 1');
  const shape = z.object({ id: z.string() });
  return { call: readRows(shape, call)[0]?.id ?? '', person: readRows(shape, person)[0]?.id ?? '' };
}

type Within = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

async function measure([name, work]: Listing, within: Within, plans: boolean): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const startedMs = performance.now();
    await within(work);
    times.push(performance.now() - startedMs);
  }
  const statements: (readonly [sql: string, values: unknown])[] = [];
  await within((tx) => work(recording(tx, (sql, values) => statements.push([sql, values]))));
  let slowest = { ms: 0, pages: 0, plan: '' };
  for (const [sql, values] of statements) {
    const explained = await within((tx) => run(tx, `explain (analyze, buffers) ${sql}`, values as readonly unknown[]));
    const lines = readRows(z.object({ 'QUERY PLAN': z.string() }), explained).map((row) => row['QUERY PLAN']);
    const plan = lines.join('\n');
    const ms = Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1] ?? 0);
    const buffers = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan);
    if (ms >= slowest.ms) slowest = { ms, pages: Number(buffers?.[1] ?? 0) + Number(buffers?.[2] ?? 0), plan };
  }
  const [once = 0, ...more] = times;
  const median = more.toSorted((a, b) => a - b)[2] ?? 0;
  console.log(
    `| ${name.trim()} | ${once.toFixed(1)} | ${median.toFixed(1)} | ${slowest.ms.toFixed(1)} | ${slowest.pages} |`,
  );
  if (plans) console.log(slowest.plan);
}

/** The same transaction, which tells what it is asked. */
function recording(tx: Transaction, told: (sql: string, values: unknown) => void): Transaction {
  return new Proxy(tx, {
    get: (target, name) => {
      if (name !== 'raw') return Reflect.get(target, name) as unknown;
      return (sql: string, values: unknown) => {
        told(sql, values ?? []);
        return target.raw(sql, values as readonly string[]);
      };
    },
  });
}

await main();
