import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { asking } from '../../store/keeping.ts';
import { serverStartMs } from '../../support/servers.ts';
import { password, StaffLine } from '../staffLine.ts';

const wrong = 'another four words entirely';
const refusal =
  'error: Login or password is wrong, or the account is locked or not active. Five wrong passwords lock an account for 15 minutes; an administrator opens it at once with: staff reset-password LOGIN\n';

describe('signing in', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
  });

  afterEach(async () => line.close());

  const logIn = (who: string, login: string, typed: string) =>
    line.run(who, ['login', login, '--password-stdin'], { typed });

  it('is not asked of the local operator, and every command says so', async () => {
    const ran = [await line.run('deploy', ['staff', 'list']), await line.run('deploy', ['calls', 'list'])];
    for (const { code, stderr } of ran) {
      expect(code).to.equal(0);
      expect(stderr).to.equal(
        'sanad: working as the local operator (whoever holds DATABASE_URL and DATA_KEY is, until there is an administrator: staff init)\n',
      );
    }
  });

  it('is asked of everybody as soon as there is an administrator', async () => {
    await line.withAdministrator();
    const { code, stdout, stderr } = await line.run('deploy', ['calls', 'list']);
    expect({ code, stdout, stderr }).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'error: You are not signed in. Sign in with: npm run sanad -- login LOGIN\n',
    });
    const again = await line.run('deploy', ['staff', 'init', '--login', 'eve', '--name', 'Eve', '--password-stdin'], {
      typed: password,
    });
    expect(again.code).to.equal(1);
    expect((await line.run('aisha', ['calls', 'list'])).stderr).to.equal('');
  });

  it('makes one first administrator, however many try at once', async () => {
    const words = (login: string) => ['staff', 'init', '--login', login, '--name', login, '--password-stdin'];
    const ran = await Promise.all(
      ['aisha', 'salim', 'huda'].map((login) => line.run(login, words(login), { typed: password })),
    );
    expect(ran.map(({ code }) => code)).to.have.members([0, 1, 1]);
  });

  it('leaves a session file that only its owner can read, and that holds no password', async () => {
    await line.withAdministrator();
    await line.run('aisha', ['logout']);
    expect((await logIn('aisha', 'aisha', password)).stdout).to.include('Signed in: عائشة (administrator).');
    const folder = path.join(line.stateOf('aisha'), 'sanad');
    const [name = ''] = readdirSync(folder);
    const file = path.join(folder, name);
    expect({ folder: statSync(folder).mode & 0o777, file: statSync(file).mode & 0o777 }).to.deep.equal({
      folder: 0o700,
      file: 0o600,
    });
    expect(readFileSync(file, 'utf8')).to.not.include(password).and.not.include('aisha');
    chmodSync(file, 0o644);
    const { code, stderr } = await line.run('aisha', ['calls', 'list']);
    expect(code).to.equal(1);
    expect(stderr).to.include('is not yours alone').and.include('sign in again');
  });

  it('locks an account after five wrong passwords, also against the right one, and tells nobody which it was', async () => {
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
    // Side by side, and yet counted one by one.
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn('thief', 'salim', wrong)));
    answers.push(await logIn('thief', 'salim', password));
    answers.push(await logIn('thief', 'nobody', password));
    expect(answers.map(({ stderr }) => stderr)).to.deep.equal(answers.map(() => refusal));
    await line.sql(`update staff set locked_until = now() - interval '1 second' where locked_until is not null`);
    expect((await logIn('salim', 'salim', password)).code).to.equal(0);
  });

  it('takes as long for a login that is not there as for one that is', async () => {
    await line.withAdministrator();
    const timeOf = async (login: string): Promise<number> => {
      const times: number[] = [];
      for (let n = 0; n < 2; n += 1) {
        const since = process.cpuUsage();
        await logIn('thief', login, wrong);
        times.push(process.cpuUsage(since).user);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await timeOf('aisha'), await timeOf('nobody')];
    expect(unknown / known).to.be.within(0.5, 2);
  });

  it('ends after its time, at once with logout, and with the member', async () => {
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
    await asking(line.url, async (client) => {
      await client.query('alter table staff_sessions no force row level security');
      await client.query(`update staff_sessions set expires_at = now() - interval '1 second'`);
      await client.query('alter table staff_sessions force row level security');
    });
    expect((await line.run('salim', ['calls', 'list'])).stderr).to.equal(
      'error: Your session is over. Sign in again with: npm run sanad -- login LOGIN\n',
    );
    await logIn('salim', 'salim', password);
    await logIn('aisha', 'aisha', password);
    await line.run('aisha', ['staff', 'edit', 'salim', '--active', 'no']);
    expect((await line.run('salim', ['calls', 'list'])).code).to.equal(1);
    expect((await logIn('salim', 'salim', password)).stderr).to.equal(refusal);
    await line.run('aisha', ['logout']);
    expect(readdirSync(path.join(line.stateOf('aisha'), 'sanad'))).to.deep.equal([]);
    expect((await line.run('aisha', ['calls', 'list'])).stderr).to.include('You are not signed in');
  });

  it('is kept apart for each database and organisation', async () => {
    await line.withAdministrator();
    const other = line.another('+96824999999');
    const here = { XDG_STATE_HOME: line.stateOf('aisha') };
    await other.withAdministrator();
    const { code, stderr } = await other.run('aisha', ['staff', 'list'], { environment: here });
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: 'error: You are not signed in. Sign in with: npm run sanad -- login LOGIN\n',
    });
    await other.close();
  });

  it('refuses before it asks where there is no place for a session file', async () => {
    await line.withAdministrator();
    const { code, stderr } = await line.run('aisha', ['login', 'aisha', '--password-stdin'], {
      typed: password,
      environment: { XDG_STATE_HOME: undefined, HOME: undefined },
    });
    expect(code).to.equal(1);
    expect(stderr).to.equal('error: There is no place for a session file: set HOME, or XDG_STATE_HOME.\n');
    expect(existsSync(path.join(line.stateOf('nobody'), 'sanad'))).to.equal(false);
  });

  it('says who is signed in, as what, and until when', async () => {
    await line.withAdministrator();
    const { stdout } = await line.run('aisha', ['whoami']);
    expect(stdout).to.include('عائشة').and.include('Roles: administrator.').and.include('(Asia/Muscat)');
    expect(stdout).to.include('manageStaff').and.not.include('readWords');
  });
});
