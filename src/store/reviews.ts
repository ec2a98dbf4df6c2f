import { z } from 'zod';
import { riskLevels, type RiskLevel } from '../call/meaning.ts';
import type { Page } from './callQueries.ts';
import { callerKeyPlace } from './callers.ts';
import { callKeyPlace, keyOfCall, readCall } from './calls.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type KeyState, type Opened } from './opened.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { seal, type KeyKeeper, type Place } from './sealing.ts';

/** What people made of finished calls, in the organisation of the transaction. One mark stands for each call. */

/**
 * `right`: bringing a person, or not bringing one, was right. `notNeeded`: a person was rung and none was needed. `tooLate`: one was
 * needed, and came or was rung too late. `missed`: there was danger and nobody was rung.
 */
export const reviewMarks = ['right', 'notNeeded', 'tooLate', 'missed'] as const;

export type ReviewMark = (typeof reviewMarks)[number];

/** Calls without an escalation whose draw, 0 to 99, lies below are reviewed: 5 %. The index of migration 0005 has this number too. */
export const sampleDraw = 5;

/** Why a call is to be looked at: somebody was rung, or it was drawn from those for whom nobody was. */
export type ReviewReason = 'escalated' | 'sample';

export const notePlace = (callId: string): Place => ({ table: 'reviews', column: 'note', row: callId });

export interface ReviewWindow {
  readonly organisationId: string;
  readonly since: Date;
  /** Null: both. */
  readonly reason: ReviewReason | null;
}

/** A call that was given to somebody is kept for them so long; a reviewer goes for coffee, and does not come back. */
const claimMinutes = 30;

const waitingCall = (from: string): string => `
  from ${from} left join reviews r on r.call_id = c.id
  where c.organisation_id = ? and c.started_at >= ? and c.ended_at is not null and r.mark is null
    and (r.claimed_until is null or r.claimed_until < now() or r.claimed_by is not distinct from ?::uuid)`;

const isEscalated = 'exists (select from escalations e where e.call_id = c.id)';

/** Escalations of calls that began in the window were asked for in it as well. */
const escalatedCalls = `(select distinct call_id from escalations where organisation_id = ? and requested_at >= ?) e
  join calls c on c.id = e.call_id`;

/**
 * The newest call that waits for a review and that nobody else has before them; it is the reviewer's for half an hour. Null when none
 * is left. The newest, since words do not stay for long.
 */
export async function claimNext(
  tx: Transaction,
  { organisationId, since, reason }: ReviewWindow,
  reviewerId: string | null,
): Promise<string | null> {
  // One at a time: two who ask at once would be given the same call.
  await run(tx, `select pg_advisory_xact_lock(hashtextextended('sanad.review/' || ?::text, 0))`, [organisationId]);
  const piles = { escalated: reason !== 'sample', sample: reason !== 'escalated' };
  const found = await run(
    tx,
    `select id from (
       (select c.id, c.started_at ${waitingCall(escalatedCalls)} and ?::boolean
        order by c.started_at desc, c.id limit 1)
       union all
       (select c.id, c.started_at ${waitingCall('calls c')} and ?::boolean and c.review_draw < ${sampleDraw} and not ${isEscalated}
        order by c.started_at desc, c.id limit 1)) waiting
     order by started_at desc, id limit 1`,
    [
      organisationId,
      since,
      organisationId,
      since,
      reviewerId,
      piles.escalated,
      organisationId,
      since,
      reviewerId,
      piles.sample,
    ],
  );
  const id = readRows(z.object({ id: z.string() }), found)[0]?.id ?? null;
  if (id === null) return null;
  await run(
    tx,
    `insert into reviews (call_id, organisation_id, claimed_by, claimed_until)
     values (?, ?, ?, now() + make_interval(mins => ?))
     on conflict (call_id) do update set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until`,
    [id, organisationId, reviewerId, claimMinutes],
  );
  return id;
}

/** How many wait in the window, claimed by somebody or not. */
export async function countWaiting(
  tx: Transaction,
  { organisationId, since }: ReviewWindow,
): Promise<Readonly<Record<ReviewReason, number>>> {
  const result = await run(
    tx,
    `select
       (select count(*)::int from ${escalatedCalls} left join reviews r on r.call_id = c.id
         where c.started_at >= ? and c.ended_at is not null and r.mark is null) as escalated,
       (select count(*)::int from calls c left join reviews r on r.call_id = c.id
         where c.organisation_id = ? and c.started_at >= ? and c.ended_at is not null and r.mark is null
           and c.review_draw < ${sampleDraw} and not ${isEscalated}) as sample`,
    [organisationId, since, since, organisationId, since],
  );
  const shape = z.object({ escalated: z.number(), sample: z.number() });
  return readRows(shape, result)[0] ?? { escalated: 0, sample: 0 };
}

/** What decides whether a mark makes sense for a call. */
const placeRow = z.object({
  ended: z.boolean(),
  escalated: z.boolean(),
  sampled: z.boolean(),
  mark: z.enum(reviewMarks).nullable(),
});

export type ReviewPlace = z.infer<typeof placeRow>;

/** Null when there is no such call here. Of two who mark at once `keepReview` tells the second. */
export async function readReviewPlace(tx: Transaction, callId: string): Promise<ReviewPlace | null> {
  const result = await run(
    tx,
    `select c.ended_at is not null as ended, ${isEscalated} as escalated, c.review_draw < ${sampleDraw} as sampled, r.mark
     from calls c left join reviews r on r.call_id = c.id where c.id = ?`,
    [callId],
  );
  return readRows(placeRow, result)[0] ?? null;
}

export interface NewReview {
  readonly callId: string;
  readonly organisationId: string;
  readonly mark: ReviewMark;
  readonly note: string | null;
  /** Null: the local operator. */
  readonly reviewerId: string | null;
  /** The mark that is to be replaced; null: there must be none. */
  readonly instead: ReviewMark | null;
}

export type KeptReview = 'kept' | 'otherMark' | 'keyDestroyed';

/** `otherMark`: somebody else has marked it meanwhile. `keyDestroyed`: a note cannot be sealed any more. Throws `SealBroken`. */
export async function keepReview(tx: Transaction, keys: KeyKeeper, review: NewReview): Promise<KeptReview> {
  const { callId, organisationId, mark, note, reviewerId, instead } = review;
  const sealed = note === null ? null : await sealNote(tx, keys, callId, note);
  if (sealed === 'keyDestroyed') return sealed;
  const result = await run(
    tx,
    `insert into reviews (call_id, organisation_id, mark, note, marked_by, marked_at) values (?, ?, ?, ?, ?, now())
     on conflict (call_id) do update set mark = excluded.mark, note = excluded.note, marked_by = excluded.marked_by,
       marked_at = excluded.marked_at, claimed_by = null, claimed_until = null
     where reviews.mark is not distinct from ?`,
    [callId, organisationId, mark, sealed, reviewerId, instead],
  );
  return readCount(result) === 1 ? 'kept' : 'otherMark';
}

async function sealNote(
  tx: Transaction,
  keys: KeyKeeper,
  callId: string,
  note: string,
): Promise<Buffer | 'keyDestroyed'> {
  const call = await readCall(tx, callId);
  const key = call === null ? null : keyOfCall(keys, call);
  return key === null ? 'keyDestroyed' : seal(key, notePlace(callId), note);
}

export interface ReviewOfCall {
  readonly mark: ReviewMark;
  readonly markedAt: Date;
  /** Null when there is none, or it was removed. */
  readonly note: Opened | null;
}

/** The mark that stands for a call, without who made it; null when nobody has marked it. */
export async function reviewOfCall(tx: Transaction, key: KeyState, callId: string): Promise<ReviewOfCall | null> {
  const result = await run(
    tx,
    'select mark, marked_at as "markedAt", note from reviews where call_id = ? and mark is not null',
    [callId],
  );
  const shape = z.object({ mark: z.enum(reviewMarks), markedAt: z.date(), note: sealedColumn.nullable() });
  const found = readRows(shape, result)[0];
  if (found === undefined) return null;
  return { ...found, note: found.note === null ? null : openWith(key, notePlace(callId), found.note) };
}

export interface ReviewFilter {
  readonly since: Date | null;
  readonly until: Date | null;
  readonly marks: readonly ReviewMark[] | null;
}

const listedRow = z.object({
  callId: z.string(),
  startedAt: z.date(),
  level: z.enum(riskLevels),
  language: z.string(),
  escalated: z.boolean(),
  sampled: z.boolean(),
  mark: z.enum(reviewMarks),
  markedBy: z.string().nullable(),
  markedAt: z.date(),
  callerId: z.string().nullable(),
  noted: z.boolean(),
  note: sealedColumn.nullable(),
  own: sealedColumn.nullable(),
  callers: sealedColumn.nullable(),
});

export interface ListedReview {
  readonly callId: string;
  readonly startedAt: Date;
  readonly level: RiskLevel;
  readonly language: string;
  readonly reason: ReviewReason | 'other';
  readonly mark: ReviewMark;
  readonly markedBy: string | null;
  readonly markedAt: Date;
  readonly noted: boolean;
  /** Null when there is none. */
  readonly note: Opened | null;
}

/** The latest marks first. `after`: the call of the last one of the page before; it must have a mark. */
export async function listReviews(
  tx: Transaction,
  keys: KeyKeeper,
  { since, until, marks }: ReviewFilter,
  {
    organisationId,
    after,
    limit,
  }: { readonly organisationId: string; readonly after: string | null; readonly limit: number },
): Promise<Page<ListedReview>> {
  const given: readonly (readonly [sql: string, ...values: readonly unknown[]] | null)[] = [
    ['r.organisation_id = ? and r.mark is not null', organisationId],
    since && ['r.marked_at >= ?', since],
    until && ['r.marked_at < ?', until],
    marks && ['r.mark = any(?::text[])', marks],
    after === null
      ? null
      : [
          `(r.marked_at < (select marked_at from reviews where call_id = ?)
             or (r.marked_at = (select marked_at from reviews where call_id = ?) and r.call_id > ?::uuid))`,
          after,
          after,
          after,
        ],
  ];
  const conditions = given.filter((each) => each !== null);
  const result = await run(
    tx,
    `select r.call_id as "callId", c.started_at as "startedAt", c.highest_risk as level, c.language,
       ${isEscalated} as escalated, c.review_draw < ${sampleDraw} as sampled, r.mark, r.marked_by as "markedBy",
       r.marked_at as "markedAt", c.caller_id as "callerId", r.note is not null as noted, r.note, c.wrapped_key as own,
       callers.wrapped_key as callers
     from reviews r join calls c on c.id = r.call_id left join callers on callers.id = c.caller_id
     where ${conditions.map(([sql]) => sql).join(' and ')} order by r.marked_at desc, r.call_id limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  );
  const rows = readRows(listedRow, result);
  const items = rows.slice(0, limit).map((row) => listedReview(keys, row));
  return { items, next: rows.length > limit ? (items.at(-1)?.callId ?? null) : null };
}

function listedReview(keys: KeyKeeper, row: z.infer<typeof listedRow>): ListedReview {
  const { escalated, sampled, callerId, note, own, callers, ...rest } = row;
  const key = keyState(() => {
    if (own !== null) return keys.unwrap(own, callKeyPlace(rest.callId));
    return callerId === null || callers === null ? null : keys.unwrap(callers, callerKeyPlace(callerId));
  });
  const reason = escalated ? 'escalated' : sampled ? 'sample' : 'other';
  return { ...rest, reason, note: note === null ? null : openWith(key, notePlace(rest.callId), note) };
}
