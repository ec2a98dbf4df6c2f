import { expect } from 'chai';
import { type CallScript, ofType, said } from '../support/callScript.ts';
import { hearsOut, inDanger, intoSilence, talk } from '../support/dangerScript.ts';

describe('before a call is closed in which there was risk', () => {
  const atModerate = (): CallScript => {
    const call = talk().says(1, { risk: 'moderate' });
    hearsOut(call).says(2, { answer: 'no', wordCount: 1 });
    hearsOut(call).says(3, { answer: 'no', wordCount: 1 });
    hearsOut(call).effects();
    return call;
  };

  it('Sanad asks again, and only after a no says goodbye', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    expect(said(call)).to.deep.equal(['askBeforeClosing']);
    hearsOut(call).says(5, { answer: 'no', wordCount: 1 });
    expect(said(call)).to.deep.equal(['goodbyeAfterRisk']);
    hearsOut(call).wait(1_500);
    expect(call.state.line).to.deep.equal({ kind: 'over', outcome: 'goodbye' });
  });

  it('the no may be pressed', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).effects();
    call.tell({ type: 'digitPressed', digit: '2' });
    expect(said(call)).to.deep.equal(['goodbyeAfterRisk']);
  });

  it('a yes brings a person', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).says(5, { answer: 'yes', wordCount: 1 });
    expect(call.state.transfer.kind).to.equal('requested');
    expect(said(call)).to.include('stayWithMe');
  });

  it('another goodbye instead of an answer is no answer', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).says(5, { asks: 'goodbye' });
    expect(said(call)).to.deep.equal(['askBeforeClosing', 'askBeforeClosing']);
    expect(call.state.line.kind).to.equal('up');
  });

  it('talk that goes on after the no means that it is asked again at the next goodbye', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).says(5, { wordCount: 8 });
    hearsOut(call).says(6, { asks: 'goodbye' });
    expect(said(call)).to.deep.equal(['askBeforeClosing', 'model', 'askBeforeClosing']);
  });

  it('what is said in the pause after the goodbye is heard', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).says(5, { answer: 'no', wordCount: 1 });
    hearsOut(call).wait(1_000).effects();
    call.hypothesis(6, { risk: 'high' });
    hearsOut(call).wait(4_000);
    expect(said(call)).to.include('stayWithMe');
    expect(call.state.line.kind).to.equal('up');
    const plain = talk().says(1, { asks: 'goodbye' });
    hearsOut(plain).wait(1_000).hypothesis(2, { risk: 'imminent' });
    hearsOut(plain).wait(4_000);
    expect(plain.state.line.kind).to.equal('up');
    expect(plain.state.transfer.kind).to.equal('requested');
  });

  it('a sign that the classifier sees while the goodbye is said is asked about before the line closes', () => {
    for (const heard of [false, true]) {
      const call = talk().says(1, { asks: 'goodbye' });
      if (heard) hearsOut(call);
      else call.sounds(call.turn, [2_000]).wait(500).hears(call.turn, { sentence: 0, ms: 500 });
      call.effects();
      call.tell({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
      if (!heard) call.wait(1_500).hears(call.turn, { sentence: 0, ms: 2_000 });
      call.wait(2_000);
      expect(call.state.line.kind, heard ? 'in the pause' : 'over the goodbye').to.equal('up');
      expect(said(call)).to.deep.equal(['askBeforeClosing']);
    }
  });

  it('the carrier’s voice does not close it either', () => {
    const call = talk().says(1, { asks: 'goodbye' });
    call.tell({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    expect(ofType(call.effects(), 'sayByCarrier')).to.deep.equal([
      { type: 'sayByCarrier', line: 'askBeforeClosing', afterwards: 'stream' },
    ]);
    expect(call.state.line.kind).to.equal('down');
  });

  it('a goodbye while people are rung is answered by asking to stay, and nobody is hung up on', () => {
    const call = inDanger();
    for (let turn = 2; turn < 8; turn++) {
      call.says(turn, { asks: 'goodbye', answer: turn % 2 === 0 ? null : 'no' });
      expect(said(call)).to.include('stayABit');
      hearsOut(call).wait(4_000);
      hearsOut(call).effects();
    }
    expect(call.state.line.kind).to.equal('up');
  });

  it('people who are rung after the no keep the line open', () => {
    const call = atModerate().says(4, { asks: 'goodbye' });
    hearsOut(call).says(5, { answer: 'no', wordCount: 1 });
    call.state = { ...call.state, safety: { ...call.state.safety, told: 'high' } };
    call.tell({ type: 'riskRaised', level: 'high', situation: 'self', source: 'judge' });
    hearsOut(call);
    intoSilence(call, 4);
    expect(call.state.line.kind).to.equal('up');
  });
});

describe('weeping', () => {
  it('in distress is answered by presence, not by “I cannot hear you”', () => {
    const call = talk().says(1, { risk: 'moderate' });
    hearsOut(call).effects();
    call.startsToSpeak().wait(3_500).pauses().wait(2_000);
    expect(said(call)).to.deep.equal(['presence']);
  });

  it('while telephones ring is answered by the next step', () => {
    const call = inDanger();
    call.startsToSpeak().wait(3_500).pauses().wait(2_000);
    expect(said(call)).to.deep.equal(['askWhen']);
  });

  it('that does not end is not left for longer than the time between two sounds', () => {
    const call = inDanger().startsToSpeak().wait(6_500);
    expect(said(call)).to.deep.equal(['askWhen']);
  });
});
