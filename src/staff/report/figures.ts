import type { Transaction } from '../../store/database.ts';
import { readFollowUpFigures, type FollowUpFigures } from '../../store/reportFollowUpQueries.ts';
import {
  readCallbackFigures,
  readPeopleFigures,
  readReviewFigures,
  type CallbackFigures,
  type PeopleFigures,
  type ReviewFigures,
} from '../../store/reportPeopleQueries.ts';
import { readCallFigures, type CallFigures, type ReportPeriod } from '../../store/reportQueries.ts';
import { readOrganisationSettings } from '../../store/settings.ts';
import { readStageFigures, readUsage, type StageFigures, type UsageSum } from '../../store/usageQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { costOf, currencyOf, type Cost } from '../usage/cost.ts';
import { readAskedDirectly, type AskedDirectly } from './askedDirectly.ts';
import type { NamedPeriod } from './period.ts';

/** All that a report says, as numbers. */
export interface Report {
  readonly period: NamedPeriod;
  readonly madeAt: Date;
  readonly calls: CallFigures;
  readonly askedDirectly: AskedDirectly;
  readonly people: PeopleFigures;
  readonly callbacks: CallbackFigures;
  readonly followUps: FollowUpFigures;
  readonly reviews: ReviewFigures;
  readonly usage: UsageFigures;
  readonly stages: StageFigures;
}

export interface UsageFigures {
  readonly currency: string;
  readonly total: Cost;
  readonly byProvider: readonly { readonly provider: string; readonly cost: Cost }[];
  /** One for each provider and kind. */
  readonly sums: readonly UsageSum[];
}

/** Each part is of one moment; between two of them a call may have begun. */
export async function readReport(
  tx: Transaction,
  { organisationId }: StaffAccess,
  period: NamedPeriod,
  now: Date,
): Promise<Report> {
  const { from, to, zone } = period;
  const asked = { organisationId, from, to, zone };
  const calls = await readCallFigures(tx, asked);
  return {
    period,
    madeAt: now,
    calls,
    askedDirectly: await readAskedDirectly(tx, asked),
    people: await readPeopleFigures(tx, asked),
    callbacks: await readCallbackFigures(tx, asked),
    followUps: await readFollowUpFigures(tx, asked),
    reviews: await readReviewFigures(tx, asked),
    usage: await readUsageFigures(tx, asked),
    stages: await readStageFigures(tx, asked, calls.calls),
  };
}

async function readUsageFigures(tx: Transaction, period: ReportPeriod): Promise<UsageFigures> {
  const settings = await readOrganisationSettings(tx, period.organisationId);
  const sums = await readUsage(tx, period);
  const providers = [...new Set(sums.map(({ provider }) => provider))];
  return {
    currency: currencyOf(settings),
    total: costOf(sums, settings),
    byProvider: providers.map((provider) => ({
      provider,
      cost: costOf(
        sums.filter((each) => each.provider === provider),
        settings,
      ),
    })),
    sums,
  };
}
