import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { watch } from './watch.ts';

interface Options extends FormatOptions {
  readonly once?: true;
  readonly every: number;
  readonly limit: number;
  readonly zone: string;
}

/** Adds `watch` to the program; `end` takes the exit code. */
export function addWatch(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  program
    .command('watch')
    .summary('the calls that are on the line now')
    .description(
      'Shows the calls that are on the line, the most dangerous first, again and again until Ctrl-C. No words. `quiet` is the time since anybody said something that was written down.',
    )
    .option('--once', 'show them once')
    .option('--every <seconds>', 'between two looks', readSeconds, 2)
    .option('--limit <n>', 'how many', readLimit, 20)
    .option('--zone <zone>', 'of the times shown', readZone, usualZone)
    .option('--json', 'the same as data: one line of JSON for each look')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- watch
  npm run sanad -- watch --once
  npm run -s sanad -- watch --once --json | jq .total`,
    )
    .action(async ({ every, limit, zone, ...given }: Options) => {
      const once = given.once === true;
      const stopping = new AbortController();
      const stop = (): void => stopping.abort();
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
      const options = {
        once,
        everySeconds: every,
        limit,
        zone,
        signal: stopping.signal,
        now: () => systemClock.wall(),
      };
      const shown = formatOf(given);
      // What is shown again and again was written by then.
      end(
        await performAsStaff(terminal, once ? shown : 'text', (access) =>
          watch(access, terminal, { ...options, format: shown }),
        ),
      );
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    });
}

function readSeconds(text: string): number {
  const seconds = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('It is a whole number of seconds from 1 to 3600.');
}

function readLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  if (limit >= 1 && limit <= 1_000) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}
