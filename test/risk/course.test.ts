import { expect } from 'chai';
import fc from 'fast-check';
import { isAtLeast } from '../../src/call/meaning.ts';
import { assessDialogue, type DialogueTurn } from '../../src/risk/course.ts';

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
