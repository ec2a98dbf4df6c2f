import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Transaction } from './database.ts';
import { readCount, readRows, run, sealedColumn } from './rows.ts';
import { open, seal, SealBroken, type BrokenReason, type KeyKeeper, type Place, type SealingKey } from './sealing.ts';

/**
 * Staff of an organisation. Login, name and password hash are sealed under a key of each member's own, so a login is found by
 * opening all of them; there are never many. Every function works within `tx`.
 */

type SealedPart = 'login' | 'name' | 'password';

export const staffKeyPlace = (id: string): Place => ({ table: 'staff', column: 'wrapped_key', row: id });
const place = (column: SealedPart, id: string): Place => ({ table: 'staff', column, row: id });

/** More would make every sign-in slow; a line with so many staff needs another directory than this table. */
export const mostStaff = 500;

/** Spelled as the column allows them. */
const roleColumn = z.array(z.enum(['reviewer', 'supervisor', 'clinician', 'dataOfficer', 'administrator']));

export type StaffRoles = z.infer<typeof roleColumn>;

export interface StaffMember {
  readonly kind: 'sound';
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: Readonly<StaffRoles>;
  readonly active: boolean;
  readonly failedAttempts: number;
  /** Null also when the time is over. */
  readonly lockedUntil: Date | null;
  /** Null: the local operator. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly signedInAt: Date | null;
}

/** A member whose sealed values were changed, moved, or sealed with another data key: cannot sign in, and can be removed. */
export interface BrokenMember extends Omit<StaffMember, 'kind' | 'login' | 'name'> {
  readonly kind: 'broken';
  readonly why: BrokenReason;
}

const row = z.object({
  id: z.string(),
  login: sealedColumn,
  name: sealedColumn,
  wrapped_key: sealedColumn,
  roles: roleColumn,
  active: z.boolean(),
  failed_attempts: z.number(),
  locked_until: z.date().nullable(),
  created_by: z.string().nullable(),
  created_at: z.date(),
  signed_in_at: z.date().nullable(),
});

const columns = `id, login, name, wrapped_key, roles, active, failed_attempts,
  case when locked_until > now() then locked_until end as locked_until, created_by, created_at, signed_in_at`;

/** Everybody who was not removed, in the order in which they were added. */
export async function listStaff(tx: Transaction, keys: KeyKeeper): Promise<readonly (StaffMember | BrokenMember)[]> {
  const result = await run(
    tx,
    `select ${columns} from staff where removed_at is null order by created_at, id limit ?`,
    [mostStaff],
  );
  return readRows(row, result).map((r) => memberOf(keys, r));
}

function memberOf(keys: KeyKeeper, r: z.infer<typeof row>): StaffMember | BrokenMember {
  const rest = {
    id: r.id,
    roles: r.roles,
    active: r.active,
    failedAttempts: r.failed_attempts,
    lockedUntil: r.locked_until,
    createdBy: r.created_by,
    createdAt: r.created_at,
    signedInAt: r.signed_in_at,
  };
  try {
    const key = keys.unwrap(r.wrapped_key, staffKeyPlace(r.id));
    const [login, name] = [open(key, place('login', r.id), r.login), open(key, place('name', r.id), r.name)];
    return { kind: 'sound', login, name, ...rest };
  } catch (fault) {
    if (fault instanceof SealBroken) return { kind: 'broken', why: fault.reason, ...rest };
    throw fault;
  }
}

/** Whoever changes staff waits for whoever does so already: a login stays unique, and the last administrator stays. */
export async function lockStaff(tx: Transaction, organisationId: string): Promise<void> {
  await run(tx, 'select id from organisations where id = ? for no key update', [organisationId]);
}

/** One who is active; a broken one counts too, or a change of one row would give everybody all rights. */
export async function hasAdministrator(tx: Transaction): Promise<boolean> {
  const result = await run(tx, `select 1 from staff where active and 'administrator' = any(roles) limit 1`);
  return readCount(result) > 0;
}

export interface NewMember {
  readonly login: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly roles: Readonly<StaffRoles>;
  readonly createdBy: string | null;
}

/** The caller has locked the staff and made sure that the login is free. Gives the id. */
export async function insertMember(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  member: NewMember,
): Promise<string> {
  const id = randomUUID();
  const { key, wrapped, dataKeyId } = keys.create(staffKeyPlace(id));
  await run(
    tx,
    `insert into staff (id, organisation_id, login, name, password, wrapped_key, data_key_id, roles, created_by)
     values (?, ?, ?, ?, ?, ?, ?, ?::text[], ?)`,
    [
      id,
      organisationId,
      seal(key, place('login', id), member.login),
      seal(key, place('name', id), member.name),
      seal(key, place('password', id), member.passwordHash),
      wrapped,
      dataKeyId,
      member.roles,
      member.createdBy,
    ],
  );
  return id;
}

export interface MemberChange {
  readonly name?: string | undefined;
  readonly roles?: Readonly<StaffRoles> | undefined;
  readonly active?: boolean | undefined;
}

/** False when the member is gone. Throws `SealBroken` when the name changes and the key does not open. */
export async function changeMember(
  tx: Transaction,
  keys: KeyKeeper,
  id: string,
  change: MemberChange,
): Promise<boolean> {
  const key = change.name === undefined ? null : await keyOf(tx, keys, id);
  const result = await run(
    tx,
    `update staff set name = coalesce(?::bytea, name), roles = coalesce(?::text[], roles), active = coalesce(?, active)
     where id = ? and removed_at is null`,
    [
      key === null || change.name === undefined ? null : seal(key, place('name', id), change.name),
      change.roles ?? null,
      change.active ?? null,
      id,
    ],
  );
  return readCount(result) === 1;
}

/** Forgets login, name, password and key; the row stays, because the audit and others' rows refer to it. */
export async function removeMember(tx: Transaction, id: string): Promise<boolean> {
  await endSessionsOf(tx, id);
  const result = await run(
    tx,
    `update staff set login = null, name = null, password = null, wrapped_key = null, data_key_id = null, active = false,
       removed_at = now() where id = ? and removed_at is null`,
    [id],
  );
  return readCount(result) === 1;
}

/** Unlocks as well. False when the member is gone; throws `SealBroken`. */
export async function setPassword(tx: Transaction, keys: KeyKeeper, id: string, hash: string): Promise<boolean> {
  const key = await keyOf(tx, keys, id);
  if (key === null) return false;
  await run(tx, 'update staff set password = ?, failed_attempts = 0, locked_until = null where id = ?', [
    seal(key, place('password', id), hash),
    id,
  ]);
  return true;
}

async function keyOf(tx: Transaction, keys: KeyKeeper, id: string): Promise<SealingKey | null> {
  const result = await run(tx, 'select wrapped_key from staff where id = ? and removed_at is null', [id]);
  const wrapped = readRows(z.object({ wrapped_key: sealedColumn }), result)[0]?.wrapped_key;
  return wrapped === undefined ? null : keys.unwrap(wrapped, staffKeyPlace(id));
}

export type SignInState = { readonly kind: 'open'; readonly passwordHash: string | null } | { readonly kind: 'closed' };

/**
 * Whether this member may try to sign in now (not locked, not inactive, not removed), with what the password is compared to; null
 * when that was tampered with. Holds the row until the transaction ends, so that guesses made side by side are counted one by one.
 */
export async function readForSignIn(tx: Transaction, keys: KeyKeeper, id: string): Promise<SignInState> {
  const result = await run(
    tx,
    `select password, wrapped_key, active and (locked_until is null or locked_until <= now()) as open
     from staff where id = ? and removed_at is null for no key update`,
    [id],
  );
  const shape = z.object({ password: sealedColumn, wrapped_key: sealedColumn, open: z.boolean() });
  const found = readRows(shape, result)[0];
  if (found?.open !== true) return { kind: 'closed' };
  try {
    const key = keys.unwrap(found.wrapped_key, staffKeyPlace(id));
    return { kind: 'open', passwordHash: open(key, place('password', id), found.password) };
  } catch (fault) {
    if (fault instanceof SealBroken) return { kind: 'open', passwordHash: null };
    throw fault;
  }
}

/** Locks with the last of `allowed` failures, for `lockSeconds`; gives whether it did. */
export async function countFailure(
  tx: Transaction,
  id: string,
  { allowed, lockSeconds }: { readonly allowed: number; readonly lockSeconds: number },
): Promise<boolean> {
  const result = await run(
    tx,
    `update staff set
       locked_until = case when failed_attempts + 1 >= ? then clock_timestamp() + make_interval(secs => ?) end,
       failed_attempts = case when failed_attempts + 1 >= ? then 0 else failed_attempts + 1 end
     where id = ? returning locked_until is not null as locked`,
    [allowed, lockSeconds, allowed, id],
  );
  return readRows(z.object({ locked: z.boolean() }), result)[0]?.locked ?? false;
}

/** Opens a session that ends after `seconds`; throws away those that are over. Gives when it ends. */
export async function openSession(
  tx: Transaction,
  session: {
    readonly organisationId: string;
    readonly staffId: string;
    readonly tokenHash: Buffer;
    readonly seconds: number;
  },
): Promise<Date> {
  const { organisationId, staffId, tokenHash, seconds } = session;
  await run(tx, 'delete from staff_sessions where expires_at <= now()');
  await run(
    tx,
    'update staff set failed_attempts = 0, locked_until = null, signed_in_at = clock_timestamp() where id = ?',
    [staffId],
  );
  const result = await run(
    tx,
    `insert into staff_sessions (token_hash, organisation_id, staff_id, expires_at)
     values (?, ?, ?, clock_timestamp() + make_interval(secs => ?)) returning expires_at`,
    [tokenHash, organisationId, staffId, seconds],
  );
  const opened = readRows(z.object({ expires_at: z.date() }), result)[0];
  if (opened === undefined)
    throw new Error('a session that was just opened cannot be seen: row security is set up wrongly');
  return opened.expires_at;
}

/** Who holds this session, if it has not ended and they are still active. */
export async function memberOfSession(
  tx: Transaction,
  keys: KeyKeeper,
  tokenHash: Buffer,
): Promise<{ readonly member: StaffMember | BrokenMember; readonly expiresAt: Date } | null> {
  const result = await run(
    tx,
    `select ${columns.replaceAll('created_at', 'staff.created_at')}, expires_at from staff_sessions
       join staff on staff.id = staff_sessions.staff_id
     where token_hash = ? and expires_at > now() and active and removed_at is null`,
    [tokenHash],
  );
  const found = readRows(row.extend({ expires_at: z.date() }), result)[0];
  return found === undefined ? null : { member: memberOf(keys, found), expiresAt: found.expires_at };
}

/** False when it had ended already. */
export async function endSession(tx: Transaction, tokenHash: Buffer): Promise<boolean> {
  return readCount(await run(tx, 'delete from staff_sessions where token_hash = ?', [tokenHash])) === 1;
}

export async function endSessionsOf(tx: Transaction, staffId: string): Promise<void> {
  await run(tx, 'delete from staff_sessions where staff_id = ?', [staffId]);
}
