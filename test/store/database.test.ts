import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { applicationRole, maintenanceRole } from '../../migrations/rowSecurity.ts';
import {
  faultCode,
  migrate,
  openDatabase,
  pendingMigrations,
  unmigrate,
  DatabaseTimeout,
} from '../../src/store/database.ts';
import { run } from '../../src/store/rows.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking } from './keeping.ts';
import { openProxy } from './tcpProxy.ts';

const schemaOf = (url: string) =>
  asking(url, async (client) => {
    const columns = await client.query(
      `select table_name, column_name, data_type, is_nullable from information_schema.columns
       where table_schema = 'public' and table_name not like 'knex%' order by 1, 2`,
    );
    const indexes = await client.query(
      `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename not like 'knex%' order by 1`,
    );
    const policies = await client.query(
      `select tablename, policyname, roles::text, qual, with_check from pg_policies where schemaname = 'public' order by 1, 2`,
    );
    return { columns: columns.rows, indexes: indexes.rows, policies: policies.rows };
  });

const migrationNames = [
  '0001_calls',
  '0002_escalations',
  '0003_records',
  '0004_staff',
  '0005_reviews',
  '0006_pace',
  '0006_usage',
  '0007_follow_ups',
  '0008_summaries',
  '0009_progress',
  '0010_appointments',
  '0011_written_danger',
  '0013_first_sound',
];
const tableNames = [
  'appointments',
  'audit_heads',
  'audit_log',
  'call_log',
  'call_stages',
  'call_summaries',
  'call_summary_steps',
  'callback_tasks',
  'callers',
  'calls',
  'clinician_profiles',
  'consents',
  'counsellor_slots',
  'escalation_attempts',
  'escalation_events',
  'escalation_news',
  'escalations',
  'follow_up_plans',
  'follow_ups',
  'message_events',
  'messages',
  'mood_ratings',
  'on_call_people',
  'opt_outs',
  'organisation_settings',
  'organisations',
  'outbox',
  'provider_usage',
  'reviews',
  'risk_assessments',
  'services',
  'staff',
  'staff_sessions',
  'template_approvals',
  'tickets',
  'turns',
];

describe('the migrations', function () {
  this.timeout(serverStartMs);

  it('go up, down to nothing, and up again to the same', async () => {
    const { url } = await testDatabase('empty');
    expect(await pendingMigrations(url)).to.deep.equal(migrationNames);
    expect(await migrate(url)).to.deep.equal(migrationNames);
    expect(await pendingMigrations(url)).to.deep.equal([]);
    const first = await schemaOf(url);
    expect(new Set(first.columns.map((c: { table_name: string }) => c.table_name))).to.deep.equal(new Set(tableNames));
    await unmigrate(url);
    expect(await schemaOf(url)).to.deep.equal({ columns: [], indexes: [], policies: [] });
    await migrate(url);
    expect(await schemaOf(url)).to.deep.equal(first);
  });

  it('are applied once when several servers start at the same time', async () => {
    const { url } = await testDatabase('empty');
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.flat()).to.deep.equal(migrationNames);
  });

  it('go on after a server that was killed while migrating', async () => {
    const { url } = await testDatabase();
    await asking(url, (client) => client.query('update knex_migrations_lock set is_locked = 1'));
    expect(await migrate(url)).to.deep.equal([]);
  });

  it('leave no table without an organisation, and none whose rows the owner sees unasked', async () => {
    const { url } = await testDatabase();
    const tables = await asking(url, (client) =>
      client.query(
        `select c.relname as name, relrowsecurity and relforcerowsecurity as forced,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organisation_id' and a.attnotnull)
             as of_organisation
         from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'knex%'`,
      ),
    );
    expect(tables.rows).to.have.length(tableNames.length);
    for (const { name, forced, of_organisation: ofOrganisation } of tables.rows) {
      expect(forced, name).to.equal(true);
      expect(ofOrganisation, name).to.equal(name !== 'organisations');
    }
  });
});

describe('the rows of an organisation', function () {
  this.timeout(serverStartMs);
  const [one, other] = [randomUUID(), randomUUID()];
  let url: string;
  let database: ReturnType<typeof openDatabase>;

  before(async () => {
    ({ url } = await testDatabase());
    database = openDatabase({ url });
    for (const [id, number] of [
      [one, '+96824000001'],
      [other, '+96824000002'],
    ] as const) {
      await database.forDialledNumber(number, (tx) =>
        run(
          tx,
          `insert into organisations (id, name, dialled_number, lookup_key, data_key_id) values (?, 'x', ?, '', '')`,
          [id, number],
        ),
      );
      await database.within(id, (tx) =>
        run(
          tx,
          `insert into calls (id, organisation_id, call_sid, language, pack_version, code_revision, started_at, held_by,
             heartbeat_at, wrapped_key, data_key_id)
           values (gen_random_uuid(), ?, ?, 'ar-OM', '1', 'r', now(), 's', now(), 'key', 'id')`,
          [id, `CA-${number}`],
        ),
      );
    }
  });
  after(() => database.close());

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'allowed',
      (fault: { code?: string }) => fault.code ?? 'no code',
    );
  const sids = (result: unknown) => (result as { rows: { call_sid: string }[] }).rows.map((row) => row.call_sid).sort();

  it('are seen by it alone', async () => {
    expect(sids(await database.within(one, (tx) => run(tx, 'select call_sid from calls')))).to.deep.equal([
      'CA-+96824000001',
    ]);
    expect(sids(await database.within(other, (tx) => run(tx, 'select call_sid from calls')))).to.deep.equal([
      'CA-+96824000002',
    ]);
    expect(sids(await database.within(randomUUID(), (tx) => run(tx, 'select call_sid from calls')))).to.deep.equal([]);
  });

  it('cannot be changed, removed, or made by another', async () => {
    const seen = (result: unknown) => (result as { rowCount: number }).rowCount;
    expect(
      seen(
        await database.within(one, (tx) =>
          run(tx, `update calls set language = 'en' where organisation_id = ?`, [other]),
        ),
      ),
    ).to.equal(0);
    expect(
      seen(await database.within(one, (tx) => run(tx, 'delete from calls where organisation_id = ?', [other]))),
    ).to.equal(0);
    const foreign = database.within(one, (tx) =>
      run(tx, `insert into outbox (id, organisation_id, topic, payload) values (gen_random_uuid(), ?, 't', '{}')`, [
        other,
      ]),
    );
    expect(await refusal(foreign)).to.equal('42501');
  });

  it('do not show without an organisation, nor to the next user of a connection', async () => {
    const single = openDatabase({ url, connections: 1 });
    await single.within(one, (tx) => run(tx, 'select 1'));
    const seen = await single.forDialledNumber('+96824999999', (tx) => run(tx, 'select call_sid from calls'));
    expect(sids(seen)).to.deep.equal([]);
    await single.close();
  });

  it('are seen by maintenance for all organisations, but nothing that is sealed', async () => {
    const work = (sql: string) => database.acrossOrganisations((tx) => run(tx, sql));
    expect(sids(await work('select call_sid from calls'))).to.deep.equal(['CA-+96824000001', 'CA-+96824000002']);
    for (const sealed of [
      'select wrapped_key from calls',
      'select words from turns',
      'select entry from call_log',
      'select phone from callers',
      'select lookup_key from organisations',
      'select number from on_call_people',
      'select name from on_call_people',
      'select wrapped_key from on_call_people',
      'select briefing from escalations',
    ])
      expect(await refusal(work(sealed)), sealed).to.equal('42501');
  });

  it('are kept apart also when the server logs in as a superuser', async () => {
    // The cluster of the tests gives its superuser the same password; a cluster of someone else gives us none.
    const superuser = new URL(url);
    superuser.username = 'postgres';
    const mayLogIn = await asking(superuser.href, () => Promise.resolve(true)).catch(() => false);
    const logins = mayLogIn ? [superuser.href, url] : [url];
    for (const login of logins) {
      const server = openDatabase({ url: login });
      const seen = await server.within(one, (tx) => run(tx, 'select call_sid, current_user as role from calls'));
      expect((seen as { rows: unknown[] }).rows).to.deep.equal([
        { call_sid: 'CA-+96824000001', role: applicationRole },
      ]);
      await server.close();
    }
  });

  it('are read by roles that cannot log in and have no power over row security', async () => {
    const roles = await asking(url, (client) =>
      client.query(`select rolsuper or rolbypassrls or rolcanlogin as power from pg_roles where rolname = any($1)`, [
        [applicationRole, maintenanceRole],
      ]),
    );
    expect(roles.rows).to.deep.equal([{ power: false }, { power: false }]);
  });
});

describe('a connection to the database', function () {
  this.timeout(serverStartMs);

  it('is given up when the network swallows everything, and the next one works', async () => {
    const { url } = await testDatabase();
    const proxy = await openProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(proxy.port);
    const database = openDatabase({ url: through.href, transactionMs: 300 });
    await database.ready();
    proxy.stall();
    const fault: unknown = await database.ready().catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(DatabaseTimeout);
    proxy.restore();
    await database.ready();
    await database.close();
    await proxy.close();
  });

  it('quotes a failed statement without its values, and gives a code that can be logged', async () => {
    const { url } = await testDatabase();
    const database = openDatabase({ url });
    const fault: unknown = await database
      .within(randomUUID(), (tx) => run(tx, 'select ?::integer', ['+96891234567 secret']))
      .catch((error: unknown) => error);
    expect(String(fault)).to.contain('select $1::integer');
    expect(faultCode(fault)).to.equal('22003');
    await database.close();
  });

  it('is not ready before the migrations ran', async () => {
    const { url } = await testDatabase('empty');
    const database = openDatabase({ url });
    const fault: unknown = await database.ready().catch((error: unknown) => error);
    expect((fault as { code: string }).code).to.be.oneOf(['42P01', '22023']);
    await database.close();
  });
});
