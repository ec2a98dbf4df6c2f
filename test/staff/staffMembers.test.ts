import { expect } from 'chai';
import { z } from 'zod';
import { unmigrate, migrate } from '../../src/store/database.ts';
import { asking, dump } from '../store/keeping.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { sanad } from './consultation.ts';
import { password, StaffLine } from './staffLine.ts';

const members = z.object({
  staff: z.array(z.object({ id: z.string(), login: z.string().optional(), state: z.string() })),
});

describe('the staff of a line', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
  });

  afterEach(async () => line.close());

  it('are added with roles, shown, changed, and removed', async () => {
    const words = ['--login', 'salim', '--name', 'Member salim', '--roles', 'supervisor,clinician', '--password-stdin'];
    expect((await line.run('aisha', ['staff', 'add', ...words], { typed: password })).code).to.equal(0);
    await line.run('salim', ['login', 'salim', '--password-stdin'], { typed: password });
    const listed = await line.run('aisha', ['staff', 'list']);
    expect(listed.stdout).to.include('عائشة').and.include('Member salim').and.include('supervisor');
    const csv = await line.run('aisha', ['staff', 'list', '--csv']);
    expect(csv.stdout.split('\r\n')[0]).to.equal('\uFEFFid,login,name,roles,state,createdAt,signedInAt,lockedUntil');
    await line.run('aisha', ['staff', 'edit', 'salim', '--roles', 'data-officer']);
    expect((await line.run('salim', ['whoami'])).stdout).to.include('Roles: data officer.');
    const removed = await line.run('aisha', ['staff', 'remove', 'salim']);
    expect(removed.stdout).to.include('forgotten for good');
    expect((await line.run('salim', ['whoami'])).code).to.equal(1);
  });

  it('have logins that are theirs alone, also when two are added at once', async () => {
    const add = () =>
      line.run(
        'aisha',
        ['staff', 'add', '--login', 'Huda', '--name', 'Huda', '--roles', 'reviewer', '--password-stdin'],
        {
          typed: password,
        },
      );
    const ran = await Promise.all([add(), add()]);
    expect(ran.map(({ code }) => code)).to.have.members([0, 1]);
    expect(ran.map(({ stderr }) => stderr).join('')).to.equal(
      'error: There is somebody with the login huda already. Nobody was added.\n',
    );
  });

  it('always have an administrator who can sign in', async () => {
    const tried = [
      await line.run('aisha', ['staff', 'remove', 'aisha']),
      await line.run('aisha', ['staff', 'edit', 'aisha', '--active', 'no']),
      await line.run('aisha', ['staff', 'edit', 'aisha', '--roles', 'reviewer']),
    ];
    expect(tried.map(({ code }) => code)).to.deep.equal([1, 1, 1]);
    for (const { stderr } of tried) expect(stderr).to.include('This is the last administrator who can sign in');
    await line.withMember('salim', 'administrator');
    expect((await line.run('aisha', ['staff', 'edit', 'aisha', '--roles', 'reviewer'])).code).to.equal(0);
    expect((await line.run('aisha', ['staff', 'list'])).stderr).to.include('Roles that may: administrator.');
  });

  it('get a new password from an administrator, which signs them out and opens a locked account', async () => {
    await line.withMember('salim', 'reviewer');
    for (let n = 0; n < 5; n += 1)
      await line.run('thief', ['login', 'salim', '--password-stdin'], { typed: 'guessing and guessing' });
    const state = async () =>
      members.parse((await line.json('aisha', ['staff', 'list'])).value).staff.find(({ login }) => login === 'salim')
        ?.state;
    expect(await state()).to.equal('locked');
    await line.run('aisha', ['staff', 'reset-password', 'salim', '--password-stdin'], {
      typed: 'new words of one person',
    });
    expect(await state()).to.equal('active');
    expect((await line.run('salim', ['whoami'])).code).to.equal(1);
    const typed = 'new words of one person';
    expect((await line.run('salim', ['login', 'salim', '--password-stdin'], { typed })).code).to.equal(0);
    expect(
      (await line.run('salim', ['staff', 'reset-password', 'aisha', '--password-stdin'], { typed })).code,
    ).to.equal(1);
  });

  it('are refused in words where something is wrong', async () => {
    const add = (change: readonly string[], typed: string) =>
      line.run(
        'aisha',
        ['staff', 'add', '--login', 'huda', '--name', 'Huda', '--roles', 'reviewer', '--password-stdin', ...change],
        {
          typed,
        },
      );
    const wrong = [
      await add([], 'short'),
      await add([], ''),
      await add(['--roles', 'king'], password),
      await add(['--login', 'h u d a'], password),
      await line.run('aisha', ['staff', 'edit', 'aisha']),
    ];
    expect(wrong.map(({ code }) => code)).to.deep.equal([2, 2, 2, 2, 2]);
    expect(wrong[0]?.stderr).to.include('The password has 5 characters; it needs at least 12.');
    expect(wrong[2]?.stderr).to.include('"king" is no role. They are: reviewer, supervisor');
    expect((await line.run('aisha', ['staff', 'edit', 'nobody', '--active', 'no'])).stderr).to.equal(
      'error: Nobody has the login "nobody". There are: aisha\n',
    );
  });

  it('keep working when the entry of one was tampered with, and that one can be removed', async () => {
    await line.withMember('salim', 'reviewer');
    await line.sql(`update staff set login = set_byte(login, 30, 1) where roles = '{reviewer}'`);
    const listed = members.parse((await line.json('aisha', ['staff', 'list'])).value).staff;
    const broken = listed.find(({ state }) => state === 'broken');
    expect(listed.map(({ state }) => state).sort()).to.deep.equal(['active', 'broken']);
    const typed = password;
    expect((await line.run('salim', ['login', 'salim', '--password-stdin'], { typed })).code).to.equal(1);
    expect((await line.run('aisha', ['staff', 'remove', broken?.id ?? ''])).code).to.equal(0);
  });

  it('cannot be given a password by whoever can only write into the database', async () => {
    await line.withMember('salim', 'reviewer');
    await line.sql(`update staff set password = (select password from staff where roles = '{administrator}')`);
    const typed = password;
    expect((await line.run('salim', ['login', 'salim', '--password-stdin'], { typed })).code).to.equal(1);
  });

  it('stand nowhere in the database in plain text', async () => {
    await line.withMember('salim', 'reviewer');
    const everything = await dump(line.url);
    for (const secret of ['aisha', 'عائشة', 'salim', password]) expect(everything).to.not.include(secret);
  });

  it('change who is on call only with the right to, and leave an entry when they do', async () => {
    await line.withMember('salim', 'reviewer');
    const add = ['on-call', 'add', '--name', 'Huda', '--number', '91234567'];
    const refused = await line.run('salim', add);
    expect({ code: refused.code, stderr: refused.stderr }).to.deep.equal({
      code: 1,
      stderr:
        'error: Member salim may not change who is on call. Roles that may: supervisor, administrator. Roles are given with: staff edit LOGIN --roles …\n',
    });
    expect((await line.run('aisha', add)).code).to.equal(0);
    const { stdout } = await line.run('aisha', ['audit', 'list']);
    expect(stdout).to.include('onCallAdded').and.include('rightRefused');
  });

  it('are not seen from another organisation', async () => {
    const other = line.another('+96824999999');
    expect((await other.run('deploy', ['whoami'])).stdout).to.include('The local operator');
    expect((await other.run('deploy', ['staff', 'list'])).stdout).to.include('There are no staff yet');
    expect((await other.run('deploy', ['staff', 'remove', 'aisha'])).code).to.equal(1);
    await other.close();
  });
});

describe('the commands of staff', () => {
  it('teach by example within 80 columns, and nobody works by reading', async () => {
    const commands = {
      '': ['login', 'logout', 'whoami', 'staff', 'calls', 'escalations', 'tasks'],
      staff: ['init', 'add', 'list', 'edit', 'remove', 'reset-password'],
      calls: ['list', 'show', 'timeline', 'transcript', 'export', 'replay'],
      escalations: ['list', 'show'],
      tasks: ['list', 'done'],
    };
    for (const [group, names] of Object.entries(commands))
      for (const name of names) {
        const words = [...(group === '' ? [] : [group]), name];
        const { code, stdout, stderr } = await sanad([...words, '--help'], { columns: 80 });
        expect({ words, code, stderr }).to.deep.equal({ words, code: 0, stderr: '' });
        expect(stdout, words.join(' ')).to.match(/\nExamples?:\n {2}npm run (-s )?sanad -- /);
        expect(stdout.split('\n').filter((each) => each.length > 80)).to.deep.equal([]);
      }
  });
});

describe('the tables of staff', function () {
  this.timeout(serverStartMs);

  it('are taken back with all that was added to the others, and made again', async () => {
    const { url } = await testDatabase();
    await unmigrate(url);
    const left = await asking(url, (client) =>
      client.query(`select proname from pg_proc join pg_namespace n on n.oid = pronamespace where nspname = 'public'`),
    );
    expect(left.rows).to.deep.equal([]);
    expect(await migrate(url)).to.include('0004_staff');
  });

  it('count the failures of a call as its log is written, those written twice once', async () => {
    const line = await StaffLine.open();
    const log = [
      { seq: 0, at: 0, event: { type: 'hearingLost' }, effects: [] },
      { seq: 1, at: 10, event: { type: 'replyFailed', turn: 1, stage: 'voice' }, effects: [] },
      { seq: 1, at: 10, event: { type: 'replyFailed', turn: 1, stage: 'voice' }, effects: [] },
      { seq: 2, at: 20, event: { type: 'hearingRestored' }, effects: [] },
    ] as const;
    const id = await line.call({ log });
    const shape = z.object({ calls: z.array(z.object({ id: z.string(), failures: z.number() })) });
    const { value } = await line.json('deploy', ['calls', 'list', '--failure']);
    expect(shape.parse(value).calls).to.deep.equal([{ id, failures: 2 }]);
    await line.close();
  });
});
