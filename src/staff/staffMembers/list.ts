import { listStaff } from '../../store/staff.ts';
import { roleNames } from '../access/rights.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import type { Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import type { Member } from './members.ts';

export async function list(access: StaffAccess, zone: string): Promise<Outcome> {
  access.demand('manageStaff');
  const staff = await access.database.within(access.organisationId, (tx) => listStaff(tx, access.keys));
  return {
    kind: 'done',
    json: { staff: staff.map((member) => ({ ...member, kind: undefined, state: stateOf(member) })) },
    csv: csvText(csvColumns, staff),
    print: (output) => {
      if (staff.length === 0) {
        output.line('There are no staff yet. Make the first administrator with:');
        output.line('  npm run sanad -- staff init --login aisha --name "Aisha"');
        return;
      }
      output.table(columns(zone), staff);
      output.line();
      output.line(`${staff.length} on the staff. Times: ${zone}.`);
    },
  };
}

type State = 'active' | 'inactive' | 'locked' | 'broken';

function stateOf(member: Member): State {
  if (member.kind === 'broken') return 'broken';
  if (!member.active) return 'inactive';
  return member.lockedUntil === null ? 'active' : 'locked';
}

function columns(zone: string): readonly Column<Member>[] {
  return [
    { title: 'id', width: 8, cell: ({ id }, colours) => colours.dim(id.slice(0, 8)) },
    { title: 'login', width: 16, cell: (member) => (member.kind === 'sound' ? member.login : '?') },
    {
      title: 'name',
      cell: (member, colours) =>
        member.kind === 'sound' ? member.name : colours.red(`cannot be opened (${member.why})`),
    },
    { title: 'roles', width: 18, cell: ({ roles }) => roles.map((role) => roleNames[role]).join('\n') },
    { title: 'state', width: 8, cell: (member, colours) => coloured(stateOf(member), colours) },
    {
      title: 'last sign-in',
      width: 16,
      cell: ({ signedInAt }) => (signedInAt === null ? 'never' : inZone(signedInAt, zone).slice(0, 16)),
    },
  ];
}

function coloured(state: State, { green, dim, red }: Parameters<Column<Member>['cell']>[1]): string {
  if (state === 'active') return green(state);
  return state === 'inactive' ? dim(state) : red(state);
}

const csvColumns: readonly CsvColumn<Member>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'login', value: (member) => (member.kind === 'sound' ? member.login : null) },
  { name: 'name', value: (member) => (member.kind === 'sound' ? member.name : null) },
  { name: 'roles', value: ({ roles }) => roles.join(' ') },
  { name: 'state', value: stateOf },
  { name: 'createdAt', value: ({ createdAt }) => createdAt },
  { name: 'signedInAt', value: ({ signedInAt }) => signedInAt },
  { name: 'lockedUntil', value: ({ lockedUntil }) => lockedUntil },
];
