import { Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { numberPurposes } from '../../escalation/emergencyNumbers.ts';
import { messageLanguages, type MessageLanguage } from '../../followUp/templates.ts';
import { costs, forWhoms } from '../../referral/service.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { sendNumber } from './sendNumber.ts';
import { add, check, edit, importFrom, list, remove } from './services.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess, now: Date) => Promise<Outcome>) => Promise<void>;

/** Adds `services` with its commands; `end` takes the exit code. */
export function addServices(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const services = program
    .command('services')
    .summary('other services that Sanad may name to a caller')
    .description(
      'The directory of other services. Sanad names at most two in a call, and only those whose number somebody has rung and whose verification has not expired.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) =>
    end(await performAsStaff(terminal, formatOf(options), (access) => work(access, systemClock.wall())));
  addLooking(services, perform);
  addChanging(services, perform);
  addSending(services, perform);
  for (const command of services.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- services list
  npm run sanad -- services check                       exit code 1: something is not, or soon not, named
  npm run sanad -- services import services.json
  npm run sanad -- services edit 3f2a91bc --verified-by "Aisha" --verified-on 2026-11-26 --expires-on 2027-05-26

What it all means: docs/services-and-appointments.md`;

function addLooking(services: Command, perform: Perform): void {
  services
    .command('list')
    .summary('all services, and whether each may be named')
    .option('--json', 'the same as data')
    .action(async (options: FormatOptions) => perform(options, list));
  services
    .command('check')
    .summary('what is not, or soon not, named')
    .option('--json', 'the same as data')
    .action(async (options: FormatOptions) => perform(options, check));
}

interface Fields extends FormatOptions {
  readonly nameAr?: string;
  readonly nameEn?: string;
  readonly forAr?: string;
  readonly forEn?: string;
  readonly number?: string;
  readonly purpose?: string;
  readonly hours?: string;
  readonly languages?: string;
  readonly cost?: string;
  readonly forWhom?: string;
  readonly verifiedBy?: string;
  readonly verifiedOn?: string;
  readonly expiresOn?: string;
}

function withFields(command: Command): Command {
  return command
    .option('--name-ar <name>', 'as it is spoken in Arabic; letters only')
    .option('--name-en <name>', 'as it is spoken in English; letters only')
    .option('--for-ar <text>', 'what it is for, in a few Arabic words')
    .option('--for-en <text>', 'what it is for, in a few English words')
    .option('--number <digits>', 'as a caller in Oman dials it')
    .addOption(new Option('--purpose <purpose>', 'what kind of service').choices(numberPurposes))
    .option('--hours <hours>', '24/7, or for example "sun-thu 08:00-16:00"')
    .option('--languages <codes>', 'two letters each: ar,en')
    .addOption(new Option('--cost <cost>', 'for the caller').choices(costs))
    .addOption(new Option('--for-whom <who>', 'who may ring').choices(forWhoms))
    .option('--verified-by <name>', 'who has rung the number')
    .option('--verified-on <day>', 'when, for example 2026-11-26')
    .option('--expires-on <day>', 'from then on it is not named')
    .option('--json', 'the same as data');
}

/** The fields of a file that were given. */
function given(options: Fields): object {
  const pair = (ar?: string, en?: string): object | undefined =>
    ar === undefined && en === undefined
      ? undefined
      : { ...(ar === undefined ? {} : { ar }), ...(en === undefined ? {} : { en }) };
  const all = {
    name: pair(options.nameAr, options.nameEn),
    what_for: pair(options.forAr, options.forEn),
    number: options.number,
    purpose: options.purpose,
    hours: options.hours,
    languages: options.languages?.split(',').map((each) => each.trim()),
    cost: options.cost,
    for_whom: options.forWhom,
    verified_by: options.verifiedBy,
    verified_on: options.verifiedOn,
    expires_on: options.expiresOn,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function addChanging(services: Command, perform: Perform): void {
  withFields(services.command('add').summary('add a service')).action(async (options: Fields) =>
    perform(options, (access, now) => add(access, { hours: '24/7', ...given(options) }, now)),
  );
  withFields(services.command('edit').summary('change a service').argument('<id>', 'or how it begins')).action(
    async (id: string, options: Fields) => perform(options, (access, now) => edit(access, id, given(options), now)),
  );
  services
    .command('remove')
    .summary('take a service out')
    .argument('<id>', 'or how it begins')
    .option('--json', 'the same as data')
    .action(async (id: string, options: FormatOptions) => perform(options, (access) => remove(access, id)));
  services
    .command('import')
    .summary('add and change services from a file that somebody has verified')
    .argument('<file>', 'a JSON list; all of it is kept, or nothing')
    .option('--json', 'the same as data')
    .action(async (file: string, options: FormatOptions) =>
      perform(options, (access, now) => importFrom(access, file, now)),
    );
}

interface SendOptions extends FormatOptions {
  readonly to: string;
  readonly language: MessageLanguage;
}

function addSending(services: Command, perform: Perform): void {
  services
    .command('send')
    .summary('write the number of a service to a caller')
    .description('Drafts a message with the number and nothing else. It goes out when somebody has approved it.')
    .argument('<id>', 'of the service, or how it begins')
    .requiredOption('--to <caller>', 'number or id')
    .addOption(new Option('--language <language>', 'of the message').choices(messageLanguages).default('ar-OM'))
    .option('--json', 'the same as data')
    .action(async (id: string, options: SendOptions) =>
      perform(options, (access, now) => sendNumber(access, id, options, now)),
    );
}
