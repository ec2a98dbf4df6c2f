import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { consentKinds, type ConsentAnswer, type ConsentKind } from '../../store/consents.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withPeriod, type PeriodOptions } from '../listing.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { list } from './list.ts';
import { withdraw } from './withdraw.ts';

/** Adds `consents` with its commands to the program; `end` takes the exit code. */
export function addConsents(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const consents = program
    .command('consents')
    .summary('what callers agreed to')
    .description(
      'What callers agreed to: that their words are kept (keepWords), that they are rung (followUp), that they are written to (sms). Each answer stays on record with the version of the words it was asked with.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- consents list --since 7d --answer withdrawn
  npm run sanad -- consents withdraw 91234567 --kind keepWords --reason "asked on the phone"`,
    );
  addList(consents, terminal, end);
  addWithdraw(consents, terminal, end);
  for (const command of consents.commands) command.copyInheritedSettings(program);
}

export interface ConsentListWords extends FormatOptions, PeriodOptions {
  readonly kind?: ConsentKind;
  readonly answer?: ConsentAnswer;
  readonly caller?: string;
  readonly limit: number;
  readonly zone: string;
}

function addList(consents: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  withPeriod(
    consents
      .command('list')
      .summary('answers, the newest first')
      .description('Lists answers, the newest first. The words of an answer are in callers export.'),
  )
    .option('--kind <kind>', consentKinds.join(', '), readKind)
    .option('--answer <answer>', 'given, refused, withdrawn', readAnswer)
    .option('--caller <caller>', 'of one caller: number or id')
    .option('--limit <n>', 'how many', readLimit, 50)
    .option('--zone <zone>', 'of the times, typed and shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'for a spreadsheet (times in UTC)')
    .addHelpText('after', '\nExample:\n  npm run sanad -- consents list --caller 91234567')
    .action(async (options: ConsentListWords) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => list(access, options, systemClock.wall()))),
    );
}

interface WithdrawWords extends FormatOptions {
  readonly kind: ConsentKind | 'all';
  readonly reason: string;
}

function addWithdraw(consents: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  consents
    .command('withdraw')
    .summary('a caller takes consent back')
    .description(
      'Writes down that a caller takes consent back. It holds at once for what is to come. Words kept until now go with the next sweep, those of the last day when they are a day old.',
    )
    .argument('<caller>', 'number (91234567, +968…), id, or how the id begins')
    .option('--kind <kind>', `${consentKinds.join(', ')}, or all`, readKindOrAll, 'all')
    .requiredOption('--reason <text>', 'how you know; kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- consents withdraw 91234567 --reason "asked on the phone"')
    .action(async (words: string, options: WithdrawWords) => {
      const kinds = options.kind === 'all' ? consentKinds : [options.kind];
      const at = systemClock.wall();
      end(
        await performAsStaff(terminal, formatOf(options), (access) =>
          withdraw(access, words, { kinds, reason: options.reason, at }),
        ),
      );
    });
}

function readKind(text: string): ConsentKind {
  const kind = consentKinds.find((each) => each === text);
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(`It is one of: ${consentKinds.join(', ')}.`);
}

function readKindOrAll(text: string): ConsentKind | 'all' {
  return text === 'all' ? 'all' : readKind(text);
}

function readAnswer(text: string): ConsentAnswer {
  if (text === 'given' || text === 'refused' || text === 'withdrawn') return text;
  throw new InvalidArgumentError('It is given, refused or withdrawn.');
}

function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 10000.');
}
