import type { Command } from 'commander';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import { createOutput, type Terminal } from '../output.ts';
import { rotate, status } from './rotate.ts';

/** Adds `keys` with its commands to the program; `end` takes the exit code. */
export function addKeys(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const keys = program
    .command('keys')
    .summary('which data key has wrapped what, and changing it')
    .description(
      'Every caller, and every member of staff, has a key of their own, which is kept wrapped by DATA_KEY. To change DATA_KEY, these are wrapped anew; what they seal stays as it is.',
    )
    .addHelpText('after', steps);
  keys
    .command('status')
    .summary('how many keys each data key has wrapped')
    .description(
      'Counts the wrapped keys by the data key that has wrapped them. Exit code 1 when some need keys rotate.',
    )
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- keys status')
    .action(async (options: FormatOptions) => end(await performAsStaff(terminal, formatOf(options), status)));
  keys
    .command('rotate')
    .summary('wrap with DATA_KEY what DATA_KEY_PREVIOUS has wrapped')
    .description(
      'Wraps every key anew with DATA_KEY. May be broken off (Ctrl-C) and run again, and by several at once. Calls go on meanwhile.',
    )
    .option('--json', 'the same as data')
    .addHelpText('after', `${steps}\n\nExample:\n  npm run sanad -- keys rotate`)
    .action(async (options: FormatOptions) => {
      const { progress } = createOutput(terminal);
      const stopping = new AbortController();
      // What is under way is finished first: a batch is done or not done.
      const stop = (): void => stopping.abort();
      process.once('SIGINT', stop);
      const onProgress = (done: number, of: number): void => progress(`wrapped ${done} of ${of}`);
      const code = await performAsStaff(terminal, formatOf(options), (access) =>
        rotate(access, { signal: stopping.signal, onProgress }).finally(() => progress(null)),
      );
      process.off('SIGINT', stop);
      end(code);
    });
  for (const command of keys.commands) command.copyInheritedSettings(program);
}

const steps = `
To change DATA_KEY:
  1  make a new one:                openssl rand -base64 32
  2  on every server and for staff: DATA_KEY=the new one,
     DATA_KEY_PREVIOUS=the old one; restart all servers
  3  npm run sanad -- keys rotate
  4  npm run sanad -- keys status   until nothing is left under the old one
  5  take DATA_KEY_PREVIOUS away; keep the old key as long as backups need it`;
