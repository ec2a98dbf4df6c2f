import { z } from 'zod';
import { appendAudit, type AuditActor } from './audit.ts';
import type { Database, Transaction } from './database.ts';
import { readRetention, retentionKinds, type RetentionHours, type RetentionKind } from './retentionPolicy.ts';
import { removeMessages, removeMessageWords } from './retentionMessages.ts';
import {
  emptyBriefings,
  removeAssessments,
  removeCallers,
  removeCalls,
  removeEscalations,
  removeLogs,
  type Removal,
} from './retentionSteps.ts';
import { sweepWords } from './retentionWords.ts';
import { readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

export type RemovedCounts = Readonly<Record<RetentionKind, number>>;

export interface RetentionReport {
  readonly organisationId: string;
  /** The instant against which ages were taken. */
  readonly at: Date;
  readonly dryRun: boolean;
  /**
   * Of words and logs: calls; of the others: rows. With `dryRun` what would be removed now; a call counts with its own kind and with
   * its words.
   */
  readonly removed: RemovedCounts;
  /** Words that are due and wait, because somebody is still being brought to their caller or called back. */
  readonly waiting: number;
  /** It was stopped before it was through; the next run goes on. */
  readonly stopped: boolean;
}

export interface SweepOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisationId: string;
  /** In whose name it is audited. */
  readonly actor: AuditActor;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (kind: RetentionKind, removed: number) => void;
  /** Rows in one transaction; 500. */
  readonly batch?: number;
}

/** The jobs of all servers and of staff may sweep at once: each row is removed once, by one of them. */
export async function sweepRetention(options: SweepOptions): Promise<RetentionReport> {
  const { database, organisationId, dryRun = false, signal, onProgress = () => {}, batch = 500 } = options;
  const { hours, at } = await database.within(organisationId, async (tx) => ({
    hours: (await readRetention(tx, organisationId)).hours,
    at: await wallOf(tx),
  }));
  const removed: Record<RetentionKind, number> = zeros();
  const stopped = (): boolean => signal?.aborted === true;
  const words = await sweepWords({ ...options, hours, at, batch, onProgress });
  removed.wordsWithoutConsent = words.withoutConsent;
  removed.turnWords = words.afterTime;
  for (const [kind, remove] of steps) {
    const before = cutOff(at, hours, kind);
    for (let more = true; more && !stopped();) {
      const count = await database.within(organisationId, (tx) =>
        remove(tx, { organisationId, before, at, dryRun, most: batch }),
      );
      removed[kind] += count;
      onProgress(kind, removed[kind]);
      // A dry run counts everything at once, and a batch that is not full was the last.
      more = !dryRun && count >= batch;
    }
  }
  const report = { organisationId, at, dryRun, removed, waiting: words.waiting, stopped: stopped() };
  if (!dryRun) await audit(options, report);
  return report;
}

type Step = (tx: Transaction, removal: Removal) => Promise<number>;

/** What refers to a row goes before it. */
const steps: readonly (readonly [kind: RetentionKind, remove: Step])[] = [
  ['messageWords', removeMessageWords],
  ['briefings', emptyBriefings],
  ['callLog', removeLogs],
  ['riskAssessments', removeAssessments],
  ['escalations', removeEscalations],
  ['messages', removeMessages],
  ['calls', removeCalls],
  ['callersWithoutCalls', removeCallers],
];

function zeros(): Record<RetentionKind, number> {
  return {
    wordsWithoutConsent: 0,
    turnWords: 0,
    messageWords: 0,
    briefings: 0,
    callLog: 0,
    riskAssessments: 0,
    escalations: 0,
    messages: 0,
    calls: 0,
    callersWithoutCalls: 0,
  };
}

export function cutOff(at: Date, hours: RetentionHours, kind: RetentionKind): Date {
  return new Date(at.getTime() - hours[kind] * 3_600_000);
}

/** A job that found nothing leaves no entry, or the audit would be full of them; a person's run always does. */
async function audit({ database, keys, organisationId, actor }: SweepOptions, report: RetentionReport): Promise<void> {
  const { removed, stopped } = report;
  const any = retentionKinds.some((kind) => removed[kind] > 0);
  if (!any && actor.kind === 'sanad') return;
  await database.within(organisationId, (tx) =>
    appendAudit(tx, keys, {
      actor,
      action: 'retentionRun',
      subject: { kind: 'retention', id: null },
      facts: { ...removed, stopped },
    }),
  );
}

async function wallOf(tx: Transaction): Promise<Date> {
  const result = await run(tx, 'select clock_timestamp() as at');
  const at = readRows(z.object({ at: z.date() }), result)[0]?.at;
  if (at === undefined) throw new Error('the database does not say what time it is');
  return at;
}

/** Ids of all organisations, for jobs that go through them one by one. */
export async function organisationIds(database: Database): Promise<readonly string[]> {
  const result = await database.acrossOrganisations((tx) =>
    run(tx, 'select id from organisations order by created_at, id'),
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
