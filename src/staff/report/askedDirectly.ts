import { fold } from '../../call/replay.ts';
import { isAtLeast } from '../../call/meaning.ts';
import type { ShownLogEntry } from '../../store/callQueries.ts';
import type { RiskySample } from '../../store/reportSample.ts';
import { readEntries, untilBroken } from '../calls/storedLog.ts';

/**
 * Whether callers with a sign of danger were asked about it directly. No column says so: the logs of some calls are folded by the core
 * itself, which counts its questions. Nothing of what was said leaves this file.
 */
export interface AskedDirectly {
  /** Calls of the period that reached `moderate`. */
  readonly calls: number;
  /** Of them looked at: all, or a sample that is the same each time. */
  readonly sampled: number;
  readonly asked: number;
  /** Said it before they could be asked: the first response to danger takes the question's place. */
  readonly toldUnasked: number;
  readonly notAsked: number;
  /** Their log was removed, destroyed or cannot be folded. */
  readonly unknown: number;
}

/** So much can be folded while somebody waits: half a second. */
export const sampleSize = { calls: 100, entries: 15_000 } as const;

type Finding = 'asked' | 'toldUnasked' | 'notAsked' | 'unknown';

export function askedDirectly({ calls, logs }: RiskySample): AskedDirectly {
  const findings = logs.map(findingOf);
  const count = (finding: Finding): number => findings.filter((each) => each === finding).length;
  return {
    calls,
    sampled: logs.length,
    asked: count('asked'),
    toldUnasked: count('toldUnasked'),
    notAsked: count('notAsked'),
    unknown: count('unknown'),
  };
}

function findingOf(entries: readonly ShownLogEntry[]): Finding {
  if (entries.length === 0) return 'unknown';
  const { log, brokenAt } = untilBroken(readEntries(entries));
  try {
    const { asked, level } = fold(log).safety;
    if (asked > 0) return 'asked';
    // What is missing may have held the question.
    if (brokenAt !== null) return 'unknown';
    return isAtLeast(level, 'high') ? 'toldUnasked' : 'notAsked';
  } catch {
    return 'unknown';
  }
}
