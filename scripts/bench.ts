// `npm run bench`: measures Sanad against the sandbox (docs/figures.md). Exit code 0 when it was measured, whatever came of
// it; 1 when the measurement is not to be believed; 2 when the arguments are not.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../src/embedded/port.ts';
import { startPostgres } from '../src/embedded/postgres.ts';
import { runBench, benchSandbox, type BenchResult } from '../src/sandbox/bench/bench.ts';
import { forkChild } from '../src/sandbox/bench/channel.ts';
import {
  escalationSandbox,
  runEscalationBench,
  type EscalationBenchResult,
} from '../src/sandbox/bench/escalation/bench.ts';
import {
  escalationBenchHelp,
  parseEscalationBenchOptions,
  type EscalationBenchOptions,
} from '../src/sandbox/bench/escalation/options.ts';
import { openEscalationRecords } from '../src/sandbox/bench/escalation/records.ts';
import { printEscalationResult } from '../src/sandbox/bench/escalation/table.ts';
import { benchHelp, parseBenchOptions, type BenchOptions, type Parsed } from '../src/sandbox/bench/options.ts';
import { printResult } from '../src/sandbox/bench/print.ts';
import { startSandboxProcess, type SandboxProcess } from '../src/sandbox/sandboxProcess.ts';
import { readSettings } from '../src/settings.ts';

const root = path.resolve(import.meta.dirname, '..');
const script = (name: string): string => path.join(root, 'scripts', name);
const audio = path.join(root, 'fixtures', 'audio');
const carrier = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'sandbox-auth-token-0123456789',
  phoneNumber: '+96824000000',
};
/** Rung when everybody else was, in vain: nobody set it up, so nobody answers. */
const lastResort = '+96891234567';
const say = (line: string): void => console.error(line);

/** A database of its own, also when the server is one that was given. */
async function withDatabase<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const postgres = await startPostgres({ log: (line) => console.error(`set-up: ${line}`) });
  const name = `sanad_bench_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    await client.query(`create database ${name}`);
    const url = new URL(postgres.url);
    url.pathname = `/${name}`;
    try {
      return await use(url.href);
    } finally {
      await client.query(`drop database if exists ${name} with (force)`);
    }
  } finally {
    await client.end();
    await postgres.stop();
  }
}

function environment(sandbox: SandboxProcess, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...sandbox.env,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    DATA_KEY: randomBytes(32).toString('base64'),
    TWILIO_ACCOUNT_SID: carrier.accountSid,
    TWILIO_AUTH_TOKEN: carrier.authToken,
    TWILIO_PHONE_NUMBER: carrier.phoneNumber,
    LOG_LEVEL: 'info',
  };
}

async function measure(options: BenchOptions, databaseUrl: string): Promise<BenchResult> {
  const sandbox = await startSandboxProcess({ ...benchSandbox, log: say });
  const env = environment(sandbox, databaseUrl);
  try {
    return await runBench(options, {
      sandbox,
      startSanad: () => forkChild({ script: script('benchSanad.ts'), nodeOptions: ['--expose-gc'], env }),
      startCallers: () => forkChild({ script: script('benchCallers.ts'), env: process.env }),
      audio,
      carrier,
      say,
    });
  } finally {
    await sandbox.stop();
  }
}

async function measureEscalation(options: EscalationBenchOptions, databaseUrl: string): Promise<EscalationBenchResult> {
  const sandbox = await startSandboxProcess({ ...escalationSandbox, log: say });
  const port = await freePort();
  const env = {
    ...environment(sandbox, databaseUrl),
    FALLBACK_PHONE_NUMBER: lastResort,
    TWILIO_CALLS_PER_SECOND: String(options.callsPerSecond),
  };
  const settings = readSettings({ ...env, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  try {
    return await runEscalationBench(options, {
      port,
      startSanad: (apiBaseUrl) =>
        forkChild({ script: script('benchSanad.ts'), env: { ...env, TWILIO_API_BASE_URL: apiBaseUrl } }),
      startCalls: () => forkChild({ script: script('benchEscalationCalls.ts'), env: process.env }),
      openRecords: () => openEscalationRecords(settings, databaseUrl),
      audio,
      carrier,
      say,
    });
  } finally {
    await sandbox.stop();
  }
}

interface Measurement<Options, Result> {
  readonly parsed: Parsed<Options>;
  readonly help: string;
  readonly measure: (options: Options, databaseUrl: string) => Promise<Result>;
  readonly print: (result: Result) => string;
}

async function run<
  Options extends { readonly json: string | null },
  Result extends { readonly invalid: readonly string[] },
>(measurement: Measurement<Options, Result>): Promise<void> {
  const { parsed, help } = measurement;
  if (parsed.kind === 'help') return console.log(help);
  if (parsed.kind === 'refused') {
    console.error(`${parsed.reason}\n\n${help}`);
    process.exitCode = 2;
    return;
  }
  const result = await withDatabase((url) => measurement.measure(parsed.options, url));
  console.log(measurement.print(result));
  const { json } = parsed.options;
  if (json !== null) {
    await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`everything is in ${json}`);
  }
  if (result.invalid.length > 0) process.exitCode = 1;
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'escalation')
  await run({
    parsed: parseEscalationBenchOptions(rest),
    help: escalationBenchHelp,
    measure: measureEscalation,
    print: printEscalationResult,
  });
else
  await run({
    parsed: parseBenchOptions(process.argv.slice(2)),
    help: benchHelp,
    measure,
    print: printResult,
  });
