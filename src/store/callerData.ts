import { z } from 'zod';
import {
  readAssessments,
  readShownCall,
  readShownTurns,
  type ShownAssessment,
  type ShownCall,
  type ShownTurn,
} from './callQueries.ts';
import { callerKeyPlace } from './callers.ts';
import { consentsOf, evidencePlace, type Consent } from './consents.ts';
import type { Database, Transaction } from './database.ts';
import { briefingPlace } from './escalationRecords.ts';
import { escalationsOfCall, type ListedEscalation } from './escalationQueries.ts';
import { showMessage, type WholeMessage } from './messageQueries.ts';
import { keyState, openWith, type KeyState, type Opened } from './opened.ts';
import { reviewOfCall, type ReviewOfCall } from './reviews.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';
import { moodsOfCall, type ShownMood } from './moodRatings.ts';
import { summaryOfCall, type ShownSummary } from './summaries.ts';

/** All that is kept of one caller, for the export of a person's data. */

export interface CallData {
  readonly call: Omit<ShownCall, 'key'>;
  readonly turns: readonly ShownTurn[];
  readonly assessments: readonly ShownAssessment[];
  readonly escalations: readonly (ListedEscalation & { readonly briefing: Opened })[];
  readonly callbacks: readonly CallbackData[];
  /** Null: there is none. */
  readonly summary: ShownSummary | null;
  readonly moods: readonly ShownMood[];
  /** What staff made of the call afterwards; null: nobody has. */
  readonly review: ReviewOfCall | null;
}

const callback = z.object({
  kind: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  dueAt: z.date(),
  createdAt: z.date(),
});

export type CallbackData = z.infer<typeof callback>;

/** The calls of a caller, the oldest first, each read in a transaction of its own, so that any number may be gone through. */
export async function* readCallsOfCaller(
  database: Database,
  keys: KeyKeeper,
  organisationId: string,
  callerId: string,
): AsyncGenerator<CallData> {
  const ids = await database.within(organisationId, (tx) => callIdsOf(tx, callerId));
  for (const id of ids) {
    const data = await database.within(organisationId, (tx) => readCallData(tx, keys, id));
    if (data !== null) yield data;
  }
}

async function callIdsOf(tx: Transaction, callerId: string): Promise<readonly string[]> {
  const result = await run(tx, 'select id from calls where caller_id = ? order by started_at, id', [callerId]);
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}

async function readCallData(tx: Transaction, keys: KeyKeeper, id: string): Promise<CallData | null> {
  const shown = await readShownCall(tx, keys, id);
  if (shown === null) return null;
  const { key, ...call } = shown;
  const briefings = await briefingsOf(tx, id);
  const escalations = (await escalationsOfCall(tx, id)).map((each) => ({
    ...each,
    briefing: briefingOf(key, each.id, briefings.get(each.id)),
  }));
  const tasks = await run(
    tx,
    `select kind, state, outcome, due_at as "dueAt", created_at as "createdAt" from callback_tasks
     where call_id = ? order by created_at, id`,
    [id],
  );
  return {
    call,
    turns: await readShownTurns(tx, key, id),
    assessments: await readAssessments(tx, id),
    escalations,
    callbacks: readRows(callback, tasks),
    summary: await summaryOfCall(tx, keys, id),
    moods: await moodsOfCall(tx, key, id),
    review: await reviewOfCall(tx, key, id),
  };
}

async function briefingsOf(tx: Transaction, callId: string): Promise<ReadonlyMap<string, Buffer>> {
  const result = await run(tx, 'select id, briefing from escalations where call_id = ?', [callId]);
  return new Map(
    readRows(z.object({ id: z.string(), briefing: sealedColumn }), result).map(({ id, briefing }) => [id, briefing]),
  );
}

/** An empty one was removed. */
function briefingOf(key: KeyState, escalationId: string, sealed: Buffer | undefined): Opened {
  return openWith(key, briefingPlace(escalationId), sealed === undefined || sealed.length === 0 ? null : sealed);
}

/** Messages in both directions with their histories, the oldest first. */
export async function readMessageData(
  tx: Transaction,
  keys: KeyKeeper,
  callerId: string,
): Promise<readonly WholeMessage[]> {
  const result = await run(tx, 'select id from messages where caller_id = ? order by created_at, id', [callerId]);
  const messages: WholeMessage[] = [];
  for (const { id } of readRows(z.object({ id: z.string() }), result)) {
    const whole = await showMessage(tx, keys, id, true);
    if (whole !== null) messages.push(whole);
  }
  return messages;
}

const plan = z.object({
  level: z.string(),
  startedAt: z.date(),
  state: z.string(),
  why: z.string().nullable(),
  endedAt: z.date().nullable(),
  contacts: z.array(
    z.object({
      ordinal: z.number(),
      kind: z.string(),
      dueAt: z.string(),
      state: z.string(),
      outcome: z.string().nullable(),
    }),
  ),
});

/** Plans of follow-ups with their contacts. */
export async function readPlanData(tx: Transaction, callerId: string): Promise<readonly z.infer<typeof plan>[]> {
  const result = await run(
    tx,
    `select level, started_at as "startedAt", state, why, ended_at as "endedAt", coalesce((
       select json_agg(json_build_object('ordinal', ordinal, 'kind', kind, 'dueAt', due_at, 'state', f.state,
         'outcome', outcome) order by ordinal) from follow_ups f where f.plan_id = p.id), '[]') as contacts
     from follow_up_plans p where caller_id = ? order by started_at, id`,
    [callerId],
  );
  return readRows(plan, result);
}

export interface ConsentData extends Consent {
  /** The words of the answer; null without any. */
  readonly evidence: Opened | null;
}

export async function readConsentData(
  tx: Transaction,
  keys: KeyKeeper,
  callerId: string,
): Promise<readonly ConsentData[]> {
  const result = await run(tx, 'select id, evidence from consents where caller_id = ?', [callerId]);
  const evidence = new Map(
    readRows(z.object({ id: z.string(), evidence: sealedColumn.nullable() }), result).map((r) => [r.id, r.evidence]),
  );
  const caller = await run(tx, 'select wrapped_key from callers where id = ?', [callerId]);
  const wrapped = readRows(z.object({ wrapped_key: sealedColumn.nullable() }), caller)[0]?.wrapped_key ?? null;
  const key = keyState(() => (wrapped === null ? null : keys.unwrap(wrapped, callerKeyPlace(callerId))));
  return (await consentsOf(tx, callerId)).map((consent) => {
    const sealed = evidence.get(consent.id) ?? null;
    return { ...consent, evidence: sealed === null ? null : openWith(key, evidencePlace(consent.id), sealed) };
  });
}

const accessRow = z.object({ at: z.date(), action: z.string() });

export type Access = z.infer<typeof accessRow>;

const mostAccesses = 5_000;

/** When somebody looked at or changed this caller's data, and in what way; not who: that is about the staff. The newest last. */
export async function readAccesses(
  tx: Transaction,
  organisationId: string,
  callerId: string,
): Promise<readonly Access[]> {
  const result = await run(
    tx,
    `select at, action from (
       select at, action, seq from audit_log where organisation_id = ? and action not in ('riskRaised', 'riskLowered') and subject_id in (
         select ? union select id::text from calls where caller_id = ?) order by seq desc limit ?) newest
     order by seq`,
    [organisationId, callerId, callerId, mostAccesses],
  );
  return readRows(accessRow, result);
}
