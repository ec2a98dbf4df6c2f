import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LogEntry } from '../../src/call/replay.ts';
import type { RehearsedCall } from './rehearsal.ts';

export const goldenFolder = path.resolve(import.meta.dirname, '../../fixtures/calls');

/**
 * Keeps a rehearsed call as a golden one: a header and a line for each step. With `RECORD_CALLS=1` only, since what is
 * recorded is what every later version must decide the same.
 */
export function recordGolden(name: string, call: RehearsedCall): void {
  if (process.env['RECORD_CALLS'] !== '1') return;
  mkdirSync(goldenFolder, { recursive: true });
  const header = {
    golden: name,
    schema: 1,
    note: 'recorded by the whole-call tests; every voice in it is synthesised',
  };
  const entries: LogEntry[] = call.steps.map(({ at, event, effects }, seq) => ({ seq, at, event, effects }));
  writeFileSync(
    path.join(goldenFolder, `${name}.jsonl`),
    [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}
