import type { Summary } from '../summary.ts';
import { atMost, exactly, printTable, type Goal, type Row } from '../table.ts';
import type { EscalationBenchResult } from './bench.ts';
import type { PartFigures } from './figures.ts';

/** The figures of issue "A person comes" with their goals, as rows; and the result as plain text. */

const ringing = atMost(2_000, 'ms');
const company = atMost(8_000, 'ms');
const ownTime = atMost(1_500, 'ms');

type Read = (figures: PartFigures) => number | null | undefined;

export function escalationRows(part: PartFigures): readonly Row[] {
  const row = (figure: string, unit: string, read: Read, goal: Goal | null = null): Row => {
    const value = read(part) ?? null;
    const measured = value === null ? null : { median: value, min: value, max: value };
    const reached = value !== null && goal !== null && goal.isReached(value);
    const verdict = value === null ? 'not measured' : goal === null ? 'no goal' : reached ? 'reached' : 'missed';
    return { figure, measured, unit, goal: goal?.text ?? '', verdict };
  };
  const three = (figure: string, read: (one: PartFigures) => Summary | null, goal: Goal | null = null) => [
    row(`${figure}, p50`, 'ms', (f) => read(f)?.p50),
    row(`${figure}, p95`, 'ms', (f) => read(f)?.p95, goal),
    row(`${figure}, max`, 'ms', (f) => read(f)?.max),
  ];
  return [
    ...three('disclosure → first telephone ringing', ({ ring }) => ring, ringing),
    row('  disclosure → the carrier is asked for the first, p95', 'ms', ({ ordered }) => ordered?.p95),
    row("  of it waiting for the account's rate, p95", 'ms', ({ queued }) => queued?.p95),
    row('longest time without a sound, p50', 'ms', ({ silence }) => silence?.p50),
    row('longest time without a sound, max', 'ms', ({ silence }) => silence?.max, company),
    ...three('accept key → both hear each other, our own time', ({ own }) => own, ownTime),
    row('  with the briefing, p50', 'ms', ({ join }) => join?.p50),
    row('disclosure → the person is heard, p50', 'ms', ({ personHeard }) => personHeard?.p50),
    row('disclosure → the person is heard, p95', 'ms', ({ personHeard }) => personHeard?.p95),
    row('disclosure → the person is heard, max', 'ms', ({ personHeard }) => personHeard?.max),
    row('callers to whom a person came', '', (f) => f.reached, exactly(part.calls, '')),
    row('calls without exactly one recorded outcome', '', (f) => f.withoutOutcome, exactly(0, '')),
    row('telephones rung twice in a wave', '', (f) => f.rungTwice, exactly(0, '')),
    row('telephones rung of which no record knows', '', (f) => f.unknownTelephones, exactly(0, '')),
    row('  telephones rung', '', (f) => f.telephones),
    row('  of them busy: with another caller', '', (f) => f.busy),
  ];
}

/** The result for a terminal: a table for each part, what the rows mean, and what they do not. */
export function printEscalationResult({ parts, machine, options, invalid }: EscalationBenchResult): string {
  return [
    ...parts.flatMap(({ title, figures }) => [
      '',
      `${title}: ${figures.calls} calls, outcomes ${Object.entries(figures.outcomes)
        .map(([outcome, times]) => `${outcome} ${times}`)
        .join(', ')}`,
      '',
      printTable(escalationRows(figures)),
    ]),
    '',
    `${machine.cores} cores (${machine.processor}), Node ${machine.node.slice(1)}, load ${machine.loadBefore} before it began`,
    `and ${machine.loadAfter} after; the account may start ${options.callsPerSecond} call${options.callsPerSecond === 1 ? '' : 's'} a second, shared by all callers.`,
    'Sanad, the providers, and the carrier with all telephones are three processes that share these cores; so does PostgreSQL.',
    '',
    ...howMeasured,
    ...(invalid.length === 0 ? [] : ['', 'These figures are not to be believed:', ...invalid.map((why) => `  ${why}`)]),
    '',
  ].join('\n');
}

/** Every time is read from the carrier's recordings and notes; none is asked of the application. */
const howMeasured = [
  "disclosure → ringing: the caller's last voiced frame of the words is put on the wire → the first telephone rings that is not",
  '  busy. A partial word may ring it earlier: such a time is negative, and counts. The sandbox takes no time to ring.',
  'without a sound: in what the caller hears, from the disclosure until the person is heard, the longest stretch below −42 dBFS.',
  '  The caller says nothing meanwhile, so all company is Sanad’s.',
  "our own time: key → both hear each other, without the time the carrier's voice speaks the briefing. The carrier's own 0.7 s",
  '  from the end of a stream to the next verb (measured on live calls) is 0.05 s here.',
  'outcome: one escalation for the call in the database, closed once, with an outcome. Which telephone rang for whom and in which',
  '  wave is read there too; that it rang, and when, is the carrier’s.',
  'Of every three people on call one never answers; the others pick up after 2.5 to 5 s and press 1 after 1 to 2.5 s more. Who',
  '  rings or talks is busy to others. No TLS, no network, no real provider, tones for voices.',
];
