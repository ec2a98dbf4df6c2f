import { InvalidArgumentError, type Command } from 'commander';
import { summaryStates, type SummaryState } from '../../store/summaries.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, type ListOptions } from '../listing.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { setProfileFrom, showProfile } from './profile.ts';
import { approve, edit, list, reject, show } from './summaries.ts';

/** Adds `summaries` and `profile` with their commands to the program; `end` takes the exit code. */
export function addSummaries(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const summaries = program
    .command('summaries')
    .summary('what calls were about, to be corrected and approved')
    .description(
      'When a call is over and the caller agreed that words are kept, a summary is written. It is a draft until a clinician approves it; only then can the next call go on from it.',
    )
    .addHelpText('after', examples);
  withListing(summaries.command('list').summary('drafts, or others'))
    .description('Lists summaries without their words, the newest first.')
    .option('--state <states>', `${summaryStates.join(', ')}, several with commas`, readStates, ['draft'] as const)
    .addHelpText('after', '\nExample:\n  npm run sanad -- summaries list --state draft,approved')
    .action(async (options: ListOptions & { readonly state: readonly SummaryState[] }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => list(access, options))),
    );
  const one = (name: string, summary: string, description: string): Command =>
    summaries.command(name).summary(summary).description(description).argument('<id>', 'the id, or how it begins');
  one('show', 'one summary, with its earlier versions', 'Shows a summary. Your reason stands in the audit.')
    .requiredOption('--reason <reason>', 'why you read it', readReason)
    .option('--zone <zone>', 'of the times', 'Asia/Muscat')
    .option('--json', 'the same as data; what `edit --file` takes')
    .action(async (id: string, options: FormatOptions & { readonly reason: string; readonly zone: string }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => show(access, id, options))),
    );
  one('edit', 'correct one', 'Puts a corrected summary in the place of a draft. The earlier version is kept.')
    .requiredOption('--file <file>', 'the summary as JSON: the field "summary" of `show --json`')
    .requiredOption('--version <n>', 'the version that you have read', readVersion)
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions & { readonly file: string; readonly version: number }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => edit(access, id, options))),
    );
  one('approve', 'let the next call go on from it', 'Approves the version that you have read.')
    .requiredOption('--version <n>', 'the version that you have read', readVersion)
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions & { readonly version: number }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => approve(access, id, options.version))),
    );
  one('reject', 'never use it', 'Rejects a draft, or takes an approval back. It can still be corrected.')
    .requiredOption('--version <n>', 'the version that you have read', readVersion)
    .requiredOption('--reason <reason>', 'what is wrong with it', readReason)
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions & { readonly version: number; readonly reason: string }) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => reject(access, id, options))),
    );
  addProfile(program, terminal, end);
  for (const command of summaries.commands) command.copyInheritedSettings(program);
}

function addProfile(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const profile = program
    .command('profile')
    .summary('how the responsible clinician wants summaries written')
    .description('Approach, tone, length, preferred words and examples: what every summary is written by.');
  profile
    .command('show')
    .summary('the profile that holds')
    .description('Shows the profile as `set` takes it.')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run -s sanad -- profile show --json > profile.json')
    .action(async (options: FormatOptions) => end(await performAsStaff(terminal, formatOf(options), showProfile)));
  profile
    .command('set')
    .summary('write summaries by another one')
    .description('Takes a profile from a JSON file. It holds for summaries written from then on.')
    .argument('<file>', 'JSON, as `profile show --json` gives it')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- profile set profile.json')
    .action(async (file: string, options: FormatOptions) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => setProfileFrom(access, file))),
    );
  for (const command of profile.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- summaries list
  npm run sanad -- summaries show 3f2c81aa --reason "supervision of 26 November"
  npm run -s sanad -- summaries show 3f2c81aa --reason "correction" --json > summary.json
  npm run sanad -- summaries edit 3f2c81aa --version 1 --file summary.json
  npm run sanad -- summaries approve 3f2c81aa --version 2

How they are made, and for what they are used: docs/summaries.md`;

function readStates(text: string): readonly SummaryState[] {
  const named = text.split(',').map((each) => each.trim());
  const known = named.flatMap((name) => summaryStates.filter((state) => state === name));
  if (known.length === named.length) return known;
  throw new InvalidArgumentError(`They are: ${summaryStates.join(', ')}.`);
}

function readVersion(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1, as show and list tell it.');
}
