import { expect } from 'chai';
import fc from 'fast-check';
import {
  isOnCall,
  parseShifts,
  printShifts,
  ranked,
  rankedOffShift,
  weekdays,
  type Rankable,
  type Shift,
} from '../../src/escalation/rota.ts';

function shiftsOf(text: string): readonly Shift[] {
  const read = parseShifts(text);
  if (!read.ok) throw new Error(read.message);
  return read.shifts;
}

const faultOf = (text: string) => {
  const read = parseShifts(text);
  return read.ok ? 'none' : read.fault;
};

/** A time of Muscat in the week of Sunday, 1 November 2026. */
const at = (day: (typeof weekdays)[number], time: string) =>
  new Date(`2026-11-0${weekdays.indexOf(day) + 1}T${time}:00+04:00`);

const person = (id: string, change: Partial<Rankable> = {}): Rankable => ({
  id,
  languages: ['ar'],
  gender: null,
  shifts: [],
  priority: 1,
  role: 'listener',
  active: true,
  ...change,
});

describe('shifts', () => {
  it('are read as days, ranges and lists with their hours, several apart by semicolons', () => {
    expect(shiftsOf('sun-thu 08:00-16:00; Friday, sat 20:00 - 08:00')).to.deep.equal([
      { days: ['sun', 'mon', 'tue', 'wed', 'thu'], fromMinute: 480, toMinute: 960 },
      { days: ['fri', 'sat'], fromMinute: 1_200, toMinute: 480 },
    ]);
    expect(shiftsOf('fri-sun 0:00-24:00')[0]?.days).to.deep.equal(['sun', 'fri', 'sat']);
    expect(shiftsOf('08:00-16:00')[0]?.days).to.deep.equal([...weekdays]);
    expect(shiftsOf('  ')).to.deep.equal([]);
  });

  it('are refused with a reason and a sentence for whoever typed them', () => {
    expect(
      ['sun 8-16', 'sun', 'sun 25:00-26:00', 'sun 08:60-09:00', 'noday 08:00-16:00', 'su 08:00-16:00'].map(faultOf),
    ).to.deep.equal([
      'unreadableHours',
      'unreadableHours',
      'unreadableHours',
      'unreadableHours',
      'unknownDay',
      'unknownDay',
    ]);
    expect(['sun 08:00-16:00;', 'a'.repeat(5), ';'.repeat(30)].map(faultOf)).to.deep.equal([
      'empty',
      'unknownDay',
      'tooMany',
    ]);
    const read = parseShifts('sundae 08:00-16:00');
    expect(read.ok ? '' : read.message).to.contain('"sundae" is no day');
  });

  it('never throw, whatever is typed, and are read back as they are printed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z ,;:\-0-9]{0,40}$/)), (text) => {
        const read = parseShifts(text);
        if (read.ok) expect(shiftsOf(printShifts(read.shifts))).to.deep.equal(read.shifts);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a person', () => {
  it('is on call within their shifts, in the time of Muscat', () => {
    const shifts = shiftsOf('sun-thu 08:00-16:00');
    const on = (instant: Date) => isOnCall({ active: true, shifts }, instant);
    expect([on(at('sun', '08:00')), on(at('sun', '15:59')), on(new Date('2026-11-01T04:00:00Z'))]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect([on(at('sun', '07:59')), on(at('sun', '16:00')), on(at('fri', '10:00'))]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('is on call over midnight from the day on which the shift begins', () => {
    const shifts = shiftsOf('sat 20:00-08:00');
    const on = (instant: Date) => isOnCall({ active: true, shifts }, instant);
    expect([on(at('sat', '20:00')), on(at('sun', '07:59'))]).to.deep.equal([true, true]);
    expect([on(at('sat', '07:00')), on(at('sun', '08:00')), on(at('sun', '21:00'))]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('without shifts is always on call, and never when not active', () => {
    expect([true, false].map((active) => isOnCall({ active, shifts: [] }, at('mon', '03:00')))).to.deep.equal([
      true,
      false,
    ]);
  });

  it('is on call the whole day by 00:00-24:00', () => {
    const shifts = shiftsOf('mon 00:00-24:00');
    const on = (instant: Date) => isOnCall({ active: true, shifts }, instant);
    expect([on(at('mon', '00:00')), on(at('mon', '23:59')), on(at('tue', '00:00'))]).to.deep.equal([true, true, false]);
  });
});

describe('the order of ringing', () => {
  const wanted = { language: 'ar', gender: null, level: 'high' } as const;
  const order = (people: readonly Rankable[], change: Partial<Parameters<typeof ranked>[2]> = {}) =>
    ranked(people, at('mon', '10:00'), { ...wanted, ...change }).map(({ id }) => id);

  it('is the language first, then listeners before supervisors, then priority, then the gender of the caller', () => {
    const people = [
      person('e', { languages: ['en'], priority: 1 }),
      person('d', { role: 'supervisor', priority: 1 }),
      person('c', { priority: 2 }),
      person('b', { priority: 1, gender: 'm' }),
      person('a', { priority: 1, gender: 'f', languages: ['en', 'ar'] }),
    ];
    expect(order(people, { gender: 'm' })).to.deep.equal(['b', 'a', 'c', 'd', 'e']);
    expect(order(people, { gender: 'f' })).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(order(people, { language: 'en' })).to.deep.equal(['a', 'e', 'b', 'c', 'd']);
  });

  it('puts a supervisor beside the listeners when the danger is imminent', () => {
    const people = [person('a', { priority: 2 }), person('b', { role: 'supervisor', priority: 1 })];
    expect(order(people)).to.deep.equal(['a', 'b']);
    expect(order(people, { level: 'imminent' })).to.deep.equal(['b', 'a']);
  });

  it('leaves out who is not on call or not active, and gives those off shift apart', () => {
    const people = [person('a', { shifts: shiftsOf('fri 08:00-16:00') }), person('b', { active: false }), person('c')];
    expect(order(people)).to.deep.equal(['c']);
    expect(rankedOffShift(people, at('mon', '10:00'), wanted).map(({ id }) => id)).to.deep.equal(['a']);
  });
});
