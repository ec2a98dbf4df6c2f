import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { examinationShape, expectNoSecret, sanad } from './consultation.ts';

const escape = '\u001B[';

describe('the staff command line', () => {
  it('teaches by example, and says what its exit codes mean', async () => {
    const { code, stdout, stderr } = await sanad(['--help']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.include('npm run sanad -- doctor ');
    expect(stdout).to.include('Exit codes: 0 done and good, 1 something was found or failed, 2 wrong use.');
  });

  it('explains itself within 80 columns', async () => {
    const texts = [await sanad(['--help'], { columns: 80 }), await sanad(['doctor', '--help'], { columns: 80 })];
    const long = texts.flatMap(({ stdout }) => stdout.split('\n').filter((each) => each.length > 80));
    expect(long).to.deep.equal([]);
  });

  it('explains one command', async () => {
    const asked = [await sanad(['help', 'doctor']), await sanad(['doctor', '--help'])];
    expect(asked.map(({ code }) => code)).to.deep.equal([0, 0]);
    for (const { stdout } of asked) {
      expect(stdout).to.include('npm run -s sanad -- doctor --json ');
      expect(stdout).to.include(
        'Exit code: 0 a call could be served (perhaps with warnings), 1 it could not,\n2 wrong use.',
      );
    }
  });

  it('names the nearest right command or option for a wrong one', async () => {
    const wrong = [
      await sanad(['docter']),
      await sanad(['doctor', '--jsn']),
      await sanad(['doctor', 'everything']),
      await sanad(['doctor', '--timeout', 'soon']),
      await sanad(['doctor', '--timeout', '0']),
    ];
    expect(wrong.map(({ code, stdout }) => ({ code, stdout }))).to.deep.equal(
      wrong.map(() => ({ code: 2, stdout: '' })),
    );
    expect(wrong.map(({ stderr }) => stderr.split('\n(all commands')[0])).to.deep.equal([
      "error: unknown command 'docter'\n(Did you mean doctor?)",
      "error: unknown option '--jsn'\n(Did you mean --json?)",
      "error: too many arguments for 'doctor'. Expected 0 arguments but got 1.",
      "error: option '--timeout <seconds>' argument 'soon' is invalid. It is a number of seconds from 0.1 to 60, for example 10.",
      "error: option '--timeout <seconds>' argument '0' is invalid. It is a number of seconds from 0.1 to 60, for example 10.",
    ]);
  });

  it('shows its help, as wrong use, when no command is given', async () => {
    const { code, stderr } = await sanad([]);
    expect(code).to.equal(2);
    expect(stderr).to.include('Usage: sanad <command> [options]');
  });

  it('colours on a terminal only, and not where NO_COLOR is set', async () => {
    const onTerminal = await sanad(['doctor'], { isTTY: true, columns: 100 });
    const without = await sanad(['doctor'], { isTTY: true, columns: 100, environment: { NO_COLOR: '1' } });
    const piped = await sanad(['doctor'], { environment: { FORCE_COLOR: '1', CI: 'true' } });
    const asData = await sanad(['doctor', '--json'], { isTTY: true, columns: 100 });
    const coloured = [onTerminal, without, piped, asData].map(({ stdout }) => stdout.includes(escape));
    expect(coloured).to.deep.equal([true, false, false, false]);
  });

  it('keeps within the width of the terminal', async () => {
    for (const columns of [60, 80, 120]) {
      const { stdout } = await sanad(['doctor'], { isTTY: true, columns, environment: { NO_COLOR: '1' } });
      const longest = Math.max(...stdout.split('\n').map((each) => each.length));
      expect(longest, `at ${columns}`).to.be.within(columns - 20, columns);
    }
  });

  it('shows on a terminal that it works, and leaves nothing of it', async () => {
    const { stderr } = await sanad(['doctor'], { isTTY: true, columns: 80 });
    expect(stderr).to.include('checking … 1 of ');
    expect(stderr.endsWith('\r\u001B[2K')).to.equal(true);
  });

  it('works as it is called, and ends by itself', async function () {
    this.timeout(20_000);
    const environment = { TWILIO_AUTH_TOKEN: '0123456789abcdef0123456789abcdef', DATA_KEY: 'short' };
    const { code, stdout } = await run(['doctor', '--json'], environment);
    const { callCouldBeServed, checks } = examinationShape.parse(JSON.parse(stdout));
    expect({ code, callCouldBeServed }).to.deep.equal({ code: 1, callCouldBeServed: false });
    expect(checks.find(({ id }) => id === 'setting:DATA_KEY')?.detail).to.equal(
      'must be 32 bytes in base64; make one with: openssl rand -base64 32',
    );
    expectNoSecret(stdout, environment);
  });

  it('fails, and says why, when what it says does not fit onto the disk', async function () {
    if (process.platform !== 'linux') return this.skip();
    this.timeout(60_000);
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['scripts/run.mjs', 'src/staff/cli.ts', '--help'], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => void (stderr += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number | null];
    closeSync(full);
    expect([code, stderr]).to.deep.equal([1, 'error: The output was not written whole: the disk is full.\n']);
  });
});

function run(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run.mjs', 'src/staff/cli.ts', ...words], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout }));
  });
}
