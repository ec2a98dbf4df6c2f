import type { Transaction } from '../../store/database.ts';
import {
  readCallbackFigures,
  readPeopleFigures,
  readReviewFigures,
  type CallbackFigures,
  type PeopleFigures,
  type ReviewFigures,
} from '../../store/reportPeopleQueries.ts';
import { readCallFigures, type CallFigures } from '../../store/reportQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
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
  readonly reviews: ReviewFigures;
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
  return {
    period,
    madeAt: now,
    calls: await readCallFigures(tx, asked),
    askedDirectly: await readAskedDirectly(tx, asked),
    people: await readPeopleFigures(tx, asked),
    callbacks: await readCallbackFigures(tx, asked),
    reviews: await readReviewFigures(tx, asked),
  };
}
