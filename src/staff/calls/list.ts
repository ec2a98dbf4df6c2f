import { riskLevels, type RiskLevel } from '../../call/meaning.ts';
import { listCalls, type CallFilter, type ListedCall } from '../../store/callQueries.ts';
import type { Transaction } from '../../store/database.ts';
import { listPeople } from '../../store/onCallPeople.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, shownDuration, type ListOptions, type PeriodOptions } from '../listing.ts';
import { findPerson } from '../onCall/people.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import type { Column, Colours } from '../output.ts';
import { inZone, instantOf } from '../zonedTime.ts';
import { findCall } from './findCall.ts';

export interface CallListOptions extends ListOptions, PeriodOptions {
  readonly level?: readonly RiskLevel[];
  readonly outcome?: string;
  readonly language?: string;
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly onCall?: string;
  readonly bargeIn?: true;
  readonly failure?: true;
  readonly live?: true;
}

export async function list(access: StaffAccess, options: CallListOptions, now: Date): Promise<Outcome> {
  access.demand('seeCalls');
  const filter = filterOf(options, now);
  if (filter.since !== null && filter.until !== null && filter.since >= filter.until)
    return misused(
      'emptyPeriod',
      `--since (${inZone(filter.since, options.zone)}) is not before --until (${inZone(filter.until, options.zone)}).`,
    );
  await access.note('callsListed', { kind: 'organisation', id: access.organisationId });
  return access.database.within(access.organisationId, async (tx) => {
    const person = await personId(access, tx, options.onCall);
    if (typeof person === 'object' && person !== null) return person;
    const after = options.after === undefined ? null : await findCall(tx, options.after);
    if (after?.kind === 'refused') return after.outcome;
    const whole = { ...filter, personId: person };
    const page = { after: after?.id ?? null, limit: options.limit };
    const { items, next } = await listCalls(tx, access.organisationId, whole, page);
    return told(items, next, options);
  });
}

function filterOf(options: CallListOptions, now: Date): CallFilter {
  const { since, until, level, outcome, language, minDuration, maxDuration, zone } = options;
  return {
    since: since === undefined ? null : instantOf(since, 'from', zone, now),
    until: until === undefined ? null : instantOf(until, 'to', zone, now),
    levels: level ?? null,
    outcome: outcome ?? null,
    language: language ?? null,
    minSeconds: minDuration ?? null,
    maxSeconds: maxDuration ?? null,
    personId: null,
    bargeIn: options.bargeIn === true,
    failure: options.failure === true,
    live: options.live === true,
  };
}

/** Somebody who left the rota is found by id only: their name is forgotten. */
async function personId(
  access: StaffAccess,
  tx: Transaction,
  words: string | undefined,
): Promise<string | null | Outcome> {
  if (words === undefined) return null;
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(words.trim())) return words.trim();
  const found = findPerson(await listPeople(tx, access.keys), words);
  return found.kind === 'found' ? found.person.id : refused('unknownPerson', found.message);
}

function told(calls: readonly ListedCall[], next: string | null, { zone }: CallListOptions): Outcome {
  return {
    kind: 'done',
    json: { calls, next },
    csv: csvText(csvColumns, calls),
    print: (output) => {
      if (calls.length === 0) return output.line('No calls fit.');
      output.table(columns(zone), calls);
      output.line();
      output.line(`${calls.length} ${calls.length === 1 ? 'call' : 'calls'}, the newest first. Times: ${zone}.`);
      if (next !== null) output.line(`There are more: --after ${shortId(next)}`);
    },
  };
}

function columns(zone: string): readonly Column<ListedCall>[] {
  return [
    { title: 'call', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'began', width: 19, cell: ({ startedAt }) => inZone(startedAt, zone) },
    { title: 'length', width: 8, cell: ({ seconds }) => shownDuration(seconds).padStart(7) },
    { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
    { title: 'outcome', width: 9, cell: ({ outcome }, colours) => outcome ?? colours.green('live') },
    { title: 'lang', width: 5, cell: ({ language }) => language },
    { title: 'turns', width: 5, cell: ({ turns }) => String(turns).padStart(5) },
    { title: 'noted', cell: noted },
  ];
}

export function shownLevel(level: RiskLevel, { red, yellow, dim, bold }: Colours): string {
  if (level === 'imminent') return bold(red(level));
  if (level === 'high') return red(level);
  if (level === 'moderate') return yellow(level);
  return level === 'none' ? dim(level) : level;
}

function noted({ escalation, bargeIns, failures }: ListedCall, { yellow }: Colours): string {
  return [
    ...(escalation === null ? [] : [`person: ${escalation}`]),
    ...(bargeIns === 0 ? [] : [`${bargeIns} barge-in${bargeIns === 1 ? '' : 's'}`]),
    ...(failures === 0 ? [] : [yellow(`${failures} failure${failures === 1 ? '' : 's'}`)]),
  ].join(', ');
}

const csvColumns: readonly CsvColumn<ListedCall>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'startedAt', value: ({ startedAt }) => startedAt },
  { name: 'answeredAt', value: ({ answeredAt }) => answeredAt },
  { name: 'endedAt', value: ({ endedAt }) => endedAt },
  { name: 'seconds', value: ({ seconds }) => seconds },
  { name: 'level', value: ({ level }) => level },
  { name: 'outcome', value: ({ outcome }) => outcome },
  { name: 'language', value: ({ language }) => language },
  { name: 'turns', value: ({ turns }) => turns },
  { name: 'bargeIns', value: ({ bargeIns }) => bargeIns },
  { name: 'failures', value: ({ failures }) => failures },
  { name: 'escalation', value: ({ escalation }) => escalation },
];

/** `high`, `high,imminent`, or `high+` for that and above. */
export function levelsIn(text: string): readonly RiskLevel[] | null {
  const words = text.trim().toLowerCase();
  const least = riskLevels.find((level) => `${level}+` === words);
  if (least !== undefined) return riskLevels.slice(riskLevels.indexOf(least));
  const levels = words.split(',').map((each) => riskLevels.find((level) => level === each.trim()));
  const known = levels.flatMap((level) => (level === undefined ? [] : [level]));
  return known.length === levels.length ? known : null;
}
