import { randomBytes } from 'node:crypto';
import { appendAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import type { Organisation } from '../../store/organisations.ts';
import type { KeyKeeper } from '../../store/sealing.ts';
import {
  countFailure,
  endSession,
  listStaff,
  openSession,
  readForSignIn,
  setPassword,
  type SignInState,
  type StaffMember,
} from '../../store/staff.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Session } from './sessionFile.ts';
import { tokenHash } from './staffAccess.ts';
import type { StaffDatabase } from './staffDatabase.ts';

/** Five wrong passwords lock an account for a quarter of an hour: twenty guesses an hour, against a hash that is never seen. */
export const lockOut = { allowed: 5, lockSeconds: 15 * 60 };

export const sessionSeconds = 12 * 60 * 60;

export interface SignedIn {
  readonly member: StaffMember;
  readonly session: Session;
}

/**
 * Null: wrong, locked, inactive or unknown; which of them is not told, and each takes the time of one hash. Guesses at one account
 * made side by side wait for each other.
 */
export async function signIn(
  { database, keys }: StaffDatabase,
  organisation: Organisation,
  login: string,
  password: string,
): Promise<SignedIn | null> {
  return database.within(organisation.id, async (tx) => {
    const member = memberWith(await listStaff(tx, keys), login);
    const state: SignInState = member === null ? { kind: 'closed' } : await readForSignIn(tx, keys, member.id);
    const { right, outdated } = await verifyPassword(password, state.kind === 'open' ? state.passwordHash : null);
    if (member === null || state.kind === 'closed' || !right) {
      await refuse(tx, keys, member, state);
      return null;
    }
    if (outdated) await setPassword(tx, keys, member.id, await hashPassword(password));
    const token = randomBytes(32).toString('base64url');
    const expiresAt = await openSession(tx, {
      organisationId: organisation.id,
      staffId: member.id,
      tokenHash: tokenHash(token),
      seconds: sessionSeconds,
    });
    await noteOf(tx, keys, member, 'signedIn');
    return { member, session: { organisationId: organisation.id, token, expiresAt } };
  });
}

export function memberWith(staff: Awaited<ReturnType<typeof listStaff>>, login: string): StaffMember | null {
  const wanted = login.trim().toLowerCase();
  return staff.flatMap((each) => (each.kind === 'sound' && each.login === wanted ? [each] : []))[0] ?? null;
}

async function refuse(tx: Transaction, keys: KeyKeeper, member: StaffMember | null, state: SignInState): Promise<void> {
  const locked = member !== null && state.kind === 'open' && (await countFailure(tx, member.id, lockOut));
  await noteOf(tx, keys, member, locked ? 'staffLocked' : 'signInFailed');
}

/** What was typed as login is not kept: it may be a password that went into the wrong line. */
async function noteOf(
  tx: Transaction,
  keys: KeyKeeper,
  member: StaffMember | null,
  action: 'signedIn' | 'signInFailed' | 'staffLocked',
): Promise<void> {
  const id = member?.id ?? null;
  const actor = { kind: 'staff', id, name: member?.name ?? 'unknown login' } as const;
  await appendAudit(tx, keys, { actor, action, subject: { kind: 'staff', id } });
}

/** False when the session had ended already. */
export async function signOut(
  { database, keys }: Pick<StaffDatabase, 'database' | 'keys'>,
  organisation: Organisation,
  session: Session,
  actor: { readonly id: string; readonly name: string },
): Promise<boolean> {
  return database.within(organisation.id, async (tx) => {
    const ended = await endSession(tx, tokenHash(session.token));
    if (ended)
      await appendAudit(tx, keys, {
        actor: { kind: 'staff', ...actor },
        action: 'signedOut',
        subject: { kind: 'staff', id: actor.id },
      });
    return ended;
  });
}
