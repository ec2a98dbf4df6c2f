import { expect } from 'chai';
import type { RiskLevel } from '../../src/call/meaning.ts';
import { assess } from '../../src/risk/assess.ts';

const asked: readonly (readonly [question: string, answer: string, level: RiskLevel])[] = [
  ['تفكر تقتل نفسك؟', 'ايوه', 'high'],
  ['تفكري تقتلي نفسش؟', 'اي والله', 'high'],
  ['أسألك بصراحة: تفكر تنهي حياتك؟', 'نعم', 'high'],
  ['are you thinking of killing yourself?', 'yes', 'high'],
  ['do you want to end your life?', 'yeah', 'high'],
  ['تفكر تنتحر؟', 'na3am', 'high'],
  ['تفكر تقتل نفسك؟', 'لا', 'none'],
  ['تفكر تقتل نفسك؟', 'ما أدري', 'moderate'],
  ['تفكر تقتل نفسك الليلة؟', 'ايوه', 'imminent'],
  ['متى تفكر تسويها؟', 'الليلة', 'imminent'],
  ['عندك الحبوب قريبة منك؟', 'ايوه', 'imminent'],
  ['do you have the pills near you?', 'yes', 'imminent'],
  ['حاولت تقتل نفسك من قبل؟', 'ايوه', 'moderate'],
  ['تتمنى تموت؟', 'نعم', 'moderate'],
  ['أنت في أمان الحين؟', 'لا', 'high'],
  ['are you safe right now?', 'no', 'high'],
  ['هل يتنفس؟', 'لا', 'imminent'],
  ['حد يضربك في البيت؟', 'ايوه', 'high'],
  ['لما الواحد يتعب هالكثر، ممكن تجيه أفكار إنه يموت. أسألكم بصراحة، تفكروا تقتلوا أنفسكم؟', 'ايوه', 'high'],
  ['ومن قبل، في أي وقت، حاولتوا تنهوا حياتكم أو بديتوا تجهزوا لهالشي؟', 'نعم', 'moderate'],
  ['وصار هالشي في آخر ثلاثة شهور؟', 'ايوه', 'high'],
  ['أسألكم عشان سلامتكم، فكرتوا كيف ممكن تسووا هالشي؟', 'ايوه', 'high'],
  ['وناويين تسووا هالشي اليوم أو الليلة؟', 'اي والله', 'imminent'],
  ['And do you mean to do this today or tonight?', 'yes', 'imminent'],
  ['الصوت اللي تسمعوه، يقول لكم تأذوا أنفسكم أو تأذوا حد؟', 'ايوه', 'high'],
  ['هو صاحي ويتنفس الحين؟', 'لا', 'imminent'],
  ['لو الشي اللي ممكن يأذيكم قريب، حطوه بعيد عنكم. تقدروا تسووا هالشي الحين؟', 'ايوه', 'none'],
  ['If what could hurt you is close, put it far from you. Can you do that now?', 'yes', 'none'],
  ['فيه حد قريب منكم الحين تثقوا فيه؟', 'ايوه', 'none'],
  ['في أمان الله.', 'لا', 'none'],
  ['كيف حالك اليوم؟', 'ايوه', 'none'],
  ['تحب نكمل كلامنا؟', 'نعم', 'none'],
];

describe('a bare answer', () => {
  for (const [question, answer, level] of asked)
    it(`"${answer}" to "${question}" admits to ${level}`, () =>
      expect(assess(answer, { question }).level).to.equal(level));

  it('says nothing without a question', () => {
    for (const answer of ['ايوه', 'نعم', 'yes', 'no', 'لا', 'ما أدري', 'اممم'])
      expect(assess(answer).level, answer).to.equal('none');
  });

  it('does not take back what the words after it say', () => {
    expect(assess('لا، أبا أقتل نفسي', { question: 'تفكر تسافر؟' }).level).to.be.oneOf(['high', 'imminent']);
    expect(assess('ايوه كل يوم لما أكون بروحي', { question: 'تفكر تقتل نفسك؟' }).level).to.be.oneOf([
      'high',
      'imminent',
    ]);
  });
});
