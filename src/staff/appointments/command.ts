import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { messageLanguages, type MessageLanguage } from '../../followUp/templates.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { book, cancel, list, move, type BookOptions, type ListOptions } from './appointments.ts';
import { addHours, listHours, removeHour } from './slots.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess, now: Date) => Promise<Outcome>) => Promise<void>;

/** Adds `appointments` with its commands; `end` takes the exit code. */
export function addAppointments(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const appointments = program
    .command('appointments')
    .summary('hours with counsellors, and who has taken them')
    .description('Hours that counsellors offer, and the appointments of callers. All times are those of Muscat.')
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) =>
    end(await performAsStaff(terminal, formatOf(options), (access) => work(access, systemClock.wall())));
  addOffering(appointments, perform);
  addTaking(appointments, perform);
  for (const command of appointments.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- appointments add-slots --counsellor maryam --day 2026-11-29 --from 10:00 --to 13:00 --minutes 50
  npm run sanad -- appointments slots                   free hours
  npm run sanad -- appointments book 3f2a91bc --caller 91234567
  npm run sanad -- appointments list
  npm run sanad -- appointments move 8c1d20aa 77b0e912
  npm run sanad -- appointments cancel 8c1d20aa --reason "she rang and asked for it"`;

const mostListed = 1_000;

function withLimit(command: Command): Command {
  return command.option('--limit <n>', 'how many', readWhole, 100).option('--json', 'the same as data');
}

function readWhole(text: string): number {
  const number = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  if (number >= 1 && number <= mostListed) return number;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${mostListed}.`);
}

interface SlotOptions extends FormatOptions {
  readonly counsellor: string;
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
}

function addOffering(appointments: Command, perform: Perform): void {
  withLimit(appointments.command('slots').summary('hours that are free'))
    .option('--all', 'those that are taken too')
    .action(async (options: FormatOptions & { readonly all?: true; readonly limit: number }) =>
      perform(options, (access, now) => listHours(access, options, now)),
    );
  appointments
    .command('add-slots')
    .summary('offer hours of a counsellor')
    .requiredOption('--counsellor <tag>', 'for staff only; never said to a caller')
    .requiredOption('--day <day>', 'for example 2026-11-29')
    .requiredOption('--from <time>', 'for example 10:00')
    .requiredOption('--to <time>', 'for example 13:00')
    .option('--minutes <n>', 'of one appointment', readWhole, 50)
    .option('--json', 'the same as data')
    .action(async (options: SlotOptions) =>
      perform(options, (access, now) => addHours(access, options.counsellor, options, now)),
    );
  appointments
    .command('remove-slot')
    .summary('offer an hour no more')
    .argument('<id>', 'of the hour, or how it begins')
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions) =>
      perform(options, (access, now) => removeHour(access, id, now)),
    );
}

const language = (): Option =>
  new Option('--language <language>', 'of the reminder').choices(messageLanguages).default('ar-OM');

function addTaking(appointments: Command, perform: Perform): void {
  withLimit(appointments.command('list').summary('appointments to come'))
    .option('--caller <caller>', 'of one caller: number or id')
    .option('--all', 'those that were cancelled or are over too')
    .action(async (options: ListOptions & FormatOptions) =>
      perform(options, (access, now) => list(access, options, now)),
    );
  appointments
    .command('book')
    .summary('take an hour for a caller')
    .argument('<slot>', 'id of the hour, or how it begins')
    .requiredOption('--caller <caller>', 'number or id')
    .addOption(language())
    .option('--json', 'the same as data')
    .action(async (slot: string, options: BookOptions & FormatOptions) =>
      perform(options, (access, now) => book(access, slot, options, now)),
    );
  appointments
    .command('move')
    .summary('take another hour instead')
    .argument('<id>', 'of the appointment, or how it begins')
    .argument('<slot>', 'id of the hour, or how it begins')
    .addOption(language())
    .option('--json', 'the same as data')
    .action(async (id: string, slot: string, options: FormatOptions & { readonly language: MessageLanguage }) =>
      perform(options, (access, now) => move(access, id, slot, options, now)),
    );
  appointments
    .command('cancel')
    .summary('give an hour free again')
    .argument('<id>', 'of the appointment, or how it begins')
    .requiredOption('--reason <text>', 'why; kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions & { readonly reason: string }) =>
      perform(options, (access, now) => cancel(access, id, options.reason, now)),
    );
}
