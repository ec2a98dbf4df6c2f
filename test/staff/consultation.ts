import { expect } from 'chai';
import { z } from 'zod';
import { runSanad } from '../../src/staff/cli.ts';

/** `sanad …` in this process: what it printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export async function sanad(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { environment = {}, ...screen } = options;
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    ...screen,
    write: (text: string) => void (written[name] += text),
  });
  const code = await runSanad(words, { stdout: stream('stdout'), stderr: stream('stderr'), environment });
  return { code, ...written };
}

export const examinationShape = z.strictObject({
  callCouldBeServed: z.boolean(),
  checkedAt: z.iso.datetime(),
  ms: z.number(),
  counts: z.strictObject({ ok: z.number(), warning: z.number(), fault: z.number(), skipped: z.number() }),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      what: z.string(),
      state: z.enum(['ok', 'warning', 'fault', 'skipped']),
      detail: z.string().min(1),
      fix: z.string().min(1).nullable(),
      ms: z.number(),
    }),
  ),
});

export type Consulted = z.infer<typeof examinationShape> & {
  readonly code: number;
  /** `fault: what was found → what to do`, numbers of milliseconds written as N. */
  readonly row: (id: string) => string;
  /** Rows in these states. */
  readonly rowsThatAre: (...states: readonly string[]) => readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** `sanad doctor --json`, read; and nothing secret in all of it. */
export async function consult(environment: Environment, timeoutSeconds = 5): Promise<Consulted> {
  const { code, stdout, stderr } = await sanad(['doctor', '--json', '--timeout', String(timeoutSeconds)], {
    environment,
  });
  expect(stderr).to.equal('');
  expectNoSecret(stdout, environment);
  const read = examinationShape.parse(JSON.parse(stdout));
  const printed = ({ state, detail, fix }: (typeof read.checks)[number]): string =>
    `${state}: ${detail}${fix === null ? '' : ` → ${fix}`}`.replace(/\d+ ms/g, 'N ms');
  return {
    ...read,
    code,
    row: (id) => {
      const found = read.checks.find((each) => each.id === id);
      return found === undefined ? 'no such row' : printed(found);
    },
    rowsThatAre: (...states) => read.checks.filter(({ state }) => states.includes(state)).map(({ id }) => id),
  };
}

const secrets =
  /^(TWILIO_ACCOUNT_SID|TWILIO_AUTH_TOKEN|\w+_KEY|DATA_KEY_PREVIOUS|\w+PHONE_NUMBER|DATABASE_URL|REDIS_URL)$/;

export function expectNoSecret(text: string, environment: Environment): void {
  const found = Object.entries(environment).flatMap(([name, value]) => {
    if (!secrets.test(name) || !value) return [];
    const password = URL.canParse(value) ? new URL(value).password : '';
    return [value, password].some((each) => each !== '' && text.includes(each)) ? [name] : [];
  });
  expect(found).to.deep.equal([]);
}
