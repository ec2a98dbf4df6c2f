import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { expect } from 'chai';
import { z } from 'zod';
import { runCommand } from '../../src/embedded/command.ts';
import { openGuard } from '../../src/embedded/guardedServer.ts';
import { eventually, reachable, temporaryFolder } from './processes.ts';

const addresses = z.object({ postgres: z.string(), redis: z.string().nullable() });

describe('what set-up starts', function () {
  this.timeout(40_000);
  const cleanUps: (() => void)[] = [];

  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  async function hold(temporary: string, ...args: string[]): Promise<{ holder: ChildProcess; ports: number[] }> {
    const { DATABASE_URL: _, REDIS_URL: __, ...env } = process.env;
    const holder = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'holder.ts'), ...args], {
      env: { ...env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    cleanUps.push(() => holder.kill('SIGKILL'));
    const [line]: unknown[] = await once(holder.stdout, 'data');
    const { postgres, redis } = addresses.parse(JSON.parse(String(line)));
    return { holder, ports: [postgres, ...(redis ? [redis] : [])].map((url) => Number(new URL(url).port)) };
  }

  const ends: readonly [name: string, args: readonly string[], end: (holder: ChildProcess) => void][] = [
    ['is killed (kill -9)', [], (holder) => holder.kill('SIGKILL')],
    ['is interrupted (Ctrl-C)', [], (holder) => holder.kill('SIGINT')],
    ['fails by an error', ['--throw'], () => {}],
  ];
  for (const [name, args, end] of ends) {
    it(`is stopped, and its data removed, when the process ${name}`, async () => {
      const temporary = temporaryFolder(cleanUps);
      const { holder, ports } = await hold(temporary, ...args);
      end(holder);
      const gone = async () =>
        (await Promise.all(ports.map((port) => reachable('127.0.0.1', port)))).every((up) => !up);
      expect(await eventually(gone)).to.equal(true);
      expect(await eventually(() => readdirSync(temporary).every((entry) => !entry.startsWith('sanad-')))).to.equal(
        true,
      );
    });
  }

  it('has its folder removed by the guard only after the server has ended', async () => {
    const parent = temporaryFolder(cleanUps);
    const folder = path.join(parent, 'data');
    mkdirSync(folder);
    // Takes a while to stop and still writes into its folder, as a database does.
    const script = `trap 'sleep 0.2; echo last > "${folder}/last" && cp "${folder}/last" "${parent}/seen"; exit 0' TERM; echo up; while :; do sleep 0.02; done`;
    const server = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(server.stdout, 'data');
    const guard = openGuard(folder);
    guard.watch({ pid: server.pid ?? 0, signal: 'TERM' });
    await guard.release();
    expect(readdirSync(parent)).to.deep.equal(['seen']);
  });

  it('is not killed under the number of a server that has ended by itself', async () => {
    const folder = path.join(temporaryFolder(cleanUps), 'data');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'file'), '');
    const other = spawn('/bin/sleep', ['30'], { stdio: 'ignore' });
    const guard = openGuard(folder);
    guard.watch({ pid: other.pid ?? 0, signal: 'TERM' });
    guard.watch(null);
    await guard.release();
    expect([other.exitCode, other.signalCode]).to.deep.equal([null, null]);
    other.kill('SIGKILL');
  });
});

describe('a command', () => {
  it('is killed with all it started when it takes too long', async () => {
    const startedAt = performance.now();
    const result = await runCommand('/bin/sh', ['-c', 'echo begun; sleep 30 & sleep 30'], { limitMs: 40 });
    expect(result).to.deep.equal({ kind: 'refused', why: 'took longer than 0.04 s', output: 'begun\n' });
    expect(performance.now() - startedAt).to.be.lessThan(5_000);
  });

  it('gives all that it wrote, also right before its end', async () => {
    const result = await runCommand('/bin/sh', ['-c', 'head -c 7000 /dev/zero | tr "\\0" x'], { limitMs: 5_000 });
    expect(result).to.deep.equal({ kind: 'done', output: 'x'.repeat(7_000) });
  });

  it('is not waited for when something it started holds its output open', async () => {
    const startedAt = performance.now();
    const result = await runCommand('/bin/sh', ['-c', 'echo done; sleep 20 &'], { limitMs: 15_000 });
    expect(result).to.deep.equal({ kind: 'done', output: 'done\n' });
    expect(performance.now() - startedAt).to.be.lessThan(5_000);
  });

  it('is refused, not thrown, when it does not exist', async () => {
    const result = await runCommand('/nowhere/program', [], { limitMs: 1_000 });
    expect(result.kind === 'refused' && result.why).to.match(/^cannot be run: .*ENOENT/);
  });
});
