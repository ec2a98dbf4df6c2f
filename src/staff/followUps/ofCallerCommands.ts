import { Argument, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { readReason } from '../listing.ts';
import type { FormatOptions } from '../outcome.ts';
import { instantOf, readTimeWords, readZone, usualZone, type TimeWords } from '../zonedTime.ts';
import type { Perform } from './command.ts';
import { chooseWording, draft, optOut, stop } from './ofCaller.ts';

interface Reason extends FormatOptions {
  readonly reason: string;
}

interface DraftOptions extends FormatOptions {
  readonly text?: string;
  readonly template?: string;
  readonly language: string;
  readonly due?: TimeWords;
  readonly zone: string;
}

const callerWords = 'number (91234567, +968…), id, or how the id begins';

/** `draft`, `stop`, `opt-out` and `wording`. */
export function addOfCaller(followUps: Command, perform: Perform): void {
  addDraft(followUps, perform);
  followUps
    .command('stop')
    .summary('end the follow-ups of a caller')
    .description(
      'Ends the plan of a caller; what is not on its way is cancelled. The end of a new call begins another.',
    )
    .argument('<caller>', callerWords)
    .option('--linked-to-care', 'the caller has help that goes on')
    .requiredOption('--reason <text>', 'how you know; kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- follow-ups stop 91234567 --linked-to-care --reason "sees a doctor"',
    )
    .action(async (caller: string, options: Reason & { readonly linkedToCare?: true }) => {
      const { reason, linkedToCare = false } = options;
      await perform(options, (access) => stop(access, caller, { linkedToCare, reason }, systemClock.wall()));
    });
  followUps
    .command('opt-out')
    .summary('a caller wants no messages')
    .description('Writes down that a caller wants no messages, for good. They may still be rung if they agreed to it.')
    .argument('<caller>', callerWords)
    .requiredOption('--reason <text>', 'how you know; kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- follow-ups opt-out 91234567 --reason "said so in the call"')
    .action(async (caller: string, options: Reason) =>
      perform(options, (access) => optOut(access, caller, options.reason, systemClock.wall())),
    );
  followUps
    .command('wording')
    .summary('neutral or personal words for a caller')
    .description(
      'Neutral words are used unless the caller has said that nobody else reads their telephone. It holds from the next draft on.',
    )
    .argument('<caller>', callerWords)
    .addArgument(new Argument('<wording>', 'neutral or personal').choices(['neutral', 'personal']))
    .requiredOption('--reason <text>', 'how you know; kept in the audit, sealed', readReason)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- follow-ups wording 91234567 personal --reason "asked on the phone"',
    )
    .action(async (caller: string, wording: 'neutral' | 'personal', options: Reason) =>
      perform(options, (access) => chooseWording(access, caller, wording, options.reason)),
    );
}

function addDraft(followUps: Command, perform: Perform): void {
  followUps
    .command('draft')
    .summary('write a message of your own')
    .description(
      'Drafts a message to a caller. It waits for approval, and goes out only with the consent of the caller.',
    )
    .argument('<caller>', callerWords)
    .option('--text <text>', 'the words; nothing that tells a relative what they are about')
    .option('--template <template>', 'as follow-ups templates lists them')
    .option('--language <language>', 'ar-OM, ar or en', 'ar-OM')
    .option('--due <time>', 'not before then; now', readTimeWords)
    .option('--zone <zone>', 'of the time', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      '\nExample:\n  npm run sanad -- follow-ups draft 91234567 --text "السلام عليكم، نتمنى لك يوم طيب."',
    )
    .action(async (caller: string, options: DraftOptions) => {
      const now = systemClock.wall();
      const { text, template, language, due, zone } = options;
      const dueAt = due === undefined ? now : instantOf(due, 'from', zone, now);
      await perform(options, (access) => draft(access, caller, { text, template, language, dueAt }, now));
    });
}
