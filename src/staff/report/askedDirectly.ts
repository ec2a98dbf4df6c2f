import { fold } from '../../call/replay.ts';
import { directQuestionIn } from '../../session/milestones.ts';
import type { ShownLogEntry } from '../../store/callQueries.ts';
import type { Transaction } from '../../store/database.ts';
import type { ReportPeriod } from '../../store/reportQueries.ts';
import { countFindings, keepFindings, readUnfolded, type AskedFinding } from '../../store/reportSample.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { readEntries, untilBroken } from '../calls/storedLog.ts';

/**
 * Whether callers with a sign of danger were asked about it directly. The logs are folded by the core itself, which counts the
 * questions that were heard; what was found is kept with the call. Nothing of what was said leaves this file.
 */
export interface AskedDirectly {
  /** Calls of the period that are over and reached `moderate`. */
  readonly calls: number;
  /** Of them looked at so far. */
  readonly sampled: number;
  readonly asked: number;
  /** Said it before they could be asked: the first response to danger takes the question's place. */
  readonly toldUnasked: number;
  readonly notAsked: number;
  /** Their log was removed, destroyed or cannot be folded. */
  readonly unknown: number;
}

/** So much can be folded while somebody waits for a report: half a second. */
export const atOnce = { calls: 100, entries: 15_000 } as const;

/** Folds some logs of the period that nobody has folded yet, and keeps what was found. Gives how many; 0: none is left. */
export async function foldSome(
  tx: Transaction,
  { keys }: Pick<StaffAccess, 'keys'>,
  period: ReportPeriod,
  most: { readonly calls: number; readonly entries: number } = atOnce,
): Promise<number> {
  const logs = await readUnfolded(tx, keys, period, most);
  await keepFindings(tx, new Map(logs.map(({ callId, entries }) => [callId, findingOf(entries)])));
  return logs.length;
}

export async function readAskedDirectly(tx: Transaction, period: ReportPeriod): Promise<AskedDirectly> {
  const counted = await countFindings(tx, period);
  const count = (finding: AskedFinding | null): number => counted.get(finding) ?? 0;
  const found = {
    asked: count('asked'),
    toldUnasked: count('toldUnasked'),
    notAsked: count('notAsked'),
    unknown: count('unknown'),
  };
  const sampled = Object.values(found).reduce((sum, n) => sum + n, 0);
  return { calls: sampled + count(null), sampled, ...found };
}

function findingOf(entries: readonly ShownLogEntry[]): AskedFinding {
  if (entries.length === 0) return 'unknown';
  const { log, brokenAt } = untilBroken(readEntries(entries));
  try {
    const finding = directQuestionIn(fold(log).safety);
    // What is missing may have held the question.
    return finding !== 'asked' && brokenAt !== null ? 'unknown' : finding;
  } catch {
    return 'unknown';
  }
}
