import { expect } from 'chai';
import * as fc from 'fast-check';
import { riskLevels } from '../../src/call/meaning.ts';
import { endedBecause, nextContact, noPlanBecause, templateFor, type CallerFacts } from '../../src/followUp/plan.ts';
import {
  contactHoursSchema,
  isAllowed,
  nextAllowed,
  usualContactHours,
  type ContactHours,
} from '../../src/followUp/quietHours.ts';

const both: CallerFacts = { numberKnown: true, mayWrite: true, mayRing: true, blocked: false, optedOut: false };
const hour = 3_600_000;
/** Clocks of Muscat, which are four hours ahead and never change. */
const muscat = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+04:00`);
const ramadan: ContactHours = {
  ...usualContactHours,
  ramadan: {
    first: '2027-02-08',
    last: '2027-03-09',
    hours: [
      { from: '11:00', to: '16:30' },
      { from: '20:30', to: '22:30' },
    ],
  },
};

describe('the hours in which people are contacted', () => {
  const next = (text: string, hours = usualContactHours) => nextAllowed(muscat(text), hours).toISOString();

  it('are quiet from 21:00 to 08:00', () => {
    expect(next('2026-11-25 20:59')).to.equal(muscat('2026-11-25 20:59').toISOString());
    expect(next('2026-11-25 21:00')).to.equal(muscat('2026-11-26 08:00').toISOString());
    expect(next('2026-11-26 00:30')).to.equal(muscat('2026-11-26 08:00').toISOString());
    expect(next('2026-11-26 08:00')).to.equal(muscat('2026-11-26 08:00').toISOString());
  });

  it('leave the Friday prayer and meal alone', () => {
    expect(next('2026-11-26 21:30')).to.equal(muscat('2026-11-27 09:00').toISOString());
    expect(next('2026-11-27 11:30')).to.equal(muscat('2026-11-27 15:30').toISOString());
  });

  it('are others in Ramadan, on Fridays too, from its first day to its last', () => {
    expect(next('2027-02-07 18:00', ramadan)).to.equal(muscat('2027-02-07 18:00').toISOString());
    expect(next('2027-02-08 18:00', ramadan)).to.equal(muscat('2027-02-08 20:30').toISOString());
    expect(next('2027-02-12 09:00', ramadan)).to.equal(muscat('2027-02-12 11:00').toISOString());
    expect(next('2027-03-09 23:00', ramadan)).to.equal(muscat('2027-03-10 08:00').toISOString());
  });

  it('are never before what was asked for, and always allowed, in every zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') }),
        fc.constantFrom('Asia/Muscat', 'Europe/London', 'America/New_York'),
        (ms, zone) => {
          const hours = { ...ramadan, zone };
          const found = nextAllowed(new Date(ms), hours);
          expect(found.getTime()).to.be.within(ms, ms + 48 * hour);
          expect(isAllowed(found, hours)).to.equal(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are refused when they make no sense', () => {
    const wrong = [
      { ...usualContactHours, usual: [] },
      { ...usualContactHours, usual: [{ from: '21:00', to: '08:00' }] },
      { ...usualContactHours, zone: 'Asia/Nowhere' },
      { ...usualContactHours, ramadan: { first: '2027-02-30', last: '2027-03-09', hours: usualContactHours.usual } },
      { ...usualContactHours, ramadan: { first: '2027-03-10', last: '2027-03-09', hours: usualContactHours.usual } },
      { ...usualContactHours, nights: [] },
    ];
    for (const hours of wrong) expect(contactHoursSchema.safeParse(hours).success).to.equal(false);
    expect(contactHoursSchema.safeParse(ramadan).success).to.equal(true);
  });
});

describe('the plan after a call', () => {
  const startedAt = muscat('2026-11-23 10:00');
  const first = { startedAt, last: null, personFirstUntil: null };
  const next = (plan: Partial<Parameters<typeof nextContact>[0]>, facts = both, now = startedAt) =>
    nextContact({ level: 'high', ...first, ...plan }, facts, now, usualContactHours);

  it('is for those who agreed, whose number is known, and who were in some danger', () => {
    const why = (change: Partial<CallerFacts>, level: (typeof riskLevels)[number] = 'high') =>
      noPlanBecause(level, { ...both, ...change });
    expect(riskLevels.map((level) => why({}, level))).to.deep.equal(['notNeeded', null, null, null, null]);
    expect(why({ numberKnown: false })).to.equal('numberWithheld');
    expect(why({ mayWrite: false, mayRing: false })).to.equal('noConsent');
    expect(why({ mayWrite: false, mayRing: false, optedOut: true })).to.equal('optedOut');
    expect(why({ blocked: true })).to.equal('blocked');
    expect(endedBecause({ ...both, calledSince: true })).to.equal('calledIn');
    expect(endedBecause({ ...both, calledSince: false })).to.equal(null);
  });

  it('comes after 24 and 72 hours and then weekly', () => {
    const due: string[] = [];
    let last: { ordinal: number; settledAt: Date } | null = null;
    for (;;) {
      const contact = next({ last }, both, last === null ? startedAt : (last as { settledAt: Date }).settledAt);
      if (contact === null) break;
      due.push(((contact.dueAt.getTime() - startedAt.getTime()) / hour).toString());
      last = { ordinal: contact.ordinal, settledAt: contact.dueAt };
    }
    expect(due.slice(0, 4)).to.deep.equal(['24', '72', '168', '336']);
    expect(due).to.have.length(28);
  });

  it('rings first whoever was in danger and agreed to it, and writes otherwise', () => {
    const kinds = (facts: Partial<CallerFacts>, level: 'high' | 'moderate' = 'high') =>
      [null, { ordinal: 1, settledAt: startedAt }].map((last) => next({ last, level }, { ...both, ...facts })?.kind);
    expect(kinds({})).to.deep.equal(['checkInCall', 'message']);
    expect(kinds({}, 'moderate')).to.deep.equal(['message', 'message']);
    expect(kinds({ mayRing: false })).to.deep.equal(['message', 'message']);
    expect(kinds({ mayWrite: false }, 'moderate')).to.deep.equal(['checkInCall', 'checkInCall']);
  });

  it('lets a person who promised to ring go first', () => {
    const until = muscat('2026-11-25 14:00');
    expect(next({ personFirstUntil: until })?.dueAt).to.deep.equal(until);
  });

  it('makes up for nothing: what went by is left out, and two contacts are 20 hours apart', () => {
    const settledAt = muscat('2026-12-06 12:00');
    const contact = next({ last: { ordinal: 1, settledAt } }, both, settledAt);
    expect(contact).to.deep.include({ ordinal: 4, dueAt: muscat('2026-12-07 10:00') });
    const close = next({ last: { ordinal: 3, settledAt: muscat('2026-12-06 23:00') } }, both, settledAt);
    expect(close?.ordinal).to.equal(5);
  });

  it('is always within the hours, ahead of what was, and ends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...riskLevels),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 }),
        (level, delays) => {
          let last: { ordinal: number; settledAt: Date } | null = null;
          let now = startedAt;
          for (const delay of delays) {
            const contact: ReturnType<typeof next> = next({ level, last }, both, now);
            if (contact === null) return;
            expect(isAllowed(contact.dueAt, usualContactHours)).to.equal(true);
            if (last !== null) expect(contact.dueAt.getTime()).to.be.at.least(last.settledAt.getTime() + 20 * hour);
            now = new Date(contact.dueAt.getTime() + delay * hour);
            last = { ordinal: contact.ordinal, settledAt: now };
          }
          expect(last?.ordinal ?? 0).to.be.at.most(28);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('uses personal words only where they are allowed, and none that speak of yesterday later', () => {
    const template = (days: number, personal: boolean) =>
      templateFor(1, startedAt, new Date(startedAt.getTime() + days * 24 * hour), personal);
    expect([template(1, false), template(3, false), template(14, false)]).to.deep.equal([
      'caringFirst',
      'caringSecond',
      'caringWeekly',
    ]);
    expect(template(1, true)).to.equal('caringFirstPersonal');
    expect(template(3, true)).to.equal('caringSecondPersonal');
  });
});
