import { expect } from 'chai';
import { readService, type Service } from '../../src/referral/service.ts';
import { servicesFinding } from '../../src/staff/doctor/servicesCheck.ts';

const now = new Date('2026-11-29T06:00:00Z');

function service(change: object = {}): Service {
  const read = readService({
    name: { en: 'The Family Centre' },
    what_for: { en: 'trouble in the family' },
    number: '24441999',
    purpose: 'familyProtection',
    hours: '24/7',
    languages: ['en'],
    cost: 'free',
    verified_by: 'Aisha',
    verified_on: '2026-11-01',
    expires_on: '2027-02-01',
    ...change,
  });
  if (!read.ok) throw new Error(read.faults.join('; '));
  return { id: '3f2a91bc', ...read.service };
}

describe('the row of other services', () => {
  it('is good without any, and while each is verified for a month or more', () => {
    expect(servicesFinding([], now).state).to.equal('ok');
    expect(servicesFinding([service()], now).state).to.equal('ok');
  });

  it('warns of what is not, or soon not, named, and tells five at most', () => {
    for (const [change, words] of [
      [{ verified_by: null, verified_on: null, expires_on: null }, 'never verified'],
      [{ expires_on: '2026-11-29' }, 'expired on 2026-11-29'],
      [{ expires_on: '2026-12-10' }, 'expires in 11 days'],
      [{ verified_on: '2026-12-01' }, 'a day to come'],
    ] as const) {
      const { state, detail } = servicesFinding([service(change)], now);
      expect([state, detail.includes(words)], words).to.deep.equal(['warning', true]);
    }
    const many = Array.from({ length: 8 }, () => service({ expires_on: '2026-11-29' }));
    expect(servicesFinding(many, now).detail).to.include('and 3 more');
  });
});
