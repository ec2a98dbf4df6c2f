import { parseArgs } from 'node:util';
import { optionPath, readOptions, wholeNumber, type Parsed } from '../options.ts';

export interface EscalationBenchOptions {
  /** In the part with several at once. */
  readonly calls: number;
  readonly atOnce: number;
  /** In the part with one at a time; 0 leaves it out. */
  readonly alone: number;
  /** Of the sandbox carrier's account; Twilio's default is 1. */
  readonly callsPerSecond: number;
  readonly json: string | null;
}

export const escalationBenchHelp = `npm run bench -- escalation [options]

Measures how a person is brought to a caller who discloses danger, against the sandbox: disclosure to the first telephone
ringing, the longest silence the caller hears, accept key to both hearing each other, and whether every escalation ends in
one recorded outcome with nobody rung twice in a wave. Sanad, the providers and the carrier are three processes.

  --calls N             disclosures in the part with several at once (1 to 500; default 20)
  --at-once K           callers on the line at the same time in that part (1 to 20; default 4)
  --alone M             disclosures in the part with one at a time, before it (0 to 200; default 10)
  --calls-per-second R  what the carrier lets the account start each second (1 to 100; default 1, as Twilio's)
  --json FILE           writes everything that was measured to FILE (bench-*.json is ignored by git)
  --help                shows this

A disclosure takes about half a minute; the usual run takes about ten.
`;

const known = {
  calls: { type: 'string' },
  'at-once': { type: 'string' },
  alone: { type: 'string' },
  'calls-per-second': { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads what stands after `escalation`. Never throws; a refusal says what is wrong in a line. */
export function parseEscalationBenchOptions(args: readonly string[]): Parsed<EscalationBenchOptions> {
  return readOptions(() => {
    const { values } = parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false });
    if (values.help === true) return 'help';
    return {
      calls: wholeNumber('--calls', values.calls, { otherwise: 20, min: 1, max: 500 }),
      atOnce: wholeNumber('--at-once', values['at-once'], { otherwise: 4, min: 1, max: 20 }),
      alone: wholeNumber('--alone', values.alone, { otherwise: 10, min: 0, max: 200 }),
      callsPerSecond: wholeNumber('--calls-per-second', values['calls-per-second'], { otherwise: 1, min: 1, max: 100 }),
      json: optionPath('--json', values.json),
    };
  });
}
