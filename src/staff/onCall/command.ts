import type { Command } from 'commander';
import type { RiskLevel } from '../../call/meaning.ts';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { add, edit, remove, type Fields } from './change.ts';
import * as read from './fields.ts';
import { list } from './list.ts';
import { now } from './now.ts';
import { rotaOf, type Rota } from './openRota.ts';

type End = (code: ExitCode) => void;

interface Json {
  readonly json?: true;
}

/** Adds `on-call` with its commands to the program; `end` takes the exit code. */
export function addOnCall(program: Command, terminal: Terminal, end: End): void {
  const onCall = program
    .command('on-call')
    .summary('the people who are rung when a caller needs one')
    .description(
      'The rota: who is rung when a caller asks for a person or is in danger. Names and numbers are sealed. Needs DATA_KEY, TWILIO_PHONE_NUMBER and DATABASE_URL; without the last, the embedded database of npm start. Times are those of Muscat.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, action) =>
    end(await performAsStaff(terminal, formatOf(options), (access) => action(rotaOf(access), systemClock.wall())));
  addAdd(onCall, perform);
  addList(onCall, perform);
  addEdit(onCall, perform);
  addRemove(onCall, perform);
  addNow(onCall, perform);
}

type Perform = (options: Json, action: (rota: Rota, at: Date) => Promise<Outcome>) => Promise<void>;

const examples = `
Examples:
  npm run sanad -- on-call list                 who is on the rota
  npm run sanad -- on-call add --name "Aisha" --number 91234567
  npm run sanad -- on-call now                  who would be rung now
  npm run sanad -- help on-call                 this text
  npm run sanad -- on-call add --help           all about one command

What it all means: docs/on-call.md`;

const shiftHelp = 'when, e.g. "sun-thu 08:00-16:00; fri,sat 20:00-08:00"; none: always';

/** The options that `add` and `edit` share. */
function withFields(command: Command): Command {
  return command
    .option('--languages <codes>', 'spoken languages, two letters each: ar,en', read.readLanguages)
    .option('--gender <f|m|none>', 'preferred for callers of the same', read.readGender)
    .option('--shift <days and hours>', shiftHelp, read.readShifts)
    .option('--priority <1-99>', '1 is rung first', read.readPriority)
    .option('--role <role>', 'listener, or supervisor (rung after them)', read.readRole)
    .option('--active <yes|no>', 'no: stays on the rota, and is never rung', read.readYesNo)
    .option('--json', 'the same as data');
}

function addAdd(onCall: Command, perform: Perform): void {
  const command = onCall
    .command('add')
    .summary('add a person')
    .description('Adds a person. Without --shift they are always on call.')
    .requiredOption('--name <name>', 'as colleagues know them', read.readName)
    .requiredOption('--number <number>', 'their telephone; Omani without +', read.readNumber);
  withFields(command)
    .addHelpText(
      'after',
      `
Unless said otherwise: speaks ar, listener, priority 10, active.

Examples:
  npm run sanad -- on-call add --name "عائشة" --number 91234567 --gender f
  npm run sanad -- on-call add --name "Salim" --number "+968 7123 4567" \\
    --languages ar,en --shift "sun-thu 08:00-16:00" --priority 5
  npm run sanad -- on-call add --name "Dr Huda" --number 92345678 \\
    --role supervisor --shift "fri,sat 20:00-08:00"

A shift that ends earlier than it begins goes over midnight; the days are those
on which it begins.`,
    )
    .action(async (options: Json & Pick<Fields, 'name' | 'number'> & Partial<Fields>) => {
      const { json: _, ...given } = options;
      const fields: Fields = { ...usual, ...given };
      await perform(options, (rota, at) => add(rota, fields, at));
    });
}

const usual = { languages: ['ar'], gender: null, shift: [], priority: 10, role: 'listener', active: true } as const;

function addEdit(onCall: Command, perform: Perform): void {
  const command = onCall
    .command('edit')
    .summary('change a person')
    .description('Changes what is named and leaves the rest. A person is named by id, its beginning, or name.')
    .argument('<person>', 'id or name, as on-call list shows them')
    .option('--name <name>', 'as colleagues know them', read.readName)
    .option('--number <number>', 'their telephone; Omani without +', read.readNumber);
  withFields(command)
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- on-call edit Salim --shift "sun-thu 16:00-00:00"
  npm run sanad -- on-call edit Salim --shift none       always on call
  npm run sanad -- on-call edit 3f2a91bc --active no     on leave`,
    )
    .action(async (person: string, options: Json & Partial<Fields>) => {
      const { json: _, ...fields } = options;
      await perform(options, (rota, at) => edit(rota, person, fields, at));
    });
}

function addRemove(onCall: Command, perform: Perform): void {
  onCall
    .command('remove')
    .summary('take a person off for good')
    .description(
      'Takes a person off the rota and forgets name and number for good. Which calls they were rung for stays on record, under the id alone. For a leave, use: on-call edit PERSON --active no',
    )
    .argument('<person>', 'id or name, as on-call list shows them')
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Example:
  npm run sanad -- on-call remove Salim`,
    )
    .action(async (person: string, options: Json) => {
      await perform(options, (rota) => remove(rota, person));
    });
}

function addList(onCall: Command, perform: Perform): void {
  onCall
    .command('list')
    .summary('who is on the rota')
    .description('Lists who is on the rota, by priority. Numbers are masked.')
    .option('--all', 'also those who are not active')
    .option('--numbers', 'show the numbers')
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- on-call list --all
  npm run -s sanad -- on-call list --json --numbers    for a program (E.164)`,
    )
    .action(async (options: Json & { readonly all?: true; readonly numbers?: true }) => {
      const { all = false, numbers = false } = options;
      await perform(options, (rota, at) => list(rota, { all, numbers }, at));
    });
}

interface NowWords extends Json {
  readonly at?: Date;
  readonly language?: string;
  readonly gender?: 'f' | 'm' | null;
  readonly level: RiskLevel;
  readonly numbers?: true;
}

function addNow(onCall: Command, perform: Perform): void {
  onCall
    .command('now')
    .summary('who would be rung now, and in which order')
    .description(
      'Shows whom a caller in danger would be put through to: wave by wave, if nobody answered, by the same rules as a real call. It rings nobody.',
    )
    .option('--at <day and time>', 'at another time, of Muscat: "2026-11-26 03:00"', read.readInstant)
    .option('--language <code>', 'of the caller; that of the line if not given', read.readLanguage)
    .option('--gender <f|m|none>', 'of the caller', read.readGender)
    .option('--level <level>', 'of danger: low, moderate, high, imminent', read.readLevel, 'high')
    .option('--numbers', 'show the numbers')
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- on-call now
  npm run sanad -- on-call now --at "2026-11-27 03:00"
  npm run sanad -- on-call now --language en --gender f --level imminent`,
    )
    .action(async (options: NowWords) => {
      const { at = null, language = null, gender = null, level, numbers = false } = options;
      await perform(options, (rota, clock) => now(rota, { at, language, gender, level, numbers }, clock));
    });
}
