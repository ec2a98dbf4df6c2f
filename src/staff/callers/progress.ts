import { progressOf, type CallProgress, type Progress } from '../../store/moodRatings.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId } from '../listing.ts';
import type { Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import { onCaller } from './findCaller.ts';

const mostCalls = 100;
const best = 10;

/** How one caller said they felt, call by call. Figures of calls whose caller did not agree to being kept are left out. */
export async function showProgress(
  access: StaffAccess,
  words: string,
  { reason, zone }: { readonly reason: string; readonly zone: string },
): Promise<Outcome> {
  access.demand('seeCallers');
  access.demand('readWords');
  return onCaller(access, words, async (tx, caller) => {
    const found = await progressOf(tx, access.keys, caller.id, mostCalls);
    await access.noteIn(tx, 'wordsRead', { kind: 'caller', id: caller.id }, reason, { moods: found.calls.length });
    return {
      kind: 'done',
      json: {
        caller: caller.id,
        scale: { worst: 1, best },
        averageChange: averageChange(found.calls),
        ...found,
        calls: found.calls.map((call) => ({ ...call, change: changeOf(call) })),
      },
      csv: csvText(csvColumns, found.calls),
      print: (output) => print(output, caller.id, found, zone),
    };
  });
}

function changeOf({ start, end }: CallProgress): number | null {
  return start === null || end === null ? null : end - start;
}

/** From the start of a call to its end, over the calls that have both; null when none has. */
function averageChange(calls: readonly CallProgress[]): number | null {
  const changes = calls.map(changeOf).filter((change) => change !== null);
  if (changes.length === 0) return null;
  return Math.round((changes.reduce((sum, change) => sum + change, 0) / changes.length) * 10) / 10;
}

const csvColumns: readonly CsvColumn<CallProgress>[] = [
  { name: 'call', value: ({ callId }) => callId },
  { name: 'startedAt', value: ({ startedAt }) => startedAt },
  { name: 'start', value: ({ start }) => start },
  { name: 'end', value: ({ end }) => end },
  { name: 'change', value: changeOf },
  { name: 'highestLevel', value: ({ level }) => level },
];

function print({ line, colours, table }: Output, id: string, found: Progress, zone: string): void {
  const { calls, withoutConsent, broken } = found;
  line(colours.bold(`Caller ${id}: how they said they felt, from 1 (worst) to ${best} (best)`));
  if (calls.length === 0) line('No figures are kept.');
  else {
    line(`\n  near the start  ${sparkline(calls.map(({ start }) => start))}`);
    line(`  at the end      ${sparkline(calls.map(({ end }) => end))}\n`);
    table(
      [
        { title: 'call', width: 8, cell: ({ callId }) => shortId(callId) },
        { title: `began (${zone})`, width: 19, cell: ({ startedAt }) => inZone(startedAt, zone).slice(0, 16) },
        { title: 'start', width: 13, cell: ({ start }) => bar(start) },
        { title: 'end', width: 13, cell: ({ end }) => bar(end) },
        { title: 'change', width: 6, cell: (call) => signed(changeOf(call)) },
        { title: 'level', cell: ({ level }) => level },
      ],
      calls,
    );
    const average = averageChange(calls);
    if (average !== null)
      line(`\nFrom start to end, on average: ${signed(average)}. It is what they said, and no measurement.`);
  }
  if (withoutConsent > 0) line(`Left out, without consent to being kept: ${withoutConsent}`);
  if (broken > 0) line(colours.yellow(`Cannot be opened: ${broken}`));
}

const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One mark for each call, the oldest first; a dot where no figure was given. */
export function sparkline(figures: readonly (number | null)[]): string {
  const step = (heights.length - 1) / (best - 1);
  return figures.map((figure) => (figure === null ? '·' : (heights[Math.round((figure - 1) * step)] ?? '·'))).join('');
}

/** The figure after a bar of as many blocks. */
export function bar(figure: number | null): string {
  return figure === null ? '–' : `${'█'.repeat(figure)}${'░'.repeat(best - figure)} ${figure}`;
}

function signed(change: number | null): string {
  if (change === null) return '';
  return change > 0 ? `+${change}` : String(change);
}
