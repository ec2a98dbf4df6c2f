import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import type { Transaction } from './database.ts';
import type { ReportPeriod } from './reportQueries.ts';
import { reviewMarks, sampleDraw } from './reviews.ts';
import { readRows, run } from './rows.ts';

/** What reports count of the bringing of people, of promises to call back, and of reviews; in the organisation of the transaction. */

const counts = z.record(z.string(), z.number());
const spread = z.object({
  count: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
});

const peopleFigures = z.object({
  escalations: z.number(),
  open: z.number(),
  byReason: counts,
  byLevel: z.partialRecord(z.enum(riskLevels), z.number()),
  byOutcome: counts,
  /** Of callers at `high` or `imminent`, gone before anybody had joined. */
  goneAfterDisclosure: z.number(),
  /** Caller and person had met, and lost each other within seconds: rung for anew. */
  personLost: z.number(),
  /** From the request, which is written together with the assessment. */
  ringMs: spread,
  acceptMs: spread,
  personMs: spread,
  telephonesRung: z.number(),
  byAnswer: counts,
});

export type PeopleFigures = z.infer<typeof peopleFigures>;

const sinceRequest = (column: string): string => `
  (select jsonb_build_object('count', count(ms), 'p50', (percentile_disc(0.5) within group (order by ms)),
     'p95', (percentile_disc(0.95) within group (order by ms)), 'max', max(ms))
   from (select greatest(0, round(extract(epoch from ${column} - requested_at) * 1000)) as ms from period
         where ${column} is not null) measured)`;

const countsBy = (column: string, from: string): string => `
  (select coalesce(jsonb_object_agg(name, n), '{}'::jsonb)
   from (select ${column} as name, count(*) as n from ${from} where ${column} is not null group by ${column}) counted)`;

/** By when the person was asked for. */
export async function readPeopleFigures(tx: Transaction, period: ReportPeriod): Promise<PeopleFigures> {
  const result = await run(
    tx,
    `with period as materialized (
       select id, state, reason, level, outcome, requested_at, ringing_at, accepted_at, bridged_at
       from escalations where organisation_id = ? and requested_at >= ? and requested_at < ?),
     rung as materialized (
       select a.state from period join escalation_attempts a on a.escalation_id = period.id where a.dialled_at is not null)
     select jsonb_build_object(
       'escalations', count(*), 'open', count(*) filter (where state <> 'closed'),
       'goneAfterDisclosure', count(*) filter (where outcome = 'callerGone' and level in ('high', 'imminent')),
       'personLost', count(*) filter (where reason = 'dropped'),
       'byReason', ${countsBy('reason', 'period')}, 'byLevel', ${countsBy('level', 'period')},
       'byOutcome', ${countsBy('outcome', 'period')},
       'ringMs', ${sinceRequest('ringing_at')}, 'acceptMs', ${sinceRequest('accepted_at')},
       'personMs', ${sinceRequest('bridged_at')},
       'telephonesRung', (select count(*) from rung), 'byAnswer', ${countsBy('state', 'rung')})::text as figures
     from period`,
    [period.organisationId, period.from, period.to],
  );
  return peopleFigures.parse(figuresIn(result));
}

const callbackFigures = z.object({
  /** Of people; by deadline. Sanad's own calls have no deadline but a time at which they are made. */
  promised: z.number(),
  keptInTime: z.number(),
  keptLate: z.number(),
  notNeeded: z.number(),
  waiting: z.number(),
  overdue: z.number(),
  byOutcome: counts,
  automatic: z.number(),
  automaticMade: z.number(),
  automaticAnswered: z.number(),
});

export type CallbackFigures = z.infer<typeof callbackFigures>;

export async function readCallbackFigures(tx: Transaction, period: ReportPeriod): Promise<CallbackFigures> {
  const result = await run(
    tx,
    `with period as materialized (
       select kind, state, outcome, due_at, changed_at from callback_tasks
       where organisation_id = ? and due_at >= ? and due_at < ?),
     promised as (select * from period where kind <> 'automaticCallback'),
     automatic as (select * from period where kind = 'automaticCallback')
     select jsonb_build_object(
       'promised', count(*),
       'keptInTime', count(*) filter (where state = 'done' and changed_at <= due_at),
       'keptLate', count(*) filter (where state = 'done' and changed_at > due_at),
       'notNeeded', count(*) filter (where state = 'cancelled'),
       'waiting', count(*) filter (where state in ('waiting', 'calling') and due_at >= now()),
       'overdue', count(*) filter (where state in ('waiting', 'calling') and due_at < now()),
       'byOutcome', ${countsBy('outcome', 'promised')},
       'automatic', (select count(*) from automatic),
       'automaticMade', (select count(*) from automatic where state = 'done'),
       'automaticAnswered', (select count(*) from automatic where outcome = 'answered'))::text as figures
     from promised`,
    [period.organisationId, period.from, period.to],
  );
  return callbackFigures.parse(figuresIn(result));
}

const marks = z.partialRecord(z.enum(reviewMarks), z.number());

const reviewFigures = z.object({
  escalated: z.object({ calls: z.number(), marks }),
  sample: z.object({ calls: z.number(), marks, reviewedByLanguage: counts, missedByLanguage: counts }),
  /** Neither: somebody looked at them for a reason of their own, so that they say nothing about the others. */
  others: z.object({ marks }),
});

export type ReviewFigures = z.infer<typeof reviewFigures>;

/** Calls that are over, by when they began. `escalated`: with an escalation; `sample`: drawn from those without. */
export async function readReviewFigures(tx: Transaction, period: ReportPeriod): Promise<ReviewFigures> {
  const { organisationId, from, to } = period;
  const result = await run(
    tx,
    `with escalated as materialized (
       select c.id, r.mark from calls c left join reviews r on r.call_id = c.id
       where c.organisation_id = ? and c.started_at >= ? and c.started_at < ? and c.ended_at is not null
         and c.id in (select call_id from escalations where organisation_id = ? and requested_at >= ?
                        and requested_at < ?::timestamptz + interval '1 day')),
     sample as materialized (
       select c.id, c.language, r.mark from calls c left join reviews r on r.call_id = c.id
       where c.organisation_id = ? and c.started_at >= ? and c.started_at < ? and c.ended_at is not null
         and c.review_draw < ${sampleDraw} and not exists (select from escalations e where e.call_id = c.id)),
     missed as (select language from sample where mark = 'missed'),
     reviewed as (select language from sample where mark is not null),
     others as (
       select r.mark from reviews r join calls c on c.id = r.call_id
       where r.organisation_id = ? and r.marked_at >= ? and c.started_at >= ? and c.started_at < ?
         and c.review_draw >= ${sampleDraw} and not exists (select from escalations e where e.call_id = c.id))
     select jsonb_build_object(
       'escalated', jsonb_build_object('calls', (select count(*) from escalated), 'marks', ${countsBy('mark', 'escalated')}),
       'sample', jsonb_build_object('calls', (select count(*) from sample), 'marks', ${countsBy('mark', 'sample')},
         'reviewedByLanguage', ${countsBy('language', 'reviewed')}, 'missedByLanguage', ${countsBy('language', 'missed')}),
       'others', jsonb_build_object('marks', ${countsBy('mark', 'others')}))::text as figures`,
    [organisationId, from, to, organisationId, from, to, organisationId, from, to, organisationId, from, from, to],
  );
  return reviewFigures.parse(figuresIn(result));
}

/** JSON as text, since the driver would make an object of it that nothing has looked at. */
function figuresIn(result: unknown): unknown {
  return JSON.parse(readRows(z.object({ figures: z.string() }), result)[0]?.figures ?? 'null') as unknown;
}
