import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { isAtLeast } from '../../src/call/meaning.ts';
import type { RiskAssessment } from '../../src/risk/assessment.ts';
import { assessDialogue, callerSaid, startOfCourse, type DialogueTurn } from '../../src/risk/course.ts';
import { figuresOf, judgeFile, shareOf } from '../../scripts/risk/evaluation.ts';

const caller = (text: string): DialogueTurn => ({ speaker: 'caller', text });
const sanad = (text: string): DialogueTurn => ({ speaker: 'sanad', text });

describe('the danger over a call', () => {
  it('follows from the answers to direct questions', () => {
    const { levels, level } = assessDialogue([
      caller('السلام عليكم'),
      sanad('حياك الله، كيف أقدر أساعدك؟'),
      caller('أتمنى أموت'),
      sanad('تفكر تقتل نفسك؟'),
      caller('ايوه'),
      sanad('متى؟ اليوم؟'),
      caller('الليلة'),
    ]);
    expect(levels).to.deep.equal(['none', 'moderate', 'high', 'imminent']);
    expect(level).to.equal('imminent');
  });

  it('is not lowered by a bare denial, however often', () => {
    const denials = Array.from({ length: 4 }, () => [sanad('تفكر تقتل نفسك؟'), caller('لا')]).flat();
    const { levels } = assessDialogue([caller('أبا أقتل نفسي'), ...denials]);
    expect(levels).to.deep.equal(['high', 'high', 'high', 'high', 'high']);
  });

  it('is lowered by one step when a second question brings a reason, and only once', () => {
    const reason = caller('لا والله كنت معصب وقصدي إني تعبت من الدوام لأن المدير زعلني');
    const ask = sanad('أسألك بصراحة تفكر تقتل نفسك؟');
    const { levels } = assessDialogue([caller('أبا أقتل نفسي'), ask, caller('لا'), ask, reason, ask, reason]);
    expect(levels).to.deep.equal(['high', 'high', 'moderate', 'moderate']);
  });

  it('is not lowered by a reason after the first question', () => {
    const { levels } = assessDialogue([
      caller('أبا أقتل نفسي'),
      sanad('تفكر تقتل نفسك؟'),
      caller('لا والله كنت معصب وقصدي إني تعبت من الدوام لأن المدير زعلني'),
    ]);
    expect(levels).to.deep.equal(['high', 'high']);
  });

  it('grows from hints of different kinds', () => {
    const { level } = assessDialogue([
      caller('أتمنى أموت'),
      caller('أنا عبء على أهلي'),
      caller('سامحوني على كل شي هذي آخر مكالمة'),
    ]);
    expect(isAtLeast(level, 'high')).to.equal(true);
  });

  it('has one level for each turn of the caller, for any turns', () => {
    const turn = fc.record({ speaker: fc.constantFrom('caller' as const, 'sanad' as const), text: fc.string() });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 12 }), (turns) => {
        const { levels, level } = assessDialogue(turns);
        expect(levels.length).to.equal(turns.filter(({ speaker }) => speaker === 'caller').length);
        expect(level).to.equal(levels.at(-1) ?? 'none');
      }),
      { numRuns: 60 },
    );
  });

  it('is never lowered by more than one step from the highest', () => {
    const said = fc.constantFrom(
      'أبا أقتل نفسي',
      'لا',
      'كنت معصب وقصدي غير لأن الشغل تعبني واجد',
      'أتمنى أموت',
      'ايوه',
      'تمام',
    );
    const turn = fc.oneof(said.map(caller), fc.constant(sanad('تفكر تقتل نفسك؟')));
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 14 }), (turns) => {
        const steps = ['none', 'low', 'moderate', 'high', 'imminent'];
        const at = assessDialogue(turns).levels.map((each) => steps.indexOf(each));
        at.forEach((each, index) => expect(each).to.be.at.least(Math.max(...at.slice(0, index + 1)) - 1));
      }),
      { numRuns: 60 },
    );
  });
});

const found = (
  level: RiskAssessment['level'],
  source: 'rule' | 'model',
  certainty?: 'fair' | 'firm',
): RiskAssessment => ({
  level,
  signals: [
    {
      domain: 'suicide',
      subject: 'self',
      time: 'unknown',
      kind: 'unspecified',
      reading: 'meant',
      source,
      ...(certainty ? { certainty } : {}),
    },
  ],
});

const after = (...turns: readonly RiskAssessment[]) =>
  turns.reduce((course, each) => callerSaid(course, '', each), startOfCourse).level;

describe('what only the model found in a call', () => {
  const guess = found('high', 'model', 'fair');
  const calm: RiskAssessment = { level: 'none', signals: [] };

  it('asks for the direct question by itself, and for no person yet', () => {
    expect(after(calm, guess, calm)).to.equal('moderate');
  });

  it('asks for a person when it was found twice', () => {
    expect(after(guess, calm, guess)).to.equal('high');
  });

  it('asks for a person together with a sign that rules found, before or after it', () => {
    const sign = found('moderate', 'rule');
    expect(after(sign, guess)).to.equal('high');
    expect(after(guess, calm, sign)).to.equal('high');
  });

  it('keeps the highest level that it was given, once it is believed', () => {
    expect(after(found('imminent', 'model', 'fair'), guess)).to.equal('imminent');
  });

  it('asks for a person at once where the model is firm, and where rules found it', () => {
    expect(after(found('high', 'model', 'firm'))).to.equal('high');
    expect(after(found('imminent', 'rule'))).to.equal('imminent');
  });
});

/** fixtures/risk/calls: written for this test after the corpus, and no line of it was trained on. */
describe('whole calls that the model has not seen', () => {
  const calls = judgeFile(path.resolve(import.meta.dirname, '../../fixtures/risk/calls/calls-1.jsonl'));

  it('bring a person in at most a quarter of those that are harmless', () => {
    const { falseEscalation } = figuresOf(calls);
    expect(falseEscalation.of).to.equal(20);
    expect(falseEscalation.count).to.be.at.most(5);
  });

  it('are at least asked about in eight of ten that hold danger', () => {
    const { highOrImminent } = figuresOf(calls);
    expect(highOrImminent.of).to.equal(10);
    const dangerous = calls.filter(({ expected }) => isAtLeast(expected, 'high'));
    expect(shareOf(dangerous, ({ said }) => isAtLeast(said, 'moderate')).count).to.be.at.least(8);
  });
});
