import { listCallers, type CallerFilter, type ShownCaller } from '../../store/callerQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions, type PeriodOptions } from '../listing.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { instantOf, inZone } from '../zonedTime.ts';
import { callerJson, findCaller, shownNumber } from './findCaller.ts';

export interface CallerListOptions extends ListOptions, PeriodOptions {
  readonly blocked?: true;
  readonly erased?: true;
  readonly numbers?: true;
}

export async function list(access: StaffAccess, options: CallerListOptions, now: Date): Promise<Outcome> {
  access.demand('seeCallers');
  const { since, until, zone, limit, numbers = false, blocked = false, erased = false } = options;
  const filter: CallerFilter = {
    since: since === undefined ? null : instantOf(since, 'from', zone, now),
    until: until === undefined ? null : instantOf(until, 'to', zone, now),
    blocked,
    erased,
  };
  if (filter.since !== null && filter.until !== null && filter.since >= filter.until)
    return misused('wrongPeriod', '--since is not before --until.');
  await access.note('callersListed', { kind: 'caller', id: null }, undefined, { numbers, limit });
  return access.database.within(access.organisationId, async (tx) => {
    const after = options.after === undefined ? null : await findCaller(tx, access, options.after);
    if (after?.kind === 'refused') return after.outcome;
    const page = await listCallers(tx, access.keys, access.organisationId, filter, { after: after?.id ?? null, limit });
    return {
      kind: 'done',
      json: { zone, callers: page.items.map((each) => callerJson(each, numbers)), next: page.next },
      csv: csvText(csvColumns(numbers), page.items),
      print: (output) => {
        if (page.items.length === 0) output.line('No callers.');
        else output.table(columns(zone, numbers), page.items);
        if (page.items.length > 0 && !numbers)
          output.line('\nNumbers are masked; --numbers shows them, and is audited.');
        if (page.next !== null) output.line(`There are more. The next page: --after ${shortId(page.next)}`);
      },
    };
  });
}

function columns(zone: string, numbers: boolean): readonly Column<ShownCaller>[] {
  const at = (instant: Date | null): string => (instant === null ? '' : inZone(instant, zone).slice(0, 16));
  return [
    { title: 'caller', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'number', width: numbers ? 17 : 14, cell: (caller) => shownNumber(caller, numbers) },
    { title: 'calls', width: 5, cell: ({ calls }) => String(calls) },
    { title: `last (${zone})`, width: 19, cell: ({ lastCallAt }) => at(lastCallAt) },
    { title: 'first', width: 16, cell: ({ createdAt }) => at(createdAt) },
    {
      title: 'level',
      width: 8,
      cell: ({ level }, { red }) => (level === 'imminent' || level === 'high' ? red(level) : level),
    },
    {
      title: 'marks',
      cell: ({ blockedAt, erasedAt }, { yellow, dim }) =>
        [...(blockedAt === null ? [] : [yellow('blocked')]), ...(erasedAt === null ? [] : [dim('erased')])].join(' '),
    },
  ];
}

function csvColumns(numbers: boolean): readonly CsvColumn<ShownCaller>[] {
  return [
    { name: 'caller', value: ({ id }) => id },
    { name: 'number', value: (caller) => shownNumber(caller, numbers) },
    { name: 'calls', value: ({ calls }) => calls },
    { name: 'firstCall', value: ({ createdAt }) => createdAt },
    { name: 'lastCall', value: ({ lastCallAt }) => lastCallAt },
    { name: 'highestLevel', value: ({ level }) => level },
    { name: 'blockedAt', value: ({ blockedAt }) => blockedAt },
    { name: 'erasedAt', value: ({ erasedAt }) => erasedAt },
  ];
}
