import type { Colours, Output } from '../output.ts';
import type { Examination } from './examine.ts';
import type { FindingState, Row } from './finding.ts';

const signs: Readonly<Record<FindingState, string>> = { ok: '✓', warning: '!', fault: '✗', skipped: '–' };

export function printExamination(examination: Examination, output: Output): void {
  output.table(
    [
      { title: 'what', width: 22, cell: (row: Row) => row.what },
      {
        title: 'state',
        width: 9,
        cell: (row, colours) => paint(row.state, `${signs[row.state]} ${row.state}`, colours),
      },
      { title: 'detail, and how to mend it', cell: detailOf },
    ],
    examination.rows,
  );
  const { callCouldBeServed: served, ms } = examination;
  output.line();
  output.line(`${countsOf(examination)}, in ${(ms / 1000).toFixed(1)} s`);
  const answer = output.colours.bold(paint(served ? 'ok' : 'fault', served ? 'yes' : 'no', output.colours));
  output.line(`A call could be served: ${answer}`);
}

/** For programs: the same as the table, one object for each row. */
export function examinationJson({ callCouldBeServed, checkedAt, ms, counts, rows }: Examination): object {
  return {
    callCouldBeServed,
    checkedAt,
    ms,
    counts,
    checks: rows.map((row) => ({
      id: row.id,
      what: row.what,
      state: row.state,
      detail: row.detail,
      fix: 'fix' in row ? row.fix : null,
      ms: row.ms,
    })),
  };
}

function detailOf(row: Row, colours: Colours): string {
  const detail = row.state === 'skipped' ? colours.dim(row.detail) : row.detail;
  return 'fix' in row ? `${detail}\n→ ${row.fix}` : detail;
}

function paint(state: FindingState, text: string, colours: Colours): string {
  if (state === 'ok') return colours.green(text);
  if (state === 'warning') return colours.yellow(text);
  return state === 'fault' ? colours.red(text) : colours.dim(text);
}

function countsOf({ counts }: Examination): string {
  const several = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  return [
    `${counts.ok} ok`,
    several(counts.warning, 'warning'),
    several(counts.fault, 'fault'),
    `${counts.skipped} skipped`,
  ].join(', ');
}
