import { expect } from 'chai';
import type { LineName } from '../../src/call/lineName.ts';
import { directQuestions, firstResponses, stepAt } from '../../src/call/safetySteps.ts';
import { CallScript, ofType, said } from '../support/callScript.ts';
import { eager, hearsOut, inDanger, intoSilence, midReply, situations, talk } from '../support/dangerScript.ts';

describe('the first response to danger', () => {
  for (const situation of situations)
    for (const level of ['high', 'imminent'] as const) {
      const line = firstResponses[situation][level === 'high' ? 'soon' : 'now'];
      it(`is ${line} for ${level} danger (${situation}), at once, and people are rung`, () => {
        const call = talk().final(1, { risk: level, situation });
        const effects = call.effects();
        expect(ofType(effects, 'escalate')).to.deep.equal([{ type: 'escalate', escalation: 1, reason: 'risk' }]);
        expect(ofType(effects, 'startReply').map(({ source, hold }) => ({ source, hold }))).to.deep.equal([
          { source: { kind: 'line', line }, hold: false },
        ]);
      });
    }

  it('is begun once, though every further partial of the same words holds the danger again', () => {
    const call = talk().startsToSpeak().wait(500).hypothesis(1, { risk: 'high' });
    call
      .wait(300)
      .hypothesis(1, { risk: 'high', wordCount: 5 })
      .wait(300)
      .hypothesis(1, { risk: 'high', wordCount: 7 });
    call.pauses().wait(100).final(1, { risk: 'high', wordCount: 7 });
    expect(said(call)).to.deep.equal(['stayWithMe']);
    const sounding = talk().hypothesis(1, { risk: 'imminent' });
    sounding.sounds(sounding.turn, [3_000, 3_000]).wait(1_000).hears(sounding.turn, { sentence: 0, ms: 1_000 });
    sounding.final(1, { risk: 'imminent' }).final(2, { risk: 'high' });
    sounding.tell({ type: 'riskRaised', level: 'imminent', situation: 'self', source: 'classifier' });
    expect(said(sounding)).to.deep.equal(['stayWithMeNow']);
    expect(sounding.state.floor.kind).to.equal('replying');
  });

  it('is not said a second time for the same level, and the next one once', () => {
    const call = inDanger();
    call.final(2, { risk: 'high' });
    hearsOut(call);
    expect(said(call)).to.not.include('stayWithMe');
    call.final(3, { risk: 'imminent' });
    hearsOut(call);
    call.final(4, { risk: 'imminent' });
    expect(said(call).filter((line) => line.startsWith('stayWithMe'))).to.deep.equal(['stayWithMeNow']);
  });

  it('comes in the middle of a reply, which it ends', () => {
    const call = midReply().hypothesis(2, { risk: 'high' });
    const effects = call.effects();
    expect(effects.map(({ type }) => type)).to.deep.equal([
      'escalate',
      'clearPlayout',
      'dropReply',
      'recordReply',
      'startReply',
    ]);
  });

  it('comes during an interruption, still or voiced', () => {
    const voiced = midReply().startsToSpeak().wait(300);
    voiced.effects();
    voiced.hypothesis(2, { risk: 'high' });
    expect(said(voiced)).to.deep.equal(['stayWithMe']);
    const still = midReply().startsToSpeak().wait(300).pauses().wait(100);
    still.effects();
    still.final(2, { risk: 'high' });
    expect(said(still)).to.deep.equal(['stayWithMe']);
  });

  it('comes in the first second of a call, and over the greeting', () => {
    for (const heardMs of [0, 1_000]) {
      const call = new CallScript(eager);
      call.tell({ type: 'streamStarted' });
      if (heardMs > 0) call.sounds(1, [3_000]).wait(heardMs).hears(1, { sentence: 0, ms: heardMs });
      call.wait(200).effects();
      call.hypothesis(1, { risk: 'high' });
      expect(said(call), `${heardMs} ms of the greeting heard`).to.deep.equal(['stayWithMe']);
      hearsOut(call).says(2);
      // What this is was not heard yet, and is said with the next reply.
      expect(ofType(call.effects(), 'startReply').at(-1)?.preface).to.equal('identity');
    }
  });

  it('waits for the stream when there is none, and comes before the excuse for the line', () => {
    const call = talk();
    call.tell({ type: 'streamLost' });
    call.final(1, { risk: 'imminent', situation: 'violence' });
    expect(ofType(call.effects(), 'escalate')).to.have.length(1);
    call.wait(900).tell({ type: 'streamStarted' });
    expect(said(call)).to.deep.equal(['violenceStayNow']);
  });

  it('is said again after a lost stream when it was not heard to its end, and not when it was', () => {
    const cut = talk().final(1, { risk: 'high' });
    cut.sounds(cut.turn, [2_000, 2_000]).wait(600).hears(cut.turn, { sentence: 0, ms: 600 });
    const heard = inDanger();
    for (const call of [cut, heard]) {
      call.tell({ type: 'streamLost' });
      call.effects();
      call.wait(900).tell({ type: 'streamStarted' });
    }
    expect(said(cut)).to.deep.equal(['stayWithMe']);
    expect(said(heard)).to.deep.equal(['lineBack']);
  });

  it('is said again when the voice broke off before its end', () => {
    const call = talk().final(1, { risk: 'high' });
    const { turn } = call;
    call.tell({ type: 'replySounded', turn });
    call.tell({ type: 'sentenceSent', turn, sentence: 0, durationMs: 1_000 });
    call.tell({ type: 'replyFailed', turn, stage: 'voice' });
    call.wait(1_000).hears(turn, { sentence: 0, ms: 1_000 });
    expect(call.state.safety.told).to.equal('none');
    call.effects();
    expect(intoSilence(call, 1)).to.deep.equal(['stayWithMe']);
  });

  it('is said by the carrier when our voice is down, and the telephones ring meanwhile', () => {
    const call = talk().final(1, { risk: 'high' });
    call.effects();
    call.tell({ type: 'replyFailed', turn: call.turn, stage: 'voice' });
    expect(ofType(call.effects(), 'sayByCarrier')).to.deep.equal([
      { type: 'sayByCarrier', line: 'stayWithMe', afterwards: 'stream' },
    ]);
    expect(call.state.transfer.kind).to.equal('requested');
  });

  it('is said to its end when the caller speaks over it, and the words are kept', () => {
    const call = talk().final(1, { risk: 'high' });
    call.sounds(call.turn, [3_000, 3_000]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
    call.effects();
    call.startsToSpeak().wait(800).hypothesis(2).final(2).pauses();
    expect(call.effects()).to.deep.equal([{ type: 'recordCaller', utterances: [2], as: 'turn' }]);
    expect(call.state.floor.kind).to.equal('replying');
  });

  it('follows whom the greater danger is about', () => {
    const call = inDanger('high', 'violence');
    call.final(2, { risk: 'imminent', situation: 'self' });
    expect(said(call)).to.deep.equal(['stayWithMeNow']);
    expect(call.state.safety).to.deep.include({ situation: 'self', step: 0 });
    const same = inDanger('high', 'child');
    same.final(2, { risk: 'high', situation: 'self' });
    expect(same.state.safety.situation).to.equal('child');
  });
});

describe('the steps while a person is being brought', () => {
  for (const situation of situations)
    it(`come one at a time and in order into silences (${situation}), and then company`, () => {
      const call = inDanger('high', situation);
      const steps: LineName[] = [];
      for (let n = 0; ; n++) {
        const step = stepAt(situation, 'high', n);
        if (step === null) break;
        steps.push(step);
      }
      const company = ['company1', 'company2', 'company3', 'company4', 'company1'];
      expect(intoSilence(call, steps.length + company.length)).to.deep.equal([...steps, ...company]);
    });

  it('come into a silence of five seconds', () => {
    const call = inDanger();
    call.wait(4_999);
    expect(said(call)).to.deep.equal([]);
    call.wait(1);
    expect(said(call)).to.deep.equal(['askWhen']);
  });

  it('follow the model’s answer, one with each', () => {
    const call = inDanger();
    const lines = [2, 3, 4].flatMap((turn) => {
      call.says(turn);
      hearsOut(call);
      return said(call);
    });
    expect(lines).to.deep.equal(['model + askWhen', 'model + awayFromMeans', 'model + whoIsNear']);
  });

  it('take the place of an answer that does not come in two and a half seconds, or fails', () => {
    const slow = inDanger().says(2);
    slow.effects();
    expect(slow.state.floor.kind).to.equal('thinking');
    slow.wait(2_500);
    expect(said(slow)).to.deep.equal(['askWhen']);
    const failed = inDanger().says(2);
    failed.effects();
    failed.tell({ type: 'replyFailed', turn: failed.turn, stage: 'model' });
    expect(said(failed)).to.deep.equal(['askWhen']);
  });

  it('leave out whether it is for today when the danger is this moment', () => {
    const call = inDanger('imminent');
    const lines = intoSilence(call, 12);
    expect(lines).to.not.include('askWhen');
    expect(lines.slice(0, 2)).to.deep.equal(['awayFromMeans', 'whoIsNear']);
  });

  it('count only when their last sentence was heard', () => {
    const call = inDanger().wait(5_000);
    call.sounds(call.turn, [1_000, 1_000]).wait(500).hears(call.turn, { sentence: 0, ms: 500 });
    call.startsToSpeak().wait(300).hypothesis(2).pauses().final(2).effects();
    call.wait(2_500);
    expect(said(call)).to.deep.equal(['model + askWhen']);
  });

  it('are not lost with a reply whose voice broke off before them', () => {
    const call = inDanger().says(2);
    const { turn } = call;
    call.effects();
    call.tell({ type: 'replySounded', turn });
    call.tell({ type: 'sentenceSent', turn, sentence: 0, durationMs: 1_000 });
    call.tell({ type: 'replyFailed', turn, stage: 'voice' });
    call.wait(1_000).hears(turn, { sentence: 0, ms: 1_000 });
    hearsOut(call).effects();
    expect(intoSilence(call, 1)).to.deep.equal(['askWhen']);
  });

  it('end when nobody is being brought', () => {
    const call = inDanger().final(2, { asks: 'noPerson' });
    hearsOut(call).effects();
    call.says(3);
    expect(said(call)).to.deep.equal(['model']);
  });
});

describe('a sign and no more', () => {
  for (const situation of situations)
    it(`has the caller asked directly in the same turn: ${directQuestions[situation]}`, () => {
      const call = talk().says(1, { risk: 'moderate', situation });
      expect(said(call)).to.deep.equal([`model + ${directQuestions[situation]}`]);
      expect(call.state.transfer.kind).to.equal('none');
    });

  it('has the question asked also when the reply was prepared early', () => {
    const call = new CallScript().answered();
    call.startsToSpeak().wait(900).hypothesis(1, { risk: 'moderate' }).pauses().wait(400);
    call.final(1, { risk: 'moderate' }).wait(2_500);
    expect(said(call)).to.include('model + askSuicide');
  });

  it('has it asked at the latest in the next turn, when only the final words or the classifier told of it', () => {
    const late = talk().says(1);
    late.tell({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
    hearsOut(late).effects();
    late.says(2);
    expect(said(late)).to.deep.equal(['model + askSuicide']);
  });

  it('has it asked into the next silence of a caller who says nothing more', () => {
    const call = talk();
    call.tell({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
    expect(intoSilence(call, 1)).to.deep.equal(['askSuicide']);
  });

  it('has it asked although another question stands unanswered, and although the caller is overheard', () => {
    const call = talk();
    expect(call.state.safety.question).to.equal('freely');
    call.says(1, { risk: 'moderate', overheard: true });
    hearsOut(call).says(2);
    hearsOut(call).says(3);
    const lines = said(call);
    expect(lines).to.include('model + askFreely');
    expect(lines).to.include('model + askSuicide');
  });

  it('has it asked once, and once more when there was no answer, and then no more', () => {
    const call = talk().says(1, { risk: 'moderate' });
    hearsOut(call).effects();
    const lines = [2, 3, 4, 5, 6].flatMap((turn) => {
      call.says(turn);
      hearsOut(call);
      return said(call);
    });
    expect(lines).to.deep.equal(['model + askSuicideAgain', 'model', 'model', 'model', 'model']);
  });

  it('has it asked again when the caller cut in before it was heard', () => {
    const call = talk().says(1, { risk: 'moderate' });
    call.sounds(call.turn, [1_500, 1_500, 1_500]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
    call.startsToSpeak().wait(300).hypothesis(2).pauses().final(2).effects();
    call.wait(2_500);
    expect(said(call)).to.deep.equal(['model + askSuicide']);
  });

  it('rings nobody, however often it comes', () => {
    const call = talk();
    for (let turn = 1; turn < 6; turn++) {
      call.says(turn, { risk: 'moderate' });
      hearsOut(call);
    }
    expect(ofType(call.effects(), 'escalate')).to.deep.equal([]);
  });
});
