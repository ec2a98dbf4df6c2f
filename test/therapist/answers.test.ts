import { expect } from 'chai';
import type { Meaning, RiskLevel } from '../../src/call/meaning.ts';
import { understand } from '../../src/therapist/meaning.ts';
import { languagePacks, omani } from '../../src/therapist/packs.ts';

const meaning = (text: string, risk: RiskLevel = 'none', pack = omani): Meaning =>
  understand(text, pack, { risk, situation: null });

const answers: Readonly<Record<'yes' | 'no', readonly string[]>> = {
  yes: [
    'نعم',
    'إيه',
    'إي والله',
    'ايوه فكرت',
    'نعم، فكرت في هالشي',
    'هيه',
    'هيه نعم',
    'بلى',
    'نعم للأسف',
    'للأسف نعم',
    'أمم نعم',
    'ااا، ايوه',
    'والله ايوه',
    'يعني، ايوه',
    'بصراحة إي',
    'صراحة نعم',
    'إيه حاولت قبل',
    'نعم حاولت',
    'أحيانا',
    'مرات أفكر',
    'واجد',
    'نعم أفكر',
    'أفكر فيها واجد',
    'فكرت في الموضوع',
    'أقدر',
    'yes',
    'yeah',
    'um, yes',
    'well yes',
    'yes I do',
    'I do',
    'I have',
    'sometimes',
    'yes, every day',
    'uh yeah I guess',
    'yes I tried once',
    'I think about it a lot',
    'I did once',
  ],
  no: [
    'لا',
    'لا والله',
    'لا لا',
    'لا، أبدا',
    'لا الحمد لله',
    'كلا',
    'لا أبدا، مستحيل أسوي كذا',
    'لا شكرا',
    'أمم لا',
    'ااا لا',
    'والله لا',
    'لا ما أفكر',
    'لا ما فكرت في هالشي',
    'لا، مستحيل',
    'ما فكرت',
    'ما أقدر',
    'no',
    'nope',
    'um, no',
    'no, never',
    'no I am not',
    "no I don't",
    'not at all',
    'No, thank God',
    'well no',
  ],
};

/** What a no must never be taken from: at the end of a call it closes the line. */
const neither = [
  'لا أدري',
  'لا أعرف',
  'ما أدري',
  'مدري',
  'يمكن',
  'مو الحين',
  'لا بس اليوم',
  'لا، بس أفكر فيها',
  'لا، مرات',
  'ماشي',

  'لا أريد أن أعيش',
  'لا أستطيع النوم',
  'ما أقدر أنام',
  'عندي صداع',
  'محد يحبني',
  'لا أحد يهتم',
  'لا أمل',
  'لا بأس',
  "I don't know",
  'I do not know',
  'not sure',
  'no idea',
  'maybe',
  'not now',
  'not today',
  'never mind',
  'no more',
  'no, but I think about it',
  "no I can't stop thinking about it",
  'no one cares',
  'no hope',
  'no way out',

  'no problem',
  'nothing matters',
  "I can't sleep",
  'I cannot sleep at night',
  'I have a headache',
  'no it will happen',
  'نعم؟',
  'yes? what did you say',
  'ايوه معك',
  'yes I am listening',
  'صح كلامك',
  'right now I feel sad',
  '',
];

describe('an answer to a question about safety', () => {
  for (const answer of ['yes', 'no'] as const)
    for (const text of answers[answer])
      it(`is a ${answer}: ${text}`, () => expect(meaning(text).answer).to.equal(answer));
  for (const text of neither) it(`is none: ${text}`, () => expect(meaning(text).answer).to.equal(null));

  it('is no denial in words of danger, whatever they begin with', () => {
    for (const text of ['لا، أبا أموت', 'لا، بقتل نفسي', 'no, I want to die'])
      for (const risk of ['moderate', 'high', 'imminent'] as const)
        expect(meaning(text, risk).answer, text).to.equal(null);
    expect(meaning('ايوه، أبا أموت', 'high').answer).to.equal('yes');
  });

  it('is none in a story that begins with it', () => {
    expect(meaning('لا والله أنا من سنة وأنا على هالحال وما تغير شي أبدا').answer).to.equal(null);
    expect(meaning('yes and then my brother came home and we all went to the wedding').answer).to.equal(null);
  });

  it('is heard in every pack in both languages', () => {
    for (const pack of Object.values(languagePacks))
      for (const [text, answer] of [
        ['ايوه', 'yes'],
        ['لا والله', 'no'],
        ['yes', 'yes'],
        ['no', 'no'],
      ] as const)
        expect(meaning(text, 'none', pack).answer, `${pack.id}: ${text}`).to.equal(answer);
  });
});

describe('a caller who wants nobody', () => {
  for (const text of [
    'لا تجيب حد',
    'لا تجيبوا حد لو سمحت',
    'لا، ما أبا حد',
    'ما أبا حد يكلمني',
    'ما أبا أكلم إنسان',
    'مابا حد',
    'ما أبا أكلم حد ثاني',
    'لا تتصل بالشرطة',
    'لا تخبر أحد',
    'ما أبا حد يجي',
    'لا أريد أن أتحدث مع شخص',
    'لا أريد أحدا',
    'والله ما أبا حد يجي',
    "please don't call anyone",
    "I don't want anyone to come",
    "no, don't bring anyone",
    "I don't want to talk to a person",
    "don't call the police please",
  ])
    it(`is heard in: ${text}`, () => expect(meaning(text).asks).to.equal('noPerson'));

  for (const text of [
    'ما أبا أروح',
    'ما أبا أموت',
    'ما حد يسمعني',
    'ما حد يفهمني',
    'ما أحد حولي',
    'لا أحد يهتم',
    'ما عندي حد',
    'أمي ما تكلم حد',
    'هو ما يكلم أحد',
    'أرجع البيت وما أكلم حد',
    'ما أبا حد يشوفني كذا',
    'لا تسكر',

    'no problem',
    "I don't want to live",
    "I don't want anyone to die",
    "they don't tell anyone",
    'nobody calls me',
    "I don't tell anyone about it",
    "she doesn't want anyone",
  ])
    it(`is not heard in: ${text}`, () => expect(meaning(text).asks).to.equal('nothing'));

  it('is not heard where a person is asked for', () => {
    for (const text of ['لا، أبا أكلم إنسان', 'لا أبا أكلم شخص حقيقي', 'ما أبا أكلم روبوت'])
      expect(meaning(text).asks, text).to.equal('human');
  });
});

describe('a caller who is overheard', () => {
  for (const text of [
    'زوجي يسمعني',
    'أمي جنبي الحين',
    'ما أقدر أتكلم براحتي',
    'حد جنبي',
    'أهلي في الغرفة',
    'مو لوحدي الحين',

    'عندي ناس',
    'someone is listening',
    'my husband can hear me',
    "I can't talk freely",
    'I am not alone right now',
  ])
    it(`is heard in: ${text}`, () => expect(meaning(text).overheard).to.equal(true));

  for (const text of [
    'أبا حد يسمعني',
    'ما حد يسمعني',
    'محد جنبي',
    'ما في حد جنبي',
    'لا أحد يسمعني',
    'ليت حد يسمعني',
    'ما أقدر أنام',
    'I want someone who can hear me',
    'nobody is next to me',
    "I can't talk to my mother",
    'I am alone',
  ])
    it(`is not heard in: ${text}`, () => expect(meaning(text).overheard).to.equal(false));
});
