import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { callerKeyPlace, callerPhonePlace } from '../src/store/callers.ts';
import { migrate, openDatabase } from '../src/store/database.ts';
import { briefingPlace } from '../src/store/escalationRecords.ts';
import { ensureOrganisation, type Organisation } from '../src/store/organisations.ts';
import { createKeyKeeper, phoneHmac, seal, type KeyKeeper, type SealingKey } from '../src/store/sealing.ts';
import { turnPlace } from '../src/store/turns.ts';
import { CopyRows, uuidText } from './records/copyRows.ts';
import { tableNames as names, tables, type Table } from './records/recordTables.ts';
import { addUsage } from './records/usageRows.ts';

/**
 * Fills an empty database with many invented calls, to measure listings and reports on:
 *
 *   DATABASE_URL=… DATA_KEY=… node scripts/run.mjs scripts/generateRecords.ts --calls 1000000 --turns 20
 *
 * Every value is sealed with real keys in its place, over tiny words. Foreign keys and secondary indexes are made after the rows, as
 * a restored dump does. Refuses a database that has calls.
 */

interface Making {
  readonly keys: KeyKeeper;
  readonly organisation: Organisation;
  readonly organisationId: Buffer;
  readonly people: readonly Buffer[];
  readonly copies: Readonly<Record<Table, CopyRows>>;
  readonly turnsPerCall: number;
  readonly nowMs: number;
}

const yearMs = 365 * 86_400_000;
const callsPerCaller = 4;
const random = (below: number): number => Math.floor(Math.random() * below);
const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
const chance = (percent: number): boolean => Math.random() * 100 < percent;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { calls: { type: 'string' }, turns: { type: 'string' } } });
  const calls = z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .parse(values.calls ?? '10000');
  const turnsPerCall = z.coerce
    .number()
    .int()
    .min(0)
    .max(500)
    .parse(values.turns ?? '20');
  const environment = z.object({
    DATABASE_URL: z.string(),
    DATA_KEY: z.string(),
    TWILIO_PHONE_NUMBER: z.string().default('+96824000000'),
  });
  const { DATABASE_URL: url, DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: number } = environment.parse(process.env);
  await migrate(url);
  const keys = createKeyKeeper(dataKey);
  const database = openDatabase({ url });
  const organisation = await ensureOrganisation(database, keys, { name: 'Sanad', dialledNumber: number });
  await database.close();
  const owner = await connect(url);
  await refuseFull(owner);
  const startedMs = performance.now();
  const said = (what: string): void =>
    console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(7)} s  ${what}`);
  const people = await addPeople(owner, organisation.id);
  const restore = await strip(owner);
  said('indexes and foreign keys are set aside');
  await copyAll(url, { keys, organisation, people, turnsPerCall }, calls, said);
  for (const statement of restore) await owner.query(statement);
  said('indexes and foreign keys are made');
  await owner.query('analyze');
  for (const name of [...names, 'on_call_people']) await owner.query(`alter table ${name} force row level security`);
  const size = await owner.query<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as size',
  );
  said(`done; the database has ${size.rows[0]?.size ?? '?'}`);
  await owner.end();
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function refuseFull(owner: pg.Client): Promise<void> {
  for (const name of [...names, 'on_call_people']) await owner.query(`alter table ${name} no force row level security`);
  const { rowCount } = await owner.query('select 1 from calls limit 1');
  if (rowCount === 0) return;
  for (const name of [...names, 'on_call_people']) await owner.query(`alter table ${name} force row level security`);
  throw new Error('this database has calls already; invented ones are only put into an empty one');
}

/** People who left the rota: attempts refer to them, and nobody is rung by accident. */
async function addPeople(owner: pg.Client, organisationId: string): Promise<readonly Buffer[]> {
  const ids = Array.from({ length: 20 }, () => randomBytes(16));
  for (const id of ids)
    await owner.query(
      `insert into on_call_people (id, organisation_id, languages, priority, role, active, removed_at)
       values ($1, $2, '{ar}', 10, 'listener', false, now())`,
      [uuidText(id), organisationId],
    );
  return ids;
}

/** Takes away what would be checked row by row, and gives the statements that bring it back. */
async function strip(owner: pg.Client): Promise<readonly string[]> {
  const list = names.map((name) => `'${name}'::regclass`).join(', ');
  const foreign = await owner.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid in (${list}) and (contype = 'f' or (contype = 'p' and conrelid = 'turns'::regclass))
     order by contype desc`,
  );
  const indexes = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid in (${list}) and not exists
       (select from pg_constraint where conindid = indexrelid)`,
  );
  for (const { table, name } of foreign.rows) await owner.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes.rows) await owner.query(`drop index ${name}`);
  // What triggers would add to a row is given with it.
  for (const name of names) await owner.query(`alter table ${name} disable trigger user`);
  return [
    ...names.map((name) => `alter table ${name} enable trigger user`),
    `set maintenance_work_mem = '1GB'`,
    ...indexes.rows.map(({ definition }) => definition),
    ...foreign.rows.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
  ];
}

async function copyAll(
  url: string,
  given: Pick<Making, 'keys' | 'organisation' | 'people' | 'turnsPerCall'>,
  calls: number,
  said: (what: string) => void,
): Promise<void> {
  const clients = await Promise.all(names.map(() => connect(url)));
  const copies = Object.fromEntries(
    names.map((name, index) => [name, new CopyRows(clients[index] as pg.Client, name, tables[name])]),
  ) as Record<Table, CopyRows>;
  const organisationId = bytesOf(given.organisation.id);
  const making: Making = { ...given, organisationId, copies, nowMs: Date.now() };
  let made = 0;
  while (made < calls) {
    const some = Math.min(callsPerCaller, calls - made);
    await makeCaller(making, some);
    made += some;
    if (made % 100_000 < some) said(`${made} calls, ${copies.turns.rows} turns`);
  }
  for (const name of names) await copies[name].end();
  said(names.map((name) => `${copies[name].rows} ${name}`).join(', '));
  await Promise.all(clients.map((client) => client.end()));
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

async function makeCaller(making: Making, calls: number): Promise<void> {
  const { keys, organisation, organisationId, copies, nowMs } = making;
  const bytes = randomBytes(16);
  const id = uuidText(bytes);
  const { key, wrapped, dataKeyId } = keys.create(callerKeyPlace(id));
  // A range in which Oman gives out no numbers.
  const phone = `+9680${bytes.readUInt32BE(0)}${bytes.readUInt16BE(4)}`.slice(0, 15);
  await copies.callers.add([
    bytes,
    organisationId,
    phoneHmac(organisation.lookup, `${phone}${id}`),
    seal(key, callerPhonePlace(id), phone),
    wrapped,
    dataKeyId,
    nowMs - yearMs,
  ]);
  for (let n = 0; n < calls; n += 1) await makeCall(making, bytes, key, n > 0);
}

const outcomes = ['goodbye', 'goodbye', 'hungUp', 'hungUp', 'hungUp', 'silence', 'length'] as const;

function riskOf(): string {
  const dice = Math.random() * 100;
  if (dice < 0.5) return 'imminent';
  if (dice < 2.5) return 'high';
  if (dice < 8) return 'moderate';
  return dice < 20 ? 'low' : 'none';
}

async function makeCall(making: Making, callerId: Buffer, key: SealingKey, known: boolean): Promise<void> {
  const { organisationId, copies, turnsPerCall, nowMs } = making;
  const id = randomBytes(16);
  const startedAt = nowMs - 3_600_000 - random(yearMs);
  const seconds = 20 + Math.floor(900 * -Math.log(1 - Math.random()));
  const risk = riskOf();
  const language = chance(90) ? 'ar-OM' : 'en';
  // Every second turn is Sanad's.
  const sounds = Array.from({ length: Math.floor(turnsPerCall / 2) }, () => 600 + random(900));
  await copies.calls.add([
    id,
    organisationId,
    callerId,
    `CA${id.toString('hex')}`,
    language,
    '1',
    'generated',
    startedAt,
    startedAt + 900,
    startedAt + seconds * 1_000,
    chance(0.3) ? 'lost' : pick(outcomes),
    risk,
    'generator',
    startedAt + seconds * 1_000,
    turnsPerCall,
    chance(30) ? 1 + random(4) : 0,
    chance(5) ? 1 : 0,
    chance(0.2) ? 1 : 0,
    known,
    sounds,
  ]);
  await addUsage(copies, { organisationId, id, startedAt, seconds, turns: sounds.length });
  const callId = uuidText(id);
  for (let seq = 1; seq <= turnsPerCall; seq += 1) {
    const waiting = addTurn(making, { id, callId, key, seq, firstSoundMs: sounds[seq / 2 - 1] ?? null });
    if (waiting !== null) await waiting;
  }
  if (risk === 'high' || risk === 'imminent') await makeEscalation(making, { id, key, startedAt, risk, language });
}

interface MadeTurn {
  readonly id: Buffer;
  readonly callId: string;
  readonly key: SealingKey;
  readonly seq: number;
  readonly firstSoundMs: number | null;
}

function addTurn({ organisationId, copies }: Making, turn: MadeTurn): Promise<void> | null {
  const { id, callId, key, seq, firstSoundMs } = turn;
  const caller = seq % 2 === 1;
  const words = seal(key, turnPlace('words', callId, seq), 'كلمتين');
  return copies.turns.add([
    id,
    seq,
    organisationId,
    caller ? 'caller' : 'sanad',
    'turn',
    seq * 6_000,
    3_000,
    words,
    caller ? null : seal(key, turnPlace('heard', callId, seq), 'كلمتين'),
    false,
    caller ? 0.9 : null,
    firstSoundMs,
  ]);
}

interface Risky {
  readonly id: Buffer;
  readonly key: SealingKey;
  readonly startedAt: number;
  readonly risk: string;
  readonly language: string;
}

async function makeEscalation(making: Making, { id: callId, key, startedAt, risk, language }: Risky): Promise<void> {
  const { organisationId, copies, people, nowMs } = making;
  const id = randomBytes(16);
  const requestedAt = startedAt + 60_000;
  const outcome = chance(85) ? 'helped' : pick(['callerGone', 'nobody', 'declined']);
  const ringingAt = requestedAt + 1_500;
  await copies.escalations.add([
    id,
    organisationId,
    callId,
    'closed',
    'risk',
    risk,
    language,
    seal(key, briefingPlace(uuidText(id)), '{}'),
    1,
    requestedAt,
    ringingAt,
    outcome === 'helped' ? ringingAt + 5_000 + random(60_000) : null,
    requestedAt + 600_000,
    outcome,
  ]);
  for (let position = 0; position < 3; position += 1)
    await copies.escalation_attempts.add([
      randomBytes(16),
      organisationId,
      id,
      people[((callId[0] ?? 0) % 6) + position * 6],
      1,
      1,
      position,
      position === 0 && outcome === 'helped' ? 'left' : 'released',
      requestedAt,
      requestedAt + 300,
      requestedAt + 40_000,
    ]);
  if (outcome !== 'nobody') return;
  const open = requestedAt > nowMs - 3 * 86_400_000;
  await copies.callback_tasks.add([
    randomBytes(16),
    organisationId,
    id,
    callId,
    'supervisor',
    'supervisor',
    requestedAt + 3_600_000,
    open ? 'waiting' : 'done',
    open ? null : 'reached',
  ]);
}

await main();
