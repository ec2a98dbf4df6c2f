import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { reviewMarks, type ReviewMark } from '../../store/reviews.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, withPeriod } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readTimeWords, readZone, usualZone } from '../zonedTime.ts';
import { list, type ReviewListOptions } from './list.ts';
import { mark, type MarkOptions } from './mark.ts';
import { markMeanings } from './marks.ts';
import { next, type NextOptions } from './next.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

/** Adds `review` with its commands; `end` takes the exit code. */
export function addReview(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const review = program
    .command('review')
    .summary('look at finished calls and say whether Sanad decided rightly')
    .description(
      'Every call for which a person was rung waits for a review, and 5 % of the others, drawn by hash. One mark for each call; the report counts them.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  addNext(review, perform);
  addMark(review, perform);
  addList(review, perform);
  for (const command of review.commands) command.copyInheritedSettings(program);
}

const examples = `
Marks:
${reviewMarks.map((each) => `  ${each.padEnd(10)} ${markMeanings[each]}`).join('\n')}

Examples:
  npm run sanad -- review next --reason "weekly review"
  npm run sanad -- review mark 3f2a91bc right
  npm run sanad -- review mark 3f2a91bc tooLate --note "second telephone only after 40 s"
  npm run sanad -- review list --mark missed,tooLate --since 30d`;

function addNext(review: Command, perform: Perform): void {
  review
    .command('next')
    .summary('the next call that waits for a review')
    .description(
      'Gives you the newest call that waits and keeps it for you for half an hour. Its words only with a reason.',
    )
    .option('--since <time>', 'calls that began from then on', readTimeWords, readTimeWords('30d'))
    .addOption(
      new Option('--pile <pile>', 'only calls with a person rung, or only the sample').choices(['escalated', 'sample']),
    )
    .option('--reason <why>', 'shows the words too; kept in the audit, sealed', readReason)
    .option('--zone <zone>', 'of the times, typed and shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- review next --pile sample --reason "weekly review"')
    .action(async (options: NextOptions & FormatOptions) =>
      perform(options, (access) => next(access, options, systemClock.wall())),
    );
}

function addMark(review: Command, perform: Perform): void {
  review
    .command('mark')
    .summary(`say what you found: ${reviewMarks.join(', ')}`)
    .description('Marks a finished call. Any call may be marked; only those that were drawn count as the sample.')
    .argument('<id>', 'id of the call, or how it begins')
    .argument('<mark>', reviewMarks.join(', '), readMark)
    .option('--note <text>', 'sealed like the words of the call, and removed with them; no names', readNote)
    .option('--change', 'replace the mark that stands, with its note; the audit keeps both marks')
    .option('--json', 'the same as data')
    .addHelpText('after', examples)
    .action(async (id: string, chosen: ReviewMark, options: MarkOptions & FormatOptions) =>
      perform(options, (access) => mark(access, id, chosen, options)),
    );
}

function addList(review: Command, perform: Perform): void {
  const command = review
    .command('list')
    .summary('what was marked, the latest first')
    .description('Lists marks. Notes may quote callers and are shown only with a reason.');
  withListing(
    withPeriod(command)
      .option('--mark <mark>', `${reviewMarks.join(', ')}; several with commas`, readMarks)
      .option('--reason <why>', 'shows the notes too; kept in the audit, sealed', readReason),
  )
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- review list --mark missed --since 30d --reason "case conference"',
    )
    .action(async (options: ReviewListOptions & FormatOptions) =>
      perform(options, (access) => list(access, options, systemClock.wall())),
    );
}

function readMark(text: string): ReviewMark {
  const found = reviewMarks.find((each) => each.toLowerCase() === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It is one of: ${reviewMarks.join(', ')}.`);
}

function readMarks(text: string): readonly ReviewMark[] {
  return text.split(',').map(readMark);
}

const longestNote = 2_000;

function readNote(text: string): string {
  const note = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  if (note.length >= 1 && note.length <= longestNote) return note;
  throw new InvalidArgumentError(`It is a text of at most ${longestNote} characters.`);
}
