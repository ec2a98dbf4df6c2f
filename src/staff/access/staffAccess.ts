import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import type { SoundSettings } from '../../settings.ts';
import type { AuditAction, AuditFacts, AuditSubject } from '../../store/audit.ts';
import { appendAudit } from '../../store/audit.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { ensureOrganisation, organisationOf, type Organisation } from '../../store/organisations.ts';
import type { KeyKeeper } from '../../store/sealing.ts';
import { hasAdministrator, memberOfSession } from '../../store/staff.ts';
import type { Terminal } from '../output.ts';
import { hasRight, MissingRight, type Right, type Role } from './rights.ts';
import { readSession } from './sessionFile.ts';
import { AccessRefused, openStaffDatabase, type StaffDatabase, type StaffPlace } from './staffDatabase.ts';

export interface StaffActor {
  /** Null for the local operator. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'staff' | 'localOperator';
}

/** What a command works with, in the name of somebody. */
export interface StaffAccess {
  readonly organisationId: string;
  readonly organisation: Organisation;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly keys: KeyKeeper;
  /** Sanad's own number, E.164. */
  readonly ownNumber: string;
  /** What else is set and without fault; the command may have been called without it. */
  readonly settings: SoundSettings;
  readonly actor: StaffActor;
  /** Of the local operator: none, and yet every right. */
  readonly roles: readonly Role[];
  readonly can: (right: Right) => boolean;
  /** Throws `MissingRight`, whose message says which roles have it. */
  readonly demand: (right: Right) => void;
  /** Adds to the audit, in a transaction of its own. What must not be seen without an entry is read after it. */
  readonly note: (action: AuditAction, subject: AuditSubject, why?: string, facts?: AuditFacts) => Promise<void>;
  /** The same within `tx`, as its last statement: kept if and only if the rest of the transaction is. */
  readonly noteIn: (
    tx: Transaction,
    action: AuditAction,
    subject: AuditSubject,
    why?: string,
    facts?: AuditFacts,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}

export type { Right, Role } from './rights.ts';
export { MissingRight } from './rights.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Needs DATABASE_URL (or the embedded database, outside production), DATA_KEY and TWILIO_PHONE_NUMBER, and a session (`sanad
 * login`) as soon as there is an administrator; until then whoever gets here is the local operator, and is told so on stderr.
 * Throws `AccessRefused`, `SealBroken`, and what the database throws: `performAsStaff` tells all of it in words.
 */
export async function openStaffAccess(terminal: Terminal, environment: Environment): Promise<StaffAccess> {
  const opened = await openStaffDatabase(placeOf(terminal, environment));
  try {
    const organisation = await organisationFor(opened);
    const who = await whoIs(opened, organisation, environment);
    if (who.actor.kind === 'localOperator') terminal.stderr.write(`${operatorNotice}\n`);
    return accessOf(opened, organisation, who);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export function placeOf(terminal: Terminal, environment: Environment): StaffPlace {
  return { environment, say: (line) => void terminal.stderr.write(`sanad: ${line}\n`) };
}

/** Made with the first command when no call has made it yet, so that the audit begins with it. */
export async function organisationFor({ database, keys, ownNumber }: StaffDatabase): Promise<Organisation> {
  const known = await organisationOf(database, keys, ownNumber);
  return known ?? ensureOrganisation(database, keys, { name: 'Sanad', dialledNumber: ownNumber });
}

export interface Who {
  readonly actor: StaffActor;
  readonly login: string | null;
  readonly roles: readonly Role[];
  readonly expiresAt: Date | null;
}

const operatorNotice =
  'sanad: working as the local operator (whoever holds DATABASE_URL and DATA_KEY is, until there is an administrator: staff init)';

/** Roles are read anew for each command: what was taken away is gone at once. */
export async function whoIs(
  { database, keys }: Pick<StaffDatabase, 'database' | 'keys'>,
  organisation: Organisation,
  environment: Environment,
): Promise<Who> {
  const session = readSession(environment, organisation.id);
  return database.within(organisation.id, async (tx) => {
    const held = session === null ? null : await memberOfSession(tx, keys, tokenHash(session.token));
    if (held?.member.kind === 'sound') {
      const { id, name, login, roles } = held.member;
      return { actor: { kind: 'staff', id, name }, login, roles, expiresAt: held.expiresAt };
    }
    if (!(await hasAdministrator(tx))) return localOperator();
    throw session === null ? notSignedIn : sessionOver;
  });
}

const notSignedIn = new AccessRefused(
  'notSignedIn',
  'You are not signed in. Sign in with: npm run sanad -- login LOGIN',
);
const sessionOver = new AccessRefused(
  'notSignedIn',
  'Your session is over. Sign in again with: npm run sanad -- login LOGIN',
);

function localOperator(): Who {
  return { actor: { kind: 'localOperator', id: null, name: machineUser() }, login: null, roles: [], expiresAt: null };
}

/** A container's user may have no name. */
function machineUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local operator';
  }
}

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

export function accessOf(opened: StaffDatabase, organisation: Organisation, { actor, roles }: Who): StaffAccess {
  const { database, databaseUrl, keys, ownNumber, settings, close } = opened;
  const can = (right: Right): boolean => actor.kind === 'localOperator' || hasRight(roles, right);
  return {
    organisationId: organisation.id,
    organisation,
    database,
    databaseUrl,
    keys,
    ownNumber,
    settings,
    actor,
    roles,
    can,
    demand: (right) => {
      if (!can(right)) throw new MissingRight(right, actor.name);
    },
    note: (action, subject, why, facts) =>
      database.within(organisation.id, (tx) => appendAudit(tx, keys, { actor, action, subject, why, facts })),
    noteIn: (tx, action, subject, why, facts) => appendAudit(tx, keys, { actor, action, subject, why, facts }),
    close,
  };
}
