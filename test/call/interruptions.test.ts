import { expect } from 'chai';
import { CallScript, ofType } from '../support/callScript.ts';

/** The turn was taken on partial words (their final is still to come); the reply has been heard for 600 ms. */
function replyToPartialWords(): CallScript {
  const call = new CallScript({ speculateAfterMs: null }).answered();
  call.startsToSpeak().wait(900).hypothesis(1, { wordCount: 3 }).pauses().wait(1_050);
  call.sounds(call.turn, [2_000, 1_500]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
  call.effects();
  return call;
}

describe('a caller who breaks in before the recogniser has closed the last utterance', () => {
  it('takes the floor: new words of the same utterance confirm the voice', () => {
    const call = replyToPartialWords().startsToSpeak().wait(300);
    const { turn } = call;
    call.effects();
    call.hypothesis(1, { wordCount: 5 });
    expect(call.effects()).to.deep.equal([
      { type: 'dropReply', turn },
      { type: 'recordReply', turn, heard: { sentence: 0, ms: 600 }, interrupted: true },
    ]);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('takes it also before the voice has lasted 250 ms', () => {
    const call = replyToPartialWords().startsToSpeak().wait(100).hypothesis(1, { wordCount: 5 });
    expect(call.effects().map((effect) => effect.type)).to.deep.equal(['clearPlayout', 'dropReply', 'recordReply']);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('is answered when he has finished', () => {
    const call = replyToPartialWords().startsToSpeak().wait(300).hypothesis(1, { wordCount: 5 }).wait(400).pauses();
    call.effects();
    call.final(1, { wordCount: 5 }).wait(900);
    expect(ofType(call.effects(), 'startReply').map((effect) => effect.source.kind)).to.deep.equal(['model']);
  });

  it('and who only coughed does not: the words that were answered are no new ones', () => {
    const call = replyToPartialWords().startsToSpeak().wait(300);
    call.effects();
    call.final(1, { wordCount: 3 });
    expect(call.state.floor.kind).to.equal('interrupted');
    call.pauses().wait(1_200);
    expect(ofType(call.effects(), 'resumeReply')).to.have.length(1);
  });

  it('and who is silent is not: late words of the turn that was answered change nothing any more', () => {
    const call = replyToPartialWords();
    call.hypothesis(1, { wordCount: 5 });
    expect(call.effects()).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('replying');
  });
});

describe('weeping over a reply', () => {
  it('takes the floor after eight seconds, however it breaks off and begins again', () => {
    const call = replyToPartialWords().startsToSpeak().wait(300);
    for (let sob = 0; sob < 10 && call.state.floor.kind === 'interrupted'; sob++) {
      call.wait(600).pauses().wait(400).startsToSpeak();
    }
    expect(call.at).to.be.below(9_500 + 6_950);
    expect(['callerSpeaking', 'pausing']).to.include(call.state.floor.kind);
    expect(ofType(call.effects(), 'resumeReply')).to.deep.equal([]);
  });
});

describe('a line that takes the place of a reply', () => {
  it('does not begin over the caller’s voice', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    call.startsToSpeak().wait(100).effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    expect(ofType(call.effects(), 'startReply').map((effect) => effect.hold)).to.deep.equal([true]);
    call.pauses();
    expect(call.effects()).to.deep.equal([{ type: 'releaseReply', turn: call.turn }]);
  });
});

describe('patience', () => {
  it('holds for the whole turn once something painful was said in it', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    call.speaks(call.turn, [1_000]);
    call.startsToSpeak().wait(900).final(2, { painful: true }).wait(300).final(3, { ending: 'complete' }).pauses();
    const pausedAt = call.at;
    while (call.state.floor.kind === 'pausing') call.wait(1);
    expect(call.at - pausedAt).to.equal(1_500);
  });
});
