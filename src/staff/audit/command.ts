import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import type { NotedEntry } from '../../store/auditVerify.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import { createOutput, type Terminal } from '../output.ts';
import { instantOf, readTimeWords, readZone, usualZone, type TimeWords } from '../zonedTime.ts';
import { list } from './list.ts';
import { verify } from './verify.ts';

type End = (code: ExitCode) => void;

/** Adds `audit` with its commands to the program; `end` takes the exit code. */
export function addAudit(program: Command, terminal: Terminal, end: End): void {
  const audit = program
    .command('audit')
    .summary('who did what, and whether the record of it is whole')
    .description(
      'The audit: who read, exported, changed or erased what and why, and what was decided about danger. Entries are only ever added; each holds the hash of the one before it.',
    )
    .addHelpText('after', examples);
  addList(audit, terminal, end);
  addVerify(audit, terminal, end);
}

const examples = `
Examples:
  npm run sanad -- audit list --since yesterday
  npm run sanad -- audit verify

What it can find out, and what not: docs/decisions/audit-chain.md`;

interface ListWords extends FormatOptions {
  readonly since?: TimeWords;
  readonly until?: TimeWords;
  readonly action?: string;
  readonly subject?: string;
  readonly by?: string;
  readonly before?: number;
  readonly limit: number;
  readonly zone: string;
}

function addList(audit: Command, terminal: Terminal, end: End): void {
  audit
    .command('list')
    .summary('what was done, the newest first')
    .description('Lists what was done, by whom, to what and why; the newest first. That you looked is audited, too.')
    .option('--since <when>', 'from then on: 2026-11-26, "2026-11-26 03:00", today, 7d', readTimeWords)
    .option('--until <when>', 'up to then; a day is meant to its end', readTimeWords)
    .option('--action <action>', 'only this, for example callerErased', readAction)
    .option('--subject <id>', 'only what was done to this call, caller, …', readId)
    .option('--by <id>', 'only what this member of staff did', readUuid)
    .option('--before <entry>', 'only entries before this number: the next page', readEntryNumber)
    .option('--limit <n>', 'how many at most, 1 to 1000', readLimit, 50)
    .option('--zone <zone>', 'of all times', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'the same for a spreadsheet')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- audit list --since 7d --action wordsRead
  npm run sanad -- audit list --subject 3f2a91bc-0d5e-4c1b-8a75-51f0e3a7d9c2
  npm run -s sanad -- audit list --since 2026-11-01 --limit 1000 --csv > audit.csv`,
    )
    .action(async (options: ListWords) => {
      const { since, until, zone, action, subject: subjectId, by: actorId, before: beforeSeq, limit: most } = options;
      const now = systemClock.wall();
      const from = since && instantOf(since, 'from', zone, now);
      const to = until && instantOf(until, 'to', zone, now);
      const filter = { from, to, action, subjectId, actorId, beforeSeq, most };
      end(await performAsStaff(terminal, formatOf(options), (access) => list(access, filter, zone)));
    });
}

function addVerify(audit: Command, terminal: Terminal, end: End): void {
  audit
    .command('verify')
    .summary('is the audit whole?')
    .description(
      'Goes through the whole chain and names the first entry that was changed, moved, deleted or forged. Exit code 1 when there is one.',
    )
    .option('--noted <entry:hash>', 'an earlier last entry that you noted elsewhere', readNoted)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Note the last entry down where nobody who administers the database can change
it: with it, the next verification also finds what was cut off at the end.

Examples:
  npm run sanad -- audit verify
  npm run sanad -- audit verify --noted 1042:9f86d081884c7d659a2feaa0c55ad015a3bf…`,
    )
    .action(async (options: FormatOptions & { readonly noted?: NotedEntry }) => {
      const { progress } = createOutput(terminal);
      const onProgress = (checked: number, of: number): void => progress(`verified ${checked} of ${of}`);
      const work = performAsStaff(terminal, formatOf(options), (access) =>
        verify(access, options.noted ?? null, onProgress).finally(() => progress(null)),
      );
      end(await work);
    });
}

function readAction(text: string): string {
  if (/^[a-zA-Z]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('It is one word as audit list shows it, for example wordsRead.');
}

function readId(text: string): string {
  if (/^[\w.:+/-]{1,80}$/.test(text)) return text;
  throw new InvalidArgumentError('It is an id as audit list shows it.');
}

function readUuid(text: string): string {
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError('It is the whole id of a member of staff, as staff list --json shows it.');
}

function readEntryNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is the number of an entry, for example 1042.');
}

function readLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 1_000) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
}

function readNoted(text: string): NotedEntry {
  const parts = /^([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(text.trim());
  if (parts !== null) return { seq: Number(parts[1]), hash: Buffer.from(parts[2] ?? '', 'hex') };
  throw new InvalidArgumentError('It is the number and the hash as audit verify shows them, with a colon between.');
}
