import { expect } from 'chai';
import { CallScript, ofType } from '../support/callScript.ts';

const eager = { speculateAfterMs: null } as const;

/** How long after the last voiced frame Sanad takes the turn, for words of this kind. */
function pauseFor(part: Parameters<CallScript['says']>[1]): number {
  const call = new CallScript(eager).answered();
  call.says(1);
  call.speaks(call.turn, [1_000]);
  call.startsToSpeak().wait(900).hypothesis(2, part).final(2, part).pauses();
  const pausedAt = call.at;
  while (call.state.floor.kind === 'pausing') call.wait(1);
  return call.at - pausedAt;
}

describe('the end of a turn', () => {
  it('comes 700 ms after the last voiced frame', () => expect(pauseFor({})).to.equal(700));
  it('comes after 400 ms when the sentence is complete and calm', () =>
    expect(pauseFor({ ending: 'complete' })).to.equal(400));
  it('comes after 1,500 ms when the words were painful', () =>
    expect(pauseFor({ ending: 'complete', painful: true })).to.equal(1_500));
  it('comes after 2,500 ms in the middle of a thought', () => expect(pauseFor({ ending: 'trailing' })).to.equal(2_500));
  it('comes later for a caller in distress', () => expect(pauseFor({ risk: 'moderate' })).to.equal(1_200));

  it('waits at most 150 ms for the final words, then goes by the partial ones', () => {
    const call = new CallScript(eager).answered();
    call
      .startsToSpeak()
      .wait(900)
      .hypothesis(1)
      .pauses()
      .wait(900 + 149);
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
    call.wait(1);
    expect(ofType(call.effects(), 'startReply')).to.have.length(1);
  });

  it('comes with the final words when these come within the wait', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1).pauses().wait(950);
    call.final(1);
    expect(ofType(call.effects(), 'startReply')).to.have.length(1);
  });

  it('does not come while the caller goes on', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(500).hypothesis(1).pauses().wait(600).startsToSpeak().wait(3_000);
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('is none after a cough: sound without words is no turn, and the silence goes on', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(300).pauses().wait(1_800);
    expect(call.effects()).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('listening');
  });

  it('also comes for words that no voice announced, softly spoken ones', () => {
    const call = new CallScript(eager).answered();
    call.hypothesis(1).wait(300).hypothesis(1, { wordCount: 5 }).wait(1_200);
    expect(ofType(call.effects(), 'startReply')).to.have.length(1);
  });

  it('holds both of two utterances of one breath', () => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(500).final(1).wait(300).hypothesis(2).final(2).pauses().wait(900);
    expect(ofType(call.effects(), 'recordCaller')).to.deep.equal([
      { type: 'recordCaller', utterances: [1, 2], as: 'turn' },
    ]);
  });
});

describe('a reply prepared before the turn is over', () => {
  const speaking = (): CallScript =>
    new CallScript().answered().startsToSpeak().wait(500).hypothesis(1).wait(400).pauses();

  it('begins at 200 ms of silence and is held', () => {
    const call = speaking().wait(199);
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
    call.wait(1);
    expect(ofType(call.effects(), 'startReply').map((e) => e.hold)).to.deep.equal([true]);
  });

  it('is thrown away when the caller goes on', () => {
    const call = speaking().wait(300);
    const { turn } = call;
    call.effects();
    call.startsToSpeak();
    expect(call.effects()).to.deep.equal([{ type: 'dropReply', turn }]);
  });

  it('waits longer each time it was prepared in vain in the same turn', () => {
    const call = speaking().wait(200);
    call.startsToSpeak().wait(300).hypothesis(1, { wordCount: 5 }).pauses();
    call.effects();
    call.wait(399);
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
    call.wait(1);
    expect(ofType(call.effects(), 'startReply').map((e) => e.hold)).to.deep.equal([true]);
  });

  it('is let go at the end of the turn, without being begun again', () => {
    const call = speaking().wait(300);
    const { turn } = call;
    call.final(1).effects();
    call.wait(600);
    expect(call.effects()).to.deep.equal([
      { type: 'recordCaller', utterances: [1], as: 'turn' },
      { type: 'releaseReply', turn },
    ]);
  });

  it('is prepared again when the final words say something else', () => {
    const call = speaking().wait(300);
    const { turn } = call;
    call.effects();
    call.final(1, { wordCount: 6 }, true).wait(0);
    expect(call.effects()).to.deep.equal([
      { type: 'dropReply', turn },
      { type: 'startReply', turn: turn + 1, source: { kind: 'model' }, hold: true, preface: null, followedBy: null },
    ]);
  });

  it('that failed is simply tried again when the turn is over', () => {
    const call = speaking().wait(300);
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    call.final(1).effects();
    call.wait(600);
    expect(ofType(call.effects(), 'startReply').map((e) => e.hold)).to.deep.equal([false]);
  });
});

describe('final words that come after the turn was taken', () => {
  const thinking = (): CallScript => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1).pauses().wait(1_050);
    call.effects();
    return call;
  };

  it('restart the reply when they mean something else and nothing of it was heard', () => {
    const call = thinking();
    const { turn } = call;
    call.final(1, { wordCount: 5 }, true);
    expect(call.effects()).to.deep.equal([
      { type: 'dropReply', turn },
      { type: 'startReply', turn: turn + 1, source: { kind: 'model' }, hold: false, preface: null, followedBy: null },
    ]);
  });

  it('restart it also when it sounds already but no mark has come back', () => {
    const call = thinking();
    call.sounds(call.turn, [1_000]);
    call.effects();
    call.final(1, { wordCount: 5 }, true);
    expect(call.effects().map((e) => e.type)).to.deep.equal(['clearPlayout', 'dropReply', 'recordReply', 'startReply']);
  });

  it('change nothing once the caller has heard a part', () => {
    const call = thinking();
    call.sounds(call.turn, [1_000]).hears(call.turn, { sentence: 0, ms: 200 });
    call.effects();
    call.final(1, { wordCount: 5 }, true);
    expect(call.effects()).to.deep.equal([]);
  });

  it('reopen the turn when they are of a new utterance', () => {
    const call = thinking();
    const { turn } = call;
    call.hypothesis(2);
    expect(call.effects()).to.deep.equal([{ type: 'dropReply', turn }]);
    expect(call.state.floor.kind).to.equal('pausing');
  });
});

describe('when nothing can be said', () => {
  const asked = (): CallScript => {
    const call = new CallScript(eager).answered();
    call.startsToSpeak().wait(900).hypothesis(1).final(1).pauses().wait(900);
    call.effects();
    return call;
  };
  const lineOf = (call: CallScript) =>
    ofType(call.effects(), 'startReply').map((e) => (e.source.kind === 'line' ? e.source.line : 'model'));

  it('a fixed line is said when the model fails', () => {
    const call = asked();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    expect(lineOf(call)).to.deep.equal(['thinkingTrouble']);
  });

  it('a fixed line is said when no sentence comes in four seconds', () => {
    const call = asked().wait(4_000);
    expect(lineOf(call)).to.deep.equal(['thinkingTrouble']);
  });

  it('an empty reply counts as none', () => {
    const call = asked();
    call.tell({ type: 'replySent', turn: call.turn, sentences: 0 });
    expect(lineOf(call)).to.deep.equal(['thinkingTrouble']);
  });

  it('a person is offered the second time', () => {
    const call = asked();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    call.speaks(call.turn, [1_500]);
    call.says(2);
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    expect(lineOf(call)).to.deep.equal(['offerPerson']);
  });

  it('the count begins anew after a reply that was heard', () => {
    const call = asked();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    call.speaks(call.turn, [1_500]).says(2);
    call.speaks(call.turn, [1_500]).says(3);
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    expect(lineOf(call)).to.deep.equal(['thinkingTrouble']);
  });

  it('the carrier’s own voice says a line that ours cannot, and the call goes on', () => {
    const call = asked();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'model' });
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    expect(ofType(call.effects(), 'sayByCarrier')).to.deep.equal([
      { type: 'sayByCarrier', line: 'thinkingTrouble', afterwards: 'stream' },
    ]);
    call.tell({ type: 'streamStarted' });
    expect(call.state.floor.kind).to.equal('listening');
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
  });

  it('a person comes without the line that would have announced it', () => {
    const call = asked();
    call.asksForDialling().effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    expect(call.effects().map((e) => e.type)).to.deep.equal(['dropReply', 'handOver']);
  });

  it('a voice that breaks off is heard as far as it came, and a line says so', () => {
    const call = asked();
    const { turn } = call;
    call.tell({ type: 'replySounded', turn });
    call.tell({ type: 'sentenceSent', turn, sentence: 0, durationMs: 1_000 });
    call.tell({ type: 'replyFailed', turn, stage: 'voice' });
    call.effects();
    call.wait(1_000).hears(turn, { sentence: 0, ms: 1_000 });
    expect(lineOf(call)).to.deep.equal(['voiceTrouble']);
  });

  it('the floor passes when the carrier returns no marks any more', () => {
    const call = asked();
    call.sounds(call.turn, [2_000]);
    call.effects();
    call.wait(7_000);
    expect(call.state.floor.kind).to.equal('listening');
    expect(ofType(call.effects(), 'recordReply')).to.have.length(1);
  });
});
