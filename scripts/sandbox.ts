// Runs the stand-ins of the speech and language-model providers until told to stop (SIGTERM, SIGINT or the end of stdin).
// Prints one line of JSON on stdout: the environment for the application. Usage: node scripts/run.mjs scripts/sandbox.ts
// ['{"speechTiming":{"finalDelayMs":200}}']   (the options of src/sandbox/standIns.ts, as JSON)
import path from 'node:path';
import { z } from 'zod';
import { findEspeakOn } from '../src/sandbox/sandboxVoice.ts';
import { standInOptions, startStandIns } from '../src/sandbox/standIns.ts';
import type { StandInOptions } from '../src/sandbox/standIns.ts';

const phrases = path.resolve(import.meta.dirname, '..', 'fixtures', 'audio');

function fail(message: string): never {
  console.error(`sandbox: ${message}`);
  process.exit(2);
}

function readOptions(text: string): StandInOptions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('the options are not JSON');
  }
  const parsed = standInOptions.safeParse(value);
  return parsed.success ? parsed.data : fail(`the options are not as they should be\n${z.prettifyError(parsed.error)}`);
}

const given = readOptions(process.argv[2] ?? '{}');
const espeak = given.espeak === undefined ? findEspeakOn(process.env['PATH'] ?? '') : given.espeak;
const standIns = await startStandIns(phrases, { ...given, espeak }, (message) => console.error(`sandbox: ${message}`));

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  void standIns.close().then(() => process.exit(0));
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Whoever started this holds the other end of stdin: when that process dies in any way, this one does not outlive it.
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();

for (const line of standIns.startLines) console.error(`sandbox: ${line}`);
console.log(JSON.stringify({ speechPort: standIns.speech.port, modelsPort: standIns.models.port, env: standIns.env }));
