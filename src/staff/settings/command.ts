import type { Command } from 'commander';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { listSettings, setSetting, showSetting } from './settings.ts';

interface Words extends FormatOptions {
  readonly zone: string;
}

/** Adds `settings` with its commands; `end` takes the exit code. */
export function addSettings(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const settings = program
    .command('settings')
    .summary('what providers charge, for usage and reports')
    .description(
      'What may be changed while the line runs: what providers charge, by which usage and reports tell what calls cost. How long records are kept: retention.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- settings list
  npm run sanad -- settings set prices.twilio.callerLeg 0.0085
  npm run sanad -- settings set prices.openai.outputTokens default`,
    );
  settings
    .command('list')
    .summary('all settings, and where their values come from')
    .description('Lists all settings with their values, and who changed them when.')
    .option('--zone <zone>', 'of the times that are shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'for a spreadsheet (times in UTC)')
    .addHelpText('after', '\nExample:\n  npm run sanad -- settings list')
    .action(async (options: Words) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => listSettings(access, options.zone))),
    );
  settings
    .command('show')
    .summary('one setting')
    .description('Shows one setting, its default and where that comes from.')
    .argument('<setting>', 'its name, as settings list shows it')
    .option('--zone <zone>', 'of the times that are shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- settings show prices.azure.recognition')
    .action(async (name: string, options: Words) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => showSetting(access, name, options.zone))),
    );
  settings
    .command('set')
    .summary('change one setting')
    .description('Changes one setting. Reports tell all costs by the prices that are set when they are made.')
    .argument('<setting>', 'its name, as settings list shows it')
    .argument('<value>', 'of prices: a number with at most six places, or none; default takes the change back')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- settings set prices.twilio.personLeg 0.27')
    .action(async (name: string, value: string, options: FormatOptions) =>
      end(await performAsStaff(terminal, formatOf(options), (access) => setSetting(access, name, value))),
    );
  for (const command of settings.commands) command.copyInheritedSettings(program);
}
