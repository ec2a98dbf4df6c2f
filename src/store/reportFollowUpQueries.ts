import { z } from 'zod';
import type { Transaction } from './database.ts';
import type { ReportPeriod } from './reportQueries.ts';
import { readRows, run } from './rows.ts';

/** What reports count of follow-ups, in the organisation of the transaction: contacts by when they are due, messages by when they were written. */

const followUpFigures = z.object({
  contacts: z.number(),
  waiting: z.number(),
  cancelled: z.number(),
  done: z.number(),
  /** The message was delivered, or the check-in call was answered. */
  reached: z.number(),
  messages: z.number(),
  drafts: z.number(),
  approved: z.number(),
  sent: z.number(),
  delivered: z.number(),
  failed: z.number(),
  replies: z.number(),
  /** Replies with danger, each of which opens a record as a call does. */
  repliesWithRisk: z.number(),
  optOuts: z.number(),
});

export type FollowUpFigures = z.infer<typeof followUpFigures>;

export async function readFollowUpFigures(tx: Transaction, period: ReportPeriod): Promise<FollowUpFigures> {
  const { organisationId, from, to } = period;
  const result = await run(
    tx,
    `with contacts as (
       select f.state, m.state = 'delivered' or c.answered_at is not null as reached
       from follow_ups f left join messages m on m.follow_up_id = f.id left join calls c on c.id = f.called_call_id
       where f.organisation_id = ? and f.due_at >= ? and f.due_at < ?),
     written as (
       select direction, state from messages where organisation_id = ? and created_at >= ? and created_at < ?),
     outgoing as (select state from written where direction = 'out')
     select jsonb_build_object(
       'contacts', count(*), 'waiting', count(*) filter (where state in ('planned', 'approved')),
       'cancelled', count(*) filter (where state = 'cancelled'), 'done', count(*) filter (where state = 'done'),
       'reached', count(*) filter (where reached),
       'messages', (select count(*) from outgoing),
       'drafts', (select count(*) from outgoing where state = 'draft'),
       'approved', (select count(*) from outgoing where state in ('approved', 'queued')),
       'sent', (select count(*) from outgoing where state = 'sent'),
       'delivered', (select count(*) from outgoing where state = 'delivered'),
       'failed', (select count(*) from outgoing where state = 'failed'),
       'replies', (select count(*) from written where direction = 'in'),
       'repliesWithRisk', (select count(*) from calls where organisation_id = ? and started_at >= ? and started_at < ?
         and call_sid like 'SM%'),
       'optOuts', (select count(*) from opt_outs where organisation_id = ? and at >= ? and at < ?))::text as figures
     from contacts`,
    Array.from({ length: 4 }, () => [organisationId, from, to]).flat(),
  );
  const text = readRows(z.object({ figures: z.string() }), result)[0]?.figures ?? 'null';
  return followUpFigures.parse(JSON.parse(text) as unknown);
}
