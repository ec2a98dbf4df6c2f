import { expect } from 'chai';
import { CallScript, ofType, said } from '../support/callScript.ts';

describe('the opening', () => {
  it('is the greeting, once the stream is up', () => {
    const call = new CallScript();
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['greeting']);
  });

  it('counts as heard when its first sentence, which says that this is an AI, was heard whole', () => {
    const call = new CallScript();
    call.tell({ type: 'streamStarted' });
    call.sounds(1, [3_000, 2_000]).wait(2_800).hears(1, { sentence: 0, ms: 2_800 });
    expect(call.state.safety.identityHeard).to.equal(false);
    call.wait(200).hears(1, { sentence: 0, ms: 3_000 });
    expect(call.state.safety.identityHeard).to.equal(true);
  });

  it('that was cut before that lets the next reply begin with it', () => {
    const call = new CallScript({ speculateAfterMs: null });
    call.tell({ type: 'streamStarted' });
    call.sounds(1, [3_000, 2_000]).wait(600).hears(1, { sentence: 0, ms: 600 });
    call.says(1);
    expect(ofType(call.effects(), 'startReply').at(-1)).to.deep.include({
      source: { kind: 'model' },
      preface: 'identity',
    });
  });

  it('and no later one, once it was heard', () => {
    const call = new CallScript({ speculateAfterMs: null });
    call.tell({ type: 'streamStarted' });
    call.sounds(1, [3_000]).wait(600).hears(1, { sentence: 0, ms: 600 });
    call.says(1);
    call.speaks(call.turn, [2_000, 1_500]).says(2);
    expect(ofType(call.effects(), 'startReply').at(-1)).to.deep.include({ preface: null });
  });
});

describe('silence', () => {
  it('is answered gently after 12 s, again after 25 s, and ends the call after 45 s more', () => {
    const call = new CallScript().answered().wait(11_999);
    expect(said(call)).to.deep.equal([]);
    call.wait(1);
    expect(said(call)).to.deep.equal(['silenceFirst']);
    call.speaks(call.turn, [2_000]).wait(25_000);
    expect(said(call)).to.deep.equal(['silenceSecond']);
    call.speaks(call.turn, [2_000]).wait(45_000);
    expect(said(call)).to.deep.equal(['silenceGoodbye']);
    call.speaks(call.turn, [2_000]).wait(1_499);
    expect(ofType(call.effects(), 'hangUp')).to.deep.equal([]);
    call.wait(1);
    expect(call.effects().slice(-2)).to.deep.equal([{ type: 'hangUp' }, { type: 'closeCall', outcome: 'silence' }]);
  });

  it('counts from the beginning again once the caller has spoken', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered().wait(12_000);
    call.speaks(call.turn, [2_000]).says(1);
    call.speaks(call.turn, [2_000]).effects();
    call.wait(12_000);
    expect(said(call)).to.deep.equal(['silenceFirst']);
  });

  it('never ends the call of someone in whose words there was any sign of danger', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1, { risk: 'low' });
    call.speaks(call.turn, [1_000]);
    for (let second = 0; second < 300; second++) {
      call.wait(1_000);
      if (call.state.floor.kind === 'thinking') call.speaks(call.turn, [2_000]);
    }
    expect(call.state.line.kind).to.equal('up');
    expect(said(call)).to.not.include('silenceGoodbye');
  });

  it('ends the call in the carrier’s voice when ours is down', () => {
    const call = new CallScript().answered().wait(12_000);
    call.speaks(call.turn, [1_000]).wait(25_000);
    call.speaks(call.turn, [1_000]).wait(45_000);
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    expect(call.effects().slice(1)).to.deep.equal([
      { type: 'sayByCarrier', line: 'silenceGoodbye', afterwards: 'hangUp' },
      { type: 'closeCall', outcome: 'silence' },
    ]);
  });

  it('never ends the call while we cannot hear', () => {
    const call = new CallScript({ cannotHearMs: 1_000_000 }).answered();
    call.tell({ type: 'hearingLost' });
    for (let second = 0; second < 200; second++) {
      call.wait(1_000);
      if (call.state.floor.kind === 'thinking') call.speaks(call.turn, [2_000]);
    }
    expect(call.state.line.kind).to.equal('up');
  });

  it('is broken by the caller in the middle of the closing line', () => {
    const call = new CallScript().answered().wait(12_000);
    call.speaks(call.turn, [1_000]).wait(25_000);
    call.speaks(call.turn, [1_000]).wait(45_000);
    call.sounds(call.turn, [3_000]).hypothesis(1);
    expect(call.state.line.kind).to.equal('up');
    expect(call.state.floor.kind).to.equal('pausing');
  });
});

describe('goodbye', () => {
  it('is spoken to its end, and a breath more, before the call is hung up', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1, { asks: 'goodbye' });
    expect(said(call)).to.deep.equal(['goodbye']);
    call.sounds(call.turn, [2_000]).wait(1_900);
    expect(ofType(call.effects(), 'hangUp')).to.deep.equal([]);
    call.wait(100).hears(call.turn, { sentence: 0, ms: 2_000 });
    expect(call.effects().map((effect) => effect.type)).to.deep.equal(['recordReply']);
    call.wait(1_499);
    expect(call.effects()).to.deep.equal([]);
    call.wait(1);
    expect(call.effects().map((effect) => effect.type)).to.deep.equal(['hangUp', 'closeCall']);
  });

  it('is not taken at its word from someone who may be in danger', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1, { risk: 'moderate' });
    call.speaks(call.turn, [1_000]).says(2, { asks: 'goodbye' });
    expect(said(call).at(-1)).to.equal('askBeforeClosing');
  });
});

describe('a lost stream', () => {
  it('is excused when it is back, and the call goes on', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.tell({ type: 'streamLost' });
    call.wait(900).tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['lineBack']);
  });

  it('keeps what the caller was saying', () => {
    const call = new CallScript().answered().startsToSpeak().hypothesis(1);
    call.effects();
    call.tell({ type: 'streamLost' });
    expect(call.effects()).to.deep.equal([{ type: 'recordCaller', utterances: [1], as: 'turn' }]);
  });

  it('that does not come back within a minute ends the call', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.wait(60_000);
    expect(call.effects()).to.deep.equal([{ type: 'closeCall', outcome: 'lost' }]);
  });

  it('takes up the bringing of a person where it was', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'digitPressed', digit: '0' });
    call.tell({ type: 'streamLost' });
    call.effects();
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });
});

describe('a person', () => {
  const handedOver = (): CallScript => {
    const call = new CallScript().answered().asksForDialling();
    return call.speaks(call.turn, [2_000]);
  };

  it('who cannot be rung any other way is dialled once the line that says so was heard', () => {
    const call = handedOver();
    expect(call.effects().at(-1)).to.deep.equal({ type: 'handOver', reason: 'asked', announced: true });
    expect(call.state.floor.kind).to.equal('withPerson');
  });

  it('who did not answer is owned up to, and Sanad stays', () => {
    const call = handedOver();
    call.effects();
    call.tell({ type: 'personFinished', outcome: 'nobody' });
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['nobodyForNow']);
  });

  it('who has left is followed by Sanad', () => {
    const call = handedOver();
    call.effects();
    call.tell({ type: 'personFinished', outcome: 'spoke' });
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['personLeft']);
  });

  it('can be asked for again after nobody answered', () => {
    const call = handedOver();
    call.tell({ type: 'personFinished', outcome: 'nobody' });
    call.tell({ type: 'streamStarted' });
    call.effects();
    call.tell({ type: 'digitPressed', digit: '0' });
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });

  it('is brought on a fault of our own', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'faulted' });
    expect(said(call)).to.deep.equal(['fault']);
    call.speaks(call.turn, [1_000]);
    expect(call.state.transfer).to.deep.equal({ kind: 'handedOver', reason: 'fault' });
  });
});

describe('hearing', () => {
  it('that is lost for four seconds is owned up to', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'hearingLost' });
    call.wait(3_999);
    expect(said(call)).to.deep.equal([]);
    call.wait(1);
    expect(said(call)).to.deep.equal(['cannotHear']);
  });

  it('that stays lost brings a person, who can hear', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'hearingLost' });
    call.wait(4_000);
    call.speaks(call.turn, [2_000]).effects();
    call.wait(10_000);
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });

  it('that is lost again on the next stream brings a person again', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'hearingLost' });
    call.wait(4_000);
    call.speaks(call.turn, [2_000]).wait(10_000).people('unavailable');
    call.speaks(call.turn, [2_000]);
    call.tell({ type: 'personFinished', outcome: 'nobody' });
    call.tell({ type: 'streamStarted' });
    call.speaks(call.turn, [2_000]).effects();
    call.tell({ type: 'hearingLost' });
    call.wait(4_000);
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });

  it('that is back in time is not mentioned', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'hearingLost' });
    call.wait(2_000).tell({ type: 'hearingRestored' });
    call.wait(9_000);
    expect(said(call)).to.deep.equal([]);
  });

  it('is doubted after two voices of a second and more without a word', () => {
    const call = new CallScript().answered();
    call.startsToSpeak().wait(1_500).pauses().wait(2_000);
    call.startsToSpeak().wait(1_500).pauses().wait(2_000);
    expect(said(call)).to.deep.equal(['cannotHear']);
  });
});

describe('the longest call', () => {
  const longCall = (): CallScript => new CallScript({ silenceMs: [1e9, 1e9, 1e9] }).answered();

  it('is announced five minutes before its end, when nobody speaks', () => {
    const call = longCall().wait(3_300_000 - 5_000);
    expect(said(call)).to.deep.equal(['lengthNotice']);
  });

  it('ends with a line that is heard', () => {
    const call = longCall().wait(3_300_000 - 5_000);
    call.speaks(call.turn, [2_000]).effects();
    call.wait(298_000);
    expect(said(call)).to.deep.equal(['lengthGoodbye']);
    call.speaks(call.turn, [2_000]).wait(1_500);
    expect(call.state.line).to.deep.equal({ kind: 'over', outcome: 'length' });
  });

  it('does not end for a caller who may be in danger: people are rung, and Sanad stays', () => {
    const call = longCall();
    call.hypothesis(1, { risk: 'moderate' }).final(1, { risk: 'moderate' }).wait(5_000);
    call.speaks(call.turn, [1_000]).wait(3_300_000 - call.at);
    call.speaks(call.turn, [2_000]).effects();
    call.wait(3_600_000 - call.at);
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'asked' });
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });
});
