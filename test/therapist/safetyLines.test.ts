import { expect } from 'chai';
import { lineNames, type LineName } from '../../src/call/lineName.ts';
import type { Situation } from '../../src/call/meaning.ts';
import { directQuestions, firstResponses, isDirect, questionOf, stepAt } from '../../src/call/safetySteps.ts';
import { withEmergencyNumber } from '../../src/therapist/emergencyNumber.ts';
import type { LanguagePack } from '../../src/therapist/languagePack.ts';
import { languagePacks } from '../../src/therapist/packs.ts';

/** What clinical.md §1.8 lists under must and never, as far as it can be read from fixed words. */

const packs = Object.values(languagePacks).flatMap((pack) => [
  { name: pack.id, pack: withEmergencyNumber(pack, '9999') },
  { name: `${pack.id} without a number`, pack: withEmergencyNumber(pack, null) },
]);
const situations: readonly Situation[] = ['self', 'other', 'child', 'violence', 'voices', 'medical'];
const isQuestion = (sentence: string): boolean => /[?؟]$/.test(sentence);
const all = (pack: LanguagePack, names: readonly LineName[]): string =>
  names.flatMap((name) => pack.lines[name]).join(' ');

/** Whole words of both languages; the Arabic ones also with the article and what is written together with it. */
function wholeWords(words: readonly string[]): RegExp {
  return new RegExp(`(?<!\\p{L})(?:[وف]?[بلك]?(?:ال)?)(?:${words.join('|')})(?!\\p{L})`, 'iu');
}

/** Lines that Sanad says in danger, and while people are rung. */
const inDanger = lineNames.filter((name) =>
  /^(?:ask|company|ringing|nobody|person|stay|other|child|violence|voices|medical)/.test(name),
);

for (const { name: packName, pack } of packs)
  describe(`the lines for danger (${packName})`, () => {
    function never(what: string, words: readonly string[], except: readonly LineName[] = []): void {
      it(`never ${what}`, () => {
        const any = wholeWords(words);
        for (const name of lineNames)
          if (!except.includes(name)) expect(pack.lines[name].join(' '), name).to.not.match(any);
      });
    }

    never(
      'names a method, a substance or a place, but for what a helper takes out of reach',
      [
        'pills?',
        'tablets?',
        'overdose',
        'dose',
        'rope',
        'knife',
        'guns?',
        'rifle',
        'poison',
        'bleach',
        'bridge',
        'drown',
        'jump',
        'medicines?',
        'weapons?',
        'حبوب',
        'حبل',
        'سكين',
        'بندقية',
        'مسدس',
        'خنجر',
        'سم',
        'كلوركس',
        'جسر',
        'غرق',
        'شنق',
        'جرعة',
        'أدوية',
        'دواء',
        'سلاح',
      ],
      ['otherMeans', 'violenceStayNow'],
    );
    never('promises secrecy', [
      'secret',
      'confidential',
      'stays between us',
      'nobody will know',
      'سر',
      'سري',
      'سرية',
      'بخبر حد',
      'لن أخبر',
      'محد بيعرف',
      'لن يعرف أحد',
    ]);
    never('speaks of police or of an offence', ['police', 'arrest', 'law', 'crime', 'شرطة', 'قانون', 'جريمة', 'سجن']);
    never('demands a promise', ['promise', 'swear', 'your word', 'اوعدوني', 'وعد', 'تعاهدوني', 'عهد', 'احلفوا']);
    never('argues, preaches or shames', [
      'haram',
      'sin',
      'hell',
      'weak',
      'selfish',
      'faith',
      'حرام',
      'جهنم',
      'نار',
      'ضعف',
      'إيمان',
      'عيب',
      'معصية',
    ]);
    never('makes little of it', [
      'be strong',
      'it is nothing',
      'calm down',
      'cheer up',
      'others have',
      'خلكم قويين',
      'كونوا أقوياء',
      'بسيطة',
      'اهدأوا',
      'اهدوا',
      'ما صار شي',
    ]);
    never('claims to be a person or to care more than people', ['i love', 'only i', 'أنا إنسان', 'أحبكم', 'محد غيري']);

    it('put one question at most, and last, after three sentences at most', () => {
      for (const name of lineNames) {
        const questions = pack.lines[name].map(isQuestion);
        const at = questions.indexOf(true);
        expect(questions.filter(Boolean).length, name).to.be.at.most(1);
        if (at !== -1) expect(at, name).to.equal(questions.length - 1);
        expect(at, name).to.be.at.most(3);
        expect(questions.length, name).to.be.at.most(4);
      }
    });

    it('ask where an answer is waited for', () => {
      for (const name of lineNames)
        if (questionOf(name) !== null) expect(isQuestion(pack.lines[name].at(-1) ?? ''), name).to.equal(true);
    });

    it('put no question so that a no is the easy answer', () => {
      const inviting =
        /\b(?:not|n't|never)\b[^?]*\?|, (?:right|ok|okay|are you|do you|isn't it)\?|أليس|ألست|مو صح|صح؟|أكيد|(?:^|، )(?:هل )?(?:ما|لم|لن|مو|لستم|ليس) [^؟]*؟/;
      for (const name of lineNames) {
        const question = pack.lines[name].findLast(isQuestion);
        if (question !== undefined && !openQuestions.includes(name)) expect(question, name).to.not.match(inviting);
      }
    });

    it('use the plain word for killing oneself where they ask directly', () => {
      for (const name of lineNames.filter((line) => questionOf(line) === 'suicide' || questionOf(line) === 'closing'))
        expect(pack.lines[name].at(-1), name).to.match(/تقتلوا أنفسكم|قتل أنفسكم|killing yourself/);
      expect(pack.lines.askOther.at(-1)).to.match(/يقتل نفسه|قتل نفسه|killing themselves/);
      expect(all(pack, lineNames)).to.not.match(/commit(?:ted)? suicide|انتحر/);
    });

    it('say first that a person is being rung and that Sanad stays, and to whom the danger is now what to do', () => {
      for (const situation of situations) {
        const { soon, now } = firstResponses[situation];
        for (const name of [soon, now]) {
          expect(all(pack, [name]), name).to.match(/إنسان|إنسانا|person|grown-up/);
          expect(all(pack, [name]), name).to.match(/معكم|أخليكم|أترككم|with you|beside|جنبه|بجانبه|stay/i);
          expect(pack.lines[name].some(isQuestion), `${name} tells and does not ask`).to.equal(false);
        }
        expect(all(pack, [now]), now).to.match(/الطوارئ|الإسعاف|emergency|ambulance/);
      }
      expect(all(pack, ['stayWithMeNow'])).to.match(/تثقوا|تثقون|trust/);
      expect(all(pack, ['comesAnyway']), 'informs').to.not.match(/[?؟]/);
    });

    it('promise nobody soon while nobody has answered', () => {
      const waiting: readonly LineName[] = [
        ...(['nobodyReached', 'nobodyYet', 'company1', 'company2', 'company3', 'company4'] as const),
        ...(['ringing1', 'ringing2', 'ringing3', 'bringingPerson', 'connecting', 'stayABit', 'personDropped'] as const),
      ];
      expect(all(pack, waiting)).to.not.match(
        /\bsoon\b|shortly|in a (?:moment|minute|second)|seconds|minutes?\b|right away|قريبا|عن قريب|دقيقة|دقائق|دقايق|ثوان|حالا|بسرعة|فورا/,
      );
      for (const name of ['nobodyReached', 'nobodyYet'] as const)
        expect(all(pack, [name]), `${name} is honest`).to.match(/ما رد|لم يرد|nobody from the team has picked up/);
    });

    it('keep company with words that leave nobody alone', () => {
      expect(all(pack, ['company1', 'company3'])).to.match(/أنا معكم|I am with you/);
      expect(all(pack, ['stayABit']), 'nobody is hung up on').to.not.match(/في أمان الله|Take care/);
    });

    it('say on ringing back that this is an AI, and nothing private: somebody else may have answered', () => {
      const [first] = pack.lines.callbackGreeting;
      expect(first).to.match(/برنامج ذكاء اصطناعي|an AI program, not a person/);
      expect(all(pack, ['callbackGreeting'])).to.not.match(
        /safe|danger|risk|suicid|kill|die|death|crisis|worr|help|feel|hurt|team|emergency|سلام[ةت](?!\S* عليكم)|خطر|انتحار|تقتل|موت|أزمة|قلق|مساعد|تحس|تشعر|يأذي|يؤذي|فريق|طوارئ/,
      );
    });

    it('close after risk with where to turn', () => {
      expect(all(pack, ['goodbyeAfterRisk'])).to.match(/في أي ساعة|at any hour/);
      expect(all(pack, ['goodbyeAfterRisk'])).to.match(/الطوارئ|emergency/);
    });

    it('are never only a number', () => {
      for (const name of inDanger) {
        const numbered = pack.lines[name].filter((sentence) => /الطوارئ|الإسعاف|emergency|ambulance/.test(sentence));
        expect(pack.lines[name].length, name).to.be.above(name === 'medicalNear' ? 0 : numbered.length);
      }
    });
  });

/** Open questions, to which no is no answer. */
const openQuestions: readonly LineName[] = ['stayABit', 'lookAround', 'lengthNotice'];

describe('the tables of danger', () => {
  it('have a first response, a direct question and steps for every situation', () => {
    for (const situation of situations) {
      expect(isDirect(directQuestions[situation])).to.equal(true);
      expect(stepAt(situation, 'high', 0)).to.not.equal(null);
      expect(stepAt(situation, 'imminent', 0)).to.not.equal(null);
    }
  });

  it('ask nobody twice in one round, and end', () => {
    for (const situation of situations)
      for (const level of ['high', 'imminent'] as const) {
        const steps = Array.from({ length: 30 }, (_, n) => stepAt(situation, level, n)).filter((line) => line !== null);
        expect(new Set(steps).size).to.equal(steps.length);
        expect(steps.length).to.be.within(4, 12);
      }
  });

  it('ask about when, means, company and place where the caller’s own life is in danger', () => {
    const steps = Array.from({ length: 12 }, (_, n) => stepAt('self', 'high', n));
    for (const line of ['askWhen', 'awayFromMeans', 'whoIsNear', 'whereAreYou', 'askHow'] as const)
      expect(steps).to.include(line);
    expect(stepAt('self', 'imminent', 0), 'no question whether it is for today').to.equal('awayFromMeans');
  });
});
