import { expect } from 'chai';
import { isAtLeast, type RiskLevel } from '../../src/call/meaning.ts';
import { assess } from '../../src/risk/assess.ts';

/** The same words meant and not meant; docs/risk-levels.md. The first must reach its level, the second must stay below `high`. */
const pairs: Readonly<Record<string, readonly (readonly [string, RiskLevel, string])[]>> = {
  'a sincere denial from one that covers something else': [
    ['مب اليوم بس بقتل نفسي', 'high', 'ما أفكر أقتل نفسي أبدا'],
    ['ليش ما أموت وأرتاح', 'moderate', 'ما أبا أموت'],
    ['nobody can stop me from killing myself', 'high', "I don't want to kill myself"],
  ],
  'what is recent from what is over': [
    ['حاولت أنتحر قبل أسبوعين', 'high', 'قبل عشر سنين حاولت أنتحر وتعالجت والحين بخير'],
    ['I tried to kill myself last week', 'high', 'years ago I tried to kill myself but I got help and I am fine now'],
  ],
  'another person in danger from a bereavement': [
    ['ولدي يقول بيقتل نفسه', 'high', 'أخوي انتحر قبل سنين وأنا أترحم عليه'],
    ['my friend says he wants to kill himself', 'high', 'my uncle died by suicide when I was a child'],
  ],
  'a saying from the literal': [
    ['هددني بالسكين وقال بيذبحني', 'high', 'ذبحني الشغل اليوم'],
    ['I want to die', 'moderate', "I'm dying of hunger"],
  ],
  'a prayer from a wish for death': [['يا رب خذني', 'moderate', 'الله يرحم أبوي مات السنة اللي راحت']],
  'a film from the speaker': [['أفكر في الانتحار', 'high', 'شفت فيلم عن الانتحار']],
  'a condition with a date from a harmless one': [
    ['إذا رسبت يوم الأحد بقتل نفسي', 'high', 'إذا رسبت يوم الأحد بعيد المادة'],
  ],
  'means with intent from things of the house': [
    ['شربت كل الحبوب', 'imminent', 'عندي حبوب الضغط'],
    ['السكين في إيدي وبذبح عمري', 'imminent', 'شريت سكين حال المطبخ'],
  ],
  'a last goodbye from a goodbye': [['سامحوني وداعا بنتحر الليلة', 'imminent', 'مع السلامة أكلمك باكر']],
};

describe('the floor tells apart', () => {
  for (const [title, list] of Object.entries(pairs))
    it(title, () => {
      for (const [meant, least, harmless] of list) {
        expect(isAtLeast(assess(meant).level, least), `${meant}: ${assess(meant).level}`).to.equal(true);
        expect(isAtLeast(assess(harmless).level, 'high'), `${harmless}: ${assess(harmless).level}`).to.equal(false);
      }
    });
});

describe('the floor hears the same danger', () => {
  const scripts: readonly string[] = [
    'أبا أقتل نفسي الليلة',
    'أبغى أذبح عمري الحين',
    'سأنتحر غدا',
    'I want to kill myself tonight',
    'aba aqtil nafsi allayla',
    'abi athba7 3omri el7een',
    'آي ونت تو كيل مايسلف تونايت',
    'I want to أقتل نفسي tonight',
  ];
  for (const text of scripts)
    it(`in every script and dialect: ${text}`, () => expect(assess(text).level).to.be.oneOf(['high', 'imminent']));

  for (const text of ['أبا انت حر', 'أبا أقتلنفسي', 'أبا اقت ل نفسي وانتحر', 'ابا انتهر', 'ابا أق تل نفسي'])
    it(`in words that were split, joined or misheard: ${text}`, () =>
      expect(assess(text).level).to.be.oneOf(['moderate', 'high', 'imminent']));

  it('in one clause of a long ramble, wherever it stands', () => {
    const calm = 'رحت السوق اليوم واشتريت أغراض البيت والعيال عندهم مدرسة باكر وأمي تسلم عليكم'.split(' ');
    for (const at of [0, 7, calm.length]) {
      const words = [...calm.slice(0, at), ...'أفكر أقتل نفسي الليلة'.split(' '), ...calm.slice(at), ...calm, ...calm];
      expect(isAtLeast(assess(words.join(' ')).level, 'high'), `at ${at}`).to.equal(true);
    }
  });
});

describe('the signals of an assessment', () => {
  it('name subject, kind, time and means, and who found them', () => {
    const { signals } = assess('أبا أقتل نفسي الليلة والسكين في إيدي');
    expect(signals).to.deep.include({
      domain: 'suicide',
      subject: 'self',
      time: 'soon',
      kind: 'thoughts',
      reading: 'meant',
      source: 'rule',
      means: 'blade',
    });
  });

  it('hold none of the words that were said', () => {
    const said = 'أبا أقتل نفسي الليلة بالسكين يا خلفان';
    const told = JSON.stringify(assess(said).signals);
    expect(told).to.match(/^[\x20-\x7e]+$/);
  });

  it('tell a denial as denied', () => {
    const { signals } = assess('ما أفكر في الانتحار');
    expect(signals.map(({ reading }) => reading)).to.include('denied');
  });
});
