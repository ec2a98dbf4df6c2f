import { systemClock } from '../../clock.ts';
import { inspectSettings } from '../../settings.ts';
import { accountCheck, numberCheck } from './carrierCheck.ts';
import { type Check, runCheck } from './check.ts';
import { clockCheck } from './clockCheck.ts';
import { databaseCheck } from './databaseCheck.ts';
import { emergencyCheck } from './emergencyCheck.ts';
import type { FindingState, Row } from './finding.ts';
import { diskCheck, memoryCheck, nodeCheck, speechSdkCheck } from './machineChecks.ts';
import { anthropicCheck, judgeTogether, openaiCheck } from './modelCheck.ts';
import { publicUrlCheck } from './publicUrlCheck.ts';
import { queueCheck } from './queueCheck.ts';
import { rotaCheck } from './rotaCheck.ts';
import { dataKeyCheck, lastResortCheck, settingsRows } from './settingsRows.ts';
import { servicesCheck } from './servicesCheck.ts';
import { recognitionCheck, synthesisCheck } from './speechChecks.ts';
import { withoutSecrets } from './withoutSecrets.ts';

export interface Examination {
  /** True when nothing stands in the way of a call that comes in now. */
  readonly callCouldBeServed: boolean;
  /** UTC, ISO 8601. */
  readonly checkedAt: string;
  readonly ms: number;
  readonly counts: Readonly<Record<FindingState, number>>;
  readonly rows: readonly Row[];
}

export interface ExaminationOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of each question to the outside. */
  readonly timeoutMs: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const checks: readonly Check[] = [
  nodeCheck,
  memoryCheck,
  diskCheck,
  speechSdkCheck,
  clockCheck,
  dataKeyCheck,
  databaseCheck,
  queueCheck,
  recognitionCheck,
  synthesisCheck,
  openaiCheck,
  anthropicCheck,
  accountCheck,
  numberCheck,
  publicUrlCheck,
  rotaCheck,
  lastResortCheck,
  emergencyCheck,
  servicesCheck,
];

/** A check that hangs is given up so much later than its own question. */
const graceMs = 250;

/** Looks at everything at once and changes nothing. Never rejects; over in about `timeoutMs`, whatever the others do. */
export async function examine(options: ExaminationOptions): Promise<Examination> {
  const { environment, timeoutMs, onProgress = () => {} } = options;
  const startedAt = systemClock.now();
  const inspection = inspectSettings(environment);
  let done = 0;
  const groups = await Promise.all(
    checks.map(async (check) => {
      const rows = await runCheck(check, inspection, { timeoutMs, graceMs });
      onProgress((done += 1), checks.length);
      return rows;
    }),
  );
  const clean = withoutSecrets(environment);
  const rows = [...settingsRows(inspection), ...judgeTogether(groups.flat())].map((row) => cleaned(row, clean));
  const count = (state: FindingState): number => rows.filter((row) => row.state === state).length;
  const counts = { ok: count('ok'), warning: count('warning'), fault: count('fault'), skipped: count('skipped') };
  return {
    callCouldBeServed: counts.fault === 0,
    checkedAt: systemClock.wall().toISOString(),
    ms: Math.round(systemClock.now() - startedAt),
    counts,
    rows,
  };
}

function cleaned(row: Row, clean: (text: string) => string): Row {
  const detail = clean(row.detail);
  return 'fix' in row ? { ...row, detail, fix: clean(row.fix) } : { ...row, detail };
}
