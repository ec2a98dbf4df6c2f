import type { Command } from 'commander';
import { systemClock } from '../../clock.ts';
import type { FormatOptions } from '../outcome.ts';
import type { Perform } from './command.ts';
import { decideTemplate, hours, listTemplates } from './rules.ts';

/** `hours`, `templates`, `approve-template` and `withdraw-template`. */
export function addRules(followUps: Command, perform: Perform): void {
  followUps
    .command('hours')
    .summary('when callers may be contacted')
    .description('Shows the hours, or sets them from a file: usual ones, those of Fridays, and of Ramadan.')
    .option('--file <file>', 'the new hours, as JSON (docs/follow-ups.md)')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups hours --file hours.json')
    .action(async (options: FormatOptions & { readonly file?: string }) =>
      perform(options, (access) => hours(access, options.file)),
    );
  followUps
    .command('templates')
    .summary('the words that drafts are made of')
    .description('Lists the templates in their three languages with their segments.')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups templates')
    .action(async (options: FormatOptions) => perform(options, listTemplates));
  for (const decision of ['approve', 'withdraw'] as const)
    followUps
      .command(`${decision}-template`)
      .summary(decision === 'approve' ? 'reminders of it go out unseen' : 'each of its messages is looked at again')
      .description(
        decision === 'approve'
          ? 'Approves a template of reminders once for all its messages, with the words it has now.'
          : 'Takes the approval of a template back.',
      )
      .argument('<template>', 'as follow-ups templates lists them')
      .option('--json', 'the same as data')
      .addHelpText('after', `\nExample:\n  npm run sanad -- follow-ups ${decision}-template reminder`)
      .action(async (id: string, options: FormatOptions) =>
        perform(options, (access) => decideTemplate(access, id, decision, systemClock.wall())),
      );
}
