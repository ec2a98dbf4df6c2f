import { z } from 'zod';
import type { CallNews } from '../escalation/model.ts';
import type { Transaction } from './database.ts';
import { addToOutbox } from './outbox.ts';
import type { EscalationNews, EscalationRequested, RiskAssessed } from './records.ts';
import { readCount, readRows, run } from './rows.ts';
import { seal, type Place, type SealingKey } from './sealing.ts';

/** How the writer of calls keeps what concerns an escalation. The state machine's own rows are in `escalations.ts`. */

export const briefingPlace = (escalationId: string): Place => ({
  table: 'escalations',
  column: 'briefing',
  row: escalationId,
});

/** The topic of the outbox, and with it of the job, that drives an escalation when no serving process does. */
export const escalationTopic = 'escalation';

interface CallPlace {
  readonly organisationId: string;
  readonly key: SealingKey;
}

export async function insertAssessment(tx: Transaction, organisationId: string, record: RiskAssessed): Promise<void> {
  await run(
    tx,
    `insert into risk_assessments (organisation_id, call_id, at_ms, level, source, signals)
     values (?, ?, ?, ?, ?, ?::jsonb) on conflict do nothing`,
    [
      organisationId,
      record.callId,
      Math.round(record.atMs),
      record.level,
      record.source,
      JSON.stringify(record.signals.filter(isTag)),
    ],
  );
}

/** Words must not get into a column that is not sealed, whoever made the signal. */
function isTag(signal: string): boolean {
  return /^[\w.:/-]{1,60}$/.test(signal);
}

export async function keepEscalation(
  tx: Transaction,
  place: CallPlace,
  record: EscalationRequested | EscalationNews,
): Promise<void> {
  if (record.type === 'escalationRequested') await insertEscalation(tx, place, record);
  else await insertNews(tx, place, record);
}

async function insertEscalation(tx: Transaction, place: CallPlace, record: EscalationRequested): Promise<void> {
  const { organisationId, key } = place;
  const { escalationId, callId, briefing } = record;
  const there = await run(tx, 'select 1 from escalations where id = ?', [escalationId]);
  if (readCount(there) > 0) return;
  await supersede(tx, organisationId, callId);
  await run(
    tx,
    `insert into escalations (id, organisation_id, call_id, state, reason, level, language, briefing, requested_at, next_at)
     values (?, ?, ?, 'requested', ?, ?, ?, ?, clock_timestamp(), clock_timestamp())`,
    [
      escalationId,
      organisationId,
      callId,
      briefing.reason,
      briefing.level,
      briefing.language,
      seal(key, briefingPlace(escalationId), JSON.stringify(briefing)),
    ],
  );
  await run(
    tx,
    `insert into risk_assessments (organisation_id, call_id, at_ms, level, source, signals)
     select organisation_id, id, least(2147483647, greatest(0, round(extract(epoch from ?::timestamptz - coalesce(answered_at, started_at)) * 1000))),
       ?, 'escalation', ?::jsonb from calls where id = ? on conflict do nothing`,
    [record.at, briefing.level, JSON.stringify([briefing.reason, ...briefing.means].filter(isTag)), callId],
  );
  await addToOutbox(tx, { organisationId, topic: escalationTopic, payload: { escalationId } });
}

/** A call has one escalation at a time: by asking anew it says that the one before is over, whatever was heard of that. */
async function supersede(tx: Transaction, organisationId: string, callId: string): Promise<void> {
  const before = await run(
    tx,
    `update escalations set superseded_at = now(), next_at = clock_timestamp()
     where call_id = ? and state <> 'closed' and superseded_at is null returning id`,
    [callId],
  );
  for (const { id } of readRows(z.object({ id: z.string() }), before))
    await run(
      tx,
      `insert into escalation_news (news_id, organisation_id, escalation_id, type, at)
       values (gen_random_uuid(), ?, ?, 'superseded', now())`,
      [organisationId, id],
    );
}

async function insertNews(tx: Transaction, { organisationId, key }: CallPlace, record: EscalationNews): Promise<void> {
  const { escalationId, newsId, news } = record;
  const level = news.type === 'briefing' ? news.briefing.level : null;
  const inserted = await run(
    tx,
    `insert into escalation_news (news_id, organisation_id, escalation_id, type, level, at)
     values (?, ?, ?, ?, ?, ?) on conflict (news_id) do nothing`,
    [newsId, organisationId, escalationId, eventOf(news), level, record.at],
  );
  if (readCount(inserted) === 0) return;
  if (news.type === 'briefing')
    await run(tx, 'update escalations set briefing = ? where id = ?', [
      seal(key, briefingPlace(escalationId), JSON.stringify(news.briefing)),
      escalationId,
    ]);
  await run(
    tx,
    `update escalations set next_at = least(next_at, clock_timestamp()) where id = ? and state <> 'closed'`,
    [escalationId],
  );
}

function eventOf(news: CallNews): string {
  return news.type === 'briefing' ? 'briefingChanged' : news.type;
}
