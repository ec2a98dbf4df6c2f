import { Option, type Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { performAsStaff } from '../access/perform.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions } from '../outcome.ts';
import { createOutput, type Terminal } from '../output.ts';
import { readTimeWords, readZone, usualZone } from '../zonedTime.ts';
import { makeReport, type ReportOptions } from './makeReport.ts';
import { pageLanguages } from './page.ts';
import { reportKinds, type ReportKind } from './period.ts';

const summaries: Readonly<Record<ReportKind, string>> = {
  day: 'one day, from midnight to midnight',
  week: 'one week, from Sunday to Saturday',
  month: 'one month of the calendar',
};

/** Adds `report` with its commands; `end` takes the exit code. */
export function addReport(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const report = program
    .command('report')
    .summary('how the line did: a day, a week, a month')
    .description(
      'Counts what happened: volume, answering, danger, people who were brought, promises, reviews, latency. Numbers only, nobody in particular. What each means: docs/reports.md',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- report day                      today, so far
  npm run sanad -- report day --on yesterday
  npm run sanad -- report week --on 2026-11-26     the week of that day
  npm run sanad -- report month --html november.html --language ar
  npm run -s sanad -- report month --csv > november.csv`,
    );
  for (const kind of reportKinds)
    report
      .command(kind)
      .summary(summaries[kind])
      .description(`Reports ${summaries[kind]}. Without --on: the one of today, so far.`)
      .option('--on <date>', `the ${kind} of this date: 2026-11-26, yesterday, 7d (ago)`, readTimeWords)
      .option('--zone <zone>', 'in which days and hours are told', readZone, usualZone)
      .option('--html <file>', 'as one page with charts, to be opened in a browser or printed')
      .addOption(new Option('--language <language>', 'of the page').choices(pageLanguages).default('en'))
      .option('--force', 'replace the file when it is there')
      .option('--thorough', 'look into every call with risk whether its caller was asked directly; takes minutes, once')
      .option('--json', 'the same as data')
      .option('--csv', 'for a spreadsheet: one number in a row')
      .addHelpText('after', `\nExample:\n  npm run sanad -- report ${kind} --on 2026-11-26`)
      .action(async (options: ReportOptions & FormatOptions) => {
        const { progress } = createOutput(terminal);
        const stopping = new AbortController();
        const stop = (): void => stopping.abort();
        process.once('SIGINT', stop);
        const shown = { said: progress, signal: stopping.signal };
        const code = await performAsStaff(terminal, formatOf(options), (access) =>
          makeReport(access, kind, options, systemClock.wall(), shown).finally(() => progress(null)),
        );
        process.off('SIGINT', stop);
        end(code);
      });
  for (const command of report.commands) command.copyInheritedSettings(program);
}
