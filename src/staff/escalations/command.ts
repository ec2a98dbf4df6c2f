import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { escalationOutcomes, escalationStates } from '../../store/escalationQueries.ts';
import { performAsStaff } from '../access/perform.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readReason, withListing, withPeriod, type ListOptions } from '../listing.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { list, type EscalationListOptions } from './list.ts';
import { show } from './show.ts';
import { done, tasks } from './tasks.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

/** Adds `escalations` and `tasks` with their commands; `end` takes the exit code. */
export function addEscalations(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  const escalations = program
    .command('escalations')
    .summary('when a person was brought, and how it went')
    .description(
      'Each time that a person was wanted on the line: why, who was rung, how long it took, what became of it.',
    )
    .addHelpText('after', examples);
  addList(escalations, perform);
  addShow(escalations, perform);
  const tasksCommand = program
    .command('tasks')
    .summary('promises to call back')
    .description('Who is still to be called back, by whom and until when; what is overdue comes first.')
    .addHelpText('after', taskExamples);
  addTasks(tasksCommand, perform);
  addDone(tasksCommand, perform);
  for (const command of [...escalations.commands, ...tasksCommand.commands]) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- escalations list --since 7d
  npm run sanad -- escalations list --open
  npm run sanad -- escalations show 51c0aa2e
  npm run sanad -- escalations show 51c0aa2e --reason "review of today"`;

const taskExamples = `
Examples:
  npm run sanad -- tasks list
  npm run sanad -- tasks done 9be1f004 --outcome reached
  npm run sanad -- tasks done 9be1f004 --outcome notReached \\
    --note "rang three times"`;

function addList(escalations: Command, perform: Perform): void {
  const command = escalations
    .command('list')
    .summary('escalations, the newest first')
    .description('Lists escalations, the newest first, without words.');
  withListing(
    withPeriod(command)
      .option('--state <state>', escalationStates.join(', '), oneOf(escalationStates))
      .option('--outcome <outcome>', escalationOutcomes.join(', '), oneOf(escalationOutcomes))
      .option('--open', 'not closed yet'),
  )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- escalations list --outcome nobody --since 30d
  npm run -s sanad -- escalations list --csv > escalations.csv`,
    )
    .action(async (options: EscalationListOptions) =>
      perform(options, (access) => list(access, options, systemClock.wall())),
    );
}

function addShow(escalations: Command, perform: Perform): void {
  escalations
    .command('show')
    .summary('one escalation, step by step')
    .description(
      'Shows states, telephones and times. The briefing holds words of the caller: it needs the right and a reason.',
    )
    .argument('<id>', 'id of the escalation, or how it begins')
    .option('--reason <why>', 'shows the briefing; kept in the audit, sealed', readReason)
    .option('--zone <zone>', 'of the times shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- escalations show 51c0aa2e')
    .action(async (id: string, options: FormatOptions & { readonly reason?: string; readonly zone: string }) =>
      perform(options, (access) => show(access, id, options)),
    );
}

function addTasks(command: Command, perform: Perform): void {
  withListing(
    command
      .command('list')
      .summary('what waits, overdue first')
      .description('Lists what is still to be done, by deadline.')
      .option('--all', 'also what is done or cancelled'),
  )
    .addHelpText('after', '\nExample:\n  npm run sanad -- tasks list')
    .action(async (options: ListOptions & { readonly all?: true }) =>
      perform(options, (access) => tasks(access, options)),
    );
}

function addDone(command: Command, perform: Perform): void {
  command
    .command('done')
    .summary('close a task')
    .description('Closes a task with what became of it.')
    .argument('<id>', 'id of the task, or how it begins')
    .requiredOption('--outcome <word>', 'reached, notReached, notWanted, wrongNumber …', readWord)
    .option('--note <text>', 'kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- tasks done 9be1f004 --outcome reached')
    .action(async (id: string, options: FormatOptions & { readonly outcome: string; readonly note?: string }) =>
      perform(options, (access) => done(access, id, options.outcome, options.note)),
    );
}

function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text.trim())) return text.trim();
    throw new InvalidArgumentError(`It is one of: ${words.join(', ')}.`);
  };
}

function readWord(text: string): string {
  if (/^[a-zA-Z]{1,40}$/.test(text.trim())) return text.trim();
  throw new InvalidArgumentError('It is one word of 1 to 40 letters, for example reached.');
}
