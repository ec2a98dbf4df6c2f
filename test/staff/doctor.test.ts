import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { freePort } from '../../src/embedded/port.ts';
import { openRehearsal, type Rehearsal } from '../support/rehearsal.ts';
import { serverStartMs, testDatabase, testRedisUrl } from '../support/servers.ts';
import { carrierRest } from '../twilio/carrierRest.ts';
import { consult, expectNoSecret, sanad } from './consultation.ts';
import { httpServer, type LocalServer, silentServer } from './localServer.ts';

/** The real doctor beside a real server, real databases, and providers that are sandboxes. */
describe('sanad doctor', function () {
  this.timeout(20_000);
  let line: Rehearsal;
  let well: Readonly<Record<string, string>>;
  const opened: LocalServer[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'sanad-doctor-'));

  before(async function () {
    this.timeout(serverStartMs);
    line = await openRehearsal({
      models: { openaiKey: 'sandbox-openai-key', anthropicKey: 'sandbox-anthropic-key' },
    });
    const redis = await testRedisUrl();
    well = {
      ...Object.fromEntries(Object.entries(line.settings).map(([name, value]) => [name, String(value)])),
      TWILIO_API_BASE_URL: line.carrier.apiBaseUrl,
      ...(redis === null ? {} : { REDIS_URL: redis }),
      EMERGENCY_NUMBERS_FILE: path.join(folder, 'numbers.json'),
    };
    const day = (fromNow: number): string => new Date(Date.now() + fromNow * 86_400_000).toISOString().slice(0, 10);
    const verified = { verified_by: 'the test', verified_on: day(-5), expires_on: day(60) };
    const number = { number: '9999', purpose: 'emergency', hours: '24/7', languages: ['ar'], ...verified };
    writeFileSync(path.join(folder, 'numbers.json'), JSON.stringify([number]));
    for (const person of [
      ['--name', 'Nasra', '--number', '91110001'],
      ['--name', 'Huda', '--number', '91110002', '--role', 'supervisor'],
    ])
      expect((await sanad(['on-call', 'add', ...person], { environment: well })).code).to.equal(0);
  });
  afterEach(async () => {
    line.speech.faults.clear();
    line.models.faults.clear();
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await line.close();
  });

  const silent = async (): Promise<LocalServer> => {
    const server = await silentServer();
    opened.push(server);
    return server;
  };
  const nobody = async (): Promise<string> => `127.0.0.1:${await freePort()}`;

  it('says yes, with exit code 0, when all is well', async () => {
    const { code, stdout, stderr } = await sanad(['doctor'], { environment: well });
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expectNoSecret(stdout, well);
    expect(stdout.trimEnd().split('\n').at(-1)).to.equal('A call could be served: yes');
    expect(stdout).to.match(/\n24 ok, 0 warnings, 0 faults, 2 skipped, in \d\.\d s\n/);
  });

  it('gives the same as data', async () => {
    const { code, callCouldBeServed, counts, row, rowsThatAre } = await consult(well);
    expect({ code, callCouldBeServed, counts }).to.deep.equal({
      code: 0,
      callCouldBeServed: true,
      counts: { ok: 24, warning: 0, fault: 0, skipped: 2 },
    });
    // The sandbox carrier has no list of numbers; carrierCheck.test.ts has one.
    expect(rowsThatAre('skipped')).to.deep.equal(['phoneNumber', 'webhooks']);
    expect(row('settings')).to.equal('ok: usable, for test');
    expect(row('recognition')).to.equal('ok: a session in ar-OM opens in N ms');
    expect(row('synthesis')).to.equal('ok: ar-OM-AyshaNeural speaks, first audio after N ms');
    expect(row('openai')).to.equal('ok: gpt-4.1 answers, first word after N ms');
    expect(row('publicUrl')).to.equal('ok: Sanad answers in N ms');
    expect(row('readiness')).to.equal('ok: it says that it is ready for calls');
    expect(row('streamSocket')).to.equal('ok: web sockets come through, and unsigned ones are refused');
  });

  describe('with settings that are not usable', () => {
    it('names each, with an example, and still checks the rest', async () => {
      const environment = { ...well, AZURE_SPEECH_KEY: '', TWILIO_PHONE_NUMBER: 'not-a-number', PORT: 'three' };
      const { code, row, rowsThatAre } = await consult(environment);
      expect(code).to.equal(1);
      expect(rowsThatAre('fault')).to.deep.equal([
        'setting:PORT',
        'setting:TWILIO_PHONE_NUMBER',
        'setting:AZURE_SPEECH_KEY',
      ]);
      expect(row('setting:TWILIO_PHONE_NUMBER')).to.equal(
        'fault: must be in E.164 form, for example +96824000000 → Set TWILIO_PHONE_NUMBER: see the settings in README.md.',
      );
      expect(row('setting:AZURE_SPEECH_KEY')).to.match(/^fault: is missing: a key of the Azure Speech resource →/);
      expect(rowsThatAre('skipped')).to.deep.equal([
        'recognition',
        'synthesis',
        'phoneNumber',
        'webhooks',
        'rota',
        'rotaHours',
        'services',
      ]);
      expect(row('recognition')).to.equal('skipped: needs AZURE_SPEECH_KEY');
      expect(row('phoneNumber')).to.equal('skipped: needs TWILIO_PHONE_NUMBER');
    });

    it('works with no settings at all', async () => {
      const { code, row, rowsThatAre } = await consult({});
      expect(code).to.equal(1);
      expect(rowsThatAre('fault').filter((id) => !id.startsWith('setting:'))).to.deep.equal([]);
      expect(rowsThatAre('fault')).to.include('setting:DATA_KEY');
      expect(row('database')).to.match(/^ok: no DATABASE_URL: npm start would use the embedded PostgreSQL \(/);
      expect(row('queue')).to.equal("ok: no REDIS_URL: PostgreSQL keeps the jobs (BullMQ's PostgreSQL backend)");
      expect(row('lastResort')).to.match(/^warning: nobody is rung when Sanad cannot hold a call → /);
    });
  });

  describe('with a database', () => {
    const withUser = (url: string, user: string): string => {
      const changed = new URL(url);
      changed.username = user;
      changed.password = 'doctor-password';
      return changed.href;
    };
    const asOwner = async (url: string, ...statements: readonly string[]): Promise<void> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    };

    it('that is down', async () => {
      const { code, row } = await consult({ ...well, DATABASE_URL: `postgres://sanad:hidden@${await nobody()}/sanad` });
      expect(code).to.equal(1);
      expect(row('database')).to.equal(
        'fault: nothing listens there → Start PostgreSQL, or correct host and port in DATABASE_URL.',
      );
      expect(row('migrations')).to.equal('skipped: needs: Database');
      expect(row('roles')).to.equal('skipped: needs: Database');
    });

    it('that takes connections and never answers, in bounded time', async () => {
      const { port } = await silent();
      const environment = { ...well, DATABASE_URL: `postgres://sanad:hidden@127.0.0.1:${port}/sanad` };
      const { code, row, checks } = await consult(environment, 0.4);
      expect(code).to.equal(1);
      expect(row('database')).to.match(/^fault: no answer within 0.4 s → See that host and port in DATABASE_URL/);
      expect(checks.find(({ id }) => id === 'database')?.ms).to.be.lessThan(2_000);
    });

    it('that knows neither the password nor the name', async () => {
      const wrong = new URL(well['DATABASE_URL'] ?? '');
      wrong.pathname = '/no_such_database';
      expect((await consult({ ...well, DATABASE_URL: wrong.href })).row('database')).to.match(
        /^fault: PostgreSQL has no database of that name → /,
      );
      wrong.password = 'a-wrong-password';
      expect((await consult({ ...well, DATABASE_URL: wrong.href })).row('database')).to.match(
        /^fault: PostgreSQL refuses the user or the password → Correct user and password in DATABASE_URL/,
      );
    });

    it('that lacks migrations, which the next start applies', async () => {
      const { url } = await testDatabase('empty');
      const { code, row } = await consult({ ...well, DATABASE_URL: url });
      expect(code).to.equal(0);
      expect(row('migrations')).to.match(
        /^warning: \d+ pending: 0001_calls.* → npm start applies them before the first/,
      );
      expect(row('roles')).to.equal('skipped: needs: Migrations');
    });

    it('whose login may neither migrate nor take the roles of the server', async () => {
      const user = `doctor_${randomBytes(4).toString('hex')}`;
      const { url } = await testDatabase('empty');
      await asOwner(url, `create role ${user} login password 'doctor-password'`);
      const empty = await consult({ ...well, DATABASE_URL: withUser(url, user) });
      const migrated = await testDatabase();
      const unread = await consult({ ...well, DATABASE_URL: withUser(migrated.url, user) });
      await asOwner(migrated.url, `grant select on knex_migrations to ${user}`);
      const read = await consult({ ...well, DATABASE_URL: withUser(migrated.url, user) });
      await asOwner(migrated.url, `revoke select on knex_migrations from ${user}`, `drop role ${user}`);
      expect([empty.code, unread.code, read.code]).to.deep.equal([1, 1, 1]);
      expect(empty.row('migrations')).to.match(
        /^fault: \d+ pending: .*; the login of DATABASE_URL may not apply them → Grant it CREATE/,
      );
      expect(unread.row('migrations')).to.match(/^fault: which are applied cannot be read \(42501\) → Let the login/);
      expect(read.row('migrations')).to.equal('ok: the schema is the one of this version');
      expect(read.row('roles')).to.equal(
        'fault: the login of DATABASE_URL cannot work as the application (42501) → As an administrator: grant sanad_application, sanad_maintenance to that login.',
      );
    });

    it('in which organisations are not kept apart', async () => {
      const { url } = await testDatabase();
      await asOwner(url, 'alter table calls no force row level security');
      const { code, row } = await consult({ ...well, DATABASE_URL: url });
      expect(code).to.equal(1);
      expect(row('roles')).to.match(/^fault: organisations are not kept apart in: calls → As the owner, for each: /);
    });
  });

  describe('with a queue', () => {
    it('that is down: calls are served, jobs wait', async () => {
      const { code, row } = await consult({ ...well, REDIS_URL: `redis://:hidden-word@${await nobody()}` });
      expect(code).to.equal(0);
      expect(row('queue')).to.equal(
        'warning: Redis is away: nothing listens there → Calls are served, jobs wait. Start Redis, or correct REDIS_URL.',
      );
    });

    it('that never answers, in bounded time', async () => {
      const { port } = await silent();
      const { code, checks, row } = await consult({ ...well, REDIS_URL: `redis://127.0.0.1:${port}` }, 0.5);
      expect(code).to.equal(0);
      expect(row('queue')).to.match(/^warning: .* → Calls are served, jobs wait\./);
      expect(checks.find(({ id }) => id === 'queue')?.ms).to.be.lessThan(2_000);
    });

    it('that refuses the password', async function () {
      const redis = well['REDIS_URL'];
      // Without a Redis on the machine there is none that could refuse; the reading of its answer is tested beside.
      if (redis === undefined) return;
      const wrong = new URL(redis);
      wrong.password = 'a-wrong-password';
      const { row } = await consult({ ...well, REDIS_URL: wrong.href });
      expect(row('queue')).to.match(/^warning: Redis refuses the password → .*REDIS_URL/);
    });
  });

  describe('with a speech service', () => {
    it('that refuses the key', async () => {
      const { code, row } = await consult({ ...well, AZURE_SPEECH_KEY: 'another-key-0123456789' });
      const finding =
        'fault: the speech service refuses the key (401) → Set AZURE_SPEECH_KEY to a key of the resource in AZURE_SPEECH_HOST; both must belong to the same resource.';
      expect(code).to.equal(1);
      expect([row('recognition'), row('synthesis')]).to.deep.equal([finding, finding]);
    });

    it('that is not there', async () => {
      const { code, row } = await consult({ ...well, AZURE_SPEECH_HOST: `ws://${await nobody()}` });
      const finding =
        'fault: the speech service cannot be reached → Correct AZURE_SPEECH_HOST; see that port 443 to it is open.';
      expect(code).to.equal(1);
      expect([row('recognition'), row('synthesis')]).to.deep.equal([finding, finding]);
    });

    it('that never answers the upgrade, in bounded time', async () => {
      line.speech.faults.set([
        { scope: 'recognition', fault: { kind: 'hangUpgrade' }, times: 1 },
        { scope: 'synthesis', fault: { kind: 'hangUpgrade' }, times: 5 },
      ]);
      const { code, ms, row } = await consult(well, 0.5);
      const finding =
        'fault: the speech service does not answer within 0.5 s → See whether a firewall or a proxy holds web sockets to Azure back (port 443).';
      expect(code).to.equal(1);
      expect([row('recognition'), row('synthesis')]).to.deep.equal([finding, finding]);
      expect(ms).to.be.lessThan(4_000);
    });

    it('that opens a session and then says nothing', async () => {
      line.speech.faults.set([{ scope: 'recognition', fault: { kind: 'silent', at: 'open' }, times: 1 }]);
      const { row } = await consult(well, 0.5);
      expect(row('recognition')).to.match(/^fault: the speech service does not answer within 0.5 s → /);
    });

    it('that does not know the language or the voice', async () => {
      line.speech.faults.set([
        { scope: 'recognition', fault: { kind: 'http', status: 400 }, times: 1 },
        { scope: 'synthesis', fault: { kind: 'http', status: 400 }, times: 5 },
      ]);
      const { row } = await consult(well);
      expect(row('recognition')).to.equal(
        'fault: the speech service refuses the request: perhaps ar-OM is not offered there → Choose another AZURE_SPEECH_HOST.',
      );
      expect(row('synthesis')).to.match(/perhaps there is no voice ar-OM-AyshaNeural there → /);
    });
  });

  describe('with language models', () => {
    it('of which one refuses its key: the other stands in', async () => {
      const { code, row } = await consult({ ...well, OPENAI_API_KEY: 'sk-no-longer-good' });
      expect(code).to.equal(0);
      expect(row('openai')).to.equal(
        'warning: the key is refused; Anthropic answers → Set OPENAI_API_KEY to a valid key; it may have been withdrawn.',
      );
      expect(row('anthropic')).to.match(/^ok: /);
    });

    it('of which one has no key', async () => {
      const { code, row } = await consult({ ...well, ANTHROPIC_API_KEY: undefined });
      expect(code).to.equal(0);
      expect(row('anthropic')).to.equal(
        'warning: not set up → Set ANTHROPIC_API_KEY, so that one provider stands in for the other.',
      );
    });

    it('that are both away', async () => {
      const away = `http://${await nobody()}`;
      const { code, row } = await consult({ ...well, OPENAI_BASE_URL: `${away}/v1`, ANTHROPIC_BASE_URL: away });
      expect(code).to.equal(1);
      expect(row('openai')).to.match(
        /^fault: it cannot be reached; no model answers, callers hear fixed lines only → See that port 443/,
      );
      expect(row('anthropic')).to.match(/^fault: it cannot be reached; no model answers/);
    });

    it('of which one never begins, in bounded time', async () => {
      line.models.faults.set([{ scope: 'openai', fault: { kind: 'hang' }, times: 1 }]);
      const { code, row, checks } = await consult(well, 0.5);
      expect(code).to.equal(0);
      expect(row('openai')).to.match(/^warning: no word came in time; Anthropic answers → /);
      expect(checks.find(({ id }) => id === 'openai')?.ms).to.be.lessThan(2_000);
    });

    it('of which one does not have the model that is set', async () => {
      const vendor = await httpServer((request, response) => {
        request.resume();
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end('{"error":{"message":"The model does not exist","code":"model_not_found"}}');
      });
      opened.push(vendor);
      const { row } = await consult({ ...well, OPENAI_BASE_URL: `${vendor.url}/v1`, OPENAI_MODEL: 'gpt-none' });
      expect(row('openai')).to.equal(
        'warning: there is no model "gpt-none" for this account; Anthropic answers → Correct OPENAI_MODEL, or give the account of OPENAI_API_KEY access to it.',
      );
    });
  });

  describe('with a Twilio account', () => {
    it('to which the token does not belong', async () => {
      const { code, row } = await consult({ ...well, TWILIO_AUTH_TOKEN: '0123456789abcdef0123456789abcdef' });
      expect(code).to.equal(1);
      expect(row('twilioAccount')).to.equal(
        'fault: Twilio refuses sid or token (401) → Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those of one account (Twilio console, "Account Info").',
      );
      expect(row('phoneNumber')).to.equal('skipped: needs: Twilio account');
    });

    it('that is suspended', async () => {
      const rest = await carrierRest({ status: 200, json: { sid: well['TWILIO_ACCOUNT_SID'], status: 'suspended' } });
      const { code, row } = await consult({ ...well, TWILIO_API_BASE_URL: rest.url });
      await rest.close();
      expect(code).to.equal(1);
      expect(row('twilioAccount')).to.match(/^fault: the account is suspended → /);
    });

    it('that cannot be asked', async () => {
      const { code, row } = await consult({ ...well, TWILIO_API_BASE_URL: `http://${await nobody()}` });
      expect(code).to.equal(1);
      expect(row('twilioAccount')).to.match(/^fault: Twilio's REST interface is away: nothing listens there → /);
    });
  });

  it('takes a failure of everything at once in the time of one', async () => {
    const { port } = await silent();
    const http = `http://127.0.0.1:${port}`;
    const { code, ms, rowsThatAre } = await consult(
      {
        ...well,
        PUBLIC_URL: http,
        TWILIO_API_BASE_URL: http,
        AZURE_SPEECH_HOST: `ws://127.0.0.1:${port}`,
        OPENAI_BASE_URL: `${http}/v1`,
        ANTHROPIC_BASE_URL: http,
        DATABASE_URL: `postgres://sanad:hidden@127.0.0.1:${port}/sanad`,
        REDIS_URL: `redis://127.0.0.1:${port}`,
      },
      0.5,
    );
    expect(code).to.equal(1);
    expect(rowsThatAre('fault')).to.deep.equal([
      'database',
      'recognition',
      'synthesis',
      'openai',
      'anthropic',
      'twilioAccount',
    ]);
    expect(ms).to.be.lessThan(4_000);
  });
});
