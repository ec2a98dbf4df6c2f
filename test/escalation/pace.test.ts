import { expect } from 'chai';
import fc from 'fast-check';
import { riskLevels } from '../../src/call/meaning.ts';
import { inOrderOfRinging, type WaitingTelephone } from '../../src/escalation/pace.ts';
import { defaultTiming } from '../../src/escalation/timing.ts';
import { Driven, engaged, everybody, lastResort, listener, supervisor } from './driven.ts';

const waiting = (attemptId: string, change: Partial<WaitingTelephone> = {}): WaitingTelephone => ({
  attemptId,
  escalationId: attemptId,
  level: 'high',
  ringing: 0,
  line: 'free',
  dueAt: 0,
  position: 0,
  ...change,
});

const idsOf = (telephones: readonly WaitingTelephone[], now = 0) =>
  inOrderOfRinging(telephones, now).map(({ attemptId }) => attemptId);

const nextToRing = (telephones: readonly WaitingTelephone[], now: number) => inOrderOfRinging(telephones, now)[0];

describe('the pace of the account', () => {
  it('rings a telephone for each caller for whom none rings before a second for anybody', () => {
    const second = waiting('second', { ringing: 1, level: 'imminent', dueAt: -9_000 });
    expect(idsOf([second, waiting('first', { level: 'none', dueAt: 0 })])).to.deep.equal(['first', 'second']);
  });

  it('puts imminent danger before high, and high before who only asked', () => {
    const all = riskLevels.map((level) => waiting(level, { level }));
    expect(idsOf(all).slice(0, 2)).to.deep.equal(['imminent', 'high']);
    const seconds = riskLevels.map((level) => waiting(level, { level, ringing: 1 }));
    expect(idsOf(seconds).slice(0, 2)).to.deep.equal(['imminent', 'high']);
  });

  it('gives the next telephone to whom has the fewest, then to who waits longest, then in the order of the wave', () => {
    const telephones = [
      waiting('two', { ringing: 2 }),
      waiting('late', { ringing: 1, dueAt: 5 }),
      waiting('b', { ringing: 1, position: 1 }),
      waiting('a', { ringing: 1, position: 0 }),
    ];
    expect(idsOf(telephones, 10)).to.deep.equal(['a', 'b', 'late', 'two']);
  });

  it('rings what is engaged for another caller last, and not at all while another rings for this caller', () => {
    const telephones = [
      waiting('only', { line: 'engaged', level: 'imminent' }),
      waiting('further', { line: 'engaged', ringing: 1 }),
      waiting('free', { level: 'none', ringing: 3 }),
    ];
    expect(idsOf(telephones)).to.deep.equal(['free', 'only']);
    expect(nextToRing([waiting('further', { line: 'engaged', ringing: 1 })], 0)).to.equal(undefined);
  });

  it('counts who has waited as more urgent: nobody waits for ever behind those who come later', () => {
    const asked = waiting('asked', { level: 'none', dueAt: 0 });
    const later = waiting('later', { level: 'imminent', dueAt: 19_999 });
    expect(nextToRing([asked, later], 19_999)?.attemptId).to.equal('later');
    expect(nextToRing([asked, { ...later, dueAt: 20_000 }], 20_000)?.attemptId).to.equal('asked');
  });

  const telephone: fc.Arbitrary<WaitingTelephone> = fc.record({
    attemptId: fc.uuid(),
    escalationId: fc.constantFrom('1', '2', '3', '4'),
    level: fc.constantFrom(...riskLevels),
    ringing: fc.integer({ min: 0, max: 3 }),
    line: fc.constantFrom('free', 'engaged'),
    dueAt: fc.integer({ min: 0, max: 60_000 }),
    position: fc.integer({ min: 0, max: 4 }),
  });

  it('decides the same in whichever order the database lists them, and names each at most once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(telephone, { selector: (one) => one.attemptId }), fc.nat(), (telephones, seed) => {
        const now = 60_000;
        const inOrder = idsOf(telephones, now);
        const shuffled = telephones.map((one, at) => ({ one, key: (at * 7_919 + seed) % 101 }));
        expect(
          idsOf(
            shuffled.toSorted((a, b) => a.key - b.key).map(({ one }) => one),
            now,
          ),
        ).to.deep.equal(inOrder);
        expect(new Set(inOrder).size).to.equal(inOrder.length);
        const mayRing = telephones.filter(({ line, ringing }) => line === 'free' || ringing === 0);
        expect(inOrder).to.have.members(mayRing.map(({ attemptId }) => attemptId));
      }),
      { numRuns: 300 },
    );
  });

  it('lets no telephone starve, however many more urgent ones keep coming', () => {
    fc.assert(
      fc.property(telephone, fc.constantFrom(0, 1), (one, ringing) => {
        const mine = { ...one, ringing, line: 'free', dueAt: 0 } as const;
        // Each second one call may start, and each second a telephone in imminent danger with as many that ring joins.
        let queue: readonly WaitingTelephone[] = [mine];
        for (let now = 0; now <= 60_000; now += 1_000) {
          queue = [...queue, waiting(`rival ${now}`, { level: 'imminent', ringing, dueAt: now })];
          const next = nextToRing(queue, now);
          if (next === mine) return;
          queue = queue.filter((each) => each !== next);
        }
        expect.fail('it was never rung');
      }),
      { numRuns: 100 },
    );
  });
});

describe('ringing without hearing of the pace', () => {
  it('rings one telephone after 3 s, and the next when that one has ended', () => {
    const run = new Driven(everybody, { grantAt: Infinity });
    expect(run.until(2_999).placedFor()).to.deep.equal([]);
    expect(run.until(3_000).placedFor()).to.deep.equal(['a']);
    expect(run.until(10_000).placedFor()).to.deep.equal([]);
    expect(run.ends('a', 'busy').until(12_999).placedFor()).to.deep.equal([]);
    expect(run.until(13_000).placedFor()).to.deep.equal(['b']);
  });

  it('rings all of a wave when the next one is due', () => {
    const run = new Driven(everybody, { grantAt: Infinity });
    run.until(3_000).rings('a');
    expect(run.until(20_000).placedFor()).to.deep.equal(['b', 'c']);
  });

  it('is told of nothing later than the live call gives up waiting', () => {
    expect(defaultTiming.paceGuardMs).to.be.below(defaultTiming.unplacedMs);
  });
});

describe('a telephone that rings for another caller', () => {
  it('does not keep supervisors who are free from being rung', () => {
    const run = new Driven([supervisor('s'), engaged('x')]);
    expect([...run.placedFor(), ...run.until(1_000).placedFor()]).to.deep.equal(['s', 'x']);
  });

  it('keeps its place in the first wave, to be rung as soon as it is free', () => {
    const run = new Driven([listener('a'), engaged('x'), supervisor('s')], { grantAt: Infinity });
    expect(run.escalation.attempts.map(({ personId }) => personId)).to.deep.equal(['a', 'x']);
    run.take({ type: 'granted', attemptId: run.attemptOf('a') }).rings('a');
    expect(run.until(10_000).placedFor()).to.deep.equal([]);
    expect(run.take({ type: 'granted', attemptId: run.attemptOf('x') }).placedFor()).to.deep.equal(['x']);
  });

  it('is rung when nobody else is there: better busy than nobody', () => {
    expect(new Driven([engaged('x'), lastResort]).placedFor()).to.deep.equal(['x']);
  });
});

describe('a person who accepted this caller and was gone again', () => {
  const left = () =>
    new Driven([listener('a'), listener('b')]).until(1_000).answers('a').presses('a', '1').ends('a', 'completed');

  it('is rung after all others from then on, so that the same person cannot take the call again and again', () => {
    const run = left();
    expect([...run.placedFor(), ...run.until(5_000).placedFor()]).to.deep.equal(['b']);
    run.ends('b', 'noAnswer');
    expect([...run.placedFor(), ...run.until(6_000).placedFor()]).to.deep.equal(['a']);
  });

  it('is rung at once when there is nobody else', () => {
    const run = new Driven([listener('a')]).answers('a').presses('a', '1').ends('a', 'completed');
    expect([...run.placedFor(), ...run.until(run.at + 1_000).placedFor()]).to.deep.equal(['a']);
  });
});
