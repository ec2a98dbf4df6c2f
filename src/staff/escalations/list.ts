import { listEscalations, type ListedEscalation } from '../../store/escalationQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shownLevel } from '../calls/list.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions, type PeriodOptions } from '../listing.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column, Colours } from '../output.ts';
import { inZone, instantOf } from '../zonedTime.ts';
import { findId } from './findId.ts';

export interface EscalationListOptions extends ListOptions, PeriodOptions {
  readonly state?: string;
  readonly outcome?: string;
  readonly open?: true;
}

export async function list(access: StaffAccess, options: EscalationListOptions, now: Date): Promise<Outcome> {
  access.demand('seeCalls');
  const { since, until, state = null, outcome = null, open = false, zone } = options;
  const filter = {
    since: since === undefined ? null : instantOf(since, 'from', zone, now),
    until: until === undefined ? null : instantOf(until, 'to', zone, now),
    state,
    outcome,
    open,
  };
  if (filter.since !== null && filter.until !== null && filter.since >= filter.until)
    return misused('emptyPeriod', '--since is not before --until.');
  await access.note('escalationsSeen', { kind: 'organisation', id: access.organisationId });
  return access.database.within(access.organisationId, async (tx) => {
    const after = options.after === undefined ? null : await findId(tx, 'escalations', options.after);
    if (after?.kind === 'refused') return after.outcome;
    const page = { after: after?.id ?? null, limit: options.limit };
    const { items, next } = await listEscalations(tx, access.organisationId, filter, page);
    return {
      kind: 'done',
      json: { escalations: items.map((each) => ({ ...each, ...waits(each) })), next },
      csv: csvText(csvColumns, items),
      print: (output) => {
        if (items.length === 0) return output.line('No escalations fit.');
        output.table(columns(zone), items);
        output.line();
        output.line(`${items.length} shown, the newest first. Times: ${zone}. Seconds count from the request.`);
        if (next !== null) output.line(`There are more: --after ${shortId(next)}`);
      },
    };
  });
}

/** Seconds from the request to a telephone that rings, and to a person who speaks; null: not so far. */
export function waits(each: ListedEscalation): {
  readonly ringSeconds: number | null;
  readonly personSeconds: number | null;
} {
  const since = (at: Date | null): number | null =>
    at === null ? null : Math.max(0, Math.round((at.getTime() - each.requestedAt.getTime()) / 100) / 10);
  return { ringSeconds: since(each.ringingAt), personSeconds: since(each.bridgedAt) };
}

function columns(zone: string): readonly Column<ListedEscalation>[] {
  return [
    { title: 'id', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'call', width: 8, cell: ({ callId }) => shortId(callId) },
    { title: 'requested', width: 19, cell: ({ requestedAt }) => inZone(requestedAt, zone) },
    { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
    { title: 'why', width: 7, cell: ({ reason }) => reason },
    { title: 'rang', width: 7, cell: (each) => seconds(waits(each).ringSeconds) },
    { title: 'person', width: 7, cell: (each) => seconds(waits(each).personSeconds) },
    { title: 'what became of it', cell: shownOutcome },
  ];
}

function seconds(value: number | null): string {
  return (value === null ? '—' : `${value.toFixed(1)} s`).padStart(7);
}

export function shownOutcome({ state, outcome }: ListedEscalation, { green, yellow, red }: Colours): string {
  if (outcome === null) return yellow(`${state} …`);
  if (outcome === 'helped') return green(outcome);
  return outcome === 'nobody' ? red(outcome) : outcome;
}

const csvColumns: readonly CsvColumn<ListedEscalation>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'callId', value: ({ callId }) => callId },
  { name: 'requestedAt', value: ({ requestedAt }) => requestedAt },
  { name: 'level', value: ({ level }) => level },
  { name: 'reason', value: ({ reason }) => reason },
  { name: 'state', value: ({ state }) => state },
  { name: 'outcome', value: ({ outcome }) => outcome },
  { name: 'ringSeconds', value: (each) => waits(each).ringSeconds },
  { name: 'personSeconds', value: (each) => waits(each).personSeconds },
  { name: 'closedAt', value: ({ closedAt }) => closedAt },
];
