import { expect } from 'chai';
import { CallScript, ofType } from '../support/callScript.ts';

const eager = { speculateAfterMs: null } as const;
const said = (call: CallScript): readonly string[] =>
  ofType(call.effects(), 'startReply').map(({ source }) => (source.kind === 'line' ? source.line : 'model'));

/** The goodbye is being said and has been heard for a second. */
function midGoodbye(): CallScript {
  const call = new CallScript(eager).answered();
  call.says(1, { asks: 'goodbye' });
  call.sounds(call.turn, [2_000]).wait(1_000).hears(call.turn, { sentence: 0, ms: 1_000 });
  call.effects();
  return call;
}

/** The line that closes for silence is being said and has been heard for a second. */
function midClosing(): CallScript {
  const call = new CallScript(eager).answered().wait(12_000);
  call.speaks(call.turn, [1_000]).wait(25_000);
  call.speaks(call.turn, [1_000]).wait(45_000);
  call.sounds(call.turn, [3_000]).wait(1_000).hears(call.turn, { sentence: 0, ms: 1_000 });
  call.effects();
  return call;
}

describe('the line', () => {
  for (const [what, make, ms] of [
    ['a goodbye', midGoodbye, 2_000],
    ['a closing for silence', midClosing, 3_000],
  ] as const) {
    it(`is not hung up on a caller who begins to speak in the last moments of ${what}`, () => {
      const call = make()
        .wait(ms - 1_100)
        .startsToSpeak()
        .wait(100);
      call.hears(call.turn, { sentence: 0, ms });
      expect(ofType(call.effects(), 'hangUp')).to.deep.equal([]);
      expect(call.state.floor.kind).to.equal('callerSpeaking');
    });
  }

  it('is not closed for silence on someone who makes a sound, even without words: a sob is no silence', () => {
    const call = midClosing().startsToSpeak().wait(600).pauses().wait(1_200);
    expect(ofType(call.effects(), 'resumeReply')).to.deep.equal([]);
    expect(call.state.line.kind).to.equal('up');
    expect(call.state.floor.kind).to.equal('listening');
    call.wait(11_999);
    expect(said(call)).to.deep.equal([]);
    call.wait(1);
    expect(said(call)).to.deep.equal(['silenceFirst']);
  });
});

describe('a goodbye', () => {
  it('of partial words that the final ones take back is broken off, also when it was half heard', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1, { asks: 'goodbye' }).pauses().wait(1_050);
    expect(said(call)).to.deep.equal(['goodbye']);
    call.sounds(call.turn, [2_000]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
    call.effects();
    const { turn } = call;
    call.final(1, { wordCount: 6 }, true);
    expect(call.effects()).to.deep.equal([
      { type: 'clearPlayout', generation: call.state.playout.generation },
      { type: 'dropReply', turn },
      { type: 'recordReply', turn, heard: { sentence: 0, ms: 600 }, interrupted: true },
      { type: 'startReply', turn: turn + 1, source: { kind: 'model' }, hold: false, preface: null, followedBy: null },
    ]);
  });

  it('is said when only the final words hold it', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1).pauses().wait(1_050);
    call.effects();
    call.final(1, { asks: 'goodbye' }, true);
    expect(said(call)).to.deep.equal(['goodbye']);
  });

  it('of words that the recogniser took back is not answered', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(500).final(1).wait(300).hypothesis(2, { asks: 'goodbye' }).pauses().wait(100);
    call.tell({ type: 'wordsVoided', utterance: 2 });
    call.wait(2_500);
    expect(said(call)).to.deep.equal(['model']);
  });
});

describe('“stop”', () => {
  it('silences a reply at once and is followed by listening, not by an answer', () => {
    const call = new CallScript(eager).answered();
    call.says(1);
    call.sounds(call.turn, [2_000, 2_000]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
    call.effects();
    call.hypothesis(2, { asks: 'stop', wordCount: 1, backchannel: true });
    expect(ofType(call.effects(), 'clearPlayout')).to.have.length(1);
    call.final(2, { asks: 'stop', wordCount: 1 }).wait(2_500);
    expect(said(call)).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('listening');
  });

  it('that only the final words hold stops the reply too', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1).pauses().wait(1_050);
    call.effects();
    const { turn } = call;
    call.final(1, { asks: 'stop', wordCount: 1 }, true);
    expect(call.effects()).to.deep.equal([{ type: 'dropReply', turn }]);
    expect(call.state.floor.kind).to.equal('listening');
  });
});
