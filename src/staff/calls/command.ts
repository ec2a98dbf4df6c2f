import { InvalidArgumentError, type Command } from 'commander';
import type { RiskLevel } from '../../call/meaning.ts';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readDuration, readReason, withListing, withPeriod } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { exportCall } from './exportCall.ts';
import { levelsIn, list, type CallListOptions } from './list.ts';
import { replayCall } from './replay.ts';
import { show } from './show.ts';
import { showTimeline } from './timeline.ts';
import { transcript } from './transcript.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

/** Adds `calls` with its commands; `end` takes the exit code. */
export function addCalls(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const calls = program
    .command('calls')
    .summary('what happened in calls')
    .description(
      'The calls that were on the line and are. An id may be shortened to its first characters. What callers said is sealed: reading it needs the right and a reason, and stands in the audit.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  addList(calls, perform);
  addShow(calls, perform);
  addTimeline(calls, perform);
  addTranscript(calls, perform);
  addExport(calls, perform);
  addReplay(calls, perform);
  for (const command of calls.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- calls list --since today
  npm run sanad -- calls list --level high+ --since 7d
  npm run sanad -- calls show 3f2a91bc
  npm run sanad -- calls timeline 3f2a91bc
  npm run sanad -- calls transcript 3f2a91bc --reason "complaint of today"
  npm run sanad -- calls replay 3f2a91bc
  npm run sanad -- calls list --help            all filters`;

const idHelp = 'id of the call, or how it begins; or CA… of the carrier';
const reasonHelp = 'why its words must be read; kept in the audit, sealed';

function addList(calls: Command, perform: Perform): void {
  const command = calls
    .command('list')
    .summary('calls, the newest first')
    .description('Lists calls, the newest first, without words. Filters add up: a call must fit them all.');
  withListing(
    withPeriod(command)
      .option('--level <level>', 'highest level reached: high, or high,imminent, or high+ (and above)', readLevels)
      .option('--outcome <outcome>', 'hungUp, goodbye, silence, length, lost …', readTag)
      .option('--language <code>', 'ar-OM, ar, en', readLanguageTag)
      .option('--min-duration <length>', 'at least so long: 90s, 5m, 1h', readDuration)
      .option('--max-duration <length>', 'at most so long', readDuration)
      .option('--on-call <person>', 'somebody of the rota who was rung for it: name or id')
      .option('--barge-in', 'the caller interrupted Sanad')
      .option('--failure', 'something failed: recogniser, model, voice, or our own code')
      .option('--live', 'still on the line'),
  )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- calls list --since "2026-11-26 20:00" --until 2026-11-27
  npm run sanad -- calls list --on-call Salim --level high+
  npm run sanad -- calls list --failure --since 1d
  npm run sanad -- calls list --after 3f2a91bc          the next page
  npm run -s sanad -- calls list --csv --limit 5000 > calls.csv`,
    )
    .action(async (options: CallListOptions) =>
      perform(options, (access) => list(access, options, systemClock.wall())),
    );
}

function addShow(calls: Command, perform: Perform): void {
  calls
    .command('show')
    .summary('all about one call, without words')
    .description('Shows times, outcome, levels of danger, who was brought, and what was promised. No words.')
    .argument('<id>', idHelp)
    .option('--zone <zone>', 'of the times shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- calls show 3f2a91bc')
    .action(async (id: string, options: FormatOptions & { readonly zone: string }) =>
      perform(options, (access) => show(access, id, options.zone)),
    );
}

function addTimeline(calls: Command, perform: Perform): void {
  calls
    .command('timeline')
    .summary('every decision of a call, one line each')
    .description(
      'Shows what happened and what was ordered, one line for each decision, under a legend. Words only with a reason.',
    )
    .argument('<id>', idHelp)
    .option('--reason <why>', `shows the words too; ${reasonHelp}`, readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- calls timeline 3f2a91bc')
    .action(async (id: string, options: FormatOptions & { readonly reason?: string }) =>
      perform(options, (access) => showTimeline(access, id, options.reason)),
    );
}

function addTranscript(calls: Command, perform: Perform): void {
  calls
    .command('transcript')
    .summary('what was said; needs a reason')
    .description("Shows what the caller and Sanad said. What the caller did not hear of Sanad's words is marked.")
    .argument('<id>', idHelp)
    .requiredOption('--reason <why>', reasonHelp, readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- calls transcript 3f2a91bc --reason "complaint of today"')
    .action(async (id: string, options: FormatOptions & { readonly reason: string }) =>
      perform(options, (access) => transcript(access, id, options.reason)),
    );
}

function addExport(calls: Command, perform: Perform): void {
  calls
    .command('export')
    .summary('a call as files; needs a reason')
    .description('Writes all that is kept of a call, words included: FILE.json, and FILE.txt to be read by people.')
    .argument('<id>', idHelp)
    .requiredOption('--out <file>', 'where to; .json and .txt are added')
    .requiredOption('--reason <why>', reasonHelp, readReason)
    .option('--force', 'replace files that are there')
    .option('--zone <zone>', 'of the times in the text', readZone, usualZone)
    .option('--json', 'what was written, as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- calls export 3f2a91bc --out case-12 --reason "case 12"')
    .action(
      async (
        id: string,
        options: FormatOptions & {
          readonly out: string;
          readonly reason: string;
          readonly force?: true;
          readonly zone: string;
        },
      ) => {
        const { out, reason, force = false, zone } = options;
        await perform(options, (access) => exportCall(access, id, { out, reason, force, zone }));
      },
    );
}

function addReplay(calls: Command, perform: Perform): void {
  calls
    .command('replay')
    .summary('prove that a call would be decided the same')
    .description(
      'Folds the log of a call with the code of this version, and compares each decision. Says the first that differs.',
    )
    .argument('<id>', idHelp)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Example:
  npm run sanad -- calls replay 3f2a91bc

Exit code: 0 the same decisions, 1 others, or it cannot be told, 2 wrong use.`,
    )
    .action(async (id: string, options: FormatOptions) => perform(options, (access) => replayCall(access, id)));
}

function readLevels(text: string): readonly RiskLevel[] {
  const levels = levelsIn(text);
  if (levels !== null) return levels;
  throw new InvalidArgumentError(
    'It is none, low, moderate, high, imminent; several with commas; or high+ for that and above.',
  );
}

function readTag(text: string): string {
  if (/^[a-zA-Z]{1,40}$/.test(text.trim())) return text.trim();
  throw new InvalidArgumentError('It is a word such as hungUp, goodbye, silence, length or lost.');
}

function readLanguageTag(text: string): string {
  if (/^[a-z]{2}(-[A-Z]{2})?$/.test(text.trim())) return text.trim();
  throw new InvalidArgumentError('It is ar-OM, ar or en.');
}
