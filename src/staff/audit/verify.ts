import { verifyAudit, type AuditFault, type AuditVerdict, type NotedEntry } from '../../store/auditVerify.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';

export async function verify(
  access: StaffAccess,
  noted: NotedEntry | null,
  onProgress: (checked: number, of: number) => void,
): Promise<Outcome> {
  access.demand('verifyAudit');
  const verdict = await verifyAudit(access.database, access.organisation, { noted, onProgress });
  const { ok, entries } = verdict;
  await access.note('auditVerified', { kind: 'audit', id: null }, undefined, {
    entries,
    ok,
    ...(verdict.ok ? {} : { firstBad: verdict.firstBad, fault: verdict.fault.type }),
  });
  return {
    kind: 'done',
    code: ok ? exitCodes.good : exitCodes.failed,
    json: verdict.ok
      ? { ok, entries, last: lastOf(verdict) }
      : { ok, entries, firstBad: verdict.firstBad, ...verdict.fault },
    print: (output) => print(verdict, noted !== null, output),
  };
}

function lastOf({ entries, hash }: Extract<AuditVerdict, { ok: true }>): string | null {
  return entries === 0 ? null : `${entries}:${hash.toString('hex')}`;
}

function print(verdict: AuditVerdict, compared: boolean, { line, colours }: Output): void {
  if (!verdict.ok) {
    line(
      `${colours.red('The audit is not whole.')} First bad entry: ${colours.bold(String(verdict.firstBad))} of ${verdict.entries}.`,
    );
    line(faultText(verdict.fault));
    line(
      'What comes before it is as it was written. Nothing was changed. Compare it with a backup before anything is mended.',
    );
    return;
  }
  const last = lastOf(verdict);
  line(`${colours.green('The audit is whole')}: ${verdict.entries} ${verdict.entries === 1 ? 'entry' : 'entries'}.`);
  if (last === null) return;
  if (compared) line('The entry that you had noted is still in it.');
  line();
  line('Note the last entry down, away from this database, for the next time:');
  line(`  npm run sanad -- audit verify --noted ${last}`);
}

function faultText(fault: AuditFault): string {
  switch (fault.type) {
    case 'changed':
      return 'It was changed after it was written.';
    case 'moved':
      return `It was moved here: it was written as entry ${fault.stoodAt}.`;
    case 'missing':
      return 'It was deleted: there are later entries, and not this one.';
    case 'forged':
      return 'It was made without the key of this installation (or DATA_KEY is another one).';
    case 'notFollowing':
      return 'It does not follow the entry before it: one of the two was replaced.';
    case 'cutOff':
      return `The end was cut off from here: ${fault.counted} entries were counted.`;
    case 'notCounted':
      return 'The count of entries was set back or lost; the entries themselves may be whole.';
    case 'notAsNoted':
      return 'It is not the entry that you had noted: the end was cut off and written anew.';
  }
}
