import type { ExitCode } from '../exitCodes.ts';
import { refused, tell, type Format, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { MissingRight } from './rights.ts';
import { openStaffAccess, type StaffAccess } from './staffAccess.ts';
import { refusalOf } from './staffDatabase.ts';

/**
 * Does `work` in the name of whoever is signed in and tells what became of it. A missing right, a session that is over, settings,
 * a broken seal and a database that is away are told in words; only a fault of our own code is thrown.
 */
export async function performAsStaff(
  terminal: Terminal,
  format: Format,
  work: (access: StaffAccess) => Promise<Outcome>,
): Promise<ExitCode> {
  return tell(await outcomeOf(terminal, work), terminal, format);
}

async function outcomeOf(terminal: Terminal, work: (access: StaffAccess) => Promise<Outcome>): Promise<Outcome> {
  let access: StaffAccess | null = null;
  try {
    access = await openStaffAccess(terminal, terminal.environment);
    return await work(access);
  } catch (error) {
    if (error instanceof MissingRight) return await missing(access, error);
    const known = refusalOf(error);
    if (known === null) throw error;
    return known;
  } finally {
    await access?.close();
  }
}

async function missing(access: StaffAccess | null, error: MissingRight): Promise<Outcome> {
  const subject = { kind: 'organisation', id: access?.organisationId ?? null } as const;
  // The answer is the same when the audit is away.
  await access?.note('rightRefused', subject, undefined, { right: error.right }).catch(() => {});
  return refused('missingRight', error.message);
}
