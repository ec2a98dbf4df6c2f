import { systemClock } from '../../clock.ts';
import type { Settings, SettingsInspection, SoundSettings } from '../../settings.ts';
import { fault, type Finding, type Row, type RowId, rowTitles, skipped, warning } from './finding.ts';

/** What a check is given. It reports each of its rows as soon as it knows; what it has not reported in time is said so. */
export interface Asking<Id extends RowId> extends Bounds {
  readonly report: (row: Id, finding: Finding) => void;
}

export interface Bounds {
  /** Of one question to the outside. */
  readonly timeoutMs: number;
  /** Aborts when the time is over: let go of everything then. */
  readonly signal: AbortSignal;
}

/** One subject of examination. Checks know nothing of each other and run side by side. */
export interface Check {
  readonly rows: readonly RowId[];
  readonly prepare: (inspection: SettingsInspection) => Prepared;
  readonly late: Late;
}

type Prepared =
  | { readonly kind: 'ready'; readonly run: (asking: Asking<RowId>) => Promise<void> }
  | { readonly kind: 'needs'; readonly names: readonly string[] };

/** What it means when no answer comes, and what to do then. */
interface Late {
  readonly state: 'warning' | 'fault';
  readonly fix: string;
}

interface CheckPlan<Id extends RowId, Name extends keyof Settings> {
  /** In the order in which they become known. */
  readonly rows: readonly [Id, ...Id[]];
  /** The settings it works with. It is skipped when one of them is faulty, since it would examine something else. */
  readonly uses: readonly Name[];
  readonly late: Late;
  readonly run: (settings: Pick<Settings, Name>, asking: Asking<Id>) => Promise<void> | void;
}

export function defineCheck<Id extends RowId, Name extends keyof Settings>(plan: CheckPlan<Id, Name>): Check {
  return {
    rows: plan.rows,
    late: plan.late,
    prepare: ({ sound, faults }) => {
      const faulty = new Set(faults.map(({ name }) => name));
      const names = plan.uses.filter((name) => faulty.has(name));
      if (names.length > 0 || !holds(sound, plan.uses, faulty)) return { kind: 'needs', names };
      return { kind: 'ready', run: async (asking) => plan.run(sound, asking) };
    },
  };
}

/** What is required and not there is a fault, so whatever has no fault is there, or need not be. */
function holds<Name extends keyof Settings>(
  sound: SoundSettings,
  names: readonly Name[],
  faulty: ReadonlySet<string>,
): sound is SoundSettings & Pick<Settings, Name> {
  return names.every((name) => sound[name] !== undefined || !faulty.has(name));
}

export interface CheckTimes {
  readonly timeoutMs: number;
  /** Further time for the check to say itself, and better than we can from outside, that it waited in vain. */
  readonly graceMs: number;
}

/** Never rejects, and is over after `timeoutMs + graceMs`, whatever the check does. */
export async function runCheck(
  check: Check,
  inspection: SettingsInspection,
  times: CheckTimes,
): Promise<readonly Row[]> {
  const prepared = check.prepare(inspection);
  if (prepared.kind === 'needs') {
    const needs = skipped(`needs ${prepared.names.join(', ')}`);
    return check.rows.map((id) => rowOf(id, needs, 0));
  }
  const startedAt = systemClock.now();
  const found = new Map<RowId, Row>();
  const over = new AbortController();
  const report = (id: RowId, finding: Finding): void => {
    if (!over.signal.aborted) found.set(id, rowOf(id, finding, systemClock.now() - startedAt));
  };
  const running = prepared
    .run({ report, timeoutMs: times.timeoutMs, signal: over.signal })
    .then(() => null, brokenCheck);
  const end = await orLate(running, times.timeoutMs + times.graceMs);
  const why = end === 'late' ? lateFinding(check.late, times.timeoutMs) : end;
  const ms = systemClock.now() - startedAt;
  over.abort();
  return complete(check.rows, found, why, ms);
}

/** The first row that is missing gets the reason; those after it were waiting for it. */
function complete(
  ids: readonly RowId[],
  found: ReadonlyMap<RowId, Row>,
  why: Finding | null,
  ms: number,
): readonly Row[] {
  const missing = ids.filter((id) => !found.has(id));
  const reason = why ?? skipped('cannot be told here');
  return ids.map((id) => {
    const row = found.get(id);
    if (row !== undefined) return row;
    if (id === missing[0] || why === null) return rowOf(id, reason, ms);
    return rowOf(id, skipped(`needs: ${rowTitles[missing[0] ?? id]}`), ms);
  });
}

function rowOf(id: RowId, finding: Finding, ms: number): Row {
  return { ...finding, id, what: rowTitles[id], ms: Math.round(ms) };
}

function lateFinding({ state, fix }: Late, timeoutMs: number): Finding {
  const detail = `no answer within ${timeoutMs / 1000} s`;
  return state === 'fault' ? fault(detail, fix) : warning(detail, fix);
}

/** The name of the error only: its message may quote what it was given. */
function brokenCheck(error: unknown): Finding {
  const name = error instanceof Error ? error.name : typeof error;
  return fault(`could not be checked (${name})`, 'This is a fault of the doctor itself: please report it.');
}

/** Waits for `work`, at most so long; what comes later is let go unheard. */
export async function orLate<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
