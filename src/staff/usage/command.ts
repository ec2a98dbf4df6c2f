import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readTimeWords, readZone, usualZone, type TimeWords } from '../zonedTime.ts';
import { showUsage, usageGroupings, type UsageOptions } from './usage.ts';

const usualPeriod: TimeWords = { kind: 'ago', ms: 30 * 86_400_000 };

/** Adds `usage`; `end` takes the exit code. */
export function addUsage(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  program
    .command('usage')
    .summary('what calls used of the providers, and what that costs')
    .description(
      'Tells what calls used of the providers, how often these failed and another took over, and what it costs by the prices of settings. Calls are chosen by when they began.',
    )
    .addOption(
      new Option('--from <time>', 'from then on: 2026-11-26, today, 7d (m, h, d, w ago)')
        .argParser(readTimeWords)
        .default(usualPeriod, '30d'),
    )
    .option('--to <time>', 'up to then; of a day: with all of it (default: now)', readTimeWords)
    .addOption(new Option('--by <group>', 'how it is put together').choices(usageGroupings).default('provider'))
    .option('--limit <n>', 'how many calls, with --by call', readLimit, 20)
    .option('--zone <zone>', 'of the times, typed and shown', readZone, usualZone)
    .option('--json', 'the same as data; costs in millionths')
    .option('--csv', 'for a spreadsheet')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- usage                           the last 30 days, by provider
  npm run sanad -- usage --from 2026-11-01 --to 2026-11-30 --by day
  npm run sanad -- usage --from today --by call
  npm run -s sanad -- usage --by day --csv > usage.csv

Prices: npm run sanad -- settings list`,
    )
    .action(async (options: UsageOptions & FormatOptions) =>
      end(
        await performAsStaff(terminal, formatOf(options), (access) => showUsage(access, options, systemClock.wall())),
      ),
    );
}

function readLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 1_000) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}
