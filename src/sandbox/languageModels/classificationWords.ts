/**
 * The obvious words by which the stand-in classifies. A toy: few wordings, no understanding, and on purpose not the application's own
 * lists, so that an agreement of both means something. `hears` reads simplified text: no vowel signs, ا for أإآ, ه for ة, ي for ى.
 */

export type Level = 'none' | 'low' | 'moderate' | 'high' | 'imminent';

export interface Sign {
  readonly hears: RegExp;
  readonly level: Level;
  readonly domain: string;
  readonly reason: string;
  readonly plan?: 'vague' | 'underWay';
  /** With "now, tonight, tomorrow" in the same words it is imminent. */
  readonly grows?: true;
  readonly voices?: true;
}

export const signs: readonly Sign[] = [
  {
    hears:
      /(?:بلعت|شربت) (?:\S+ ){0,3}?(?:الحبوب|حبوب|حبوبي|كلوركس|السم|مبيد)|(?:swallowed|took) (?:\S+ ){0,4}?(?:pills|tablets|bleach)/,
    level: 'imminent',
    domain: 'overdose',
    reason: 'attemptUnderWay',
    plan: 'underWay',
  },
  {
    hears: /ما يتنفس|ما تتنفس|فاقد الوعي|مغمي عليه|ينزف واجد|not breathing|unconscious|bleeding badly/,
    level: 'imminent',
    domain: 'medical',
    reason: 'bodilyEmergency',
  },
  {
    hears: /(?:اصوات|الاصوات|صوت|voices|voice) (?:\S+ ){0,5}?(?:اقتل|اذبح|اموت|اذبحها|kill|hurt|die)/,
    level: 'high',
    domain: 'psychosis',
    reason: 'commandVoices',
    voices: true,
  },
  {
    hears:
      /(?:انتحر|بنتحر|اقتل نفسي|بقتل نفسي|(?:ا|ب)ذبح (?:عمري|نفسي)|(?:ا|ب)نهي (?:حياتي|عمري)|(?:ا|ب)خلص (?:عمري|علي عمري))|(?:kill myself|killing myself|end my life|end it all|suicide|take my own life)/,
    level: 'high',
    domain: 'suicide',
    reason: 'thoughtsOfSuicide',
    plan: 'vague',
    grows: true,
  },
  {
    hears: /ينتحر|تنتحر|(?:ب|)يذبح عمره|يقتل نفسه|تقتل نفسها|kill himself|kill herself/,
    level: 'high',
    domain: 'suicide',
    reason: 'somebodyElse',
    grows: true,
  },
  {
    hears: /(?:ا|ب)قتله|(?:ا|ب)ذبحه|(?:ا|ب)قتلها|kill him|kill her|kill them/,
    level: 'high',
    domain: 'harmOthers',
    reason: 'intentToHarmOthers',
    grows: true,
  },
  { hears: /اغتصب|rape|يبا يقتلني|going to kill me/, level: 'high', domain: 'abuse', reason: 'violence' },
  {
    hears: /(?:ولدي|بنتي|الطفل|العيال|my son|my daughter|the child) (?:\S+ ){0,4}?(?:ينضرب|تنضرب|يضربوه|beaten|hit)/,
    level: 'high',
    domain: 'child',
    reason: 'childAtRisk',
  },
  {
    hears: /يضربني|ضربني|يعذبني|حابسني|يهددني|hits me|beats me|locked me/,
    level: 'moderate',
    domain: 'abuse',
    reason: 'violence',
  },
  {
    hears:
      /(?:ابا|ابغي|اتمني|ودي|اريد) (?:\S+ ){0,2}?(?:اموت|الموت)|ما اصحي|عايفه? (?:الدنيا|حياتي)|احسن لهم بدوني|عبء|want to die|wish i was dead|never wake up|not wake up|better off without me/,
    level: 'moderate',
    domain: 'suicide',
    reason: 'wishToBeDead',
    grows: true,
  },
  {
    hears: /(?:اجرح|جرحت|اذي) (?:نفسي|عمري)|(?:cut|hurt) myself/,
    level: 'moderate',
    domain: 'selfHarm',
    reason: 'selfInjury',
  },
  {
    hears: /تعبان|ضايق|مخنوق|مقهور|ما فيني حيل|ما في امل|tired|hopeless|exhausted|sad/,
    level: 'low',
    domain: 'none',
    reason: 'acuteDistress',
  },
];

export const meansWords: Readonly<Record<string, RegExp>> = {
  medicine: /(?:^| )(?:ال)?(?:حبوب|حبوبي|دوا|ادويه)(?= |$)|pills|tablets|medicine/,
  poison: /(?:^| )(?:ال)?(?:سم|كلوركس|مبيد)(?= |$)|bleach|poison/,
  blade: /سكين|موس|خنجر|knife|razor|blade/,
  firearm: /بندقيه|مسدس|سلاح|(?:^| )gun(?= |$)|rifle/,
  rope: /(?:^| )(?:ال)?حبل(?= |$)|(?:^| )rope(?= |$)/,
  height: /السطح|roof|bridge|جسر/,
};

export const soonWords = /(?:^| )(?:الحين|تو|الليله|اليوم|باكر|now|tonight|today|tomorrow)(?= |$)/;
export const nearWords =
  /جنبي|عندي|في ايدي|بايدي|في يدي|فوق السطح|علي السطح|next to me|in my hand|on the roof|on the bridge/;
export const agoWords = /قبل (?:\S+ )?(?:سنين|سنوات|سنه)|years ago/;
export const mediaWords = /(?:^| )(?:ال)?(?:فيلم|مسلسل|اخبار|اغنيه|روايه|movie|film|news|song|novel)(?= |$)/;
export const idiomWords =
  /(?:ميت|ميته|اموت|بموت|ذابحني|قاتلني) (?:من|في|علي) \S+|(?:الدوام|الشغل|الحر) (?:ذابحني|قاتلني)|dying of \S+|is killing me/g;
export const negationBefore = /(?:^| )(?:ما|مو|مب|مش|لا|ولا|not|dont|never|wont) (?:\S+ ){0,2}$/;
export const yesWords = /^(?:ايوه|ايوا|اي|نعم|هيه|yes|yeah|yep)(?: |$)/;
export const noWords = /^(?:لا|لالا|no|nope)(?: |$)/;
export const askedDirectly =
  /تقتل|تنهي|تنهوا|تموت|الموت|تنتحر|تاذي|kill yourself|end your life|suicide|dying|hurt yourself/;
export const explains = /قصدي|كنت اقصد|اقصد ان|i meant|what i meant|i was talking about/;
export const brushesOff = /امزح|مزح|just venting|joking|forget it|انسي الموضوع/;
export const overheard = /ما اقدر (?:اتكلم|ارمس)|يسمعني|cant talk|listening to us/;
export const alone = /(?:^| )(?:بروحي|لحالي|وحدي|alone)(?= |$)/;
export const childWords = /ولدي|بنتي|عيالي|الطفل|my son|my daughter|my child|the baby/;
export const otherWords =
  /صديقي|صديقتي|ربيعي|اخوي|اختي|زوجي|زوجتي|امي|ابوي|my (?:friend|brother|sister|husband|wife|mother|father)/;
