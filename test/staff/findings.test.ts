import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { inspectSettings } from '../../src/settings.ts';
import { type Check, defineCheck, runCheck } from '../../src/staff/doctor/check.ts';
import { clockFinding, clockSkew } from '../../src/staff/doctor/clockCheck.ts';
import { ok } from '../../src/staff/doctor/finding.ts';
import { diskFinding, memoryFinding, nodeFinding } from '../../src/staff/doctor/machineChecks.ts';
import { redisFinding } from '../../src/staff/doctor/queueCheck.ts';
import { dataKeyCheck } from '../../src/staff/doctor/settingsRows.ts';
import { withoutSecrets } from '../../src/staff/doctor/withoutSecrets.ts';
import { httpServer } from './localServer.ts';

const times = { timeoutMs: 20, graceMs: 10 };
const texts = async (check: Check, environment: Record<string, string> = {}): Promise<readonly string[]> =>
  (await runCheck(check, inspectSettings(environment), times)).map(({ state, detail }) => `${state}: ${detail}`);

describe('a check of the doctor', () => {
  const late = { state: 'fault', fix: 'Wait.' } as const;

  it('is cut off in time, and told so', async () => {
    let aborted = false;
    const check = defineCheck({
      rows: ['database', 'migrations', 'roles'],
      uses: [],
      late,
      run: (_, { report, signal }) => {
        report('database', ok('there'));
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise<void>(() => {});
      },
    });
    expect(await texts(check)).to.deep.equal([
      'ok: there',
      'fault: no answer within 0.02 s',
      'skipped: needs: Migrations',
    ]);
    expect(aborted).to.equal(true);
  });

  it('that breaks tells the name of its error and not what it says', async () => {
    const check = defineCheck({
      rows: ['queue'],
      uses: [],
      late,
      run: () => Promise.reject(new TypeError('redis://:secret@host')),
    });
    expect(await texts(check)).to.deep.equal(['fault: could not be checked (TypeError)']);
  });

  it('is left out when a setting it works with is faulty, also one that need not be set', async () => {
    const check = defineCheck({
      rows: ['queue'],
      uses: ['REDIS_URL', 'PORT', 'LOG_LEVEL'],
      late,
      run: (settings, { report }) => report('queue', ok(JSON.stringify(settings.PORT))),
    });
    expect(await texts(check, { REDIS_URL: 'no address', PORT: 'x' })).to.deep.equal([
      'skipped: needs REDIS_URL, PORT',
    ]);
    expect(await texts(check, { PORT: '99' })).to.deep.equal(['ok: 99']);
    expect(await texts(check)).to.deep.equal(['ok: 3000']);
  });
});

describe('what the doctor makes of', () => {
  const states = (findings: readonly { readonly state: string }[]): readonly string[] =>
    findings.map(({ state }) => state);

  it('the version of Node', () => {
    expect(states(['18.20.0', '20.18.3', '20.19.0', '22.0.0'].map(nodeFinding))).to.deep.equal([
      'fault',
      'fault',
      'ok',
      'ok',
    ]);
  });

  it('memory: how many calls fit into it', () => {
    expect([memoryFinding(4_000), memoryFinding(400), memoryFinding(100)].map(({ detail }) => detail)).to.deep.equal([
      '4.0 GB available, room for all 200 calls that one server takes',
      '400 MB available, room for about 75 calls at once',
      '100 MB available, room for about 0 calls at once',
    ]);
  });

  it('a folder that need not be there yet, and one that cannot be made', async function () {
    const folder = mkdtempSync(path.join(tmpdir(), 'sanad-doctor-'));
    try {
      expect((await diskFinding(path.join(folder, 'a', 'b'))).state).to.equal('ok');
      // Root may write everywhere.
      if (process.getuid?.() === 0) return;
      chmodSync(folder, 0o500);
      expect((await diskFinding(path.join(folder, 'a'))).state).to.equal('warning');
    } finally {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true });
    }
  });

  it('the answer of Redis', () => {
    const info = (version: string, role = 'master', policy = 'noeviction'): string =>
      `# Server\r\nredis_version:${version}\r\n# Replication\r\nrole:${role}\r\nmaxmemory_policy:${policy}\r\n`;
    expect(
      [info('7.4.1'), info('6.2.0'), info('6.0.16'), info('7.0.0', 'slave'), info('7.0.0', 'master', 'allkeys-lru'), '']
        .map(redisFinding)
        .map(({ state, detail }) => `${state}: ${detail}`),
    ).to.deep.equal([
      'ok: Redis 7.4.1 answers',
      'ok: Redis 6.2.0 answers',
      'warning: Redis 6.0.16 is too old',
      'warning: Redis 7.0.0 is a replica and takes no jobs',
      'warning: Redis 7.0.0 may drop jobs when it is full (allkeys-lru)',
      'warning: Redis 0.0 is too old',
    ]);
  });

  it('a key that is no secret', async () => {
    const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const finding = async (bytes: Uint8Array) => (await texts(dataKeyCheck, { DATA_KEY: keyOf(bytes) }))[0];
    expect(await finding(new Uint8Array(32))).to.equal('fault: DATA_KEY can be guessed: it seals nothing');
    expect(await finding(Uint8Array.from({ length: 32 }, (_, i) => i % 8))).to.match(/^fault/);
    expect(await finding(Uint8Array.from({ length: 32 }, (_, i) => i + 1))).to.match(/^fault/);
    expect(await finding(Buffer.from('correct horse battery staple oman'.slice(0, 32)))).to.match(/^warning/);
    expect(await finding(Uint8Array.from({ length: 32 }, (_, i) => (i * i * 7 + 131 * i) % 251))).to.match(/^ok/);
  });

  it('clocks that differ: the middle one counts', () => {
    expect(
      [[], [400], [-900, 200, 3_600_000], [61_000, 60_000], [-7_000]]
        .map(clockFinding)
        .map(({ state, detail }) => `${state}: ${detail}`),
    ).to.deep.equal([
      'skipped: nobody said what time it is',
      'ok: within 1 s of the providers',
      'ok: within 1 s of the providers',
      'warning: 60 s ahead of the providers',
      'warning: 7 s behind the providers',
    ]);
  });

  it('the time that a server tells', async () => {
    const now = new Date('2026-03-01T10:00:00.500Z');
    let date: string | null = 'Sun, 01 Mar 2026 09:58:00 GMT';
    const server = await httpServer((_request, response) => {
      response.sendDate = false;
      response.writeHead(401, date === null ? {} : { date }).end();
    });
    const clock = { ...systemClock, wall: () => now };
    expect(await clockSkew(server.url, 1_000, clock)).to.equal(120_000);
    date = null;
    expect(await clockSkew(server.url, 1_000, clock)).to.equal(null);
    await server.close();
    expect(await clockSkew(server.url, 1_000, clock)).to.equal(null);
  });
});

describe('what the doctor prints', () => {
  it('holds no secret of the environment, in none of its spellings', () => {
    const clean = withoutSecrets({
      OPENAI_API_KEY: ' sk-proj-0123456789 ',
      TWILIO_PHONE_NUMBER: '+96824000000',
      DATABASE_URL: 'postgres://sanad:p%40ssw%2Ford@db:5432/sanad',
      AZURE_SPEECH_KEY: 'abc',
      OPENAI_MODEL: 'gpt-4.1-mini',
    });
    expect(
      clean('sk-proj-0123456789 +96824000000 %2B96824000000 p@ssw/ord p%40ssw%2Ford abc abcdef gpt-4.1-mini'),
    ).to.equal('*** *** *** *** *** abc abcdef gpt-4.1-mini');
  });
});
