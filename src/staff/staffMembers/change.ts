import { appendAudit, type AuditAction } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import {
  changeMember,
  countFailure,
  endSessionsOf,
  insertMember,
  listStaff,
  lockStaff,
  mostStaff,
  readForSignIn,
  removeMember,
  setPassword,
  type BrokenMember,
  type MemberChange,
  type StaffMember,
} from '../../store/staff.ts';
import { faultOfPassword, hashPassword, verifyPassword } from '../access/password.ts';
import { roleNames, type Role } from '../access/rights.ts';
import { lockOut } from '../access/signIn.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { findMember, shownMember, type Member } from './members.ts';

/** The commands that change who the staff are. Each is one transaction, with its entry in the audit. */

export interface NewFields {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

type AskPassword = () => Promise<
  { readonly kind: 'typed'; readonly password: string } | { readonly kind: 'refused'; readonly message: string }
>;

/** The first administrator, made by the local operator only. */
export async function init(access: StaffAccess, fields: Omit<NewFields, 'roles'>, ask: AskPassword): Promise<Outcome> {
  if (access.actor.kind !== 'localOperator')
    return refused('administratorExists', 'There is an administrator already; they add others with: staff add');
  return create(access, { ...fields, roles: ['administrator'] }, ask, 'first');
}

export async function add(access: StaffAccess, fields: NewFields, ask: AskPassword): Promise<Outcome> {
  access.demand('manageStaff');
  return create(access, fields, ask, 'another');
}

async function create(
  access: StaffAccess,
  fields: NewFields,
  ask: AskPassword,
  which: 'first' | 'another',
): Promise<Outcome> {
  const typed = await ask();
  if (typed.kind === 'refused') return misused('password', typed.message);
  const fault = faultOfPassword(typed.password, fields.login);
  if (fault !== null) return misused('password', `${fault} Nobody was added.`);
  const passwordHash = await hashPassword(typed.password);
  return changing(access, async (tx, staff) => {
    if (which === 'first' && staff.some(isActingAdministrator))
      return refused('administratorExists', 'Somebody else has made the first administrator just now.');
    if (staff.some((each) => each.kind === 'sound' && each.login === fields.login))
      return refused('loginTaken', `There is somebody with the login ${fields.login} already. Nobody was added.`);
    if (staff.length >= mostStaff) return refused('tooMany', `There are ${mostStaff} staff already; no more fit.`);
    const createdBy = access.actor.id;
    const id = await insertMember(tx, access.keys, access.organisationId, { ...fields, passwordHash, createdBy });
    await note(access, tx, 'staffAdded', id, fields.roles);
    return {
      kind: 'done',
      json: { added: { id, ...fields } },
      print: ({ line }) => {
        line(`Added: ${fields.name} (${fields.login}): ${rolesText(fields.roles)}.`);
        line(`They sign in with: npm run sanad -- login ${fields.login}`);
        if (which === 'first')
          line(
            'From now on every command needs a session. Add a second administrator soon: a lone one who forgets the password locks everybody out.',
          );
      },
    };
  });
}

export async function edit(access: StaffAccess, words: string, change: MemberChange): Promise<Outcome> {
  access.demand('manageStaff');
  if (Object.values(change).every((value) => value === undefined))
    return misused(
      'nothingToChange',
      'Nothing to change: name what, for example --roles supervisor. All: staff edit --help',
    );
  return onMember(access, words, async (tx, member, staff) => {
    const after = { ...member, roles: change.roles ?? member.roles, active: change.active ?? member.active };
    if (isActingAdministrator(member) && !isActingAdministrator(after) && isLast(staff, member))
      return lastAdministrator;
    if (member.kind === 'broken' && change.name !== undefined) return brokenCannot(member);
    if (!(await changeMember(tx, access.keys, member.id, change))) return gone;
    if (!after.active) await endSessionsOf(tx, member.id);
    await note(access, tx, 'staffChanged', member.id, after.roles);
    const shown = member.kind === 'sound' ? { ...member, name: change.name ?? member.name } : member;
    return {
      kind: 'done',
      json: { changed: { id: member.id, roles: after.roles, active: after.active } },
      print: ({ line }) => {
        line(
          `Changed: ${shownMember(shown)}: ${rolesText(after.roles)}${after.active ? '' : '; not active, and signed out'}.`,
        );
      },
    };
  });
}

export async function remove(access: StaffAccess, words: string): Promise<Outcome> {
  access.demand('manageStaff');
  return onMember(access, words, async (tx, member, staff) => {
    if (isActingAdministrator(member) && isLast(staff, member)) return lastAdministrator;
    if (!(await removeMember(tx, member.id))) return gone;
    await note(access, tx, 'staffRemoved', member.id, member.roles);
    return {
      kind: 'done',
      json: { removed: { id: member.id } },
      print: ({ line }) => {
        line(
          `Removed: ${shownMember(member)}. Login, name and password are forgotten for good; what they did stays in the audit.`,
        );
      },
    };
  });
}

/** An administrator sets another's password and unlocks them; everybody may change their own, with the one they have. */
export async function resetPassword(
  access: StaffAccess,
  words: string | undefined,
  ask: { readonly present: AskPassword; readonly fresh: AskPassword },
): Promise<Outcome> {
  const own = words === undefined;
  if (!own) access.demand('manageStaff');
  if (own && access.actor.id === null)
    return misused('whose', 'Whose password? Name the login: staff reset-password LOGIN');
  return setNewPassword(access, own ? (access.actor.id ?? '') : words, own ? ask.present : null, ask.fresh);
}

async function setNewPassword(
  access: StaffAccess,
  words: string,
  askPresent: AskPassword | null,
  askFresh: AskPassword,
): Promise<Outcome> {
  const found = await access.database.within(access.organisationId, async (tx) =>
    findMember(await listStaff(tx, access.keys), words),
  );
  if (found.kind !== 'found') return refused('unknownMember', found.message);
  if (found.member.kind === 'broken') return brokenCannot(found.member);
  const { login } = found.member;
  const present = askPresent === null ? null : await askPresent();
  if (present?.kind === 'refused') return misused('password', present.message);
  const fresh = await askFresh();
  if (fresh.kind === 'refused') return misused('password', fresh.message);
  const fault = faultOfPassword(fresh.password, login);
  if (fault !== null) return misused('password', `${fault} Nothing was changed.`);
  const hash = await hashPassword(fresh.password);
  return onMember(access, found.member.id, async (tx, member) => {
    if (present !== null && !(await isPresent(access, tx, member.id, present.password)))
      return refused('signInFailed', 'The present password is wrong. Nothing was changed.');
    if (!(await setPassword(tx, access.keys, member.id, hash))) return gone;
    await endSessionsOf(tx, member.id);
    await note(access, tx, 'passwordChanged', member.id, member.roles);
    return {
      kind: 'done',
      json: { passwordChanged: { id: member.id } },
      print: ({ line }) => line(`New password: ${shownMember(member)}. Unlocked, and signed out everywhere.`),
    };
  });
}

async function isPresent(access: StaffAccess, tx: Transaction, id: string, password: string): Promise<boolean> {
  const state = await readForSignIn(tx, access.keys, id);
  const { right } = await verifyPassword(password, state.kind === 'open' ? state.passwordHash : null);
  // Whoever found a session open must not try passwords without end.
  if (!right) await countFailure(tx, id, lockOut);
  return right;
}

async function changing(
  access: StaffAccess,
  work: (tx: Transaction, staff: readonly Member[]) => Promise<Outcome>,
): Promise<Outcome> {
  const { database, organisationId, keys } = access;
  return database.within(organisationId, async (tx) => {
    await lockStaff(tx, organisationId);
    return work(tx, await listStaff(tx, keys));
  });
}

async function onMember(
  access: StaffAccess,
  words: string,
  work: (tx: Transaction, member: Member, staff: readonly Member[]) => Promise<Outcome>,
): Promise<Outcome> {
  return changing(access, async (tx, staff) => {
    const found = findMember(staff, words);
    return found.kind === 'found' ? work(tx, found.member, staff) : refused('unknownMember', found.message);
  });
}

async function note(
  { actor, keys }: StaffAccess,
  tx: Transaction,
  action: AuditAction,
  id: string,
  roles: readonly Role[],
): Promise<void> {
  await appendAudit(tx, keys, { actor, action, subject: { kind: 'staff', id }, facts: { roles: roles.join('+') } });
}

type Acting = Pick<StaffMember, 'roles' | 'active'>;

function isActingAdministrator({ active, roles }: Acting): boolean {
  return active && roles.includes('administrator');
}

function isLast(staff: readonly Member[], member: Member): boolean {
  return !staff.some((each) => each.id !== member.id && each.kind === 'sound' && isActingAdministrator(each));
}

const lastAdministrator = refused(
  'lastAdministrator',
  'This is the last administrator who can sign in: nobody could change the staff any more. Give the role to somebody else first. Nothing was changed.',
);

const gone = refused('unknownMember', 'They were removed by somebody else just now.');

function brokenCannot(member: BrokenMember): Outcome {
  return refused(
    'sealed',
    `The entry ${member.id.slice(0, 8)} cannot be opened (${member.why}); it can only be removed: staff remove ${member.id.slice(0, 8)}`,
  );
}

function rolesText(roles: readonly Role[]): string {
  return roles.map((role) => roleNames[role]).join(', ');
}
