import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import type { OnCallPerson } from '../../src/escalation/rota.ts';
import { defaultTiming } from '../../src/escalation/timing.ts';
import { readLanguages, readName, readPriority, readShifts } from '../../src/staff/onCall/fields.ts';
import { printedGaps } from '../../src/staff/onCall/gaps.ts';
import { inMuscat, readMuscatTime } from '../../src/staff/onCall/muscatTime.ts';
import { findPerson, printedShifts } from '../../src/staff/onCall/people.ts';
import { maskedNumber, readTelephoneNumber, spacedNumber } from '../../src/staff/onCall/telephoneNumber.ts';
import { wavesOf } from '../../src/staff/onCall/waves.ts';

describe('the number of a person on call', () => {
  const taken = (text: string): string => {
    const read = readTelephoneNumber(text);
    return read.ok ? `${read.number} ${read.kind}${read.abroad ? ' abroad' : ''}` : read.reason;
  };

  it('is Omani unless it says otherwise, in every way in which people write it', () => {
    for (const text of ['91234567', '9123 4567', '+968 9123-4567', '0096891234567', '٩١٢٣٤٥٦٧', '+(968) 91234567'])
      expect(taken(text), text).to.equal('+96891234567 mobile');
    expect([taken('71234567'), taken('24123456')]).to.deep.equal(['+96871234567 mobile', '+96824123456 landline']);
  });

  it('may be abroad', () => {
    expect(taken('+971501234567')).to.equal('+971501234567 mobile abroad');
    expect(taken('+1 415 555 2671')).to.equal('+14155552671 mobile abroad');
  });

  it('is refused when no one person answers there, with the reason', () => {
    const refusals = {
      '9999': 'short',
      '112': 'short',
      '+968 9999': 'short',
      '1100': 'short',
      '90012345': 'premium',
      '+1 900 234 5678': 'premium',
      '+80012345678': 'notAPerson',
      '12345678': 'notInUse',
      '912345678': 'notInUse',
      '9123456789012': 'notPossible',
      '+968 9123 4567 ext. 5': 'extension',
      hello: 'unreadable',
      '': 'unreadable',
    };
    expect(Object.fromEntries(Object.keys(refusals).map((text) => [text, taken(text)]))).to.deep.equal(refusals);
  });

  it('is shown masked, or written so that it can be read out', () => {
    expect([maskedNumber('+96891234567'), spacedNumber('+96891234567')]).to.deep.equal([
      '+968 •••••567',
      '+968 9123 4567',
    ]);
    expect(maskedNumber('+447911123456')).to.equal('+44 •••••456');
  });
});

describe('what is typed of a person on call', () => {
  it('is read as meant', () => {
    expect(readName('  Aisha \n Al Balushi ')).to.equal('Aisha Al Balushi');
    expect(readLanguages('AR, en,ar')).to.deep.equal(['ar', 'en']);
    expect(readShifts('none')).to.deep.equal([]);
    expect(readShifts('fri 08:00-12:00', readShifts('sun 08:00-12:00'))).to.have.length(2);
  });

  it('is refused with what would be right', () => {
    for (const wrong of [
      () => readName(' 12 '),
      () => readName('x'.repeat(81)),
      () => readLanguages('arabic'),
      () => readLanguages('qq'),
      () => readPriority('0'),
      () => readPriority('1.5'),
      () => readShifts('sun 8-16'),
    ])
      expect(wrong).to.throw(InvalidArgumentError);
  });

  it('is a time of Muscat, which is the same all year', () => {
    expect(readMuscatTime('2026-11-26 03:00')?.toISOString()).to.equal('2026-11-25T23:00:00.000Z');
    expect(readMuscatTime('2026-07-26T03:00')?.toISOString()).to.equal('2026-07-25T23:00:00.000Z');
    expect(['2026-02-31 09:00', '2026-11-26 24:30', '2026-11-26', 'now'].map(readMuscatTime)).to.deep.equal(
      Array.from({ length: 4 }, () => null),
    );
    expect(inMuscat(new Date('2026-11-25T23:00:00Z'))).to.equal('Thu 26 Nov 2026 03:00 (Asia/Muscat)');
  });
});

const person = (change: Partial<OnCallPerson> & { readonly id: string }): OnCallPerson => ({
  name: 'Aisha',
  number: '+96891234567',
  languages: ['ar'],
  gender: null,
  shifts: [],
  priority: 10,
  role: 'listener',
  active: true,
  ...change,
});

describe('a person on call', () => {
  const people = [
    person({ id: '3f2a91bc-1', name: 'عائشة البلوشي' }),
    person({ id: '3f2a77aa-2', name: 'Salim Al Harthy' }),
    person({ id: '7c000000-3', name: 'Salim' }),
    person({ id: '8c000000-4', name: 'Huda Al Harthy' }),
  ];
  const found = (words: string): string => {
    const read = findPerson(people, words);
    return read.kind === 'found' ? read.person.id : read.kind;
  };

  it('is found by id, by how it begins, by name, and by a part of the name that only one has', () => {
    expect(['3f2a91bc-1', '3F2A91', 'salim', 'huda', 'عايشه', 'Salim Al'].map(found)).to.deep.equal([
      '3f2a91bc-1',
      '3f2a91bc-1',
      '7c000000-3',
      '8c000000-4',
      '3f2a91bc-1',
      '3f2a77aa-2',
    ]);
  });

  it('is never guessed', () => {
    expect(['3f2a', 'sal', 'Harthy', '7c', 'Al', '', '???'].map(found)).to.deep.equal([
      'ambiguous',
      'ambiguous',
      'ambiguous',
      'unknown',
      'ambiguous',
      'unknown',
      'unknown',
    ]);
  });

  it('has shifts that are shown as they may be typed again', () => {
    for (const text of ['sun-thu 08:00-16:00; fri,sat 20:00-08:00', '08:00-16:00', 'sun,tue-thu,sat 00:00-24:00']) {
      const shifts = readShifts(text);
      expect(printedShifts({ shifts })).to.equal(text);
      expect(readShifts(printedShifts({ shifts }) ?? '')).to.deep.equal(shifts);
    }
    expect(printedShifts({ shifts: [] })).to.equal(null);
  });
});

describe('the hours of the week without anybody', () => {
  const gaps = (...shifts: readonly string[]): string | null =>
    printedGaps(shifts.map((text, index) => person({ id: String(index), shifts: readShifts(text) })));

  it('are all of them when nobody is there, and none when somebody always is', () => {
    expect([printedGaps([]), printedGaps([person({ id: '1', active: false })])]).to.deep.equal([
      'the whole week',
      'the whole week',
    ]);
    expect(gaps('sun 08:00-16:00', 'none')).to.equal(null);
    expect(gaps('08:00-20:00', '20:00-08:00')).to.equal(null);
    expect(gaps('sun 00:00-00:00')).to.equal('mon 00:00 to sun 00:00');
  });

  it('are told by day, over midnight and over the end of the week', () => {
    expect(gaps('sun-thu 08:00-16:00')).to.equal('sun-wed 16:00-08:00; thu 16:00 to sun 08:00');
    expect(gaps('sun-thu 08:00-16:00; 16:00-08:00')).to.equal('fri,sat 08:00-16:00');
    expect(gaps('00:00-23:59')).to.equal('23:59-24:00');
    expect(gaps('sun 01:00-24:00; mon-sat 00:00-24:00')).to.equal('sun 00:00-01:00');
  });
});

describe('the waves of an escalation that nobody answers', () => {
  const plan = (
    level: 'high' | 'imminent',
    tiers: readonly ('listener' | 'supervisor' | 'offShift' | 'lastResort')[],
  ) =>
    wavesOf(
      tiers.map((tier, index) => ({
        attemptId: `attempt ${index}`,
        personId: tier === 'lastResort' ? null : `${tier} ${index}`,
        tier,
        line: 'free',
      })),
      level,
      defaultTiming,
    ).map(({ wave, people }) => [wave, ...people.map(({ personId }) => personId ?? 'last resort')]);

  it('are listeners, then supervisors, then everybody down to the telephone of last resort', () => {
    expect(plan('high', ['listener', 'supervisor', 'offShift', 'lastResort'])).to.deep.equal([
      [1, 'listener 0'],
      [2, 'supervisor 1'],
      [3, 'listener 0', 'supervisor 1', 'offShift 2', 'last resort'],
    ]);
  });

  it('begin with everybody on call when every minute counts', () => {
    expect(plan('imminent', ['listener', 'supervisor'])[0]).to.deep.equal([1, 'listener 0', 'supervisor 1']);
  });

  it('are none when there is nobody', () => {
    expect(plan('high', [])).to.deep.equal([]);
  });
});
