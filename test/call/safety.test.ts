import { expect } from 'chai';
import type { LineName } from '../../src/call/lineName.ts';
import { isAtLeast, riskLevels, type RiskLevel, type Situation } from '../../src/call/meaning.ts';
import {
  consequenceOf,
  directQuestions,
  firstResponses,
  stepAt,
  type SafetyQuestion,
} from '../../src/call/safetySteps.ts';
import { CallScript, ofType, said } from '../support/callScript.ts';

const eager = { speculateAfterMs: null } as const;
const talk = (): CallScript => new CallScript(eager).answered();
const situations: readonly Situation[] = ['self', 'other', 'child', 'violence', 'voices', 'medical'];

/** Whatever Sanad is about to say is said and heard. */
function hearsOut(call: CallScript): CallScript {
  return call.state.floor.kind === 'thinking' ? call.speaks(call.turn, [1_000, 1_000]) : call;
}

/** Sanad is in the middle of a reply. */
function midReply(): CallScript {
  const call = talk().says(1);
  call.sounds(call.turn, [2_000, 1_500]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
  call.effects();
  return call;
}

/** The caller has said what nobody is left alone with, and has heard the first response; telephones ring. */
function inDanger(level: RiskLevel = 'high', situation: Situation = 'self'): CallScript {
  const call = talk().final(1, { risk: level, situation });
  hearsOut(call).effects();
  return call;
}

/** Sanad has asked this and it was heard to its end. */
function withQuestion(question: SafetyQuestion, level: RiskLevel = 'none'): CallScript {
  const call = talk();
  const { safety } = call.state;
  call.state = { ...call.state, safety: { ...safety, question, level, told: level, asked: 1 } };
  return call;
}

/** What Sanad says into the silences of so long a time, each heard to its end. */
function intoSilence(call: CallScript, times: number): readonly string[] {
  const lines: string[] = [];
  for (let n = 0; n < times; n++) {
    while (call.state.floor.kind === 'listening') call.wait(100);
    lines.push(...said(call));
    hearsOut(call);
  }
  return lines;
}

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

describe('an answer to a question about safety', () => {
  const table: readonly (readonly [SafetyQuestion, 'yes' | 'no', Partial<ReturnType<typeof consequenceOf>>])[] = [
    ['suicide', 'yes', { level: 'high' }],
    ['suicide', 'no', { next: 'askPast' }],
    ['past', 'yes', { level: 'moderate', next: 'askRecent' }],
    ['past', 'no', {}],
    ['recent', 'yes', { level: 'high' }],
    ['recent', 'no', {}],
    ['how', 'yes', { level: 'high' }],
    ['how', 'no', {}],
    ['when', 'yes', { level: 'imminent' }],
    ['when', 'no', {}],
    ['other', 'yes', { level: 'high' }],
    ['other', 'no', {}],
    ['safe', 'yes', {}],
    ['safe', 'no', { level: 'high' }],
    ['voices', 'yes', { level: 'high' }],
    ['voices', 'no', {}],
    ['closing', 'yes', { level: 'high' }],
    ['closing', 'no', {}],
    ['awake', 'yes', {}],
    ['awake', 'no', { level: 'imminent' }],
    ['freely', 'yes', {}],
    ['freely', 'no', { overheard: true, next: 'askFreely' }],
    ['person', 'yes', { bringPerson: true }],
    ['person', 'no', {}],
  ];
  const ways = [
    ['by words', (call: CallScript, answer: 'yes' | 'no') => call.final(1, { answer, wordCount: 1 })],
    [
      'by key',
      (call: CallScript, answer: 'yes' | 'no') => {
        call.tell({ type: 'digitPressed', digit: answer === 'yes' ? '1' : '2' });
        return call;
      },
    ],
  ] as const;

  for (const [question, answer, { level = 'none', next = null, bringPerson = false, overheard = false }] of table)
    for (const [way, give] of ways)
      it(`${question} ${answer}, ${way}: ${[level, next, bringPerson && 'a person', overheard && 'overheard'].filter(Boolean).join(', ')}`, () => {
        const call = withQuestion(question);
        call.effects();
        give(call, answer);
        expect(call.state.safety.level).to.equal(level);
        expect(call.state.safety.overheard).to.equal(overheard);
        const effects = call.effects();
        const rung = ofType(effects, 'escalate').length;
        expect(rung).to.equal(bringPerson || isAtLeast(level ?? 'none', 'high') ? 1 : 0);
        const waiting =
          call.state.safety.due ??
          ofType(effects, 'startReply')
            .map(lineOf)
            .find((line) => line === next);
        expect(waiting ?? null).to.equal(next);
      });

  it('counts only once the question was heard: not a yes to its first sentence', () => {
    const call = talk().says(1, { risk: 'moderate' });
    call.sounds(call.turn, [1_500, 1_500, 1_500]).wait(1_000).hears(call.turn, { sentence: 0, ms: 1_000 });
    call.final(2, { answer: 'yes', backchannel: true, wordCount: 1 });
    expect(call.state.safety.level).to.equal('moderate');
    expect(ofType(call.effects(), 'escalate')).to.deep.equal([]);
  });

  it('counts when it comes over the question’s last words', () => {
    const call = talk().says(1, { risk: 'moderate' });
    call.sounds(call.turn, [1_000, 1_000, 1_000]).wait(2_400).hears(call.turn, { sentence: 2, ms: 400 });
    call.effects();
    call.final(2, { answer: 'yes', backchannel: true, wordCount: 1 });
    expect(call.state.safety.level).to.equal('high');
    expect(said(call)).to.deep.equal(['stayWithMe']);
  });

  it('is taken from final words only: a partial yes may go on', () => {
    const call = withQuestion('suicide');
    call.hypothesis(1, { answer: 'yes', wordCount: 1 });
    expect(call.state.safety.level).to.equal('none');
  });

  it('is an answer once: a second one waits for a second question', () => {
    const call = withQuestion('suicide', 'moderate').final(1, { answer: 'no', wordCount: 1 });
    expect(call.state.safety.due).to.equal('askPast');
    call.final(2, { answer: 'yes', wordCount: 1 });
    expect(call.state.safety.level).to.equal('moderate');
  });

  it('that came over the last words does not leave the question standing', () => {
    const call = talk().says(1, { risk: 'moderate' });
    call.sounds(call.turn, [1_000, 1_000]).wait(1_500).hears(call.turn, { sentence: 1, ms: 500 });
    call.final(2, { answer: 'no', wordCount: 1 });
    call.wait(500).hears(call.turn, { sentence: 1, ms: 1_000 });
    expect(call.state.safety.question).to.equal(null);
    expect(call.state.safety.asked).to.equal(1);
  });

  it('that is a plain no lowers nothing, whatever was asked', () => {
    for (const [question] of table)
      for (const level of riskLevels) {
        const call = withQuestion(question, level).final(1, { answer: 'no', wordCount: 1 });
        expect(isAtLeast(call.state.safety.level, level), `${question} at ${level}`).to.equal(true);
      }
  });

  it('goes down the ladder: no thoughts now, an attempt before, within three months', () => {
    const call = talk().says(1, { risk: 'moderate' });
    hearsOut(call).says(2, { answer: 'no', wordCount: 1 });
    hearsOut(call).says(3, { answer: 'yes', wordCount: 1 });
    hearsOut(call);
    expect(said(call)).to.deep.equal(['model + askSuicide', 'model + askPast', 'model + askRecent']);
    call.says(4, { answer: 'yes', wordCount: 1 });
    expect(said(call)).to.deep.equal(['stayWithMe']);
  });

  it('by key is followed by what is due, or by a sign of having heard', () => {
    const call = withQuestion('suicide', 'moderate');
    call.tell({ type: 'digitPressed', digit: '2' });
    expect(said(call)).to.deep.equal(['askPast']);
    hearsOut(call);
    call.tell({ type: 'digitPressed', digit: '2' });
    expect(said(call)).to.deep.equal(['presence']);
    hearsOut(call).effects();
    call.tell({ type: 'digitPressed', digit: '1' });
    expect(call.effects(), 'a key without a question').to.deep.equal([]);
  });
});

function lineOf({
  source,
}: {
  readonly source: { readonly kind: 'model' } | { readonly kind: 'line'; readonly line: LineName };
}) {
  return source.kind === 'line' ? source.line : null;
}

describe('a clarification', () => {
  /** The caller was asked directly so often; nobody was rung. */
  const asked = (level: RiskLevel, times: number): CallScript => {
    const call = talk();
    call.state = { ...call.state, safety: { ...call.state.safety, level, told: level, asked: times } };
    return call;
  };

  it('lowers by exactly one step, and only after two neutral questions', () => {
    for (const [level, lower] of [
      ['high', 'moderate'],
      ['moderate', 'low'],
      ['low', 'none'],
    ] as const) {
      for (const times of [0, 1]) {
        const call = asked(level, times);
        call.tell({ type: 'riskClarified' });
        expect(call.state.safety.level).to.equal(level);
      }
      const call = asked(level, 2);
      call.tell({ type: 'riskClarified' });
      expect(call.state.safety.level).to.equal(lower);
    }
  });

  it('never lowers what is imminent', () => {
    const call = asked('imminent', 3);
    call.tell({ type: 'riskClarified' });
    expect(call.state.safety.level).to.equal('imminent');
  });

  it('sends nobody away who is being rung', () => {
    const call = inDanger();
    call.state = { ...call.state, safety: { ...call.state.safety, asked: 2 } };
    call.tell({ type: 'riskClarified' });
    expect(call.state.safety.level).to.equal('moderate');
    expect(call.state.transfer.kind).to.equal('requested');
    expect(call.effects()).to.deep.equal([]);
  });

  it('does not make the next disclosure a smaller one: people are rung again and the caller is told', () => {
    const call = asked('high', 2);
    call.tell({ type: 'riskClarified' });
    call.final(1, { risk: 'high' });
    const effects = call.effects();
    expect(ofType(effects, 'escalate')).to.have.length(1);
    expect(ofType(effects, 'startReply').map(lineOf)).to.deep.equal(['bringingPerson']);
  });
});

describe('risk that an earlier call left open', () => {
  for (const level of ['moderate', 'high', 'imminent'] as const)
    it(`(${level}) is asked about with the first answer, and rings nobody`, () => {
      const call = talk();
      call.tell({ type: 'riskRaised', level, situation: null, source: 'carried' });
      expect(call.effects()).to.deep.equal([]);
      call.says(1);
      expect(said(call)).to.deep.equal(['model + askSuicide']);
      expect(call.state.transfer.kind).to.equal('none');
      hearsOut(call).says(2, { answer: 'yes', wordCount: 1 });
      expect(call.state.transfer.kind).to.equal('requested');
    });

  it('is asked about before the call is closed', () => {
    const call = talk();
    call.tell({ type: 'riskRaised', level: 'high', situation: null, source: 'carried' });
    call.says(1, { asks: 'goodbye' });
    expect(said(call)).to.deep.equal(['askBeforeClosing']);
  });
});

describe('a caller who is overheard', () => {
  it('is given keys to answer with, once', () => {
    const call = talk().says(1, { overheard: true });
    hearsOut(call).says(2, { overheard: true });
    hearsOut(call);
    expect(said(call)).to.deep.equal(['model + askFreely', 'model']);
    expect(call.state.safety.overheard).to.equal(true);
  });

  it('is not asked the same for ever by pressing no', () => {
    const call = talk().says(1, { answer: 'no', wordCount: 1 });
    hearsOut(call);
    expect(said(call)).to.deep.equal(['model + askFreely']);
    call.tell({ type: 'digitPressed', digit: '2' });
    expect(call.state.transfer.kind, 'who is not well gets a person').to.equal('requested');
    hearsOut(call).effects();
    expect(intoSilence(call, 12)).to.not.include('askFreely');
  });
});

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
