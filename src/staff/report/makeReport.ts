import { existsSync } from 'node:fs';
import type { StaffAccess } from '../access/staffAccess.ts';
import { fileFault, openDraft } from '../draftFile.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { inZone, type TimeWords } from '../zonedTime.ts';
import { foldSome } from './askedDirectly.ts';
import { readReport, type Report } from './figures.ts';
import { pageOf, type PageLanguage } from './page.ts';
import { periodOf, type NamedPeriod, type ReportKind } from './period.ts';
import { printReport, reportCsv } from './tellReport.ts';

export interface ReportOptions {
  readonly on?: TimeWords;
  readonly zone: string;
  readonly html?: string;
  readonly language: PageLanguage;
  readonly force?: true;
  readonly thorough?: true;
}

/** How a report that takes long is told of and broken off. */
export interface Progress {
  readonly said: (text: string) => void;
  readonly signal: AbortSignal;
}

export async function makeReport(
  access: StaffAccess,
  kind: ReportKind,
  options: ReportOptions,
  now: Date,
  progress: Progress,
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
  await foldLogs(access, period, options.thorough === true, progress);
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

/**
 * Folds logs of calls with risk, a batch in a transaction: one batch, or with `--thorough` all of them. What is folded stays folded,
 * so that it can be broken off at any time.
 */
async function foldLogs(
  access: StaffAccess,
  period: NamedPeriod,
  thorough: boolean,
  progress: Progress,
): Promise<void> {
  const asked = { organisationId: access.organisationId, ...period };
  const batches = thorough ? Number.POSITIVE_INFINITY : 1;
  let folded = 0;
  for (let batch = 0; batch < batches && !progress.signal.aborted; batch += 1) {
    const some = await access.database.within(access.organisationId, (tx) => foldSome(tx, access, asked));
    if (some === 0) break;
    folded += some;
    progress.said(`folding logs of calls with risk: ${folded}`);
  }
  progress.said('counting …');
}

function told(report: Report): Outcome {
  return { kind: 'done', json: jsonOf(report), csv: reportCsv(report), print: (output) => printReport(report, output) };
}

function jsonOf(report: Report): object {
  const { days: _, ...period } = report.period;
  return {
    ...report,
    period,
    notRecorded: ['dialect', 'emergencyConfirmations'],
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
