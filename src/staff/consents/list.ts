import { listConsents, type Consent } from '../../store/consents.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { findCaller } from '../callers/findCaller.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId } from '../listing.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { instantOf, inZone } from '../zonedTime.ts';
import type { ConsentListWords } from './command.ts';

export async function list(access: StaffAccess, options: ConsentListWords, now: Date): Promise<Outcome> {
  access.demand('seeCallers');
  const { since, until, zone, kind, answer, caller, limit: most } = options;
  const from = since && instantOf(since, 'from', zone, now);
  const to = until && instantOf(until, 'to', zone, now);
  if (from !== undefined && to !== undefined && from >= to)
    return misused('wrongPeriod', '--since is not before --until.');
  const { database, organisationId } = access;
  return database.within(organisationId, async (tx) => {
    const found = caller === undefined ? null : await findCaller(tx, access, caller);
    if (found?.kind === 'refused') return found.outcome;
    const filter = { kind, answer, callerId: found?.id, from, to, most };
    const consents = await listConsents(tx, organisationId, filter);
    await access.noteIn(tx, 'consentsSeen', { kind: 'caller', id: found?.id ?? null }, undefined, {
      consents: consents.length,
    });
    return {
      kind: 'done',
      json: { zone, consents },
      csv: csvText(csvColumns, consents),
      print: ({ line, table }) => {
        if (consents.length === 0) line('No answers.');
        else table(columns(zone), consents);
        if (consents.length === most) line(`\nThe newest ${most}; --limit shows more.`);
      },
    };
  });
}

function columns(zone: string): readonly Column<Consent>[] {
  return [
    { title: `at (${zone})`, width: 19, cell: ({ at }) => inZone(at, zone) },
    {
      title: 'caller',
      width: 9,
      cell: ({ callerId }, { dim }) => (callerId === null ? dim('withheld') : shortId(callerId)),
    },
    { title: 'to what', width: 9, cell: ({ kind }) => kind },
    {
      title: 'answer',
      width: 9,
      cell: ({ answer }, { green, yellow }) => (answer === 'given' ? green(answer) : yellow(answer)),
    },
    { title: 'how', width: 5, cell: ({ how }) => how },
    {
      title: 'in call, language, words',
      cell: ({ callId, language, textVersion }) =>
        [callId === null ? 'outside a call' : shortId(callId), language, `version ${textVersion}`].join(', '),
    },
  ];
}

const csvColumns: readonly CsvColumn<Consent>[] = [
  { name: 'at', value: ({ at }) => at },
  { name: 'caller', value: ({ callerId }) => callerId },
  { name: 'call', value: ({ callId }) => callId },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'answer', value: ({ answer }) => answer },
  { name: 'how', value: ({ how }) => how },
  { name: 'language', value: ({ language }) => language },
  { name: 'textVersion', value: ({ textVersion }) => textVersion },
];
