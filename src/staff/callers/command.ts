import type { Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, withPeriod } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import { createOutput, type Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { block, erase } from './change.ts';
import { exportCaller } from './exportCaller.ts';
import { list, type CallerListOptions } from './list.ts';
import { showProgress } from './progress.ts';
import { show } from './show.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

/** Adds `callers` with its commands to the program; `end` takes the exit code. */
export function addCallers(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const callers = program
    .command('callers')
    .summary('who has called, and what is kept of them')
    .description(
      'The callers whose number is known. One is named by number, by id, or by how the id begins. Looking is audited; words are not shown here.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  addList(callers, perform);
  addShow(callers, perform);
  addProgress(callers, perform);
  addExport(callers, perform, terminal);
  addErase(callers, perform);
  addBlock(callers, perform);
  for (const command of callers.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- callers list --since 7d
  npm run sanad -- callers show 91234567
  npm run sanad -- callers export 91234567 --out data --reason "asked by the caller"
  npm run sanad -- callers erase 91234567 --reason "asked by the caller" --yes

What is kept of a caller, how long, and who can read it: docs/records.md`;

const whoHelp = 'number (91234567, +968…), id, or how the id begins';
const reasonHelp = 'why; kept in the audit, sealed';

function addList(callers: Command, perform: Perform): void {
  const command = callers
    .command('list')
    .summary('callers, by their first call')
    .description('Lists callers by their first call, the newest first. Numbers are masked.');
  withListing(
    withPeriod(command)
      .option('--blocked', 'only those who are blocked')
      .option('--erased', 'also those who were erased')
      .option('--numbers', 'show the numbers'),
  )
    .addHelpText(
      'after',
      `
--since and --until are about the first call.

Examples:
  npm run sanad -- callers list --blocked
  npm run -s sanad -- callers list --since 2026-11-01 --csv > callers.csv`,
    )
    .action(async (options: CallerListOptions) =>
      perform(options, (access) => list(access, options, systemClock.wall())),
    );
}

function addShow(callers: Command, perform: Perform): void {
  callers
    .command('show')
    .summary('one caller: calls and consents')
    .description('Shows one caller: how often they called, what they agreed to, and their last calls. No words.')
    .argument('<caller>', whoHelp)
    .option('--numbers', 'show the number')
    .option('--zone <zone>', 'of the times', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run sanad -- callers show +96891234567\n  npm run sanad -- callers show 3f2a91bc',
    )
    .action(async (words: string, options: FormatOptions & { readonly numbers?: true; readonly zone: string }) =>
      perform(options, (access) => show(access, words, { numbers: options.numbers === true, zone: options.zone })),
    );
}

function addProgress(callers: Command, perform: Perform): void {
  callers
    .command('progress')
    .summary('how one caller said they felt, call by call')
    .description(
      'Draws the figures from 1 to 10 that one caller gave near the start and at the end of calls. Only of calls that they agreed to have kept. The reason is audited.',
    )
    .argument('<caller>', whoHelp)
    .requiredOption('--reason <text>', reasonHelp, readReason)
    .option('--zone <zone>', 'of the times', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'the same for a spreadsheet')
    .addHelpText(
      'after',
      `
Example:
  npm run sanad -- callers progress 3f2a91bc --reason "preparing the next call"

Nobody is asked for a figure unless the setting mood.ask is yes: docs/progress.md`,
    )
    .action(async (words: string, options: FormatOptions & { readonly reason: string; readonly zone: string }) => {
      const { reason, zone } = options;
      await perform(options, (access) => showProgress(access, words, { reason, zone }));
    });
}

interface ExportWords extends FormatOptions {
  readonly out: string;
  readonly reason: string;
  readonly force?: true;
  readonly zone: string;
}

function addExport(callers: Command, perform: Perform, terminal: Terminal): void {
  callers
    .command('export')
    .summary("one person's data, for that person")
    .description(
      'Writes all that is kept of one caller into FILE.json (data) and FILE.html (to be read and printed, Arabic and English). Only you can open the files.',
    )
    .argument('<caller>', whoHelp)
    .requiredOption('--out <file>', 'where to; .json and .html are added')
    .requiredOption('--reason <text>', reasonHelp, readReason)
    .option('--force', 'replace files that are there')
    .option('--zone <zone>', 'of the times', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Example:
  npm run sanad -- callers export 91234567 --out /secure/91234567 --reason "asked by the caller"

Make sure that whoever asks is the caller: ring the number back.`,
    )
    .action(async (words: string, options: ExportWords) => {
      const { out, reason, force = false, zone } = options;
      const { progress } = createOutput(terminal);
      const onProgress = (calls: number, of: number): void => progress(`calls: ${calls} of ${of}`);
      const now = systemClock.wall();
      await perform(options, (access) =>
        exportCaller(access, words, { out, reason, force, zone, now, onProgress }).finally(() => progress(null)),
      );
    });
}

interface EraseWords extends FormatOptions {
  readonly reason: string;
  readonly yes?: true;
  readonly cancelCallbacks?: true;
}

function addErase(callers: Command, perform: Perform): void {
  callers
    .command('erase')
    .summary('destroy all that leads back to a caller')
    .description(
      'Destroys number, key, words, log and evidence of one caller for good. That there were calls, with times and levels, stays; so does the audit. Not while the caller is on the line or being helped.',
    )
    .argument('<caller>', whoHelp)
    .requiredOption('--reason <text>', reasonHelp, readReason)
    .option('--yes', 'do it; without this it only says what would be done')
    .option('--cancel-callbacks', 'call off callbacks that were promised')
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Example:
  npm run sanad -- callers erase 91234567 --reason "asked by the caller" --yes

Export first if the caller wants their data: callers export --help`,
    )
    .action(async (words: string, options: EraseWords) => {
      const { reason, yes = false, cancelCallbacks = false } = options;
      await perform(options, (access) => erase(access, words, { reason, yes, cancelCallbacks }));
    });
}

function addBlock(callers: Command, perform: Perform): void {
  for (const [name, blocked] of [
    ['block', true],
    ['unblock', false],
  ] as const)
    callers
      .command(name)
      .summary(blocked ? 'no follow-ups, and a mark for staff' : 'take that back')
      .description(
        blocked
          ? 'No follow-ups to this caller any more, and a mark for staff (a nuisance, or a wrong number). Calls are answered all the same: someone who annoyed us yesterday may be in danger today.'
          : 'Follow-ups to this caller are possible again, if there is consent.',
      )
      .argument('<caller>', whoHelp)
      .requiredOption('--reason <text>', reasonHelp, readReason)
      .option('--json', 'the same as data')
      .addHelpText(
        'after',
        `\nExample:\n  npm run sanad -- callers ${name} 3f2a91bc --reason "${blocked ? 'abuse of listeners' : 'apologised'}"`,
      )
      .action(async (words: string, options: FormatOptions & { readonly reason: string }) =>
        perform(options, (access) => block(access, words, blocked, options.reason)),
      );
}
