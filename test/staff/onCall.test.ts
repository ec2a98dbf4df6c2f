import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { type RunningPostgres, runningPostgres, startPostgres } from '../../src/embedded/postgres.ts';
import { organisationFor } from '../../src/staff/access/staffAccess.ts';
import { openStaffDatabase } from '../../src/staff/access/staffDatabase.ts';
import { dump } from '../store/keeping.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { expectNoSecret, sanad, type Ran } from './consultation.ts';

const personShape = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  number: z.string().optional(),
  numberEndsWith: z.string().optional(),
  languages: z.array(z.string()),
  gender: z.string().nullable(),
  shifts: z.string().nullable(),
  timeZone: z.literal('Asia/Muscat'),
  priority: z.number(),
  role: z.string(),
  active: z.boolean(),
  onCall: z.boolean(),
});
const listShape = z.strictObject({
  at: z.iso.datetime(),
  timeZone: z.literal('Asia/Muscat'),
  lastResort: z.enum(['set', 'notSet']),
  people: z.array(personShape),
});
const changeShape = z.strictObject({
  added: personShape.optional(),
  changed: personShape.optional(),
  warnings: z.array(z.string()),
});
const nowShape = z.object({
  atMuscat: z.string(),
  onCall: z.number(),
  rung: z.array(z.object({ wave: z.number(), order: z.number(), as: z.string(), person: personShape.nullable() })),
});
const errorShape = z.strictObject({ error: z.strictObject({ reason: z.string(), message: z.string() }) });

const operator =
  'sanad: working as the local operator (whoever holds DATABASE_URL and DATA_KEY is, until there is an administrator: staff init)\n';

/** The real command line on a real database. */
describe('sanad on-call', function () {
  this.timeout(serverStartMs);
  let environment: Readonly<Record<string, string>>;

  beforeEach(async () => {
    const { url } = await testDatabase();
    environment = {
      DATABASE_URL: url,
      DATA_KEY: randomBytes(32).toString('base64'),
      TWILIO_PHONE_NUMBER: '+96824000000',
      FALLBACK_PHONE_NUMBER: '+96891110009',
    };
  });

  const onCall = (...words: readonly string[]): Promise<Ran> => sanad(['on-call', ...words], { environment });
  const add = (name: string, number: string, ...words: readonly string[]): Promise<Ran> =>
    onCall('add', '--name', name, '--number', number, ...words);
  const json = async <T>(shape: z.ZodType<T>, ...words: readonly string[]): Promise<T> =>
    shape.parse(JSON.parse((await onCall(...words, '--json')).stdout));
  const names = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await json(listShape, 'list', ...words)).people.map(({ name }) => name);

  it('says of an empty rota what it means for a caller, and how to add the first person', async () => {
    const { code, stdout, stderr } = await onCall('list');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: operator });
    expect(stdout).to.match(/^Nobody is on the rota\.\nA caller who needs a person gets FALLBACK_PHONE_NUMBER: /);
    expect(stdout).to.include('npm run sanad -- on-call add --name "Aisha" --number 91234567');
    const { FALLBACK_PHONE_NUMBER: _, ...without } = environment;
    const alone = await sanad(['on-call', 'now'], { environment: without });
    expect(alone.stdout).to.include(
      'FALLBACK_PHONE_NUMBER is not set either: a caller who needs a person would get nobody.',
    );
  });

  it('adds people before the first call was ever taken, and leaves no number in the open', async () => {
    const added = await add('عائشة البلوشي', '9123 4567', '--languages', 'ar,en', '--gender', 'f', '--priority', '2');
    expect(added.code).to.equal(0);
    expect(added.stderr).to.equal(operator);
    expect(added.stdout).to.match(
      /^Added: عائشة البلوشي\u200E \([0-9a-f]{8}\)\n {2}number {4}\+968 •••••567\n {2}when {6}always\n/,
    );
    const listed = await onCall('list');
    expect(listed.stdout).to.match(/2 {3}عائشة البلوشي\u200E +\+968 •••••567 {3}ar, en {2}always +on call\n/);
    expect(listed.stdout).to.match(/1 on the rota, 1 on call at \w{3} \d+ \w{3,4} \d{4} \d\d:\d\d \(Asia\/Muscat\)\./);
    expect((await onCall('list', '--numbers')).stdout).to.include('+968 9123 4567');
    expect(await dump(environment['DATABASE_URL'] ?? '')).to.not.match(/91234567|البلوشي/);
  });

  it('gives programs everything, and the number only when it is asked for', async () => {
    const shift = 'sun-thu 08:00-16:00; fri,sat 20:00-08:00';
    const shifts = ['--shift', 'sun-thu 08:00-16:00', '--shift', 'fri,sat 20:00-08:00'];
    const salim = ['--name', 'Salim', '--number', '71234567', '--gender', 'm'];
    const { added } = await json(changeShape, 'add', ...salim, ...shifts);
    const expected = {
      id: added?.id,
      name: 'Salim',
      languages: ['ar'],
      gender: 'm',
      shifts: shift,
      timeZone: 'Asia/Muscat',
      priority: 10,
      role: 'listener',
      active: true,
      onCall: added?.onCall,
    };
    const masked = await json(listShape, 'list');
    expect(masked.people).to.deep.equal([{ ...expected, numberEndsWith: '567' }]);
    expect(masked.lastResort).to.equal('set');
    const { people } = await json(listShape, 'list', '--numbers');
    expect(people).to.deep.equal([{ ...expected, number: '+96871234567' }]);
  });

  it('changes what is named and leaves the rest', async () => {
    await add('Salim', '71234567', '--shift', 'sun 08:00-16:00', '--languages', 'ar,en');
    await add('Huda', '91110002', '--role', 'supervisor');
    const change = ['--name', 'Salim Al Harthy', '--number', '91110001', '--shift', 'none', '--priority', '1'];
    const { changed, warnings } = await json(changeShape, 'edit', 'salim', ...change);
    expect(warnings).to.deep.equal([]);
    expect(changed).to.include({ name: 'Salim Al Harthy', numberEndsWith: '001', shifts: null, priority: 1 });
    expect(changed?.languages).to.deep.equal(['ar', 'en']);
    expect(await names()).to.deep.equal(['Salim Al Harthy', 'Huda']);
    expect((await onCall('edit', changed?.id.slice(0, 8) ?? '', '--active', 'no')).stdout).to.include(
      'On call now: no, not active; 1 of 2 on the rota are.',
    );
    expect([await names(), await names('--all')]).to.deep.equal([['Huda'], ['Salim Al Harthy', 'Huda']]);
    expect((await onCall('list')).stdout).to.include('1 not active and not shown; --all shows them.');
  });

  it('refuses a number that somebody has already, and says who', async () => {
    await add('Salim', '71234567');
    await add('Huda', '91110002');
    const twice = await add('Another', '+968 7123 4567');
    expect({ code: twice.code, stdout: twice.stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(twice.stderr).to.match(/error: This number is on the rota already: Salim \([0-9a-f]{8}\) has it\. Nothing/);
    const { error } = await json(errorShape, 'edit', 'huda', '--number', '71234567', '--priority', '1');
    expect(error.reason).to.equal('numberTaken');
    expect((await json(listShape, 'list')).people.map(({ priority }) => priority)).to.deep.equal([10, 10]);
  });

  it('refuses what cannot be rung for a caller, as wrong use, before anything is kept', async () => {
    for (const [number, why] of [
      ['9999', /is an emergency or service number/],
      ['90012345', /is a number at a special price/],
      ['12345678', /belongs to no network in Oman/],
      ['+96824000000', /Sanad's own number/],
    ] as const) {
      const { code, stderr } = await add('Salim', number);
      expect(code, number).to.equal(2);
      expect(stderr).to.match(why);
    }
    expect(await names()).to.deep.equal([]);
  });

  it('takes a landline, and the number of last resort, with a warning', async () => {
    expect((await add('Clinic', '24123456')).stdout).to.match(/\n! This is a landline\. A switchboard or a voicemail/);
    const { warnings } = await json(changeShape, 'add', '--name', 'Boss', '--number', '91110009');
    expect(warnings.join()).to.match(/^This is also FALLBACK_PHONE_NUMBER/);
  });

  it('removes a person for good, and says what stays', async () => {
    await add('Salim', '71234567');
    const removed = await onCall('remove', 'Salim');
    expect(removed.code).to.equal(0);
    expect(removed.stdout).to.match(/^Removed: Salim \([0-9a-f]{8}\)\. Name and number are forgotten for good\.\n/);
    expect(removed.stdout).to.include('stays on record, under the id alone.');
    expect(removed.stdout).to.include('! Nobody active is left on the rota');
    expect(await names('--all')).to.deep.equal([]);
    expect((await add('Salim', '71234567')).code, 'the number is free again').to.equal(0);
  });

  it('names who there is when nobody is meant, and never guesses among several', async () => {
    expect((await onCall('remove', 'Salim')).stderr).to.include('Nobody is on the rota yet.');
    await add('Salim Al Harthy', '71234567');
    await add('Salim Al Amri', '71234568');
    const unknown = await onCall('edit', 'Huda', '--priority', '1');
    expect(unknown.code).to.equal(1);
    expect(unknown.stderr).to.match(
      /Nobody on the rota is "Huda"\. There are: Salim Al Harthy \(\w+\), Salim Al Amri \(/,
    );
    const several = await json(errorShape, 'remove', 'salim');
    expect(several.error.reason).to.equal('ambiguousPerson');
    const nothing = await onCall('edit', 'Salim Al Amri');
    expect(nothing.code).to.equal(2);
    expect(await names()).to.have.length(2);
  });

  it('shows who would be rung, wave by wave, at a time of Muscat', async () => {
    await add('Day', '91110001', '--shift', 'sun-thu 08:00-16:00');
    await add('Night', '91110002', '--shift', 'sun-thu 20:00-08:00', '--languages', 'en');
    await add('Huda', '91110003', '--role', 'supervisor');
    const at = async (time: string, ...words: readonly string[]) =>
      (await json(nowShape, 'now', '--at', time, ...words)).rung.map(
        ({ wave, as, person }) => `${wave} ${person?.name ?? '-'} ${as}`,
      );
    // 26 November 2026 is a Thursday.
    expect(await at('2026-11-26 09:00')).to.deep.equal([
      '1 Day listener',
      '2 Huda supervisor',
      '3 Day listener',
      '3 Huda supervisor',
      '3 Night offShift',
      '3 - lastResort',
    ]);
    expect(await at('2026-11-26 03:00', '--level', 'imminent', '--language', 'en')).to.include.members([
      '1 Night listener',
      '1 Huda supervisor',
    ]);
    const shown = await onCall('now', '--at', '2026-11-27 12:00', '--gender', 'f');
    expect(shown.stdout).to.include('Fri 27 Nov 2026 12:00 (Asia/Muscat): a woman who speaks Arabic, level high');
    expect(shown.stdout).to.match(/FALLBACK_PHONE_NUMBER +last resort/);
    expectNoSecret(shown.stdout, environment);
  });

  it('rings the telephone of last resort once, when it is that of somebody on the rota', async () => {
    await add('Boss', '91110009');
    const { rung } = await json(nowShape, 'now');
    expect(rung.map(({ wave, person }) => `${wave} ${person?.name ?? '-'}`)).to.deep.equal(['1 Boss', '3 Boss']);
  });

  it('asks for the settings it lacks, and for no others', async () => {
    const { code, stderr, stdout } = await sanad(['on-call', 'list'], { environment: { NODE_ENV: 'production' } });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr.replace(operator, '').split('\n')).to.deep.equal([
      'error: This command needs these settings:',
      '  TWILIO_PHONE_NUMBER is missing: the number callers dial, for example +96824000000',
      '  DATA_KEY is missing: 32 bytes in base64; make one with: openssl rand -base64 32',
      '  DATABASE_URL is missing: production keeps its records in a real PostgreSQL, for example postgres://sanad:secret@db:5432/sanad',
      'See the settings table in README.md.',
      '',
    ]);
  });

  it('brings an empty database up to date, and says so', async () => {
    const { url } = await testDatabase('empty');
    const { code, stderr } = await sanad(['on-call', 'list'], { environment: { ...environment, DATABASE_URL: url } });
    expect(code).to.equal(0);
    expect(stderr).to.match(/sanad: the database was brought up to date \(0001_calls, /);
  });

  it('says in words what is wrong with the key or the database', async () => {
    await add('Salim', '71234567');
    const run = async (change: Readonly<Record<string, string>>): Promise<string> => {
      const { code, stdout } = await sanad(['on-call', 'list', '--json'], {
        environment: { ...environment, ...change },
      });
      expect(code).to.equal(1);
      expectNoSecret(stdout, { ...environment, ...change });
      const { reason, message } = errorShape.parse(JSON.parse(stdout)).error;
      return `${reason}: ${message}`;
    };
    expect(await run({ DATA_KEY: randomBytes(32).toString('base64') })).to.match(/^sealed: .* another DATA_KEY\./);
    const wrong = new URL(environment['DATABASE_URL'] ?? '');
    wrong.pathname = '/no_such_database';
    expect(await run({ DATABASE_URL: wrong.href })).to.match(/^database: .* it has no database of the name/);
    wrong.port = '1';
    expect(await run({ DATABASE_URL: wrong.href })).to.match(/^database: .* nothing listens there\. Look at it with:/);
  });

  it('names the nearest right command, and explains each with examples within 80 columns', async () => {
    const { code, stderr } = await onCall('ad');
    expect(code).to.equal(2);
    expect(stderr).to.include('(Did you mean add?)');
    for (const command of [[], ['add'], ['edit'], ['list'], ['now'], ['remove']]) {
      const help = await sanad(['on-call', ...command, '--help'], { columns: 80 });
      expect(help.code).to.equal(0);
      expect(help.stderr, 'nobody works by reading').to.equal('');
      expect(help.stdout).to.match(/\nExamples?:\n {2}npm run (-s )?sanad -- on-call /);
      expect(help.stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    }
  });
});

describe('sanad on-call without DATABASE_URL', function () {
  this.timeout(serverStartMs);
  const folder = mkdtempSync(path.join(tmpdir(), 'sanad-rota-'));
  const directory = path.join(folder, 'postgres');
  const environment = { DATA_KEY: randomBytes(32).toString('base64'), TWILIO_PHONE_NUMBER: '+96824000000' };
  const asked = async (): Promise<{ readonly organisation: string; readonly said: string }> => {
    const said: string[] = [];
    const opened = await openStaffDatabase({ environment, directory, say: (line) => void said.push(line) });
    const { id } = await organisationFor(opened);
    await opened.close();
    return { organisation: id, said: said.join('\n') };
  };

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('starts the embedded database of npm start and stops it again, or joins it where it runs', async () => {
    const alone = await asked();
    expect(alone.said).to.match(/^no DATABASE_URL: starting the embedded database in .* for this command\n/);
    expect(await runningPostgres(directory), 'it is stopped again').to.equal(null);
    const running: RunningPostgres = await startPostgres({ directory });
    try {
      expect(await runningPostgres(directory)).to.equal(running.url);
      expect(await asked()).to.deep.equal({ organisation: alone.organisation, said: '' });
      expect(await runningPostgres(directory), 'it was not ours to stop').to.equal(running.url);
    } finally {
      await running.stop();
    }
  });
});
