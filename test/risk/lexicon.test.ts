import { expect } from 'chai';
import type { RiskLevel } from '../../src/call/meaning.ts';
import { assessWords } from '../../src/risk/lexicon.ts';

const cases: Readonly<Record<RiskLevel, readonly string[]>> = {
  imminent: [
    'بنتحر الليلة',
    'أبا أقتل نفسي الحين',
    'شربت كل الحبوب',
    'السكين في إيدي',
    'ما يتنفس، أبوي ما يتنفس',
    'أمي مغمى عليها',
    'I am going to kill myself tonight',
    'i took all my pills',
    'she is not breathing',
  ],
  high: [
    'أبا أقتل نفسي',
    'أبا أسوي في عمري شي',
    'أفكر في الانتحار',
    'بذبح عمري',
    'حاولت أنتحر',
    'ولدي يقول بيقتل نفسه',
    'هددني بالقتل',
    'خنقني ورماني',
    'I want to kill myself',
    'I keep having thoughts of suicide',
    "I don't know, I want to kill myself",
    'my daughter says she wants to die',
    'He tried to kill me',
    'aba antaher',
  ],
  moderate: [
    'أحيانا أتمنى إني ما أصحى الصبح',
    'ليتني ما انولدت',
    'أبا أموت',
    'لا أبا أموت',
    'لا، أريد أن أموت',
    'ما أبا أعيش',
    'يا رب خذني',
    'عايف الدنيا',
    'ليش ما أموت وأرتاح',
    'أنا عبء على أهلي',
    'زوجي يضربني',
    'أجرح نفسي',
    "I don't want to live",
    'I wish I would not wake up',
    'everyone would be better off without me',
    'my husband hits me',
    'I have been cutting myself',
  ],
  low: [
    // A bereavement by suicide, by docs/risk-levels.md; it was moderate before the guide.
    'my brother killed himself last year',
    "I don't want to kill myself",
    'ما أبا أموت',
    'لا أفكر في الانتحار',
    'شفت فيلم عن الانتحار',
    'ضايق خلقي واجد',
    'I feel hopeless',
  ],
  none: [
    '',
    'السلام عليكم كيف الحال',
    'ميت من الضحك',
    'بموت من الجوع',
    'بموت من الخوف',
    'الشغل بيقتلني',
    'الله يرحم أبوي مات السنة اللي راحت',
    'أمي مريضة وأنا أحاتيها طول الوقت',
    'عندي دواء الضغط',
    'ما أقدر أنام',
    'أموت في القهوة',
    'work is killing me',
    "I'm dying to see you",
    'he hit the wall',
    'I am dead tired',
    'the deadline is tonight',
  ],
};

describe('the floor, on plain wordings', () => {
  for (const [level, texts] of Object.entries(cases))
    for (const text of texts)
      it(`hears ${level} in: ${text}`, () =>
        // By the guide tiredness and worry are `none` or `low` alike: nothing has to happen.
        expect(assessWords(text)).to.be.oneOf(level === 'none' ? ['none', 'low'] : [level]));

  it('hears the same with vowel signs, stretched letters and other spellings', () => {
    expect(assessWords('أَبَا أَقْتِل نَفْسِي')).to.equal('high');
    expect(assessWords('ابااااا اقتل نفسى')).to.equal('high');
  });

  it('takes the highest of several clauses', () => {
    expect(assessWords('ضايق خلقي، وأحيانا أتمنى أموت، وأمس حاولت أنتحر')).to.equal('high');
  });

  it('hears it in a partial transcript before the end of the sentence', () => {
    expect(assessWords('والله أنا ما أدري بس أفكر أقتل نفسي لأن')).to.equal('high');
  });
});
