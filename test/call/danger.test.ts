import { expect } from 'chai';
import { CallScript, ofType, said } from '../support/callScript.ts';

describe('words of danger', () => {
  it('that reach us while the stream is gone have people rung at once, and the caller told when it is back', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.wait(300).final(1, { risk: 'high' });
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'risk' });
    expect(ofType(call.effects(), 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 1, reason: 'risk' }]);
    call.wait(700).tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['stayWithMe']);
    call.speaks(call.turn, [2_000]);
    expect(call.state.safety.told).to.equal('high');
  });

  it('that reach us while the stream is gone, with nobody to be rung, have the carrier dial once it is back', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.wait(300).final(1, { risk: 'high' }).people('unavailable').effects();
    call.wait(700).tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['connecting']);
    call.speaks(call.turn, [2_000]);
    expect(call.effects().at(-1)).to.deep.equal({ type: 'handOver', reason: 'risk', announced: true });
  });

  it('count the same when they are only partial', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.hypothesis(1, { risk: 'imminent' }).effects();
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['stayWithMeNow']);
  });

  it('that come while the carrier’s voice speaks for ours bring a person after it', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    call.final(2, { risk: 'high' }).effects();
    call.wait(4_000).tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['stayWithMe']);
  });

  it('while a person is announced who was only asked for make it a hand-over for danger', () => {
    const call = new CallScript().answered().asksForDialling();
    call.sounds(call.turn, [3_000]).wait(1_000).final(1, { risk: 'imminent' });
    call.wait(2_000).hears(call.turn, { sentence: 0, ms: 3_000 });
    expect(call.effects().at(-1)).to.deep.equal({ type: 'handOver', reason: 'risk', announced: true });
  });

  it('ring nobody twice when they come while a person has the line', () => {
    const call = new CallScript().answered().asksForDialling();
    call.speaks(call.turn, [2_000]).effects();
    call.final(1, { risk: 'high' });
    expect(call.state.transfer).to.deep.equal({ kind: 'handedOver', reason: 'asked' });
    expect(call.state.safety.level).to.equal('high');
    expect(call.effects()).to.deep.equal([{ type: 'recordCaller', utterances: [1], as: 'turn' }]);
  });
});

describe('a person', () => {
  it('who was asked for as the stream was lost is brought when it is back', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.final(1, { asks: 'human' }).effects();
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['bringingPerson']);
  });

  it('is brought for a fault of ours that came while the stream was gone', () => {
    const call = new CallScript().answered();
    call.tell({ type: 'streamLost' });
    call.tell({ type: 'faulted' });
    call.effects();
    call.tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['fault']);
  });

  it('may talk with the caller as long as the carrier lets them, and our call ends by itself should nobody tell us', () => {
    const call = new CallScript().answered().asksForDialling();
    call.speaks(call.turn, [2_000]).effects();
    const before = call.log.length;
    call.wait(4 * 3_600_000 - 1_000);
    expect(call.state.floor.kind).to.equal('withPerson');
    expect(call.log.length - before, 'steps while we only wait').to.be.below(600);
    call.wait(2_000);
    expect(call.effects()).to.deep.equal([{ type: 'closeCall', outcome: 'lost' }]);
  });

  it('who takes over at the end of the longest call is guarded like any other', () => {
    const call = new CallScript({ silenceMs: [1e9, 1e9, 1e9] }).answered();
    call.hypothesis(1, { risk: 'moderate' }).final(1, { risk: 'moderate' }).wait(5_000);
    call.speaks(call.turn, [1_000]).wait(3_300_000 - call.at);
    call.speaks(call.turn, [2_000]).wait(3_600_000 - call.at);
    call.people('unavailable').speaks(call.turn, [2_000]);
    expect(call.state.floor.kind).to.equal('withPerson');
    expect(call.state.deadlines.lineLost).to.be.a('number');
  });
});
