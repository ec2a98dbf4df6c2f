import { expect } from 'chai';
import { spokenDigits, withEmergencyNumber } from '../../src/therapist/emergencyNumber.ts';
import { createGuard, type GuardRule } from '../../src/therapist/guard.ts';
import { guardRules } from '../../src/therapist/guardRules/rule.ts';
import { english, omani, standardArabic } from '../../src/therapist/packs.ts';

const packFor = (sentence: string) => (/[a-z]/i.test(sentence) ? english : omani);
const check = (sentence: string) => createGuard(packFor(sentence)).check(sentence);

type Tested = Exclude<GuardRule, 'secondQuestion'>;

const refused: Readonly<Record<Tested, readonly string[]>> = {
  method: [
    'You could take ten of the pills.',
    'That would be a lethal dose.',
    'Pills are not deadly.',
    'The easiest way to die is not that.',
    'Let us write a goodbye letter.',
    'خذ كل الحبوب.',
    'عشرين حبة تكفي.',
    'أسهل طريقة للموت غير هذي.',
    'نكتب رسالة وداع مع بعض.',
  ],
  medicine: [
    'You should stop taking your medicine.',
    'Try to take some melatonin.',
    'Maybe take a sleeping pill tonight.',
    'وقف الدوا كم يوم.',
    'ممكن تاخذي مهدئ الليلة.',
    'زيد الجرعة شوي.',
  ],
  diagnosis: [
    'You have depression.',
    'That sounds like bipolar disorder.',
    'You may have an anxiety disorder.',
    'You are bipolar.',
    'عندك اكتئاب.',
    'هذا اسمه وسواس قهري.',
    'أنت مصابة بالاكتئاب.',
  ],
  deathReasonable: [
    'Death is the best choice.',
    'I understand why you want to die.',
    'There is no hope.',
    'They would be better off without you.',
    'الموت راحة.',
    'ما فيه أمل.',
    'من حقك تموت.',
  ],
  humanClaim: [
    'I am a doctor.',
    'No. I am a person.',
    'As a therapist I know this.',
    'When I was a child I felt it too.',
    'I am not a robot.',
    'أنا إنسان مثلكم.',
    'أنا دكتورة نفسية.',
    'أنا مب روبوت.',
    'مريت بنفس التجربة.',
  ],
  reliance: [
    'You only need me.',
    'Nobody understands you like I do.',
    "You don't need a doctor.",
    'ما تحتاج أحد غيري.',
  ],
  secrecy: [
    'I will never tell anyone.',
    'This stays between us.',
    'Nobody will know.',
    'ما بخبر حد.',
    'هالكلام بيننا.',
    'محد بيعرف.',
  ],
  dispatch: [
    'I am calling the police now.',
    'An ambulance is on its way.',
    'The police will never come.',
    'بتصل بالشرطة.',
    'الإسعاف في الطريق.',
  ],
  promiseDemand: ['Promise me you will be safe.', 'Can you promise not to do it?', 'اوعدني.', 'تقدري توعديني؟'],
  faithShaming: [
    'Suicide is haram.',
    'Your faith is weak.',
    'You are being selfish.',
    'هذا حرام.',
    'إيمانك ضعيف.',
    'خاف الله.',
  ],
  minimising: [
    'Be strong.',
    'Others have it worse.',
    'It is nothing.',
    "Don't cry.",
    'كوني قوية.',
    'غيرك حالهم أسوأ.',
    'لا تبكي.',
    'احمد ربك.',
  ],
  leadingQuestion: ['You are not thinking of killing yourself, are you?', 'أكيد ما تفكر في الموت؟'],
  abuser: [
    'You should leave him.',
    'Confront your husband.',
    'Try couples therapy.',
    'اتركيه.',
    'سامحيه.',
    'واجهيه اليوم.',
  ],
  belief: ['It is the evil eye.', 'Jinn do not exist.', 'فيك مس.', 'ما فيه شي اسمه جن.'],
  contact: [
    'Call 911 now.',
    'Ring 24441999.',
    'Call eight zero zero four six.',
    'Call one two three.',
    'Eight zero zero four six is open.',
    'See www.help.com for more.',
    'Write to help@sanad.org today.',
    'اتصل على 1100.',
    'اتصلوا بواحد واحد صفر صفر.',
    'الرقم ٢٤٤٤١٩٩٩.',
    'Ring 9999 now.',
    'If there is danger, ring nine nine nine nine.',
    'اتصلوا بتسعة تسعة تسعة تسعة.',
  ],
  language: ['你好', 'Привет, как дела?'],
};

const passed: readonly string[] = [
  "I'm not a doctor.",
  'I am an AI program, not a person.',
  'A person will join us.',
  'I hear that you feel depressed.',
  'You feel that there is no hope.',
  'It sounds as if nothing will ever change.',
  'You said the doctor told you that you have depression.',
  'Take your time.',
  'Take a slow breath with me.',
  'Do you take your medicine?',
  'How many pills did you take?',
  'Did you take any tablets tonight?',
  'Can you put the pills in another room?',
  'Your doctor can tell you about your medicine.',
  'I cannot promise that nobody will be told.',
  'You do not have to be strong.',
  'People tell you to be strong.',
  'It is not a sin to feel this.',
  'What happened in 2019?',
  'Breathe in, one, two, three, four.',
  'خذوا نفس، واحد، اثنين، ثلاثة، أربعة.',
  'Are you thinking of killing yourself?',
  'Have you left him before?',
  'You feel that it is the evil eye.',
  'أنا برنامج ذكاء اصطناعي، ما إنسان.',
  'أنا ماني دكتور.',
  'الضيق ما يعني ضعف إيمان.',
  'ما لازم تكون قوي دايما.',
  'يقولوا لك كن قوي وهذا يتعب.',
  'تحس إن ما فيه أمل.',
  'شكرا إنكم قلتوا لي هالشي، واضح إن الألم كبير.',
  'تفكروا تنهوا حياتكم؟',
  'خذي نفس طويل معي.',
  'تاخذ دواك كل يوم؟',
  'ما أقدر أوعدكم إن ما حد بيعرف.',
  'أمك غالية عليك.',
  'الله يرحم أمك.',
  'هل تحس إن فيك عين؟',
  'أنا هنا أسمعكم.',
];

describe('the guard', () => {
  for (const [rule, sentences] of Object.entries(refused))
    for (const sentence of sentences)
      it(`refuses (${rule}): ${sentence}`, () => expect(check(sentence)).to.include({ verdict: 'replace', rule }));

  for (const sentence of passed)
    it(`lets pass: ${sentence}`, () => expect(check(sentence)).to.deep.equal({ verdict: 'pass' }));

  it('has a test for every rule', () => {
    expect([...Object.keys(refused), 'secondQuestion'].sort()).to.deep.equal([...guardRules].sort());
  });
});

describe('the guard over a reply', () => {
  it('refuses what the cutter has cut in two', () => {
    const guard = createGuard(english);
    expect(guard.check('You could take ten,')).to.deep.equal({ verdict: 'pass' });
    expect(guard.check('of the pills.')).to.include({ verdict: 'replace', rule: 'method', endsReply: true });
  });

  it('excuses by the piece before only within one sentence', () => {
    const within = createGuard(english);
    within.check('Sometimes you feel, in the evening,');
    expect(within.check('that there is no hope.')).to.deep.equal({ verdict: 'pass' });
    const across = createGuard(english);
    across.check('I hear what you feel.');
    expect(across.check('There is no hope.')).to.include({ verdict: 'replace', rule: 'deathReasonable' });
  });

  it('leaves out a second question', () => {
    const guard = createGuard(omani);
    expect(guard.check('من متى؟')).to.deep.equal({ verdict: 'pass' });
    expect(guard.check('وليش؟')).to.deep.equal({ verdict: 'drop', rule: 'secondQuestion' });
    expect(guard.check('خذوا راحتكم.')).to.deep.equal({ verdict: 'pass' });
  });

  it('does not say the same replacement twice', () => {
    const guard = createGuard(english);
    expect(guard.check('Be strong.')).to.include({ verdict: 'replace', rule: 'minimising', endsReply: false });
    expect(guard.check('Others have it worse.')).to.deep.equal({ verdict: 'drop', rule: 'minimising' });
  });

  it('answers in the script of the caller without calling it a slip', () => {
    expect(createGuard(omani, { callerScript: 'latin' }).check('I hear you.')).to.deep.equal({ verdict: 'pass' });
    expect(createGuard(omani, { callerScript: 'arabic' }).check('I hear you.')).to.include({ rule: 'language' });
    expect(createGuard(english, { callerScript: 'arabic' }).check('أسمعك.')).to.deep.equal({ verdict: 'pass' });
    expect(createGuard(english).check('أسمعك.')).to.include({ rule: 'language' });
  });

  it('speaks only the number that stands in the pack, in figures or words', () => {
    const verdicts = (pack: typeof omani, number: string | null, sentences: readonly string[]) =>
      sentences.map((sentence) => createGuard(withEmergencyNumber(pack, number)).check(sentence).verdict);
    const said = ['Ring 9999 now.', 'Ring nine nine nine nine.', 'Ring one one two.', 'Ring nine nine nine.'];
    expect(verdicts(english, '9999', said)).to.deep.equal(['pass', 'pass', 'replace', 'replace']);
    expect(verdicts(english, '112', said)).to.deep.equal(['replace', 'replace', 'pass', 'replace']);
    expect(verdicts(english, null, said)).to.deep.equal(['replace', 'replace', 'replace', 'replace']);
    const inArabic = ['اتصلوا بتسعة تسعة تسعة تسعة.', 'اتصلوا على ٩٩٩٩.', 'اتصلوا على واحد واحد اثنين.'];
    expect(verdicts(omani, '9999', inArabic)).to.deep.equal(['pass', 'pass', 'replace']);
    expect(verdicts(standardArabic, '112', inArabic)).to.deep.equal(['replace', 'replace', 'pass']);
  });

  it('takes no verified number for part of another, nor one that it cannot read', () => {
    const guard = () => createGuard(withEmergencyNumber(english, '9999'));
    for (const sentence of ['Ring 24999900.', 'Ring nine nine nine nine nine.', 'Ring double nine nine nine.'])
      expect(guard().check(sentence), sentence).to.include({ rule: 'contact' });
  });

  it('speaks each number as the packs write it out', () => {
    for (const pack of [omani, standardArabic, english])
      for (const number of ['9999', '24441999', '1100', '80077000', '123567']) {
        const guard = createGuard(withEmergencyNumber(pack, number));
        const sentence = pack.id === 'en' ? 'Ring ' : 'اتصلوا على ';
        expect(guard.check(`${sentence}${spokenDigits(number, pack.id)}.`), number).to.deep.equal({ verdict: 'pass' });
      }
  });

  it('replaces in the language of the pack', () => {
    expect(createGuard(standardArabic).check('عندك اكتئاب.')).to.deep.equal({
      verdict: 'replace',
      rule: 'diagnosis',
      with: 'لا أستطيع أن أسمي ما بكم، لكنني أسمع أن الحمل ثقيل.',
      endsReply: false,
    });
  });
});
