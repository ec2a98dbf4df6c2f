import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { messageStates, type MessageState } from '../../followUp/messageState.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, withPeriod } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { instantOf, readTimeWords, readZone, usualZone, type TimeWords } from '../zonedTime.ts';
import { approve, called, edit, reject } from './decide.ts';
import { list, type FollowUpListOptions } from './list.ts';
import { listOfMessages, showOneMessage, type MessageListOptions } from './messages.ts';
import { addOfCaller } from './ofCallerCommands.ts';
import { addRules } from './rulesCommands.ts';
import { sendTest } from './sendTest.ts';
import { show } from './show.ts';

export type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

/** Adds `follow-ups` with its commands; `end` takes the exit code. */
export function addFollowUps(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const followUps = program
    .command('follow-ups')
    .summary('who is contacted after a call, and with which words')
    .description(
      'Contacts after calls: 24 and 72 hours later, then weekly, with consent only. No message goes out before a person has approved its words.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  addLooking(followUps, perform);
  addDeciding(followUps, perform);
  addSendTest(followUps, perform);
  addOfCaller(followUps, perform);
  addRules(followUps, perform);
  for (const command of followUps.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- follow-ups list                      what waits, with its text
  npm run sanad -- follow-ups list --which overdue      nobody has decided, or rung, in time
  npm run sanad -- follow-ups approve 3f2a91bc
  npm run sanad -- follow-ups edit 3f2a91bc --text "السلام عليكم، نتمنى لك يوم طيب."
  npm run sanad -- follow-ups reject 3f2a91bc --reason "she asked for silence"
  npm run sanad -- follow-ups stop 91234567 --linked-to-care --reason "sees a doctor"`;

function addLooking(followUps: Command, perform: Perform): void {
  withListing(
    followUps
      .command('list')
      .summary('contacts that wait, the earliest first')
      .description('Lists contacts with the text of each message. "!" marks what is overdue.')
      .addOption(
        new Option('--which <which>', 'waiting, overdue or all')
          .choices(['waiting', 'overdue', 'all'])
          .default('waiting'),
      )
      .option('--caller <caller>', 'of one caller: number or id'),
  )
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups list --which overdue')
    .action(async (options: FollowUpListOptions & FormatOptions) =>
      perform(options, (access) => list(access, options, systemClock.wall())),
    );
  followUps
    .command('show')
    .summary('one message with its text and history')
    .description('Shows one message with its text, who decided what, and what became of it.')
    .argument('<id>', 'of the contact or the message, or how it begins')
    .option('--zone <zone>', 'of the times that are shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups show 3f2a91bc')
    .action(async (id: string, options: FormatOptions & { readonly zone: string }) =>
      perform(options, (access) => show(access, id, options.zone)),
    );
}

interface EditOptions extends FormatOptions {
  readonly text?: string;
  readonly file?: string;
  readonly due?: TimeWords;
  readonly urgent?: boolean;
  readonly reason?: string;
  readonly zone: string;
}

function addDeciding(followUps: Command, perform: Perform): void {
  followUps
    .command('edit')
    .summary('change the text or the time of a message')
    .description(
      'Changes a message that is not on its way. An approval of before ends with it; the history keeps all words.',
    )
    .argument('<id>', 'of the contact or the message, or how it begins')
    .option('--text <text>', 'the new words')
    .option('--file <file>', 'the new words, from a file', readText)
    .option('--due <time>', 'not before then', readTimeWords)
    .option('--urgent', 'quiet hours do not hold for it')
    .option('--no-urgent', 'quiet hours hold for it')
    .option('--reason <text>', 'why; kept in the history and the audit, sealed', readReason)
    .option('--zone <zone>', 'of the time', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- follow-ups edit 3f2a91bc --text "نتمنى لك يوم طيب." --due "2026-11-29 10:00"',
    )
    .action(async (id: string, options: EditOptions) => {
      const now = systemClock.wall();
      const { text, file, due, urgent, reason, zone } = options;
      const dueAt = due === undefined ? undefined : instantOf(due, 'from', zone, now);
      await perform(options, (access) => edit(access, id, { text: text ?? file, dueAt, urgent, reason }, now));
    });
  followUps
    .command('approve')
    .summary('let messages go out when they are due')
    .description(
      'Approves messages in your name. Several are shown first with their texts; the same command with --yes, as it is printed then, approves exactly those words.',
    )
    .argument('<id...>', 'of contacts or messages; ID@VERSION only if unchanged')
    .option('--yes', 'several at once, whose texts were shown')
    .option('--zone <zone>', 'of the times that are shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups approve 3f2a91bc 77ac0e12')
    .action(async (ids: string[], options: FormatOptions & { readonly yes?: true; readonly zone: string }) => {
      const how = { yes: options.yes === true, zone: options.zone, now: systemClock.wall() };
      await perform(options, (access) => approve(access, ids, how));
    });
  followUps
    .command('called')
    .summary('a check-in call was made by a person')
    .description(
      'Sanad makes no check-in calls yet: whoever approved one rings the caller, and writes it down with this.',
    )
    .argument('<id>', 'of the contact, or how it begins')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups called 3f2a91bc')
    .action(async (id: string, options: FormatOptions) =>
      perform(options, (access) => called(access, id, systemClock.wall())),
    );
  followUps
    .command('reject')
    .summary('a message is not sent, or a check-in call not made')
    .description(
      'Rejects one that is not on its way. The plan goes on with the next contact; to end it: follow-ups stop.',
    )
    .argument('<id>', 'of the contact or the message, or how it begins')
    .requiredOption('--reason <text>', 'why; kept in the history and the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- follow-ups reject 3f2a91bc --reason "her brother reads her telephone"',
    )
    .action(async (id: string, options: FormatOptions & { readonly reason: string }) =>
      perform(options, (access) => reject(access, id, options.reason, systemClock.wall())),
    );
}

function addSendTest(followUps: Command, perform: Perform): void {
  followUps
    .command('send-test')
    .summary('see how a text looks on a telephone of ours')
    .description('Sends the text of a message to the telephone of somebody on call, at once. Never to a caller.')
    .argument('<id>', 'of the contact or the message, or how it begins')
    .requiredOption('--to <number>', 'of somebody on call')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups send-test 3f2a91bc --to 92345678')
    .action(async (id: string, options: FormatOptions & { readonly to: string }) =>
      perform(options, (access) => sendTest(access, id, options.to)),
    );
}

/** Adds `messages` with its commands. */
export function addMessages(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  const messages = program
    .command('messages')
    .summary('text messages to and from callers')
    .description(
      'Text messages in both directions with what became of them. Words only with a reason, which is audited.',
    )
    .addHelpText('after', '\nExample:\n  npm run sanad -- messages list --state failed --since 7d');
  withListing(
    withPeriod(messages.command('list').summary('the newest first').description('Lists messages, the newest first.'))
      .option('--state <states>', `${messageStates.join(', ')}; several with commas`, readStates)
      .addOption(new Option('--direction <direction>', 'only from callers, or only to them').choices(['in', 'out']))
      .option('--caller <caller>', 'of one caller: number or id')
      .option('--reason <text>', 'shows the words too; kept in the audit, sealed', readReason),
  )
    .addHelpText('after', '\nExample:\n  npm run sanad -- messages list --direction in --reason "answers of this week"')
    .action(async (options: MessageListOptions & FormatOptions) =>
      perform(options, (access) => listOfMessages(access, options, systemClock.wall())),
    );
  messages
    .command('show')
    .summary('one message with its history')
    .description('Shows one message with what became of it, and with its words when there is a reason.')
    .argument('<id>', 'or how it begins')
    .option('--reason <text>', 'shows the words too; kept in the audit, sealed', readReason)
    .option('--zone <zone>', 'of the times that are shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- messages show 3f2a91bc --reason "she complained"')
    .action(async (id: string, options: FormatOptions & { readonly reason?: string; readonly zone: string }) =>
      perform(options, (access) => showOneMessage(access, id, options.reason, options.zone)),
    );
  for (const command of messages.commands) command.copyInheritedSettings(program);
}

function readStates(text: string): readonly MessageState[] {
  return text.split(',').map((each) => {
    const state = messageStates.find((known) => known === each.trim());
    if (state === undefined) throw new InvalidArgumentError(`They are: ${messageStates.join(', ')}.`);
    return state;
  });
}

const longestText = 2_000;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, longestText).trim();
  } catch {
    throw new InvalidArgumentError(`${file} cannot be read.`);
  }
}
