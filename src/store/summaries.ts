import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import { readSummary, type Summary } from '../summary/summary.ts';
import type { Page } from './callQueries.ts';
import { keyOfCall, readCall, type CallRow } from './calls.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type Opened } from './opened.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { open, seal, type KeyKeeper, type Place } from './sealing.ts';

/** Summaries of calls, in the organisation of the transaction. Sealed with the key of their call, and gone with its words. */

export const summaryStates = ['draft', 'approved', 'rejected'] as const;
export type SummaryState = (typeof summaryStates)[number];
export type SummarySource = 'openai' | 'anthropic' | 'extractive' | 'staff';

const bodyPlace = (id: string): Place => ({ table: 'call_summaries', column: 'body', row: id });
const stepPlace = (id: string): Place => ({ table: 'call_summary_steps', column: 'body', row: id });

export interface NewSummary {
  readonly callId: string;
  readonly summary: Summary;
  readonly source: SummarySource;
  readonly approved: boolean;
}

/** Null: there is one already, the call is gone, or its key was destroyed. */
export async function keepSummary(tx: Transaction, keys: KeyKeeper, made: NewSummary): Promise<string | null> {
  const call = await readCall(tx, made.callId);
  const key = call === null ? null : keyOfCall(keys, call);
  if (call === null || key === null) return null;
  const id = randomUUID();
  const inserted = await run(
    tx,
    `insert into call_summaries (id, organisation_id, call_id, state, source, language, body, decided_at)
     values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (call_id) do nothing`,
    [
      id,
      call.organisation_id,
      made.callId,
      made.approved ? 'approved' : 'draft',
      made.source,
      call.language,
      seal(key, bodyPlace(id), JSON.stringify(made.summary)),
      made.approved ? new Date() : null,
    ],
  );
  if (readCount(inserted) === 0) return null;
  await addStep(tx, keys, call, { id, step: 'made', version: 1, staffId: null, summary: made.summary });
  if (made.approved) await addStep(tx, keys, call, { id, step: 'approved', version: 1, staffId: null, summary: null });
  return id;
}

interface NewStep {
  readonly id: string;
  readonly step: 'made' | 'edited' | 'approved' | 'rejected';
  readonly version: number;
  readonly staffId: string | null;
  readonly summary: Summary | null;
}

async function addStep(tx: Transaction, keys: KeyKeeper, call: CallRow, given: NewStep): Promise<void> {
  const stepId = randomUUID();
  const key = keyOfCall(keys, call);
  const body =
    given.summary === null || key === null ? null : seal(key, stepPlace(stepId), JSON.stringify(given.summary));
  await run(
    tx,
    `insert into call_summary_steps (id, organisation_id, summary_id, step, staff_id, version, body) values (?, ?, ?, ?, ?, ?, ?)`,
    [stepId, call.organisation_id, given.id, given.step, given.staffId, given.version, body],
  );
}

/** `otherVersion`: somebody else changed it meanwhile. `removed`: its words are gone. */
export type SummaryChange = 'done' | 'unknown' | 'otherVersion' | 'wrongState' | 'removed';

export interface SummaryDecision {
  readonly id: string;
  /** What was looked at; a newer one is not decided on unseen. */
  readonly version: number;
  readonly staffId: string | null;
}

export async function editSummary(
  tx: Transaction,
  keys: KeyKeeper,
  decision: SummaryDecision & { readonly summary: Summary },
): Promise<SummaryChange> {
  return change(tx, decision, ['draft', 'rejected'], async (call) => {
    const key = keyOfCall(keys, call);
    if (key === null) return 'removed';
    await run(
      tx,
      `update call_summaries set body = ?, version = version + 1, source = 'staff', state = 'draft', decided_by = null,
         decided_at = null, updated_at = clock_timestamp() where id = ?`,
      [seal(key, bodyPlace(decision.id), JSON.stringify(decision.summary)), decision.id],
    );
    const version = decision.version + 1;
    await addStep(tx, keys, call, { ...decision, step: 'edited', version, summary: decision.summary });
    return 'done';
  });
}

export async function decideSummary(
  tx: Transaction,
  keys: KeyKeeper,
  decision: SummaryDecision & { readonly to: 'approved' | 'rejected' },
): Promise<SummaryChange> {
  const from: readonly SummaryState[] = decision.to === 'approved' ? ['draft'] : ['draft', 'approved'];
  return change(tx, decision, from, async (call) => {
    await run(
      tx,
      `update call_summaries set state = ?, decided_by = ?, decided_at = clock_timestamp(), updated_at = clock_timestamp()
       where id = ?`,
      [decision.to, decision.staffId, decision.id],
    );
    await addStep(tx, keys, call, { ...decision, step: decision.to, summary: null });
    return 'done';
  });
}

async function change(
  tx: Transaction,
  { id, version }: SummaryDecision,
  from: readonly SummaryState[],
  act: (call: CallRow) => Promise<SummaryChange>,
): Promise<SummaryChange> {
  const locked = await run(
    tx,
    'select call_id, state, version, body is null as removed from call_summaries where id = ? for update',
    [id],
  );
  const shape = z.object({
    call_id: z.string(),
    state: z.enum(summaryStates),
    version: z.number(),
    removed: z.boolean(),
  });
  const held = readRows(shape, locked)[0];
  if (held === undefined) return 'unknown';
  if (held.removed) return 'removed';
  if (!from.includes(held.state)) return 'wrongState';
  if (held.version !== version) return 'otherVersion';
  const call = await readCall(tx, held.call_id);
  return call === null ? 'unknown' : act(call);
}

const row = z.object({
  id: z.string(),
  callId: z.string(),
  callerId: z.string().nullable(),
  startedAt: z.date(),
  level: z.enum(riskLevels),
  state: z.enum(summaryStates),
  source: z.enum(['openai', 'anthropic', 'extractive', 'staff']),
  language: z.string(),
  version: z.number(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  createdAt: z.date(),
});

export type ListedSummary = z.infer<typeof row>;

const columns = `s.id, s.call_id as "callId", c.caller_id as "callerId", c.started_at as "startedAt", c.highest_risk as level,
  s.state, s.source, s.language, s.version, s.decided_by as "decidedBy", s.decided_at as "decidedAt", s.created_at as "createdAt"`;

/** The newest first, without words. */
export async function listSummaries(
  tx: Transaction,
  organisationId: string,
  filter: { readonly states: readonly SummaryState[]; readonly after: string | null; readonly limit: number },
): Promise<Page<ListedSummary>> {
  const { states, after, limit } = filter;
  const result = await run(
    tx,
    `select ${columns} from call_summaries s join calls c on c.id = s.call_id
     where s.organisation_id = ? and s.state = any(?::text[])
       and (?::uuid is null or (s.created_at, s.id) < (select created_at, id from call_summaries where id = ?::uuid))
     order by s.created_at desc, s.id desc limit ?`,
    [organisationId, states, after, after, limit + 1],
  );
  const items = readRows(row, result);
  const page = items.slice(0, limit);
  return { items: page, next: items.length > limit ? (page.at(-1)?.id ?? null) : null };
}

export interface SummaryStep {
  readonly at: Date;
  readonly step: NewStep['step'];
  readonly staffId: string | null;
  readonly version: number;
  /** Null: the step changed no words. */
  readonly body: Opened | null;
}

export interface ShownSummary extends ListedSummary {
  readonly body: Opened;
  readonly steps: readonly SummaryStep[];
}

const stepRow = z.object({
  id: z.string(),
  at: z.date(),
  step: z.enum(['made', 'edited', 'approved', 'rejected']),
  staffId: z.string().nullable(),
  version: z.number(),
  body: sealedColumn.nullable(),
});

/** With its words and all earlier versions; null when there is none. */
export async function readShownSummary(tx: Transaction, keys: KeyKeeper, id: string): Promise<ShownSummary | null> {
  const result = await run(
    tx,
    `select ${columns}, s.body from call_summaries s join calls c on c.id = s.call_id where s.id = ?`,
    [id],
  );
  const found = readRows(row.extend({ body: sealedColumn.nullable() }), result)[0];
  const call = found === undefined ? null : await readCall(tx, found.callId);
  if (found === undefined || call === null) return null;
  const key = keyState(() => keyOfCall(keys, call));
  const steps = await run(
    tx,
    `select id, at, step, staff_id as "staffId", version, body from call_summary_steps where summary_id = ? order by at, id`,
    [id],
  );
  return {
    ...found,
    body: openWith(key, bodyPlace(id), found.body),
    steps: readRows(stepRow, steps).map(({ id: stepId, body, ...step }) => ({
      ...step,
      body: body === null ? null : openWith(key, stepPlace(stepId), body),
    })),
  };
}

/** The summary of one call with its steps, for the export of a person's data; null when there is none. */
export async function summaryOfCall(tx: Transaction, keys: KeyKeeper, callId: string): Promise<ShownSummary | null> {
  const result = await run(tx, 'select id from call_summaries where call_id = ?', [callId]);
  const id = readRows(z.object({ id: z.string() }), result)[0]?.id;
  return id === undefined ? null : readShownSummary(tx, keys, id);
}

/** What a clinician has approved of the caller's newest call that has such a summary; for their next call. Throws `SealBroken`. */
export async function lastApprovedSummary(
  tx: Transaction,
  keys: KeyKeeper,
  callerId: string,
): Promise<{ readonly callId: string; readonly summary: Summary } | null> {
  const result = await run(
    tx,
    `select s.id, s.call_id, s.body from call_summaries s join calls c on c.id = s.call_id
     where c.caller_id = ? and s.state = 'approved' and s.body is not null order by c.started_at desc limit 1`,
    [callerId],
  );
  const found = readRows(z.object({ id: z.string(), call_id: z.string(), body: sealedColumn }), result)[0];
  const call = found === undefined ? null : await readCall(tx, found.call_id);
  const key = call === null ? null : keyOfCall(keys, call);
  if (found === undefined || key === null) return null;
  const summary = readSummary(open(key, bodyPlace(found.id), found.body));
  return summary === null ? null : { callId: found.call_id, summary };
}

/** Of these calls, with every earlier version: what is removed with the words of a call. */
export async function removeSummaries(tx: Transaction, callIds: readonly string[]): Promise<void> {
  const own = 'select id from call_summaries where call_id = any(?::uuid[])';
  await run(tx, `update call_summary_steps set body = null where body is not null and summary_id in (${own})`, [
    callIds,
  ]);
  await run(tx, `update call_summaries set body = null where body is not null and call_id = any(?::uuid[])`, [callIds]);
}
