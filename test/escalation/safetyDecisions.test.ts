import { expect } from 'chai';
import { step } from '../../src/escalation/machine.ts';
import type { TakenStep } from '../../src/escalation/ports.ts';
import { decisionsOf } from '../../src/escalation/safetyDecisions.ts';
import type { Escalation, EscalationEvent } from '../../src/escalation/snapshot.ts';
import { defaultTiming } from '../../src/escalation/timing.ts';
import { requested } from './simulated.ts';

const listed: EscalationEvent = {
  type: 'peopleListed',
  people: [{ attemptId: 'a1', personId: 'p1', tier: 'listener', line: 'free' }],
};

function stepsOf(change: Partial<Escalation>, events: readonly EscalationEvent[]): readonly TakenStep[] {
  let escalation = requested(change);
  return events.map((event) => {
    const before = escalation;
    const { snapshot, orders } = step(before, { at: 0, event }, defaultTiming);
    escalation = snapshot;
    return { event, before, after: snapshot, orders };
  });
}

const taken: readonly EscalationEvent[] = [
  { type: 'requested' },
  listed,
  { type: 'granted', attemptId: 'a1' },
  { type: 'attemptProgressed', attemptId: 'a1', callSid: 'CA1', progress: 'ringing' },
  { type: 'keyPressed', attemptId: 'a1', callSid: 'CA1', key: '1', asked: 'first' },
];

describe('what of an escalation reaches the audit', () => {
  it('is the request, who took it, that they met, and how it ended; nothing of what lies between', () => {
    const steps = stepsOf({}, [
      ...taken,
      { type: 'briefed', attemptId: 'a1' },
      { type: 'roomStarted', room: 'CF1' },
      { type: 'personLeftRoom', attemptId: 'a1' },
    ]);
    expect(decisionsOf(steps)).to.deep.equal([
      { action: 'escalationRequested', by: 'sanad', facts: { reason: 'risk', level: 'high' } },
      {
        action: 'escalationAccepted',
        by: 'sanad',
        facts: { level: 'high', round: 1, wave: 1, attempt: 'a1', person: 'p1' },
      },
      { action: 'escalationBridged', by: 'sanad', facts: { level: 'high', attempt: 'a1', person: 'p1' } },
      { action: 'escalationClosed', by: 'sanad', facts: { level: 'high', outcome: 'helped', rounds: 1 } },
    ]);
  });

  it('says that it was the caller who asked, and who refused', () => {
    const steps = stepsOf({ reason: 'asked', level: 'low' }, [{ type: 'requested' }, listed, { type: 'declined' }]);
    expect(decisionsOf(steps)).to.deep.equal([
      { action: 'escalationRequested', by: 'caller', facts: { reason: 'asked', level: 'low' } },
      { action: 'escalationClosed', by: 'caller', facts: { level: 'low', outcome: 'declined', rounds: 1 } },
    ]);
  });

  it('tells of each person who took the call, also when the one before was gone again', () => {
    const again: readonly EscalationEvent[] = [
      { type: 'personLeftRoom', attemptId: 'a1' },
      { type: 'peopleListed', people: [{ attemptId: 'a2', personId: 'p2', tier: 'listener', line: 'free' }] },
      { type: 'granted', attemptId: 'a2' },
      { type: 'keyPressed', attemptId: 'a2', callSid: 'CA2', key: '1', asked: 'first' },
    ];
    const accepted = decisionsOf(stepsOf({}, [...taken, ...again])).filter(
      ({ action }) => action === 'escalationAccepted',
    );
    expect(accepted.map(({ facts }) => facts['person'])).to.deep.equal(['p1', 'p2']);
  });
});
