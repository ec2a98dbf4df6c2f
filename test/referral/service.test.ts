import { expect } from 'chai';
import { readService, serviceJson, speakableServices, type Service } from '../../src/referral/service.ts';
import { createDirectory } from '../../src/referral/directory.ts';
import { silentLog } from '../../src/log.ts';

const json = {
  name: { ar: 'مركز الأسرة', en: 'The Family Centre' },
  what_for: { ar: 'خلافات الأسرة', en: 'trouble in the family' },
  number: '24441999',
  purpose: 'familyProtection',
  hours: 'sun-thu 08:00-14:00',
  languages: ['ar', 'en'],
  cost: 'free',
  for_whom: 'families',
  verified_by: 'Aisha',
  verified_on: '2026-11-01',
  expires_on: '2027-02-01',
};

/** Sunday, 10:00 in Muscat. */
const open = new Date('2026-11-29T06:00:00Z');

function service(change: object = {}): Service {
  const read = readService({ ...json, ...change });
  if (!read.ok) throw new Error(read.faults.join('; '));
  return { id: '3f2a91bc', ...read.service };
}

describe('a service of the directory', () => {
  it('is read from a file and written back the same', () => {
    const { id: _, ...read } = service();
    expect(readService(serviceJson(read))).to.deep.equal({ ok: true, service: read });
  });

  it('is refused with each fault told: digits in a name, a half verification, days that turn around, unknown words', () => {
    for (const [change, fault] of [
      [{ name: { en: 'Call 999' } }, 'name.en'],
      [{ name: { en: 'see sanad.om' } }, 'name.en'],
      [{ name: {} }, 'name'],
      [{ number: '+96824441999' }, 'number'],
      [{ verified_on: null }, 'verified_by'],
      [{ expires_on: '2026-10-01' }, 'expires_on'],
      [{ verified_on: '2026-02-31' }, 'verified_on'],
      [{ hours: 'whenever' }, 'hours'],
      [{ cost: 'cheap' }, 'cost'],
      [{ phone: '1' }, 'it'],
    ] as const) {
      const read = readService({ ...json, ...change });
      expect(read.ok ? [] : read.faults.map((each) => each.split(':')[0]), JSON.stringify(change)).to.include(fault);
    }
    for (const value of [null, 'text', [], 7]) expect(readService(value).ok).to.equal(false);
  });

  it('may be named only while it is verified, open, and has a name in the language', () => {
    const named = (change: object, now = open, language: 'ar' | 'en' = 'ar') =>
      speakableServices([service(change)], now, language).length;
    expect(named({})).to.equal(1);
    expect(named({ verified_by: null, verified_on: null, expires_on: null })).to.equal(0);
    expect(named({ expires_on: '2026-11-29' })).to.equal(0);
    expect(named({ expires_on: '2026-11-30' })).to.equal(1);
    expect(named({ verified_on: '2026-11-30' })).to.equal(0);
    expect(named({}, new Date('2026-11-29T12:00:00Z'))).to.equal(0);
    expect(named({ name: { ar: 'مركز' } }, open, 'en')).to.equal(0);
    expect(named({ languages: ['en'] }, open, 'ar')).to.equal(0);
    expect(named({ purpose: 'emergency' })).to.equal(0);
  });

  it('comes to the model with one of each purpose before a second of any, and six at most', () => {
    const many = ['1111', '1112', '1113', '1114', '1115', '1116'].map((number) => service({ number }));
    const other = service({ number: '2222', purpose: 'addiction' });
    expect(speakableServices([...many, other], open, 'ar').map(({ number }) => number)).to.deep.equal([
      '1111',
      '2222',
      '1112',
      '1113',
      '1114',
      '1115',
    ]);
  });
});

describe('the directory of the line', () => {
  const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

  it('sees changes within a minute, and names nothing when it could not be read for fifteen', async () => {
    let now = 0;
    let read: () => Promise<readonly Service[]> = () => Promise.resolve([service()]);
    const clock = { now: () => now, wall: () => open, setTimeout, clearTimeout };
    const directory = createDirectory({ read: () => read(), clock, log: silentLog });
    await settled();
    const named = async (minute: number): Promise<number> => {
      now = minute * 60_000;
      directory.services('ar');
      await settled();
      return directory.services('ar').length;
    };
    expect(await named(0.5)).to.equal(1);
    read = () => Promise.resolve([]);
    expect(await named(0.9)).to.equal(1);
    expect(await named(2)).to.equal(0);
    read = () => Promise.resolve([service()]);
    expect(await named(4)).to.equal(1);
    read = () => Promise.reject(new Error('away'));
    expect(await named(10)).to.equal(1);
    expect(await named(20)).to.equal(0);
  });
});
