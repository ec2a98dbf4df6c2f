import { expect } from 'chai';
import { MissingRight, type StaffAccess } from '../../src/staff/access/staffAccess.ts';
import { list as listAudit } from '../../src/staff/audit/list.ts';
import { verify } from '../../src/staff/audit/verify.ts';
import { block, erase } from '../../src/staff/callers/change.ts';
import { exportCaller } from '../../src/staff/callers/exportCaller.ts';
import { list as listCallers } from '../../src/staff/callers/list.ts';
import { show } from '../../src/staff/callers/show.ts';
import { list as listConsents } from '../../src/staff/consents/list.ts';
import { withdraw } from '../../src/staff/consents/withdraw.ts';
import { rotate, status } from '../../src/staff/keys/rotate.ts';
import { runRetention, setPeriod, show as showRetention } from '../../src/staff/retention/retention.ts';
import type { Outcome } from '../../src/staff/outcome.ts';

/** Somebody without any right, and nothing behind it: whoever reads before asking stumbles. */
const nobody: StaffAccess = new Proxy<StaffAccess>(Object.create(null), {
  get: (_target, name) => {
    if (name !== 'demand') throw new Error(`${String(name)} was used before the right was demanded`);
    return (right: MissingRight['right']) => {
      throw new MissingRight(right, 'nobody');
    };
  },
});

describe('a command about records', () => {
  const now = new Date();
  const zone = 'Asia/Muscat';
  const signal = new AbortController().signal;
  const onProgress = (): void => {};
  const reason = 'asked by the caller';
  const commands: Readonly<Record<string, readonly [right: string, work: () => Promise<Outcome>]>> = {
    'audit list': ['verifyAudit', () => listAudit(nobody, { most: 1 }, zone)],
    'audit verify': ['verifyAudit', () => verify(nobody, null, onProgress)],
    'callers list': ['seeCallers', () => listCallers(nobody, { limit: 1, zone }, now)],
    'callers show': ['seeCallers', () => show(nobody, '91234567', { numbers: false, zone })],
    'callers export': [
      'exportCaller',
      () => exportCaller(nobody, '91234567', { out: 'x', reason, force: false, zone, now, onProgress }),
    ],
    'callers erase': ['eraseCaller', () => erase(nobody, '91234567', { reason, yes: true, cancelCallbacks: true })],
    'callers block': ['blockCaller', () => block(nobody, '91234567', true, reason)],
    'consents list': ['seeCallers', () => listConsents(nobody, { limit: 1, zone }, now)],
    'consents withdraw': ['seeCallers', () => withdraw(nobody, '91234567', { kinds: ['sms'], reason, at: now })],
    'keys status': ['manageKeys', () => status(nobody)],
    'keys rotate': ['manageKeys', () => rotate(nobody, { signal, onProgress })],
    'retention show': ['runRetention', () => showRetention(nobody)],
    'retention run': ['runRetention', () => runRetention(nobody, { dryRun: true, signal, onProgress })],
    'retention set': ['changeSettings', () => setPeriod(nobody, 'turnWords', 24)],
  };
  for (const [name, [right, work]] of Object.entries(commands))
    it(`asks for the right ${right} before it looks at anything: ${name}`, async () => {
      const fault: unknown = await work().catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(MissingRight).and.include({ right });
    });
});
