import { listAudit, type AuditEntry, type AuditFilter } from '../../store/audit.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import type { Outcome } from '../outcome.ts';
import type { Column, Output } from '../output.ts';
import { shortId } from '../listing.ts';
import { inZone } from '../zonedTime.ts';

export async function list(access: StaffAccess, filter: AuditFilter, zone: string): Promise<Outcome> {
  access.demand('verifyAudit');
  const { database, organisation } = access;
  const entries = await database.within(organisation.id, (tx) => listAudit(tx, organisation, filter));
  await access.note('auditSeen', { kind: 'audit', id: null }, undefined, { entries: entries.length });
  return {
    kind: 'done',
    json: { zone, entries },
    csv: csvText(csvColumns, entries),
    print: (output) => print(entries, filter, zone, output),
  };
}

function print(entries: readonly AuditEntry[], { most }: AuditFilter, zone: string, output: Output): void {
  if (entries.length === 0) {
    output.line('Nothing of that was done.');
    return;
  }
  output.table(columns(zone), entries);
  const oldest = entries.at(-1)?.seq ?? 1;
  if (entries.length < most || oldest === 1) return;
  output.line();
  output.line(`There may be more. The next page: audit list --before ${oldest}`);
}

function columns(zone: string): readonly Column<AuditEntry>[] {
  return [
    { title: '#', width: 6, cell: ({ seq }) => String(seq) },
    { title: `at (${zone})`, width: 19, cell: ({ at }) => inZone(at, zone) },
    { title: 'who', width: 16, cell: ({ actor }, { dim }) => `${actor.name}\n${dim(whoOf(actor))}` },
    { title: 'what', width: 18, cell: ({ action }) => action },
    {
      title: 'to what, and why',
      cell: (entry, { dim }) => {
        const facts = shownFacts(entry);
        const heading = `${subjectOf(entry)}${facts === '' ? '' : ` ${dim(facts)}`}`;
        return entry.why === null ? heading : `${heading}\n${entry.why}`;
      },
    },
  ];
}

function whoOf({ kind, id }: AuditEntry['actor']): string {
  return id === null ? kind : `${kind} ${id.slice(0, 8)}`;
}

function subjectOf({ subject: { kind, id } }: AuditEntry): string {
  return id === null ? kind : `${kind} ${shortened(id)}`;
}

/** In the table ids are as short as other listings show them, and what is nothing is left out; `--json` and `--csv` have all of it. */
function shownFacts({ facts }: AuditEntry): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== false && value !== 0)
    .map(([name, value]) => `${name}=${shortened(String(value))}`)
    .join(' ');
}

function shortened(text: string): string {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text) ? shortId(text) : text;
}

function factsOf({ facts }: AuditEntry): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

const csvColumns: readonly CsvColumn<AuditEntry>[] = [
  { name: 'entry', value: ({ seq }) => seq },
  { name: 'at', value: ({ at }) => at },
  { name: 'actor', value: ({ actor }) => actor.name },
  { name: 'actorKind', value: ({ actor }) => actor.kind },
  { name: 'actorId', value: ({ actor }) => actor.id },
  { name: 'action', value: ({ action }) => action },
  { name: 'subjectKind', value: ({ subject }) => subject.kind },
  { name: 'subjectId', value: ({ subject }) => subject.id },
  { name: 'why', value: ({ why }) => why },
  { name: 'facts', value: factsOf },
];
