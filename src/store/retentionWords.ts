import { z } from 'zod';
import { consentsAbout, wordsMayBeKept, type Consent } from './consents.ts';
import type { Database, Transaction } from './database.ts';
import type { RetentionHours, RetentionKind } from './retentionPolicy.ts';
import { readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';
import { removeWords } from './words.ts';

export interface WordsSweep {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisationId: string;
  readonly hours: RetentionHours;
  readonly at: Date;
  readonly dryRun?: boolean;
  readonly batch: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (kind: RetentionKind, removed: number) => void;
}

export interface SweptWords {
  readonly withoutConsent: number;
  readonly afterTime: number;
  readonly waiting: number;
}

const dueRow = z.object({
  id: z.string(),
  caller_id: z.string().nullable(),
  ended_at: z.date(),
  // as text, since a Date would cut the microseconds off and meet the same row again
  due: z.string(),
  busy: z.boolean(),
});

type DueCall = z.infer<typeof dueRow>;

/** Looks at every call whose words are due: removes them, or writes down when they will be due. */
export async function sweepWords(sweep: WordsSweep): Promise<SweptWords> {
  const { database, organisationId, batch, signal, onProgress } = sweep;
  const total = { withoutConsent: 0, afterTime: 0, waiting: 0 };
  const stopped = (): boolean => signal?.aborted === true;
  let after: DueCall | null = null;
  while (!stopped()) {
    const cursor: DueCall | null = after;
    const swept: Swept = await database.within(organisationId, (tx) => sweepBatch(tx, sweep, cursor));
    const { calls, verdicts } = swept;
    for (const verdict of verdicts) if (verdict.kind !== 'later') total[verdict.kind] += 1;
    onProgress('wordsWithoutConsent', total.withoutConsent);
    after = calls.at(-1) ?? null;
    if (calls.length < batch || after === null) break;
  }
  return total;
}

type Verdict =
  | { readonly kind: 'withoutConsent' | 'afterTime'; readonly id: string }
  /** Due, and kept while somebody is being brought or called back. */
  | { readonly kind: 'waiting'; readonly id: string; readonly due: Date }
  | { readonly kind: 'later'; readonly id: string; readonly due: Date };

interface Swept {
  readonly calls: readonly DueCall[];
  readonly verdicts: readonly Verdict[];
}

async function sweepBatch(tx: Transaction, sweep: WordsSweep, after: DueCall | null): Promise<Swept> {
  const { keys, at, hours, dryRun = false } = sweep;
  const calls = await dueCalls(tx, sweep, after);
  const callers = calls.flatMap(({ caller_id: id }) => (id === null ? [] : [id]));
  const consents = await consentsAbout(
    tx,
    callers,
    calls.map(({ id }) => id),
  );
  const answersOf = byOwner(consents);
  const verdicts = calls.map((call) => verdictOn(call, answersOf(call), hours, at));
  if (dryRun) return { calls, verdicts };
  const gone = verdicts.filter(({ kind }) => kind === 'withoutConsent' || kind === 'afterTime').map(({ id }) => id);
  if (gone.length > 0) await removeWords(tx, keys, gone);
  const kept = verdicts.flatMap((verdict) => ('due' in verdict ? [verdict] : []));
  await run(
    tx,
    `update calls set words_due_at = given.due from unnest(?::uuid[], ?::timestamptz[]) as given (id, due)
     where calls.id = given.id`,
    [kept.map(({ id }) => id), kept.map(({ due }) => due)],
  );
  return { calls, verdicts };
}

async function dueCalls(
  tx: Transaction,
  { organisationId, at, batch, dryRun = false }: WordsSweep,
  after: DueCall | null,
): Promise<readonly DueCall[]> {
  const cursor =
    after === null ? '' : 'and words_due >= ?::timestamptz and (words_due, id) > (?::timestamptz, ?::uuid)';
  const result = await run(
    tx,
    `select id, caller_id, ended_at, words_due::text as due,
       (exists (select from escalations e where e.call_id = calls.id and e.state <> 'closed')
        or exists (select from callback_tasks t where t.call_id = calls.id and t.state in ('waiting', 'calling'))) as busy
     from calls
     where organisation_id = ? and ended_at is not null and words_removed_at is null and words_due <= ? ${cursor}
     order by words_due, id limit ?${dryRun ? '' : ' for update of calls skip locked'}`,
    [organisationId, at, ...(after === null ? [] : [after.due, after.due, after.id]), batch],
  );
  return readRows(dueRow, result);
}

/** Of a known caller all answers count, of a withheld number those of the call. */
function byOwner(consents: readonly Consent[]): (call: DueCall) => readonly Consent[] {
  const groups = new Map<string, Consent[]>();
  for (const consent of consents) {
    const owner = consent.callerId ?? consent.callId ?? '';
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [consent]);
    else group.push(consent);
  }
  return ({ id, caller_id: callerId }) => groups.get(callerId ?? id) ?? [];
}

const lookAgainMs = 3_600_000;

function verdictOn(
  { id, ended_at: endedAt, busy }: DueCall,
  consents: readonly Consent[],
  hours: RetentionHours,
  at: Date,
): Verdict {
  const agreed = wordsMayBeKept(consents, id);
  const kept = agreed ? hours.turnWords : hours.wordsWithoutConsent;
  const due = new Date(endedAt.getTime() + kept * 3_600_000);
  if (due > at) return { kind: 'later', id, due };
  if (busy) return { kind: 'waiting', id, due: new Date(at.getTime() + lookAgainMs) };
  return { kind: agreed ? 'afterTime' : 'withoutConsent', id };
}
