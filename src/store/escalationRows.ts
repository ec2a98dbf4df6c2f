import { z } from 'zod';
import type { Attempt, Escalation } from '../escalation/snapshot.ts';
import type { Transaction } from './database.ts';
import { readCount, readRows, run, sealedColumn, levelColumn } from './rows.ts';

/** Rows of escalations and their attempts, to and from what the state machine works on. */

/** Times are kept to the millisecond, as the machine knows them. */
const time = z.date().transform((date) => date.getTime());
const maybeTime = z
  .date()
  .nullable()
  .transform((date) => date?.getTime() ?? null);
const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

const maybeNumber = z.number().nullable().default(null);

const memoryShape = z.object({
  roundAt: maybeNumber,
  waveAt: maybeNumber,
  resumeAt: maybeNumber,
  listing: z.boolean().default(false),
  callerRoom: z.string().nullable().default(null),
  personRoom: z.string().nullable().default(null),
  fetchAt: maybeNumber,
  checkAt: maybeNumber,
  toldRinging: z.boolean().default(false),
  toldUnavailable: z.boolean().default(false),
  ownerId: z.string().nullable().default(null),
});

const escalationRow = z.object({
  id: z.string(),
  call_id: z.string(),
  call_sid: z.string(),
  call_is_over: z.boolean(),
  now: time,
  language: z.string(),
  briefing: sealedColumn,
  events: z.number(),
  state: z.enum(['requested', 'ringing', 'accepted', 'joining', 'bridged', 'fallback', 'closed']),
  reason: z.enum(['asked', 'risk', 'unheard', 'dropped']),
  level: levelColumn,
  round: z.number(),
  wave: z.number(),
  winner: z.string().nullable(),
  outcome: z.enum(['helped', 'callerGone', 'declined', 'nobody', 'handedOver']).nullable(),
  memory: memoryShape,
  requested_at: time,
  placed_at: maybeTime,
  ringing_at: maybeTime,
  accepted_at: maybeTime,
  joining_at: maybeTime,
  bridged_at: maybeTime,
  fallback_at: maybeTime,
  closed_at: maybeTime,
  next_at: maybeTime,
});

const attemptRow = z.object({
  id: z.string(),
  person_id: z.string().nullable(),
  round: z.number(),
  wave: z.number(),
  position: z.number(),
  state: z.enum([
    'planned',
    'dialling',
    'ringing',
    'answered',
    'accepted',
    'joined',
    'declined',
    'noKey',
    'busy',
    'noAnswer',
    'failed',
    'released',
    'tooLate',
    'left',
  ]),
  call_sid: z.string().nullable(),
  due_at: time,
  dialled_at: maybeTime,
  ringing_at: maybeTime,
  answered_at: maybeTime,
  accepted_at: maybeTime,
  ended_at: maybeTime,
  answered_by: z.string().nullable(),
  memory: z.object({ lookUpAt: maybeNumber, lookUps: z.number().default(0) }),
});

export interface LockedRow {
  readonly escalation: Escalation;
  readonly callId: string;
  readonly callSid: string;
  readonly callIsOver: boolean;
  readonly now: number;
  readonly language: string;
  readonly briefing: Buffer;
  readonly events: number;
}

/** Waits for whoever holds it. The time is taken once it is held: who waited must not act on an earlier one. */
export async function lockEscalation(tx: Transaction, id: string): Promise<LockedRow | null> {
  const locked = await run(tx, 'select 1 from escalations where id = ? for update', [id]);
  if (readCount(locked) === 0) return null;
  const result = await run(
    tx,
    // Who wrote is on no call, and then on the one we make to them.
    `select e.*, coalesce(e.writer_call_sid, c.call_sid) as call_sid,
       c.ended_at is not null and e.origin = 'call' as call_is_over, clock_timestamp() as now
     from escalations e join calls c on c.id = e.call_id where e.id = ?`,
    [id],
  );
  const row = readRows(escalationRow, result)[0];
  if (!row) return null;
  const attempts = await run(
    tx,
    'select * from escalation_attempts where escalation_id = ? order by round, wave, position, id',
    [id],
  );
  return {
    escalation: snapshotOf(row, readRows(attemptRow, attempts).map(attemptOf)),
    callId: row.call_id,
    callSid: row.call_sid,
    callIsOver: row.call_is_over,
    now: row.now,
    language: row.language,
    briefing: row.briefing,
    events: row.events,
  };
}

function snapshotOf(row: z.infer<typeof escalationRow>, attempts: readonly Attempt[]): Escalation {
  const { id, reason, level, state, round, wave, winner, outcome, memory } = row;
  return {
    id,
    reason,
    level,
    state,
    round,
    wave,
    winner,
    outcome,
    memory,
    attempts,
    nextAt: row.next_at,
    requestedAt: row.requested_at,
    placedAt: row.placed_at,
    ringingAt: row.ringing_at,
    acceptedAt: row.accepted_at,
    joiningAt: row.joining_at,
    bridgedAt: row.bridged_at,
    fallbackAt: row.fallback_at,
    closedAt: row.closed_at,
  };
}

function attemptOf(row: z.infer<typeof attemptRow>): Attempt {
  const { id, round, wave, position, state, memory } = row;
  return {
    id,
    round,
    wave,
    position,
    state,
    ...memory,
    personId: row.person_id,
    callSid: row.call_sid,
    dueAt: row.due_at,
    dialledAt: row.dialled_at,
    ringingAt: row.ringing_at,
    answeredAt: row.answered_at,
    acceptedAt: row.accepted_at,
    endedAt: row.ended_at,
    answeredBy: row.answered_by,
  };
}

/**
 * The claim is atomic also if our locking were not: who was not the winner when this was read is none when it is written. Throws
 * then, and everything of this transaction is undone.
 */
export async function saveEscalation(
  tx: Transaction,
  before: Escalation,
  after: Escalation,
  events: number,
): Promise<void> {
  const result = await run(
    tx,
    `update escalations set state = ?, level = ?, round = ?, wave = ?, winner = ?, outcome = ?, memory = ?::jsonb,
       placed_at = ?, ringing_at = ?, accepted_at = ?, joining_at = ?, bridged_at = ?, fallback_at = ?, closed_at = ?,
       next_at = ?, events = ?
     where id = ? and winner is not distinct from ?::uuid and state = ?`,
    [
      after.state,
      after.level,
      after.round,
      after.wave,
      after.winner,
      after.outcome,
      JSON.stringify(after.memory),
      dateOf(after.placedAt),
      dateOf(after.ringingAt),
      dateOf(after.acceptedAt),
      dateOf(after.joiningAt),
      dateOf(after.bridgedAt),
      dateOf(after.fallbackAt),
      dateOf(after.closedAt),
      dateOf(after.nextAt),
      events,
      after.id,
      before.winner,
      before.state,
    ],
  );
  if (readCount(result) !== 1) throw new Error('an escalation was changed by somebody who did not hold it');
}

/** First those that end, then those that begin: at no moment are there two winners. */
export async function saveAttempts(
  tx: Transaction,
  organisationId: string,
  before: Escalation,
  after: Escalation,
): Promise<void> {
  const known = new Map(before.attempts.map((attempt) => [attempt.id, attempt]));
  const changed = after.attempts.filter((attempt) => !isSame(known.get(attempt.id), attempt));
  const wins = ({ state }: Attempt) => (state === 'accepted' || state === 'joined' ? 1 : 0);
  for (const attempt of changed.sort((a, b) => wins(a) - wins(b)))
    await saveAttempt(tx, organisationId, after.id, attempt);
}

function isSame(before: Attempt | undefined, after: Attempt): boolean {
  return before !== undefined && (Object.keys(after) as (keyof Attempt)[]).every((key) => before[key] === after[key]);
}

async function saveAttempt(
  tx: Transaction,
  organisationId: string,
  escalationId: string,
  attempt: Attempt,
): Promise<void> {
  const { lookUpAt, lookUps } = attempt;
  await run(
    tx,
    `insert into escalation_attempts (id, organisation_id, escalation_id, person_id, round, wave, position, due_at, state,
       call_sid, dialled_at, ringing_at, answered_at, accepted_at, ended_at, answered_by, memory)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
     on conflict (id) do update set state = excluded.state, call_sid = excluded.call_sid, dialled_at = excluded.dialled_at,
       ringing_at = excluded.ringing_at, answered_at = excluded.answered_at, accepted_at = excluded.accepted_at,
       ended_at = excluded.ended_at, answered_by = excluded.answered_by, memory = excluded.memory`,
    [
      attempt.id,
      organisationId,
      escalationId,
      attempt.personId,
      attempt.round,
      attempt.wave,
      attempt.position,
      new Date(attempt.dueAt),
      attempt.state,
      attempt.callSid,
      dateOf(attempt.dialledAt),
      dateOf(attempt.ringingAt),
      dateOf(attempt.answeredAt),
      dateOf(attempt.acceptedAt),
      dateOf(attempt.endedAt),
      attempt.answeredBy,
      JSON.stringify({ lookUpAt, lookUps }),
    ],
  );
}
