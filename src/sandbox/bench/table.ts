import { floorOf, spread, type ProviderTimes, type RunFigures, type Spread } from './figures.ts';

/** The figures with their goals, as rows; and the rows as plain text. */

export interface Row {
  readonly figure: string;
  readonly measured: Spread | null;
  readonly unit: string;
  readonly goal: string;
  readonly verdict: 'reached' | 'missed' | 'no goal' | 'not measured';
}

export interface Goal {
  readonly text: string;
  readonly isReached: (value: number) => boolean;
}

export const atMost = (most: number, unit: string): Goal => ({
  text: `≤ ${most} ${unit}`,
  isReached: (v) => v <= most,
});
export const exactly = (wanted: number, unit: string): Goal => ({
  text: `${wanted} ${unit}`,
  isReached: (v) => v === wanted,
});

type Read = (figures: RunFigures) => number | null | undefined;

/** One row for each figure of DESIGN §10 that there is, and those that help to judge it. */
export function rowsOf(runs: readonly RunFigures[], times: ProviderTimes): readonly Row[] {
  const row = (figure: string, unit: string, read: Read, goal: Goal | null = null): Row => {
    const measured = spread(runs.map(read));
    // Of several runs the worst decides what was reached every time; the median is what a reader may expect.
    const reached = measured !== null && goal !== null && goal.isReached(measured.median);
    const verdict = measured === null ? 'not measured' : goal === null ? 'no goal' : reached ? 'reached' : 'missed';
    return { figure, measured, unit, goal: goal?.text ?? '', verdict };
  };
  const floorMs = floorOf(times);
  return [
    row('added latency, p50', 'ms', ({ added }) => added?.p50),
    row('added latency, p95', 'ms', ({ added }) => added?.p95, atMost(15, 'ms')),
    row('added latency, p99', 'ms', ({ added }) => added?.p99),
    row('added latency, max', 'ms', ({ added }) => added?.max),
    row('  of it the sandbox late with the sentence, p50', 'ms', ({ lateSentence }) => lateSentence?.p50),
    row('  of it the sandbox late with the sentence, p95', 'ms', ({ lateSentence }) => lateSentence?.p95),
    row('  of it the sandbox late with the audio, p50', 'ms', ({ lateAudio }) => lateAudio?.p50),
    row('  of it the sandbox late with the audio, p95', 'ms', ({ lateAudio }) => lateAudio?.p95),
    row('total with everything on, p50', 'ms', ({ total }) => total?.p50),
    row('total with everything on, p95', 'ms', ({ total }) => total?.p95),
    row(`  below the sum of its parts (${floorMs} ms), p50`, 'ms', ({ total }) => total && floorMs - total.p50, {
      text: '> 0 ms',
      isReached: (v) => v > 0,
    }),
    row('barge-in until silence, p50', 'ms', ({ bargeIn }) => bargeIn?.p50),
    row('barge-in until silence, p95', 'ms', ({ bargeIn }) => bargeIn?.p95, atMost(350, 'ms')),
    row('turns answered exactly once', '%', (f) => f.answeredOncePercent, exactly(100, '%')),
    row('  turns', '', (f) => f.turns),
    row('  not answered', '', (f) => f.unanswered, exactly(0, '')),
    row('  answered more than once', '', (f) => f.duplicates, exactly(0, '')),
    row('  answered otherwise than by the reply', '', (f) => f.otherAnswers, exactly(0, '')),
    row('processor per call', '% of a core', (f) => f.cpuPerCallPercent, atMost(0.5, '%')),
    row('memory per further call, resident', 'MB', (f) => f.memoryPerCallMb, atMost(2, 'MB')),
    row('  of it live after a collection', 'MB', (f) => f.livePerCallMb),
    row('event-loop delay, p50', 'ms', (f) => f.loopDelayMs.p50),
    row('event-loop delay, p99', 'ms', (f) => f.loopDelayMs.p99),
    row('event-loop delay, max', 'ms', (f) => f.loopDelayMs.max),
    row('processor of Sanad', '% of a core', (f) => f.sanadCpuPercent),
    row('processor of the sandbox', '% of a core', (f) => f.sandboxCpuPercent),
    row('processor of the callers', '% of a core', (f) => f.callersCpuPercent),
  ];
}

export function printTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.figure, show(row), row.goal.trim(), row.goal === '' ? '' : row.verdict]);
  const lines = [['figure', 'measured', 'goal', ''], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show({ measured, unit }: Row): string {
  if (measured === null) return 'not measured';
  const { median, min, max } = measured;
  const range = min === max ? '' : ` [${min}–${max}]`;
  return `${median}${range} ${unit}`.trimEnd();
}
