import { csvText, type CsvColumn } from '../csv.ts';
import { shownDuration } from '../listing.ts';
import { shownMoney } from '../money.ts';
import type { Colours, Output } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import { callersSection, conversationSection, dangerSection, volumeSection } from './callSections.ts';
import type { Report } from './figures.ts';
import { followUpsSection } from './followUpSections.ts';
import { callbacksSection, notRecorded, peopleSection, reviewsSection } from './peopleSections.ts';
import type { NamedPeriod } from './period.ts';
import type { Bars, Figure, Section, Value } from './sections.ts';
import { stagesSection, usageSection } from './usageSections.ts';

/** A report in a terminal and as a spreadsheet. */

export function sectionsOf(report: Report): readonly Section[] {
  return [
    volumeSection(report),
    callersSection(report),
    dangerSection(report),
    peopleSection(report),
    callbacksSection(report),
    followUpsSection(report),
    reviewsSection(report),
    conversationSection(report),
    stagesSection(report),
    usageSection(report),
  ];
}

export function periodName({ kind, firstDay, lastDay }: NamedPeriod): string {
  return kind === 'day' ? firstDay : `${firstDay} to ${lastDay}`;
}

const labelWidth = 50;

export function printReport(report: Report, output: Output): void {
  const { line, colours } = output;
  const { period, madeAt } = report;
  line(colours.bold(`Report of the ${period.kind}: ${periodName(period)}${period.soFar ? ' (so far)' : ''}`));
  line(colours.dim(`Times: ${period.zone}. Made ${inZone(madeAt, period.zone)}.`));
  for (const section of sectionsOf(report)) printSection(section, output);
  line();
  line(colours.bold('Not recorded yet'));
  for (const { en } of notRecorded) line(`  ${en}`);
}

function printSection({ title, figures, charts, notes }: Section, { line, colours }: Output): void {
  line();
  line(colours.bold(title.en));
  for (const figure of figures) line(`  ${figure.label.en.padEnd(labelWidth)}${printedFigure(figure, colours)}`);
  for (const chart of charts) if (chart.shape === 'upright') for (const text of printedBars(chart)) line(text);
  for (const { en } of notes) line(colours.dim(`  ${en}`));
}

function printedFigure({ value, alarming }: Figure, { red }: Colours): string {
  const text = shownValue(value);
  return alarming === true ? red(text) : text;
}

/** `12`, `12  (40 % of 30)`, `p50 1.2 s   p95 3.4 s   max 9.0 s   (of 12)` */
export function shownValue(value: Value): string {
  switch (value.kind) {
    case 'count': {
      const n = shownNumber(value.n).padStart(7);
      if (value.of === null) return n.trimEnd();
      return value.of === 0 ? `${n}  (of none)` : `${n}  (${share(value.n, value.of)} of ${shownNumber(value.of)})`;
    }
    case 'length':
      return shownDuration(value.seconds).padStart(7);
    case 'money':
      return shownMoney(value.micros, value.currency).padStart(11);
    case 'spread': {
      if (value.count === 0) return '      —  (none)';
      const parts = [value.p50, value.p95, value.max].map((each) => shownTime(each, value.unit));
      return `p50 ${parts[0]}   p95 ${parts[1]}   max ${parts[2]}   (of ${shownNumber(value.count)})`;
    }
  }
}

export function shownNumber(n: number): string {
  return n.toLocaleString('en-GB');
}

export function shownTime(value: number | null, unit: 'ms' | 'seconds'): string {
  if (value === null) return '—';
  return unit === 'seconds' ? shownDuration(value) : `${(value / 1_000).toFixed(2)} s`;
}

/** Some are never 0 %, and never all. */
export function share(n: number, of: number): string {
  const percent = (100 * n) / of;
  if (n > 0 && percent < 0.1) return '<0.1 %';
  if (n < of && percent > 99.9) return '>99.9 %';
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)} %`;
}

const barWidth = 40;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

function printedBars({ title, bars }: Bars): readonly string[] {
  const most = Math.max(0, ...bars.map(({ value }) => value));
  if (most === 0) return [];
  const labels = Math.max(...bars.map(({ label }) => label.en.length));
  return [
    `  ${title.en}`,
    ...bars.map(({ label, value }) =>
      `  ${label.en.padStart(labels)}  ${bar(value, most)} ${value === 0 ? '' : shownNumber(value)}`.trimEnd(),
    ),
  ];
}

/** What is there shows, however little. */
function bar(value: number, most: number): string {
  const length = value === 0 ? 0 : Math.max(1, Math.round((value / most) * barWidth * 8));
  return '█'.repeat(Math.floor(length / 8)) + (eighths[length % 8] ?? '');
}

interface Cell {
  readonly section: string;
  readonly figure: string;
  readonly measure: string;
  readonly value: number | null;
  readonly unit: string;
  readonly of: number | null;
}

const columns: readonly CsvColumn<Cell>[] = [
  { name: 'section', value: ({ section }) => section },
  { name: 'figure', value: ({ figure }) => figure },
  { name: 'measure', value: ({ measure }) => measure },
  { name: 'value', value: ({ value }) => value },
  { name: 'unit', value: ({ unit }) => unit },
  { name: 'of', value: ({ of }) => of },
];

/** One number in a row. Names come from the database in part, so they go through the same care as everything in a spreadsheet. */
export function reportCsv(report: Report): string {
  const cells = sectionsOf(report).flatMap(({ id, figures, charts }) => [
    ...figures.flatMap(({ id: figure, value }) => cellsOf(value).map((each) => ({ section: id, figure, ...each }))),
    ...charts.flatMap((chart) =>
      chart.bars.map(({ id: measure, value }) => ({
        section: id,
        figure: chart.id,
        measure,
        value,
        unit: 'count',
        of: null,
      })),
    ),
  ]);
  return csvText(columns, cells);
}

function cellsOf(value: Value): readonly Omit<Cell, 'section' | 'figure'>[] {
  switch (value.kind) {
    case 'count':
      return [{ measure: 'count', value: value.n, unit: 'count', of: value.of }];
    case 'length':
      return [{ measure: 'total', value: value.seconds, unit: 'seconds', of: null }];
    case 'money':
      return [{ measure: 'cost', value: value.micros, unit: `micro${value.currency}`, of: null }];
    case 'spread':
      return (['p50', 'p95', 'max'] as const).map((measure) => ({
        measure,
        value: value[measure],
        unit: value.unit,
        of: value.count,
      }));
  }
}
