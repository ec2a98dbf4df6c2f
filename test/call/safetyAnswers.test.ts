import { expect } from 'chai';
import { isAtLeast, riskLevels, type RiskLevel } from '../../src/call/meaning.ts';
import type { Consequence, SafetyQuestion } from '../../src/call/safetySteps.ts';
import { type CallScript, ofType, said } from '../support/callScript.ts';
import { hearsOut, inDanger, intoSilence, lineOf, talk, withQuestion } from '../support/dangerScript.ts';

describe('an answer to a question about safety', () => {
  const table: readonly (readonly [SafetyQuestion, 'yes' | 'no', Partial<Consequence>])[] = [
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
