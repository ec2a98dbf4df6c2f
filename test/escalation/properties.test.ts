import { expect } from 'chai';
import fc from 'fast-check';
import { riskLevels } from '../../src/call/meaning.ts';
import { step } from '../../src/escalation/machine.ts';
import type { Candidate, Escalation, EscalationEvent } from '../../src/escalation/snapshot.ts';
import { defaultTiming } from '../../src/escalation/timing.ts';
import { checkInvariants, requested, World, type Habit, type WorldOptions } from './simulated.ts';

const tiers = ['listener', 'supervisor', 'offShift', 'lastResort'] as const;
const habits = [
  'accepts',
  'declines',
  'wrongKey',
  'noKey',
  'busy',
  'noAnswer',
  'hangsUpBriefed',
  'leavesEarly',
  'random',
] as const satisfies readonly (Habit | 'random')[];

const person = fc.record({ tier: fc.constantFrom(...tiers), habit: fc.constantFrom(...habits) });
const people = fc
  .array(person, { maxLength: 8 })
  .map((list) =>
    Object.fromEntries(list.map((one, index) => [one.tier === 'lastResort' ? 'lastResort' : `p${index}`, one])),
  );
const often = fc.constantFrom(0, 0.05, 0.3);
const misfortune = fc.record({
  lost: often,
  doubled: often,
  late: often,
  refused: often,
  unknown: often,
  killed: often,
  asleepMs: fc.constantFrom(0, 20_000, 200_000),
  engaged: often,
  ungranted: fc.constantFrom(0, 0.05, 0.3, 1),
});
const world: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.integer(),
  level: fc.constantFrom(...riskLevels),
  people,
  misfortune,
  callerLeavesAtMs: fc.option(fc.integer({ min: 500, max: 900_000 }), { freq: 6 }),
});

/** How often a telephone of one person really rang in one wave. */
function ringsOf(run: World): ReadonlyMap<string, number> {
  const rings = new Map<string, number>();
  for (const { attemptId } of run.telephones) {
    const attempt = run.escalation.attempts.find(({ id }) => id === attemptId);
    const key = `${attempt?.round}/${attempt?.wave}/${attempt?.personId}`;
    rings.set(key, (rings.get(key) ?? 0) + 1);
  }
  return rings;
}

describe('an escalation, whatever happens', function () {
  this.timeout(60_000);

  it('ends in one outcome, rings nobody twice in a wave, and is never taken by two', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(world, (options) => {
        const run = new World(options);
        run.run();
        expect(run.escalation.state).to.equal('closed');
        expect(run.escalation.outcome).to.not.equal(null);
        expect(Math.max(0, ...ringsOf(run).values())).to.be.at.most(1);
        expect(new Set(run.placed).size, 'the same request twice').to.equal(run.placed.length);
        const outcome = run.escalation.outcome ?? 'none';
        // Nobody was helped who did not meet a person.
        if (outcome === 'helped') expect(run.met).to.equal(true);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 1_000 },
    );
    // The runs get somewhere: each of these ends comes often.
    for (const outcome of ['helped', 'callerGone', 'nobody']) expect(outcomes.get(outcome), outcome).to.be.above(50);
  });

  it('helps a caller who stays whenever somebody on call accepts and nothing fails', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...riskLevels), people, (seed, level, others) => {
        const accepting = { ...others, z: { tier: 'listener', habit: 'accepts' } } as const;
        const run = new World({ seed, level, people: accepting, callerLeavesAtMs: null });
        run.run();
        expect([run.escalation.outcome, run.met]).to.deep.equal(['helped', true]);
      }),
      { numRuns: 200 },
    );
  });

  it('survives any event in any state, in any order, at any time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent(), fc.integer({ min: 0, max: 30_000 })), { maxLength: 60 }), (events) => {
        let escalation: Escalation = requested();
        let at = 0;
        let made = 0;
        for (const [event, ms] of events) {
          at += ms;
          const waiting: EscalationEvent[] = [event];
          for (let taken = waiting.shift(); taken; taken = waiting.shift()) {
            const before = escalation;
            const stepped = step(before, { at, event: taken }, defaultTiming);
            checkInvariants(before, stepped.snapshot, stepped.orders);
            escalation = stepped.snapshot;
            if (stepped.orders.some(({ type }) => type === 'listPeople'))
              waiting.push({ type: 'peopleListed', people: candidates(() => `a${(made += 1) % 1_000}`) });
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const candidates = (id: () => string): readonly Candidate[] => [
  { attemptId: id(), personId: 'p1', tier: 'listener', line: 'engaged' },
  { attemptId: id(), personId: 'p2', tier: 'listener', line: 'free' },
  { attemptId: id(), personId: 'p3', tier: 'supervisor', line: 'wanted' },
  { attemptId: id(), personId: null, tier: 'lastResort', line: 'free' },
];

function anyEvent(): fc.Arbitrary<EscalationEvent> {
  const attemptId = fc.integer({ min: 1, max: 12 }).map((n) => `a${n}`);
  const callSid = fc.constantFrom('CA1', 'CA2');
  const room = fc.constantFrom('CF1', 'CF2');
  const leaving = fc.constantFrom('hungUp', 'roomEnded');
  const only = <Type extends EscalationEvent['type']>(type: Type) => fc.constant(type);
  const telephone = fc.oneof(
    fc.record({ type: only('granted'), attemptId }),
    fc.record({ type: only('attemptPlaced'), attemptId, callSid }),
    fc.record({ type: only('attemptRefused'), attemptId }),
    fc.record({ type: only('placeUnknown'), attemptId }),
    fc.record({
      type: only('lookedUp'),
      attemptId,
      found: fc.constantFrom<Extract<EscalationEvent, { type: 'lookedUp' }>['found']>(
        { kind: 'rings', callSid: 'CA9' },
        { kind: 'nothing' },
        { kind: 'unknown' },
      ),
    }),
    fc.record({
      type: only('attemptProgressed'),
      attemptId,
      callSid,
      progress: fc.constantFrom('ringing', 'answered', 'busy', 'noAnswer', 'failed', 'completed'),
    }),
    fc.record({
      type: only('keyPressed'),
      attemptId,
      callSid,
      key: fc.constantFrom('1', '1', '2', 'other', 'none'),
      asked: fc.constantFrom('first', 'last'),
    }),
    fc.record({ type: only('amd'), attemptId, answeredBy: fc.constant('machine_start') }),
    fc.record({ type: only('briefed'), attemptId }),
    fc.record({ type: only('personInRoom'), attemptId, room }),
    fc.record({ type: only('personLeftRoom'), attemptId }),
  );
  const call = fc.oneof(
    fc.record({ type: only('callerInRoom'), room }),
    fc.record({ type: only('callerWaiting'), room }),
    fc.record({ type: only('callerLeftRoom'), room, leaving }),
    fc.record({ type: only('roomStarted'), room }),
    fc.record({ type: only('briefingChanged'), level: fc.constantFrom(...riskLevels) }),
    fc.record({ type: fc.constantFrom('callerFetched', 'callerJoining', 'requested', 'timerDue') }),
  );
  const ends = fc.record({ type: fc.constantFrom('callerGone', 'declined', 'handedOver', 'superseded') });
  return fc.oneof(
    { weight: 20, arbitrary: telephone },
    { weight: 12, arbitrary: call },
    { weight: 1, arbitrary: ends },
  );
}
