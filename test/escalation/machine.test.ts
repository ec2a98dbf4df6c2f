import { expect } from 'chai';
import type { Escalation } from '../../src/escalation/snapshot.ts';
import { Driven, everybody, lastResort, listener, supervisor } from './driven.ts';

function bridged(): Driven {
  const run = new Driven([listener('a')]);
  run.answers('a').presses('a', '1');
  run.take({ type: 'briefed', attemptId: run.attemptOf('a') });
  run.take({ type: 'callerInRoom', room: 'CF1' });
  return run.take({ type: 'personInRoom', attemptId: run.attemptOf('a'), room: 'CF1' });
}

describe('ringing people', () => {
  it('begins at once with the three best, one call each second', () => {
    const run = new Driven(everybody);
    expect(run.escalation.state).to.equal('ringing');
    expect(run.placedFor()).to.deep.equal(['a']);
    expect(run.until(999).placedFor()).to.deep.equal([]);
    expect(run.until(2_000).placedFor()).to.deep.equal(['b', 'c']);
    expect(run.until(19_999).placedFor()).to.deep.equal([]);
  });

  it('goes on to the others on call after 20 s, and to everyone and the last resort after 40 s', () => {
    const run = new Driven(everybody);
    for (const id of ['a', 'b', 'c']) run.until(run.at + 1_000).rings(id);
    expect(run.until(25_000).placedFor()).to.deep.equal(['d', 's']);
    run.rings('d').rings('s');
    // The first wave has ended by its own guards; the second still rings, and is not rung twice.
    expect(run.until(46_000).placedFor()).to.deep.equal(['a', 'b', 'c', 'o', null]);
  });

  it('does not wait for the next wave when no telephone rings any more', () => {
    const run = new Driven(everybody);
    run.until(2_000);
    for (const id of ['a', 'b']) run.ends(id, 'busy');
    expect(run.placedFor()).to.deep.equal([]);
    run.ends('c', 'noAnswer').until(2_999);
    expect(run.escalation.wave).to.equal(2);
    expect(run.until(4_000).placedFor()).to.deep.equal(['d', 's']);
  });

  it('rings the last resort at once when nobody is in the rota', () => {
    expect(new Driven([lastResort]).placedFor()).to.deep.equal([null]);
  });

  it('says at once that nobody can be rung when there is nobody at all, and tries again', () => {
    const run = new Driven([]);
    expect(run.facts()).to.deep.equal(['unavailable']);
    run.people = [listener('a')];
    expect(run.until(15_000).placedFor()).to.deep.equal(['a']);
  });

  it('says after 5 s that nothing could be placed', () => {
    const run = new Driven([listener('a')]);
    run.take({ type: 'placeUnknown', attemptId: run.attemptOf('a') });
    expect(run.until(4_999).facts()).to.deep.equal([]);
    expect(run.until(5_000).facts()).to.include('unavailable');
  });

  it('rings supervisors in the first wave when the danger is imminent', () => {
    const run = new Driven([supervisor('s'), listener('a')], { level: 'imminent' });
    expect(run.until(1_000).escalation.attempts.map(({ personId }) => personId)).to.deep.equal(['s', 'a']);
  });

  it('tells the call once that it rings', () => {
    const run = new Driven(everybody).until(2_000);
    expect(run.rings('a').facts()).to.deep.equal(['ringing']);
    expect(run.rings('b').facts()).to.deep.equal([]);
  });

  it('does not ring again in a round who has said no, and asks them last from then on', () => {
    const run = new Driven([listener('a'), lastResort]);
    run.answers('a').presses('a', '2');
    expect(run.until(1_000).placedFor()).to.deep.equal([null]);
    run.ends(null, 'busy');
    expect(run.escalation.state).to.equal('fallback');
  });
});

describe('when nobody answers', () => {
  const silent = (level: Escalation['level']) => {
    const run = new Driven(everybody, { level });
    run.rings('a');
    return run;
  };

  it('says so at 60 s in imminent danger and at 120 s otherwise at the latest, and promises a call back', () => {
    const run = silent('imminent');
    expect(run.until(59_999).facts()).to.deep.equal([]);
    run.until(60_000);
    expect(run.facts()).to.deep.equal(['nobody']);
    expect(run.orders.find(({ type }) => type === 'createTask')).to.deep.equal({
      type: 'createTask',
      task: { kind: 'humanCallback', ordinal: 1, dueAt: 180_000, ownerId: 's' },
    });
    expect(run.escalation.state).to.equal('fallback');
  });

  it('rings again after 15 s, first asking whether the caller is still there', () => {
    const run = silent('imminent').until(74_999);
    run.until(75_000);
    expect(run.escalation).to.include({ state: 'ringing', round: 2, wave: 1 });
    expect(run.orders[0]).to.deep.equal({ type: 'checkCaller' });
    run.rings('a').until(200_000);
    const nobody = run.orders.flatMap((order) => (order.type === 'tell' ? [order.fact] : []));
    expect(nobody[0]).to.deep.equal({ type: 'nobody', rounds: 2 });
  });

  it('still lets somebody accept whose telephone rings on', () => {
    const run = new Driven([listener('a')], { level: 'imminent' });
    run.until(45_000);
    const late = run.escalation.attempts.length;
    expect(late).to.be.greaterThan(1);
    run.answers('a').presses('a', '1');
    expect(run.escalation.state).to.equal('accepted');
  });

  it('ends after an hour', function () {
    // Some hundred rounds are stepped through.
    this.timeout(60_000);
    const run = silent('high').until(3_600_000);
    expect(run.escalation).to.include({ state: 'closed', outcome: 'nobody' });
  });

  it('moves the promise forward when the danger grows', () => {
    const run = silent('high').until(120_000);
    run.take({ type: 'briefingChanged', level: 'imminent' });
    const dueAt = (run.escalation.fallbackAt ?? 0) + 120_000;
    expect(run.orders).to.deep.equal([
      { type: 'createTask', task: { kind: 'humanCallback', ordinal: 1, dueAt, ownerId: 's' } },
    ]);
    expect(run.take({ type: 'briefingChanged', level: 'low' }).ignored).to.equal('notHigher');
  });
});

describe('the key', () => {
  it('1 takes the call, and lets all others go at once', () => {
    const run = new Driven(everybody).until(2_000);
    run.rings('a').rings('b').answers('b').answers('c');
    run.presses('c', '1');
    expect(run.facts()).to.deep.equal(['accepted']);
    expect(run.orders.filter(({ type }) => type === 'release')).to.deep.equal([
      { type: 'release', attemptId: 'a1', callSid: 'CA-a1', farewell: 'hangUp' },
      { type: 'release', attemptId: 'a2', callSid: 'CA-a2', farewell: 'taken' },
    ]);
    expect(['a', 'b', 'c'].map((id) => run.stateOf(id))).to.deep.equal(['released', 'released', 'accepted']);
  });

  it('of a second person comes too late', () => {
    const run = new Driven(everybody).until(2_000);
    run.answers('a').answers('b').presses('a', '1');
    expect(run.presses('b', '1').ignored).to.equal('late');
    expect(run.escalation.winner).to.equal(run.attemptOf('a'));
  });

  it('counts once when its webhook comes twice', () => {
    const run = new Driven(everybody).answers('a').presses('a', '1');
    expect(run.presses('a', '1').ignored).to.equal('again');
    expect(run.orders).to.deep.equal([]);
  });

  it('accepts nothing unless it is 1: asked once more, then over', () => {
    const run = new Driven(everybody).answers('a');
    expect(run.presses('a', 'other').escalation.winner).to.equal(null);
    expect(run.stateOf('a')).to.equal('answered');
    run.presses('a', 'none', 'last');
    expect(run.stateOf('a')).to.equal('noKey');
  });

  it('is needed whatever the carrier thinks of who answered', () => {
    const run = new Driven(everybody).answers('a');
    run.take({ type: 'amd', attemptId: run.attemptOf('a'), answeredBy: 'human' });
    expect(run.escalation).to.include({ state: 'ringing', winner: null });
    run.take({ type: 'attemptProgressed', attemptId: 'a1', callSid: 'CA-a1', progress: 'completed' });
    expect(run.stateOf('a')).to.equal('noKey');
  });

  it('counts although the telephone was taken for lost: who presses is there', () => {
    const run = new Driven(everybody);
    run.take({ type: 'attemptRefused', attemptId: run.attemptOf('a') });
    const attemptId = run.escalation.attempts[0]?.id ?? '';
    run.take({ type: 'keyPressed', attemptId, callSid: 'CA-1', key: '1', asked: 'first' });
    expect(run.escalation).to.include({ state: 'accepted', winner: attemptId });
  });
});

describe('a request whose outcome nobody knows', () => {
  it('is looked for in the list of calls, twice, and rung again in the next wave only', () => {
    const run = new Driven([listener('a')]);
    run.take({ type: 'placeUnknown', attemptId: 'a1' });
    run.until(1_500);
    expect(run.orders).to.deep.equal([{ type: 'lookUp', attemptId: 'a1' }]);
    run.take({ type: 'lookedUp', attemptId: 'a1', found: { kind: 'nothing' } });
    expect(run.stateOf('a')).to.equal('dialling');
    run.until(3_000).take({ type: 'lookedUp', attemptId: 'a1', found: { kind: 'nothing' } });
    expect(run.escalation.attempts.map(({ state, wave }) => [wave, state])).to.deep.equal([
      [1, 'failed'],
      [2, 'dialling'],
    ]);
  });

  it('rings on when it is found', () => {
    const run = new Driven([listener('a')]);
    run.take({ type: 'placeUnknown', attemptId: 'a1' });
    run.take({ type: 'lookedUp', attemptId: 'a1', found: { kind: 'rings', callSid: 'CA7' } });
    expect(run.escalation.attempts[0]).to.include({ state: 'dialling', callSid: 'CA7' });
    expect(run.until(10_000).orders.some(({ type }) => type === 'lookUp')).to.equal(false);
  });

  it('is looked for also when the process that made it died', () => {
    expect(new Driven([listener('a')]).until(6_000).orders).to.deep.include({ type: 'lookUp', attemptId: 'a1' });
  });

  it('is hung up when it turns out to ring after somebody else has accepted', () => {
    const run = new Driven(everybody).until(1_000);
    run.answers('a').presses('a', '1');
    run.take({ type: 'attemptPlaced', attemptId: 'a2', callSid: 'CA-a2' });
    expect(run.orders).to.deep.equal([{ type: 'release', attemptId: 'a2', callSid: 'CA-a2', farewell: 'hangUp' }]);
  });
});

describe('caller and person', () => {
  it('are told when to come, and bridged when both are in the same room', () => {
    const run = new Driven([listener('a')]).answers('a').presses('a', '1');
    expect(run.take({ type: 'briefed', attemptId: 'a1' }).facts()).to.deep.equal(['ready']);
    run.take({ type: 'personInRoom', attemptId: 'a1', room: 'CF1' });
    expect(run.escalation.state).to.equal('joining');
    run.take({ type: 'callerInRoom', room: 'CF1' });
    expect(run.escalation.state).to.equal('bridged');
  });

  it('are bridged also when only the start of the conference is heard of', () => {
    const run = new Driven([listener('a')]).answers('a').presses('a', '1');
    run.take({ type: 'briefed', attemptId: 'a1' }).take({ type: 'roomStarted', room: 'CF1' });
    expect(run.escalation.state).to.equal('bridged');
  });

  it('have been helped when their talk ends', () => {
    const run = bridged();
    run.at += 60_000;
    run.take({ type: 'personLeftRoom', attemptId: 'a1' });
    expect(run.escalation).to.include({ state: 'closed', outcome: 'helped' });
    expect(run.orders).to.deep.equal([{ type: 'cancelTasks', outcome: 'helped' }]);
  });

  it('have been helped also when the caller ends it early', () => {
    const run = bridged();
    run.at += 1_000;
    run.take({ type: 'callerGone' });
    expect(run.escalation.outcome).to.equal('helped');
  });

  it('are looked after while they talk, in case the news of the end is lost', () => {
    const run = bridged().until(60_000);
    expect(run.orders).to.deep.equal([
      { type: 'checkPerson', attemptId: 'a1', callSid: 'CA-a1' },
      { type: 'checkCaller' },
    ]);
  });
});

describe('a person who accepted and does not come', () => {
  const accepted = () => {
    const run = new Driven([listener('a'), listener('b')]).answers('a').presses('a', '1');
    return run;
  };

  it('is given up when they hang up during the briefing, and the next are rung', () => {
    const run = accepted().ends('a', 'completed');
    expect(run.facts()).to.deep.equal(['dropped']);
    expect(run.until(1_000).placedFor()).to.include('b');
  });

  it('is given up after the time of a briefing', () => {
    const run = accepted().until(35_000);
    expect(run.facts()).to.include('dropped');
    expect(run.orders).to.deep.include({
      type: 'release',
      attemptId: 'a1',
      callSid: 'CA-a1',
      farewell: 'hangUp',
    });
  });

  it('leaves no caller alone in the room for more than 6 s', () => {
    const run = accepted();
    run.take({ type: 'briefed', attemptId: 'a1' }).take({ type: 'callerInRoom', room: 'CF1' });
    expect(run.until(5_999).orders).to.deep.equal([]);
    run.until(6_000);
    expect(run.facts()).to.deep.equal(['dropped']);
    expect(run.orders).to.deep.include({ type: 'fetchCaller' });
  });

  it('is given up when the caller does not come to the room in 20 s', () => {
    const run = accepted();
    run.take({ type: 'briefed', attemptId: 'a1' });
    run.take({ type: 'personInRoom', attemptId: 'a1', room: 'CF1' });
    expect(run.until(20_000).facts()).to.include('dropped');
  });

  it('leaves it to the live call to ask anew once the caller had left for the room, and goes on when it does not', () => {
    const run = accepted();
    run.take({ type: 'briefed', attemptId: 'a1' }).ends('a', 'completed');
    expect(run.facts()).to.deep.equal(['dropped']);
    expect(run.until(3_999).placedFor()).to.deep.equal([]);
    expect(run.until(5_000).placedFor()).to.deep.equal(['b']);
  });

  it('has a caller in the room fetched again and again until that is done', () => {
    const run = accepted();
    run.take({ type: 'callerWaiting', room: 'CF1' }).ends('a', 'completed');
    expect(run.until(10_000).orders.filter(({ type }) => type === 'fetchCaller')).to.have.length(2);
    run.take({ type: 'callerFetched' });
    expect(run.until(15_000).orders.filter(({ type }) => type === 'fetchCaller')).to.have.length(0);
  });
});

describe('a caller who goes', () => {
  it('before anybody had joined lets everybody go, and is called back twice when in danger, then by a supervisor', () => {
    const run = new Driven(everybody).rings('a');
    run.at = 5_000;
    run.take({ type: 'callerGone' });
    expect(run.escalation).to.include({ state: 'closed', outcome: 'callerGone', nextAt: null });
    expect(run.orders).to.deep.equal([
      { type: 'release', attemptId: 'a1', callSid: 'CA-a1', farewell: 'hangUp' },
      { type: 'createTask', task: { kind: 'automaticCallback', ordinal: 1, dueAt: 35_000, ownerId: null } },
      { type: 'createTask', task: { kind: 'automaticCallback', ordinal: 2, dueAt: 185_000, ownerId: null } },
      { type: 'createTask', task: { kind: 'supervisor', ordinal: 1, dueAt: 905_000, ownerId: 's' } },
    ]);
  });

  it('who only asked for a person is not called back', () => {
    const run = new Driven(everybody, { level: 'low', reason: 'asked' });
    run.take({ type: 'callerGone' });
    expect(run.orders.filter(({ type }) => type === 'createTask')).to.deep.equal([]);
  });

  it('after everybody was rung in vain had nobody', () => {
    const run = new Driven([listener('a')]).rings('a').until(121_000);
    expect(run.take({ type: 'callerGone' }).escalation.outcome).to.equal('nobody');
  });

  it('has the person told who is on the way', () => {
    const run = new Driven([listener('a')]).answers('a').presses('a', '1');
    run.take({ type: 'callerGone' });
    expect(run.orders).to.deep.include({
      type: 'release',
      attemptId: 'a1',
      callSid: 'CA-a1',
      farewell: 'callerGone',
    });
  });
});

describe('a caller who wants no person', () => {
  it('has none, unless the danger is imminent', () => {
    expect(new Driven(everybody).take({ type: 'declined' }).escalation.outcome).to.equal('declined');
    const imminent = new Driven(everybody, { level: 'imminent' }).take({ type: 'declined' });
    expect([imminent.ignored, imminent.escalation.state]).to.deep.equal(['imminent', 'ringing']);
  });
});

describe('an escalation that is over', () => {
  const closed = () => new Driven(everybody).take({ type: 'handedOver' });

  it('rings nobody and takes no key', () => {
    const run = closed();
    expect(run.escalation).to.include({ outcome: 'handedOver', winner: null });
    expect(run.presses('a', '1').ignored).to.equal('closed');
    run.take({ type: 'timerDue' }).take({ type: 'requested' });
    expect(run.orders).to.deep.equal([]);
  });

  it('hangs up a telephone of which it hears only now', () => {
    const run = closed().take({ type: 'attemptPlaced', attemptId: 'a1', callSid: 'CA1' });
    expect(run.orders).to.deep.equal([{ type: 'release', attemptId: 'a1', callSid: 'CA1', farewell: 'hangUp' }]);
  });

  it('fetches a caller who waits in its room', () => {
    expect(closed().take({ type: 'callerWaiting', room: 'CF1' }).orders).to.deep.equal([{ type: 'fetchCaller' }]);
  });

  it('gives way to the next one of the same call', () => {
    expect(new Driven(everybody).take({ type: 'superseded' }).escalation.outcome).to.equal('nobody');
    expect(bridged().take({ type: 'superseded' }).escalation.outcome).to.equal('helped');
  });
});
