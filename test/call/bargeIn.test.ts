import { expect } from 'chai';
import { CallScript, listeningWords, ofType } from '../support/callScript.ts';

/** Sanad answers the caller's first turn with two sentences, of which the caller has heard the beginning of the first. */
function midReply(): CallScript {
  const call = new CallScript({ speculateAfterMs: null }).answered();
  call.says(1);
  call.sounds(call.turn, [2_000, 1_500]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
  call.effects();
  return call;
}

describe('barge-in', () => {
  it('clears the carrier’s queue once the caller’s voice has lasted 250 ms, and keeps the reply', () => {
    const call = midReply().startsToSpeak().wait(249);
    expect(call.effects()).to.deep.equal([]);
    call.wait(1);
    expect(call.effects()).to.deep.equal([{ type: 'clearPlayout', generation: 1 }]);
    expect(call.state.floor.kind).to.equal('interrupted');
  });

  it('does nothing for a sound shorter than that', () => {
    const call = midReply().startsToSpeak().wait(200).pauses().wait(500);
    expect(call.effects()).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('replying');
  });

  it('clears at once, however short the voice, on one word that is no listening word', () => {
    const call = midReply().startsToSpeak().wait(100).hypothesis(2, { wordCount: 1 });
    const { turn } = call;
    expect(call.effects()).to.deep.equal([
      { type: 'clearPlayout', generation: 1 },
      { type: 'dropReply', turn },
      { type: 'recordReply', turn, heard: { sentence: 0, ms: 600 }, interrupted: true },
    ]);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('drops the reply, recording what was heard, when words confirm the interruption', () => {
    const call = midReply().startsToSpeak().wait(300);
    const { turn } = call;
    call.effects();
    call.hypothesis(2);
    expect(call.effects()).to.deep.equal([
      { type: 'dropReply', turn },
      { type: 'recordReply', turn, heard: { sentence: 0, ms: 600 }, interrupted: true },
    ]);
  });

  it('says on from the last mark when no words come within 1.2 s of the voice’s end', () => {
    const call = midReply().startsToSpeak().wait(400).pauses();
    call.effects();
    call.wait(1_199);
    expect(call.effects()).to.deep.equal([]);
    call.wait(1);
    expect(call.effects()).to.deep.equal([{ type: 'resumeReply', turn: call.turn, from: { sentence: 0, ms: 600 } }]);
    expect(call.state.floor.kind).to.equal('replying');
  });

  it('says on from the beginning when not even the first mark had come back', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    call.sounds(call.turn, [2_000]).startsToSpeak().wait(300).pauses();
    call.effects();
    call.wait(1_200);
    expect(call.effects()).to.deep.equal([{ type: 'resumeReply', turn: call.turn, from: { sentence: 0, ms: 0 } }]);
  });

  it('says on at once when the recogniser takes its words back', () => {
    const call = midReply().startsToSpeak().wait(300).pauses();
    call.effects();
    call.tell({ type: 'wordsVoided', utterance: 2 });
    expect(ofType(call.effects(), 'resumeReply')).to.have.length(1);
  });

  it('takes marks returned by the clear for what they are: not heard', () => {
    const call = midReply().startsToSpeak().wait(250);
    const { turn } = call;
    call.tell({ type: 'markReturned', generation: 0, turn, position: { sentence: 0, ms: 2_000 } });
    call.tell({ type: 'markReturned', generation: 0, turn, position: { sentence: 1, ms: 1_500 } });
    expect(call.state.playout.reply?.heard).to.deep.equal({ sentence: 0, ms: 600 });
  });

  it('counts marks again after it said on, and passes the floor at the end', () => {
    const call = midReply().startsToSpeak().wait(300).pauses().wait(1_200);
    const { turn } = call;
    call.hears(turn, { sentence: 0, ms: 2_000 }).wait(1_500).hears(turn, { sentence: 1, ms: 1_500 });
    expect(ofType(call.effects(), 'recordReply')).to.deep.equal([
      { type: 'recordReply', turn, heard: { sentence: 1, ms: 1_500 }, interrupted: false },
    ]);
    expect(call.state.floor.kind).to.equal('listening');
  });

  it('passes the floor when everything had been heard just as the caller broke in', () => {
    const call = midReply();
    const { turn } = call;
    call.startsToSpeak().wait(100);
    call.hears(turn, { sentence: 1, ms: 1_500 });
    expect(call.state.floor.kind).to.equal('callerSpeaking');
    expect(call.effects()).to.deep.equal([
      { type: 'recordReply', turn, heard: { sentence: 1, ms: 1_500 }, interrupted: false },
    ]);
  });

  it('leaves the floor to a caller who goes on making sound without words for eight seconds', () => {
    const call = midReply().startsToSpeak().wait(8_250);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
    expect(ofType(call.effects(), 'recordReply')).to.have.length(1);
  });

  it('drops a reply that has not sounded without a trace in the record', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    const { turn } = call;
    call.effects();
    call.startsToSpeak().wait(250);
    expect(call.effects()).to.deep.equal([
      { type: 'holdReply', turn },
      { type: 'dropReply', turn },
    ]);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('postpones a reply for a noise while Sanad thinks, and lets it sound after', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1);
    const { turn } = call;
    call.effects();
    call.startsToSpeak().wait(150).pauses();
    expect(call.effects()).to.deep.equal([
      { type: 'holdReply', turn },
      { type: 'releaseReply', turn },
    ]);
  });

  it('does not interrupt the line that announces a person, but keeps what the caller says', () => {
    const call = new CallScript().answered().asksForDialling();
    call.sounds(call.turn, [3_000]);
    call.effects();
    call.startsToSpeak().wait(500).hypothesis(1).final(1).pauses();
    expect(call.effects()).to.deep.equal([{ type: 'recordCaller', utterances: [1], as: 'turn' }]);
    expect(call.state.floor.kind).to.equal('replying');
  });
});

describe('backchannels', () => {
  it('do not take the floor, and are kept in the transcript', () => {
    const call = midReply().startsToSpeak().wait(150).hypothesis(2, listeningWords).pauses().final(2, listeningWords);
    expect(call.effects()).to.deep.equal([{ type: 'recordCaller', utterances: [2], as: 'backchannel' }]);
    expect(call.state.floor.kind).to.equal('replying');
  });

  it('let Sanad say on 200 ms after they are recognised as such, when their voice had silenced it', () => {
    const call = midReply().startsToSpeak().wait(400).pauses();
    call.effects();
    call.hypothesis(2, listeningWords).wait(199);
    expect(call.effects()).to.deep.equal([]);
    call.wait(1);
    expect(call.effects()).to.deep.equal([{ type: 'resumeReply', turn: call.turn, from: { sentence: 0, ms: 600 } }]);
  });

  it('let Sanad say on 200 ms after the voice pauses, when the words came first', () => {
    const call = midReply().startsToSpeak().wait(300).hypothesis(2, listeningWords);
    call.effects();
    call.wait(100).pauses().wait(200);
    expect(ofType(call.effects(), 'resumeReply')).to.have.length(1);
  });

  it('that turn out to begin a sentence do not make Sanad start and stop again', () => {
    const call = midReply().startsToSpeak().wait(300).hypothesis(2, listeningWords).pauses().wait(150).startsToSpeak();
    call.wait(300).hypothesis(2, { wordCount: 4 });
    expect(ofType(call.effects(), 'resumeReply')).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('become an interruption when real words follow', () => {
    const call = midReply().startsToSpeak().wait(300).hypothesis(2, listeningWords).hypothesis(2, { wordCount: 4 });
    expect(call.state.floor.kind).to.equal('callerSpeaking');
  });

  it('are an answer like any other when Sanad is not speaking', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    call.says(1, { ...listeningWords, ending: 'complete' });
    expect(ofType(call.effects(), 'startReply')).to.have.length(1);
  });
});

describe('words that always pass', () => {
  it('bring a person when the caller asks for one, in the middle of a reply', () => {
    const call = midReply();
    const { turn } = call;
    call.hypothesis(2, { asks: 'human' });
    expect(call.effects()).to.deep.equal([
      { type: 'escalate', escalation: 1, reason: 'asked' },
      { type: 'clearPlayout', generation: 1 },
      { type: 'dropReply', turn },
      { type: 'recordReply', turn, heard: { sentence: 0, ms: 600 }, interrupted: true },
      {
        type: 'startReply',
        turn: turn + 1,
        source: { kind: 'line', line: 'bringingPerson' },
        hold: false,
        preface: null,
        followedBy: null,
      },
    ]);
  });

  it('silence Sanad on "stop", without an answer to it', () => {
    const call = midReply()
      .hypothesis(2, { asks: 'stop', wordCount: 1, backchannel: true })
      .final(2, { asks: 'stop', wordCount: 1 });
    call.wait(2_000);
    expect(ofType(call.effects(), 'startReply')).to.deep.equal([]);
    expect(call.state.floor.kind).to.equal('listening');
  });

  it('bring a person on key 0, and on no other key', () => {
    const call = midReply();
    call.tell({ type: 'digitPressed', digit: '7' });
    expect(call.effects()).to.deep.equal([]);
    call.tell({ type: 'digitPressed', digit: '0' });
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'asked' });
    expect(ofType(call.effects(), 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 1, reason: 'asked' }]);
  });
});
