import { InvalidArgumentError, type Command } from 'commander';
import { retentionKinds, type RetentionKind } from '../../store/retentionPolicy.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import { createOutput, type Terminal } from '../output.ts';
import { runRetention, setPeriod, show } from './retention.ts';

/** Adds `retention` with its commands to the program; `end` takes the exit code. */
export function addRetention(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const retention = program
    .command('retention')
    .summary('how long what is kept, and removing it in time')
    .description('How long each kind of record is kept and why. A job removes what is over its time once an hour.')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- retention show
  npm run sanad -- retention run --dry-run
  npm run sanad -- retention set turnWords 90d

The whole table with its reasons: docs/records.md`,
    );
  retention
    .command('show')
    .summary('how long each kind is kept, and why')
    .description('Shows how long each kind of record is kept, from when, and why.')
    .option('--json', 'the same as data')
    .option('--csv', 'for a spreadsheet')
    .addHelpText('after', '\nExample:\n  npm run sanad -- retention show')
    .action(async (options: FormatOptions) => end(await performAsStaff(terminal, formatOf(options), show)));
  retention
    .command('run')
    .summary('remove now what is over its time')
    .description('Removes what is over its time, as the hourly job does. May be broken off (Ctrl-C) and run again.')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- retention run --dry-run')
    .action(async (options: FormatOptions & { readonly dryRun?: true }) => {
      const { progress } = createOutput(terminal);
      const stopping = new AbortController();
      const stop = (): void => stopping.abort();
      process.once('SIGINT', stop);
      const onProgress = (kind: RetentionKind, removed: number): void => progress(`${kind}: ${removed}`);
      const dryRun = options.dryRun === true;
      const code = await performAsStaff(terminal, formatOf(options), (access) =>
        runRetention(access, { dryRun, signal: stopping.signal, onProgress }).finally(() => progress(null)),
      );
      process.off('SIGINT', stop);
      end(code);
    });
  retention
    .command('set')
    .summary('keep one kind for longer or shorter')
    .description('Sets how long one kind is kept. The next sweep follows it. What was removed does not come back.')
    .argument('<kind>', retentionKinds.join(', '), readKind)
    .argument('<period>', 'hours, days or years: 36h, 90d, 5y; or default', readPeriod)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run sanad -- retention set turnWords 90d\n  npm run sanad -- retention set turnWords default',
    )
    .action(async (kind: RetentionKind, hours: number | null, options: FormatOptions) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => setPeriod(access, kind, hours))),
    );
  for (const command of retention.commands) command.copyInheritedSettings(program);
}

function readKind(text: string): RetentionKind {
  const kind = retentionKinds.find((each) => each.toLowerCase() === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(`It is one of: ${retentionKinds.join(', ')}.`);
}

const unitHours: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24, y: 365 * 24 };

/** Hours; null for the default. */
function readPeriod(text: string): number | null {
  if (text === 'default') return null;
  const parts = /^(\d{1,5})([hdwy])$/.exec(text.trim());
  if (parts !== null) return Number(parts[1]) * (unitHours[parts[2] ?? 'h'] ?? 1);
  throw new InvalidArgumentError(
    'It is a number and h, d, w or y (365 days), for example 36h, 90d or 5y; or: default.',
  );
}
