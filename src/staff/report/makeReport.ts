import { existsSync } from 'node:fs';
import type { StaffAccess } from '../access/staffAccess.ts';
import { fileFault, openDraft } from '../draftFile.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { inZone, type TimeWords } from '../zonedTime.ts';
import { readReport, type Report } from './figures.ts';
import { pageOf, type PageLanguage } from './page.ts';
import { periodOf, type ReportKind } from './period.ts';
import { printReport, reportCsv } from './tellReport.ts';

export interface ReportOptions {
  readonly on?: TimeWords;
  readonly zone: string;
  readonly html?: string;
  readonly language: PageLanguage;
  readonly force?: true;
}

export async function makeReport(
  access: StaffAccess,
  kind: ReportKind,
  options: ReportOptions,
  now: Date,
): Promise<Outcome> {
  access.demand('seeReports');
  const { on, zone, html } = options;
  const found = periodOf(kind, on, zone, now);
  if (found.kind === 'future')
    return misused('future', `That ${kind} begins ${inZone(found.from, zone)} (${zone}): it is not here yet.`);
  const { period } = found;
  if (html !== undefined && options.force !== true && existsSync(html))
    return misused('fileExists', `${html} is there already. Name another file, or replace it with --force.`);
  await access.note('reportMade', { kind: 'report', id: `${kind}.${period.firstDay}` });
  const report = await access.database.within(access.organisationId, (tx) => readReport(tx, access, period, now));
  if (html === undefined) return told(report);
  const fault = writePage(html, pageOf(report, options.language), options.force === true);
  if (fault !== null) return refused('file', `${html} cannot be written: ${fault}. Nothing was left there.`);
  return {
    kind: 'done',
    json: { file: html, ...jsonOf(report) },
    print: ({ line }) => line(`Written: ${html}. It holds counts only; open it in a browser, or print it.`),
  };
}

function told(report: Report): Outcome {
  return { kind: 'done', json: jsonOf(report), csv: reportCsv(report), print: (output) => printReport(report, output) };
}

function jsonOf(report: Report): object {
  const { days: _, ...period } = report.period;
  return {
    ...report,
    period,
    notRecorded: ['followUps', 'providerUsage', 'cost', 'failovers', 'dialect', 'emergencyConfirmations'],
  };
}

/** What went wrong, in words; null when it was written. */
function writePage(file: string, page: string, replace: boolean): string | null {
  let draft: ReturnType<typeof openDraft> | null = null;
  try {
    draft = openDraft(file);
    draft.write(page);
    draft.keep(replace);
    return null;
  } catch (error) {
    const fault = fileFault(error);
    if (fault === null) throw error;
    return fault;
  } finally {
    draft?.discard();
  }
}
