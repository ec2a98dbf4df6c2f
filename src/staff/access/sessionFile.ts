import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AccessRefused } from './staffDatabase.ts';

/**
 * The session of whoever signed in on this machine: a file that only they can read, one for each organisation, so that a session
 * is never shown to another database. The organisation's id was drawn at random in its own database.
 */

export interface Session {
  readonly organisationId: string;
  /** 32 random bytes in base64url; the database knows only its hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

type Environment = Readonly<Record<string, string | undefined>>;

const shape = z.object({
  version: z.literal(1),
  organisationId: z.uuid(),
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  expiresAt: z.iso.datetime(),
});

const mostBytes = 4_096;

/** Null when there is no place for one: neither XDG_STATE_HOME nor HOME is set. */
function fileOf(environment: Environment, organisationId: string): string | null {
  const given = environment['XDG_STATE_HOME'];
  // The specification: a relative path is to be ignored.
  const state = given !== undefined && path.isAbsolute(given) ? given : null;
  const home = environment['HOME'];
  const base = state ?? (home === undefined || home === '' ? null : path.join(home, '.local', 'state'));
  return base === null ? null : path.join(base, 'sanad', `session-${organisationId}.json`);
}

/** Null when nobody signed in here. Throws `AccessRefused` for a file that others could have read or written. */
export function readSession(environment: Environment, organisationId: string): Session | null {
  const file = fileOf(environment, organisationId);
  if (file === null) return null;
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const owner = process.getuid?.();
  if (!found.isFile() || (found.mode & 0o077) !== 0 || (owner !== undefined && found.uid !== owner))
    throw new AccessRefused(
      'sessionFile',
      `The session file ${file} is not yours alone (it must be a file of yours with mode 0600). Delete it and sign in again: npm run sanad -- login LOGIN`,
    );
  const parsed = found.size > mostBytes ? null : shape.safeParse(parseJson(readFileSync(file, 'utf8')));
  // What cannot be read is as good as none: signing in writes a new one.
  if (parsed?.success !== true || parsed.data.organisationId !== organisationId) return null;
  const { token, expiresAt } = parsed.data;
  return { organisationId, token, expiresAt: new Date(expiresAt) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Makes sure, before a password is asked for, that there is a place for it. */
export function sessionFileOrRefuse(environment: Environment, organisationId: string): string {
  const file = fileOf(environment, organisationId);
  if (file !== null) return file;
  throw new AccessRefused('sessionFile', 'There is no place for a session file: set HOME, or XDG_STATE_HOME.');
}

/** Whole or not at all, and never readable by others, not for a moment. Throws `AccessRefused`. */
export function writeSession(file: string, session: Session): void {
  const text = JSON.stringify({ version: 1, ...session, expiresAt: session.expiresAt.toISOString() });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    forget(draft);
    const code = z.object({ code: z.string() }).safeParse(error).data?.code ?? 'unknown';
    throw new AccessRefused(
      'sessionFile',
      `The session file ${file} cannot be written (${code}). Nobody is signed in.`,
    );
  }
}

/** What could not be made need not be removed either; the reason why is the one that is told. */
function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Not there, and cannot be.
  }
}

export function forgetSession(environment: Environment, organisationId: string): void {
  const file = fileOf(environment, organisationId);
  if (file !== null) rmSync(file, { force: true });
}
