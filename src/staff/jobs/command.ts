import type { Command } from 'commander';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, type ListOptions } from '../listing.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { discard, list, retry } from './jobs.ts';

/** Adds `jobs` with its commands to the program; `end` takes the exit code. */
export function addJobs(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const jobs = program
    .command('jobs')
    .summary('work that waits, and work that failed for good')
    .description(
      'Sanad does in queues what need not be done during a call. A job that fails is tried again after growing waits; one that has used up its attempts stays here for a week, until somebody retries or discards it.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- jobs list
  npm run sanad -- jobs retry 3f2c81aa
  npm run sanad -- jobs discard 3f2c81aa --reason "the call was erased"

What each job is for: docs/jobs.md`,
    );
  withListing(jobs.command('list').summary('the queues, and the jobs that failed for good'))
    .description(
      'Shows how much waits in each queue, and the jobs that failed for good. Exit code 1 when there are some.',
    )
    .addHelpText('after', '\nExample:\n  npm run sanad -- jobs list --json')
    .action(async (options: ListOptions) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => list(access, options))),
    );
  jobs
    .command('retry')
    .summary('run a failed job again')
    .description('Puts a job that failed for good back into its queue, with all its attempts.')
    .argument('<id>', 'the id, or how it begins')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- jobs retry 3f2c81aa')
    .action(async (id: string, options: FormatOptions) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => retry(access, id))),
    );
  jobs
    .command('discard')
    .summary('give a failed job up')
    .description('Removes a job that failed for good. What it was for is then not done.')
    .argument('<id>', 'the id, or how it begins')
    .requiredOption('--reason <reason>', 'why it need not be done; kept in the audit', readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- jobs discard 3f2c81aa --reason "the call was erased"')
    .action(async (id: string, options: FormatOptions & { readonly reason: string }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => discard(access, id, options.reason))),
    );
  for (const command of jobs.commands) command.copyInheritedSettings(program);
}
