// `npm test`: set-up, then every check there is; the last line sums them. `--coverage` adds a report in coverage/.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { type SetUp, setUp } from '../src/embedded/setUp.ts';
import { type GateOrder, type GateResult, runGate, stopGates } from './gate.ts';
import { mochaStats } from './mochaReporter.ts';

const root = path.resolve(import.meta.dirname, '..');
const unknown = process.argv.slice(2).filter((argument) => argument !== '--coverage');
const coverage = process.argv.includes('--coverage');
const scratch = mkdtempSync(path.join(tmpdir(), 'sanad-test-'));
const total = { passed: 0, failed: 0 };
/** After its last test a process has this long to end. */
const graceMs = 20_000;

function bin(name: string): string {
  return path.join(root, 'node_modules', '.bin', name);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

async function check(order: Omit<GateOrder, 'limitMs' | 'output'> & Partial<GateOrder>): Promise<void> {
  const result = await runGate({ limitMs: 300_000, output: 'onFailure', ...order });
  total[result.kind] += 1;
  say(
    `${result.kind === 'passed' ? '✔' : '✖'} ${order.name} (${seconds(result.ms)})${'why' in result ? `: ${result.why}` : ''}`,
  );
}

function testFiles(folder: string): readonly string[] {
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return found
    .flatMap((entry) => {
      const at = path.join(folder, entry.name);
      return entry.isDirectory() ? testFiles(at) : entry.name.endsWith('.test.ts') ? [at] : [];
    })
    .sort();
}

/** Each test counts for itself; a run that broke off, or whose process would not end, counts as one failure more. */
async function mocha({ name, files, lanes }: Suite, env: NodeJS.ProcessEnv): Promise<void> {
  say(`  ${name}: ${files.length} files${lanes > 1 ? ` in ${lanes} processes` : ''}`);
  const results = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      mochaLane(
        `${name} ${lane}`,
        files.filter((_file, at) => at % lanes === lane),
        env,
        // The progress of one: two in one would be read by nobody.
        lane === 0 ? 'shown' : 'onFailure',
      ),
    ),
  );
  const passed = results.reduce((sum, { counts }) => sum + (counts?.passed ?? 0), 0);
  const failed = results.reduce((sum, { counts, result }) => {
    const broken = result.kind === 'failed' && (counts === null || counts.failed === 0);
    return sum + (counts?.failed ?? 0) + (broken ? 1 : 0);
  }, 0);
  total.passed += passed;
  total.failed += failed;
  const why = results.flatMap(({ result }) => ('why' in result ? [result.why] : []));
  const took = seconds(Math.max(...results.map(({ result }) => result.ms)));
  say(
    `${why.length === 0 ? '✔' : '✖'} ${name}: ${passed} passed, ${failed} failed (${took})${why.length > 0 ? `: ${why.join('; ')}` : ''}`,
  );
}

async function mochaLane(
  name: string,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  output: GateOrder['output'],
): Promise<{ readonly result: GateResult; readonly counts: ReturnType<typeof readStats> }> {
  const stats = path.join(scratch, `${name.replaceAll(' ', '-')}.json`);
  let writtenAt = 0;
  const overdue = () => {
    if (!existsSync(stats)) return null;
    writtenAt ||= performance.now();
    return performance.now() - writtenAt > graceMs
      ? 'the tests are over, but something they opened keeps it alive'
      : null;
  };
  const args = ['--reporter', 'scripts/mochaReporter.ts', '--reporter-option', `stats=${stats}`, ...files];
  const result = await runGate({ name, command: bin('mocha'), args, env, limitMs: 1_200_000, output, overdue });
  return { result, counts: readStats(stats) };
}

function readStats(file: string) {
  try {
    return mochaStats.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Folders whose tests start servers or talk over sockets; everything else needs nothing and is a unit test. */
const againstServers = [
  'callers',
  'embedded',
  'escalation',
  'followUp/replies',
  'followUp/sending',
  'http',
  'jobs',
  'sandbox',
  'speech',
  'staff',
  'store',
  'twilio',
];

interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** How many processes share the files. */
  readonly lanes: number;
}

/**
 * The unit tests come first and stay under a minute; then the adapters against local servers, which mostly wait; then
 * whole calls, whose turns are in real time, so that they have the machine for themselves.
 */
function suites(): readonly Suite[] {
  const inFolder = (file: string, folder: string) => file.startsWith(path.join('test', folder) + path.sep);
  const all = testFiles('test');
  const calls = all.filter((file) => inFolder(file, 'calls'));
  const servers = all.filter((file) => againstServers.some((folder) => inFolder(file, folder)));
  const units = all.filter((file) => !calls.includes(file) && !servers.includes(file));
  const lanes = Math.min(2, availableParallelism());
  return [
    { name: 'unit tests', files: units, lanes },
    { name: 'tests against servers', files: servers, lanes },
    { name: 'whole calls', files: calls, lanes: 1 },
  ];
}

async function everything(servers: SetUp): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'test',
    TEST_DATABASE_URL: servers.postgres.url,
    TEST_REDIS_URL: servers.redis?.url ?? 'none',
    ...(coverage ? { NODE_V8_COVERAGE: path.join(root, 'coverage', 'tmp') } : {}),
  };
  say(
    servers.redis
      ? 'the queue is tested on Redis and on PostgreSQL'
      : 'the queue is tested on PostgreSQL only: its tests on Redis are left out, since there is none',
  );
  const sources = ['src', 'test', 'scripts', 'migrations', 'knexfile.ts'].filter((name) =>
    existsSync(path.join(root, name)),
  );
  await Promise.all([
    check({ name: 'type check', command: bin('tsc'), args: ['--noEmit'] }),
    check({ name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings', ...sources] }),
    check({ name: 'format', command: bin('prettier'), args: ['--check', '--log-level', 'warn', '.'] }),
  ]);
  for (const suite of suites()) if (suite.files.length > 0) await mocha(suite, env);
  if (existsSync(path.join(root, 'scripts', 'demo.ts'))) {
    // Its own set-up finds these servers running, so the smoke test does not start others.
    const given = { DATABASE_URL: servers.postgres.url, ...(servers.redis ? { REDIS_URL: servers.redis.url } : {}) };
    const args = ['scripts/run.mjs', 'scripts/demo.ts', '--smoke'];
    await check({ name: 'demo', command: process.execPath, args, env: { ...process.env, ...given }, limitMs: 240_000 });
  }
  if (coverage) await reportCoverage();
}

async function reportCoverage(): Promise<void> {
  const reporters = ['text-summary', 'html', 'lcov'].flatMap((name) => ['--reporter', name]);
  const args = ['report', '--temp-directory', 'coverage/tmp', '--reports-dir', 'coverage', '--src', 'src', '--all'];
  args.push('--include', 'src/**/*.ts', '--exclude-after-remap', ...reporters);
  const result = await runGate({ name: 'coverage', command: bin('c8'), args, limitMs: 300_000, output: 'shown' });
  say(`coverage report in coverage/index.html (${seconds(result.ms)})${'why' in result ? `: ${result.why}` : ''}`);
}

async function main(): Promise<void> {
  if (unknown.length > 0) {
    say(`unknown: ${unknown.join(' ')}; there is only --coverage. One test alone: npx mocha test/settings.test.ts`);
    process.exitCode = 2;
    return;
  }
  process.chdir(root);
  if (coverage) rmSync('coverage', { recursive: true, force: true });
  let servers: SetUp | null = null;
  const stop = async () => {
    rmSync(scratch, { recursive: true, force: true });
    await servers?.stop();
  };
  let ending = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    // `on`, not `once`: the terminal and npm both send it, and the second must not kill us half-way.
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      stopGates();
      void stop().finally(() => process.exit(code));
    });
  }
  const startedAt = performance.now();
  try {
    servers = await setUp({ print: say });
    await everything(servers);
  } catch (error) {
    total.failed += 1;
    say(`✖ ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await stop();
  }
  say(`everything took ${seconds(performance.now() - startedAt)}`);
  say(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

await main();
