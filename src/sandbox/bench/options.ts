import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly calls: number;
  /** Length of the measured window of each run, after everyone was greeted. */
  readonly seconds: number;
  /** How often the whole is measured; the table shows medians, and the lowest and highest. */
  readonly runs: number;
  /** Everything that was measured goes here as JSON. */
  readonly json: string | null;
  /** Processor profiles of Sanad go into this folder, one for each window; a profiled run is slower than others. */
  readonly profile: string | null;
}

export type Parsed<Options> =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly reason: string };

export const benchHelp = `npm run bench -- [options]
npm run bench -- escalation [options]    how a person is brought (--help shows these)

Measures Sanad against the sandbox: what it adds to the latency of the providers, how fast it falls silent for a caller,
whether every turn is answered exactly once, and what a call costs. Sanad, the sandbox and the callers are three processes.

  --calls N      callers at the same time (1 to 200; default 60)
  --seconds S    measured time of each part, in seconds (5 to 3600; default 60)
  --runs R       measures R times and shows the medians (1 to 20; default 1)
  --json FILE    writes everything that was measured to FILE (bench-*.json is ignored by git)
  --profile DIR  writes processor profiles of Sanad to DIR (for Chrome's developer tools); the figures suffer
  --help         shows this

A run takes about two and a half minutes beside the measured time, and wants the machine for itself.
`;

const known = {
  calls: { type: 'string' },
  seconds: { type: 'string' },
  runs: { type: 'string' },
  json: { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean' },
} as const;

class Refusal extends Error {}

/** Reads the arguments of the command. Never throws; a refusal says what is wrong in a line. */
export function parseBenchOptions(args: readonly string[]): Parsed<BenchOptions> {
  return readOptions(() => {
    const { values } = parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false });
    if (values.help === true) return 'help';
    return {
      calls: wholeNumber('--calls', values.calls, { otherwise: 60, min: 1, max: 200 }),
      seconds: wholeNumber('--seconds', values.seconds, { otherwise: 60, min: 5, max: 3_600 }),
      runs: wholeNumber('--runs', values.runs, { otherwise: 1, min: 1, max: 20 }),
      json: optionPath('--json', values.json),
      profile: optionPath('--profile', values.profile),
    };
  });
}

/** What `read` throws becomes a refusal. */
export function readOptions<Options extends object>(read: () => Options | 'help'): Parsed<Options> {
  try {
    const options = read();
    return options === 'help' ? { kind: 'help' } : { kind: 'run', options };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Node explains at length how to pass such a thing as a positional; its first sentence says what matters.
    const reason = error instanceof Refusal ? text : (text.split('. ')[0] ?? text).replace(/\.$/, '');
    return { kind: 'refused', reason };
  }
}

interface Range {
  readonly otherwise: number;
  readonly min: number;
  readonly max: number;
}

/** Throws what `readOptions` refuses with. */
export function wholeNumber(name: string, text: string | undefined, { otherwise, min, max }: Range): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new Refusal(`${name} must be a whole number from ${min} to ${max}, not '${text}'`);
}

/** Throws what `readOptions` refuses with. */
export function optionPath(name: string, text: string | undefined): string | null {
  if (text === '') throw new Refusal(`${name} needs a path`);
  return text ?? null;
}
