// `npm run bench`: measures Sanad against the sandbox (docs/figures.md). Exit code 0 when it was measured, whatever came of
// it; 1 when the measurement is not to be believed; 2 when the arguments are not.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '../src/embedded/postgres.ts';
import { runBench, benchSandbox, type BenchResult } from '../src/sandbox/bench/bench.ts';
import { forkChild } from '../src/sandbox/bench/channel.ts';
import { benchHelp, parseBenchOptions, type BenchOptions } from '../src/sandbox/bench/options.ts';
import { printResult } from '../src/sandbox/bench/print.ts';
import { startSandboxProcess } from '../src/sandbox/sandboxProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const script = (name: string): string => path.join(root, 'scripts', name);
const carrier = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'sandbox-auth-token-0123456789',
  phoneNumber: '+96824000000',
};

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

async function measure(options: BenchOptions, databaseUrl: string): Promise<BenchResult> {
  const sandbox = await startSandboxProcess({ ...benchSandbox, log: (line) => console.error(line) });
  const env: NodeJS.ProcessEnv = {
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
  try {
    return await runBench(options, {
      sandbox,
      startSanad: () => forkChild({ script: script('benchSanad.ts'), nodeOptions: ['--expose-gc'], env }),
      startCallers: () => forkChild({ script: script('benchCallers.ts'), env: process.env }),
      audio: path.join(root, 'fixtures', 'audio'),
      carrier,
      say: (line) => console.error(line),
    });
  } finally {
    await sandbox.stop();
  }
}

async function main(): Promise<void> {
  const parsed = parseBenchOptions(process.argv.slice(2));
  if (parsed.kind === 'help') return console.log(benchHelp);
  if (parsed.kind === 'refused') {
    console.error(`${parsed.reason}\n\n${benchHelp}`);
    process.exitCode = 2;
    return;
  }
  const result = await withDatabase((url) => measure(parsed.options, url));
  console.log(printResult(result));
  const { json } = parsed.options;
  if (json !== null) {
    await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`everything is in ${json}`);
  }
  if (result.invalid.length > 0) process.exitCode = 1;
}

await main();
