import { expect } from 'chai';
import type { CallEvent } from '../../src/call/event.ts';
import { type CallScript, ofType, said } from '../support/callScript.ts';
import { hearsOut, inDanger, intoSilence, lineOf, talk } from '../support/dangerScript.ts';

type Fact = Extract<CallEvent, { type: 'escalationAdvanced' }>['fact'];
const facts: readonly Fact[] = ['ringing', 'accepted', 'ready', 'dropped', 'nobody', 'unavailable'];

/** A person was asked for without danger, and the line that says so was heard. */
function asked(): CallScript {
  const call = talk();
  call.tell({ type: 'digitPressed', digit: '0' });
  hearsOut(call).effects();
  return call;
}

/** Caller and person have been in the room together for so long. */
function joined(call: CallScript, forMs: number): CallScript {
  call.people('accepted').people('ready').wait(forMs).effects();
  return call;
}

/** The room is over; the stream is back. */
function back(call: CallScript, outcome: 'spoke' | 'nobody'): CallScript {
  call.tell({ type: 'personFinished', outcome });
  call.wait(500).tell({ type: 'streamStarted' });
  return call;
}

const kind = (call: CallScript): string => call.state.transfer.kind;
const rung = (call: CallScript): number => ofType(call.effects(), 'escalate').length;

describe('bringing a person', () => {
  it('begins with one order to ring, and Sanad stays on the stream', () => {
    for (const [call, reason] of [
      [talk().final(1, { asks: 'human' }), 'asked'],
      [talk().final(1, { risk: 'high' }), 'risk'],
    ] as const) {
      const effects = call.effects();
      expect(ofType(effects, 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 1, reason }]);
      expect(ofType(effects, 'handOver')).to.deep.equal([]);
      expect(call.state.line.kind).to.equal('up');
    }
  });

  it('tells the caller when somebody has answered, and goes to the room when they are there', () => {
    const call = inDanger();
    call.people('ringing');
    expect(call.effects(), 'nothing to say of ringing').to.deep.equal([]);
    call.people('accepted');
    expect(said(call)).to.deep.equal(['personAnswered']);
    hearsOut(call).effects();
    call.people('ready');
    expect(call.effects()).to.deep.equal([{ type: 'joinPerson', escalation: 1 }]);
    expect(kind(call)).to.equal('joined');
    expect(call.state.floor.kind).to.equal('withPerson');
  });

  it('goes to the room from whatever is being said, and keeps what was heard of it', () => {
    const speaking = inDanger().says(2);
    speaking.sounds(speaking.turn, [2_000, 2_000]).wait(600).hears(speaking.turn, { sentence: 0, ms: 600 });
    const caller = inDanger().startsToSpeak().wait(500).hypothesis(2);
    const uncut = talk().final(1, { risk: 'high' });
    uncut.sounds(uncut.turn, [2_000, 2_000]).wait(600).hears(uncut.turn, { sentence: 0, ms: 600 });
    for (const call of [speaking, caller, uncut]) {
      call.effects();
      call.people('accepted').people('ready');
      const types = call.effects().map(({ type }) => type);
      expect(types.at(-1)).to.equal('joinPerson');
      expect(types[0]).to.match(/^(?:clearPlayout|dropReply|recordCaller)$/);
      expect(call.state.floor.kind).to.equal('withPerson');
    }
  });

  it('cuts nobody off to say that somebody answered: it is said with the next words, or into the next silence', () => {
    const speaking = inDanger().startsToSpeak().wait(500).hypothesis(2).people('accepted');
    expect(said(speaking)).to.deep.equal([]);
    speaking.pauses().final(2).wait(2_500);
    expect(said(speaking)).to.deep.equal(['model + personAnswered']);
    const uncut = talk().final(1, { risk: 'high' });
    uncut.sounds(uncut.turn, [2_000]).wait(500).hears(uncut.turn, { sentence: 0, ms: 500 }).effects();
    uncut.people('accepted');
    expect(uncut.effects()).to.deep.equal([]);
    uncut.wait(1_500).hears(uncut.turn, { sentence: 0, ms: 2_000 });
    expect(intoSilence(uncut, 1)).to.deep.equal(['personAnswered']);
  });

  it('survives every order of facts, doubled and late, and never leaves a caller in danger with nobody on the way', () => {
    for (const first of facts)
      for (const second of facts)
        for (const third of facts) {
          const call = inDanger();
          for (const fact of [first, second, third]) {
            call.people(fact).people(fact).people(fact, 0);
            if (call.state.line.kind === 'up') hearsOut(call);
          }
          expect(kind(call), `${first}, ${second}, ${third}`).to.not.equal('none');
          expect(rung(call), 'rung a second time').to.equal(0);
        }
  });

  it('tells of each fact once, however often it comes', () => {
    const call = inDanger();
    const lines = (['accepted', 'accepted', 'nobody', 'dropped', 'dropped', 'nobody', 'nobody'] as const).flatMap(
      (fact) => {
        call.people(fact);
        hearsOut(call);
        return said(call);
      },
    );
    expect(lines).to.deep.equal(['personAnswered', 'personDropped', 'nobodyReached']);
  });

  it('takes no fact of an earlier escalation', () => {
    const call = joined(inDanger(), 5_000);
    back(call, 'spoke');
    expect(call.state.escalations).to.equal(2);
    hearsOut(call).effects();
    for (const fact of facts) {
      call.people(fact, 1);
      expect(call.effects(), fact).to.deep.equal([]);
      expect(kind(call)).to.equal('requested');
    }
  });

  it('is not asked for twice: key 0 and words while somebody is on the way change nothing', () => {
    const call = inDanger();
    for (const answered of [false, true]) {
      if (answered) hearsOut(call.people('accepted')).effects();
      call.tell({ type: 'digitPressed', digit: '0' });
      call.final(answered ? 3 : 2, { asks: 'human' });
      expect(rung(call)).to.equal(0);
    }
  });

  it('becomes urgent when danger shows in whoever had only asked', () => {
    const call = asked().final(1, { risk: 'high' });
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'risk', escalation: 1 });
    expect(said(call)).to.deep.equal(['stayWithMe']);
  });
});

describe('while the stream is away', () => {
  it('facts are kept, and told when it is back', () => {
    for (const [fact, line] of [
      ['accepted', 'personAnswered'],
      ['nobody', 'nobodyReached'],
    ] as const) {
      const call = inDanger();
      call.tell({ type: 'streamLost' });
      call.people(fact).effects();
      call.tell({ type: 'streamStarted' });
      expect(said(call)).to.deep.equal([line]);
    }
  });

  it('a person who is there takes the caller as soon as the carrier asks, and again from a stream that was on its way', () => {
    const call = inDanger();
    call.tell({ type: 'streamLost' });
    call.effects();
    call.people('accepted').people('ready');
    expect(call.effects()).to.deep.equal([{ type: 'joinPerson', escalation: 1 }]);
    call.wait(800).tell({ type: 'streamStarted' });
    expect(call.effects()).to.deep.equal([{ type: 'joinPerson', escalation: 1 }]);
    expect(kind(call)).to.equal('joined');
  });

  it('of a room that ended without a word to us, the caller who is back finds Sanad', () => {
    for (const [forMs, after] of [
      [60_000, 'none'],
      [20_000, 'requested'],
    ] as const) {
      const call = joined(inDanger(), forMs);
      call.tell({ type: 'streamStarted' });
      expect(said(call)).to.deep.equal(['lineBack']);
      expect(kind(call), `after ${forMs} ms`).to.equal(after);
    }
  });

  it('a call that nobody hears of any more ends only with the carrier’s longest call', () => {
    const call = joined(inDanger(), 3_600_000);
    expect(call.state.line.kind).to.equal('down');
    call.wait(4 * 3_600_000);
    expect(call.effects()).to.deep.equal([{ type: 'closeCall', outcome: 'lost' }]);
  });
});

describe('nobody', () => {
  it('who comes is owned up to once, while ringing and company go on', () => {
    const call = inDanger();
    call.people('nobody');
    expect(said(call)).to.deep.equal(['nobodyReached']);
    hearsOut(call);
    const lines = intoSilence(call, 15);
    expect(lines).to.not.include('nobodyReached');
    expect(lines.slice(0, 2)).to.deep.equal(['askWhen', 'awayFromMeans']);
    expect(kind(call)).to.equal('requested');
    hearsOut(call.people('accepted'));
    expect(said(call)).to.include('personAnswered');
  });

  it('who comes without danger is owned up to in other words, and the company grows rarer', () => {
    const call = asked().wait(5_000);
    expect(said(call)).to.deep.equal(['ringing1']);
    hearsOut(call).people('nobody');
    expect(said(call)).to.deep.equal(['nobodyYet']);
    hearsOut(call).wait(11_999);
    expect(said(call)).to.deep.equal([]);
    call.wait(1);
    expect(said(call)).to.deep.equal(['ringing2']);
  });

  it('who can be rung at all makes the carrier dial, after a line that says so', () => {
    const call = inDanger();
    call.people('unavailable');
    expect(said(call)).to.deep.equal(['connecting']);
    hearsOut(call);
    expect(call.effects().at(-1)).to.deep.equal({ type: 'handOver', reason: 'risk', announced: true });
  });

  it('who answered the carrier’s dialling is followed by ringing again after twenty seconds, for a caller in danger', () => {
    const call = hearsOut(inDanger().people('unavailable'));
    back(call, 'nobody');
    expect(said(call)).to.include('nobodyReached');
    hearsOut(call).effects();
    call.wait(17_000);
    hearsOut(call);
    expect(rung(call)).to.equal(0);
    for (let ms = 0; ms < 3_000; ms += 500) hearsOut(call.wait(500));
    expect(rung(call)).to.equal(1);
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'risk', escalation: 2 });
  });

  it('who answered is not dialled again and again for a caller who is not in danger', () => {
    const call = hearsOut(asked().people('unavailable'));
    back(call, 'nobody');
    hearsOut(call).effects();
    call.wait(60_000);
    expect(rung(call)).to.equal(0);
  });
});

describe('a person who was lost', () => {
  it('before they came is owned up to, and others are rung on the same escalation', () => {
    const call = hearsOut(inDanger().people('accepted'));
    call.effects();
    call.people('dropped');
    expect(said(call)).to.deep.equal(['personDropped']);
    expect(call.state.transfer).to.deep.include({ kind: 'requested', escalation: 1 });
  });

  it('within thirty seconds of talk is replaced for a caller in danger, who hears why', () => {
    const call = joined(inDanger(), 29_900);
    back(call, 'spoke');
    const effects = call.effects();
    expect(ofType(effects, 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 2, reason: 'dropped' }]);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['personDropped']);
    expect(kind(call)).to.equal('requested');
  });

  it('after longer talk has done what they came for', () => {
    const call = joined(inDanger(), 30_000);
    back(call, 'spoke');
    const effects = call.effects();
    expect(ofType(effects, 'escalate')).to.deep.equal([]);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['personLeft']);
  });

  it('or never was in the room is replaced whoever waits there', () => {
    for (const call of [joined(inDanger(), 60_000), joined(asked(), 60_000)]) {
      back(call, 'nobody');
      expect(rung(call)).to.equal(1);
      expect(kind(call)).to.equal('requested');
    }
  });

  it('from a caller who is not in danger is not rung back unasked', () => {
    const call = joined(asked(), 10_000);
    back(call, 'spoke');
    expect(rung(call)).to.equal(0);
    expect(kind(call)).to.equal('none');
    hearsOut(call).effects();
    call.tell({ type: 'digitPressed', digit: '0' });
    expect(rung(call)).to.equal(1);
  });

  it('twice is replaced twice', () => {
    const call = joined(inDanger(), 5_000);
    hearsOut(back(call, 'spoke')).effects();
    back(joined(call, 5_000), 'spoke');
    expect(call.state.escalations).to.equal(3);
    expect(kind(call)).to.equal('requested');
  });
});

describe('a caller who wants nobody', () => {
  it('is taken at their word when the danger allows it: ringing is called off, and Sanad stays', () => {
    for (const call of [inDanger(), asked(), hearsOut(inDanger().people('accepted'))]) {
      call.effects();
      call.final(2, { asks: 'noPerson' });
      const effects = call.effects();
      expect(ofType(effects, 'callOff')).to.deep.equal([{ type: 'callOff', escalation: 1 }]);
      expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['declined']);
      expect(kind(call)).to.equal('none');
    }
  });

  it('is offered a person again after four turns of talk, once', () => {
    const call = hearsOut(inDanger().final(2, { asks: 'noPerson' }));
    call.effects();
    const lines = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((turn) => {
      hearsOut(call.says(turn));
      return said(call).join();
    });
    expect(lines.filter((line) => line.includes('offerPersonAgain'))).to.have.length(1);
    expect(lines.indexOf('model + offerPersonAgain')).to.equal(4);
  });

  it('is offered none again when there was no danger', () => {
    const call = hearsOut(asked().final(2, { asks: 'noPerson' }));
    call.effects();
    for (let turn = 3; turn < 12; turn++) hearsOut(call.says(turn));
    expect(said(call).join()).to.not.include('offer');
  });

  it('and says yes to the offer is told that people are rung now', () => {
    const call = hearsOut(inDanger().final(2, { asks: 'noPerson' }));
    for (let turn = 3; turn < 8; turn++) hearsOut(call.says(turn));
    call.effects();
    call.final(8, { answer: 'yes', wordCount: 1 });
    const effects = call.effects();
    expect(ofType(effects, 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 2, reason: 'risk' }]);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['bringingPerson']);
  });

  it('is told that one comes anyway when the danger is this moment', () => {
    const call = inDanger('imminent').final(2, { asks: 'noPerson' });
    const effects = call.effects();
    expect(ofType(effects, 'callOff')).to.deep.equal([]);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['comesAnyway']);
    expect(kind(call)).to.equal('requested');
  });

  it('is not taken at their word when the same breath tells of danger', () => {
    const call = inDanger().final(2, { asks: 'noPerson', risk: 'high' });
    expect(ofType(call.effects(), 'callOff')).to.deep.equal([]);
    expect(kind(call)).to.equal('requested');
  });

  it('is not taken at half a word: a partial may go on', () => {
    const call = inDanger().hypothesis(2, { asks: 'noPerson' });
    expect(ofType(call.effects(), 'callOff')).to.deep.equal([]);
  });

  it('gets one after all with the next words of danger, and is told so', () => {
    const call = hearsOut(inDanger().final(2, { asks: 'noPerson' }));
    call.effects();
    call.final(3, { risk: 'high' });
    const effects = call.effects();
    expect(ofType(effects, 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 2, reason: 'risk' }]);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['bringingPerson']);
  });

  it('while nobody is being rung is answered by the model', () => {
    const call = talk().says(1, { asks: 'noPerson' });
    expect(said(call)).to.deep.equal(['model']);
  });
});

describe('a fault of our own', () => {
  it('while people are rung has the carrier dial after a line that owns up to it', () => {
    const call = inDanger();
    call.tell({ type: 'faulted' });
    expect(said(call)).to.deep.equal(['fault']);
    hearsOut(call);
    expect(call.effects().at(-1)).to.deep.equal({ type: 'handOver', reason: 'fault', announced: true });
    back(call, 'nobody');
    expect(call.state.deadlines.ringAgain, 'in danger still').to.be.a('number');
  });

  it('that comes twice has it dial at once', () => {
    const call = inDanger();
    call.tell({ type: 'faultedAgain' });
    expect(call.effects()).to.deep.equal([{ type: 'handOver', reason: 'fault', announced: false }]);
  });

  it('while caller and person are in the room leaves them there', () => {
    for (const type of ['faulted', 'faultedAgain'] as const) {
      const call = joined(inDanger(), 5_000);
      call.tell({ type });
      expect(call.effects(), type).to.deep.equal([]);
      expect(kind(call)).to.equal('joined');
    }
  });
});
