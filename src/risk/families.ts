import type { RiskLevel } from '../call/meaning.ts';

/**
 * Families of wordings by what they say (clinical.md §1.1, §4.1), Omani first, then the Gulf and standard Arabic, English, and
 * Arabic in Latin letters. Phrase syntax as in src/text/phrases.ts. Not yet reviewed by a native Omani clinician.
 */
export interface RiskFamily {
  readonly name:
    | 'activeIntent'
    | 'attemptNow'
    | 'wishToBeDead'
    | 'selfHarm'
    | 'topic'
    | 'othersIntent'
    | 'threatToLife'
    | 'violence'
    | 'bodilyEmergency'
    | 'hopelessness';
  readonly level: RiskLevel;
  readonly says: readonly string[];
  /** `negated`: a negation right before turns it into a mere mention. `never`: the wording holds its own negation. */
  readonly negation: 'negated' | 'never';
}

const self = '(نفسي|عمري|روحي|حالي)';
const wish = '(ابا|ابغي|ابغى|ابي|باغي|باغية|اريد|ودي|نفسي|بغيت|اتمنى|يا ريت|ياريت|ليت|ليتني|يا ليتني|ياليتني)';
const plan =
  '(ابا|ابغي|ابغى|ابي|اريد|ودي|افكر|بفكر|فكرت|افكر دايما|ناوي|ناوية|نويت|قررت|راح|بروح|حاولت|بحاول|احاول|خاطري|مصمم|مصممة|سوف|ممكن|يمكن)';
const englishPlan =
  '(i want to|i wanna|i am going to|im going to|i will|ill|i might|i could|i plan to|im planning to|i am planning to|i decided to|i have decided to|i tried to|i have tried to|thinking of|thinking about|thoughts of|thought of|thought about|i need to|i just want to|i should)';
const pills = '(حبوب|الحبوب|حبوبي|حبة|الدوا|دوا|ادوية|الادوية|كلوركس|الكلوركس|مبيد|المبيد|سم|السم|بنادول)';
const someone = '(ولدي|بنتي|اخوي|اختي|زوجي|زوجتي|حرمتي|امي|ابوي|صديقي|صديقتي|ربيعي|ربيعتي|ولد عمي|خويي)';

export const riskFamilies: readonly RiskFamily[] = [
  {
    name: 'activeIntent',
    level: 'high',
    negation: 'negated',
    says: [
      `(اقتل|بقتل|ساقتل|اذبح|بذبح|اخلص على|بخلص على|اشنق|بشنق|اغرق|ارمي|برمي) ${self}`,
      `${plan} (ان|اني|في|اني بس|) (انتحر|الانتحار|بالانتحار|اقتل نفسي|قتل نفسي|اذبح عمري|انهي حياتي|انهاء حياتي|انهي عمري|اخلص من حياتي|اسويها واخلص)`,
      '(بنتحر|سانتحر|بنهي حياتي|بنهي عمري|انهي حياتي|انهي عمري|اخلص عمري|بخلص عمري|اخلص من حياتي)',
      '(اسوي|بسوي|اعمل|بعمل) (في|ف|ب) (عمري|نفسي|روحي) (شي|شيء)',
      '(بسوي|اسوي) (شي|شيء) (في|ف|ب) (عمري|نفسي|روحي)',
      `${englishPlan} (kill myself|killing myself|end my life|ending my life|end it all|take my own life|taking my own life|take my life|commit suicide|committing suicide|suicide|hang myself|hanging myself|shoot myself|jump off|overdose|ending it all)`,
      '(kill myself|killing myself|end my life|ending my life|take my own life|suicidal)',
      '(abi|aba|abgha|abga|badi|baddi|rah) (antaher|antahir|antihar|aqtil nafsi|aqtel nafsi|adbah omri|adbah umri)',
    ],
  },
  {
    name: 'attemptNow',
    level: 'imminent',
    negation: 'negated',
    says: [
      `(شربت|بلعت|اخذت|خذيت|خذت|كليت|تناولت) (كل|علبة|شريط|واجد|وايد|كمية|كثير|حفنة|عشرين|ثلاثين|كمية كبيرة|كمية من) (من|) ${pills}`,
      '(شربت|بلعت) (كلوركس|الكلوركس|مبيد|المبيد|سم|السم)',
      '(قطعت|جرحت) (عروقي|شراييني|رسغي|معصمي)',
      '(السكين|سكين|الحبل|حبل|البندقية|بندقية|المسدس|سلاح|السلاح|خنجر|الخنجر|الحبوب) (في ايدي|بايدي|في يدي|بيدي|ف ايدي)',
      '(ماسك|ماسكة) (السكين|سكين|الحبل|حبل|البندقية|بندقية|المسدس|السلاح|الخنجر|خنجر|الحبوب)',
      '(i took|i have taken|ive taken|i swallowed|i have swallowed|i just took|i just swallowed|i drank) (all|all of|a lot of|lots of|too many|a bottle of|a handful of|the whole|twenty|thirty|fifty|so many) (the|my|of|) (pills|tablets|medicine|medication|bottle|bleach|poison|pesticide|paracetamol|panadol|sleeping pills)',
      '(i drank|i swallowed) (bleach|poison|pesticide|clorox)',
      '(i have|ive got|holding) (a|the|my) (gun|knife|rope|blade|razor|rifle) (in my hand|to my|in my hands|at my|around my|and i)',
      '(i cut|i slit|i have cut|ive cut) my (wrist|wrists|veins|throat)',
      '(i am|im) (on|standing on|at) the (roof|bridge|ledge|edge)',
    ],
  },
  {
    name: 'wishToBeDead',
    level: 'moderate',
    negation: 'negated',
    says: [
      `${wish} (ان|اني|لو|لو اني|انني|) (اموت|الموت|موت|مت|ميت|ميتة|اختفي|ارتاح من الدنيا|ارتاح من هالدنيا|ارتاح من الحياة)`,
      '(الله|ربي|ربنا|يا رب|يارب) (ياخذني|خذني|ياخذ روحي|خذ روحي|تاخذني|يريحني|ياخذ عمري|ياخذ امانته)',
      '(ياخذني|تاخذني) (الله|ربي|الموت)',
      '(i want to|i wanna|i wish to|i just want to|i would rather|id rather|i hope to|i hope i|i wish i could|i wish i would|wish i would just) (die|be dead|disappear forever|never wake up)',
      '(i wish i was|i wish i were|wish i was|wish i were) (dead|never born|gone)',
      '(everyone|everybody|they|my family|my kids|my children|the world|people) (would|will|might|is|are) (be|) better off without me',
      '(better off dead|no reason to live|no point in living|nothing to live for|tired of living|sick of living|done with life|i am a burden|im a burden|just a burden)',
      '(abi|aba|abgha|abga|badi) (amoot|amut|amout|almoot|almot)',
    ],
  },
  {
    name: 'wishToBeDead',
    level: 'moderate',
    negation: 'never',
    says: [
      '(اتمنى|اتمني|ابا|ابغى|ليتني|يا ليتني|ليت|ياريت|يا ريت|ودي|احيانا|مرات) (اني|انه|لو|انام و|ارقد و|انام|ارقد|اتمنى|اقول|) (اني|ليتني|) (ما|وما|لا|ولا|ما عاد) (اصحى|اصحي|اقوم|انولدت|اعيش|جيت هالدنيا|اقوم من النوم)',
      '(انام|ارقد|اغمض) (و|عيوني و|) (ما|وما|ولا) (اصحى|اصحي|اقوم)',
      '(ليتني|يا ليتني|ياليتني|يا ريتني|ياريتني) (ما) (اصحى|انولدت|جيت|خلقت|عشت)',
      '(ما|ما عاد|لا|مابا) (ابا|ابغي|ابغى|ابي|اريد|ودي|) (اعيش|العيش|اكمل حياتي|الحياة|اكون عايش|اكون موجود)',
      '(عايف|عايفة|عفت|كاره|كارهة|كرهت|مليت من|تعبت من|طفشت من) (الدنيا|الحياة|حياتي|عمري|العيشة|هالدنيا|هالحياة)',
      '(احسن|افضل|اريح) (لهم|للكل|للجميع|لاهلي) (بدوني|من دوني|من غيري|لو مت|لو ما كنت)',
      '(بيرتاحوا|يرتاحوا|بيرتاحون) (مني|بدوني|لو مت|من دوني)',
      '(انا|اني|صرت|حاس اني|احس اني) (عبء|عبئ|حمل|ثقل) (عليهم|على الكل|على اهلي|على الجميع|)',
      '(ليش|لماذا|ليه) (ما|لا) (اموت|مت|ياخذني)',
      '(i dont|i do not|dont|i no longer) want to (live|be alive|be here|exist|wake up|go on living|go on)',
      '(go to sleep|fall asleep|sleep) and (never|not) wake up',
      '(i wish|i hope|wish) (i|that i|i could|i would) (just|) (dont|didnt|did not|do not|would not|wouldnt|never|not) (wake up|woke up|been born|be born|exist)',
      '(i wish i had never been|i wish i was never|i wish i were never|never should have been) born',
    ],
  },
  {
    name: 'selfHarm',
    level: 'moderate',
    negation: 'negated',
    says: [
      `(اجرح|جرحت|بجرح|اذي|أأذي|بأذي|اضر|احرق|حرقت|اضرب|اعور) ${self}`,
      '(hurt|hurting|cut|cutting|harm|harming|burn|burning|starve|starving) myself',
      'self harm',
    ],
  },
  {
    name: 'topic',
    level: 'moderate',
    negation: 'negated',
    says: [
      '(انتحار|الانتحار|بالانتحار|للانتحار|انتحر|انتحرت|ينتحر|تنتحر|انتحاري|انتحارية)',
      '(suicide|killed himself|killed herself|killed themselves|took his own life|took her own life)',
    ],
  },
  {
    name: 'othersIntent',
    level: 'high',
    negation: 'negated',
    says: [
      `${someone} (يقول|تقول|قال|قالت|يهدد|تهدد|هدد|يبا|تبا|يبي|تبي|يريد|تريد|ناوي|ناوية|حاول|حاولت|بيحاول) (انه|انها|ان|بانه|يبا|تبا|لي انه|لي|) (بينتحر|ينتحر|تنتحر|بتنتحر|الانتحار|بالانتحار|يقتل نفسه|تقتل نفسها|بيقتل نفسه|بتقتل نفسها|يذبح عمره|تذبح عمرها|بيذبح عمره|يموت|تموت|ينهي حياته|تنهي حياتها)`,
      '(my|our) (son|daughter|brother|sister|husband|wife|mother|father|friend|mom|dad|child|neighbour|roommate) (says|said|is saying|wants|is going|tried|is trying|threatens|threatened|keeps saying|told me) (he|she|they|to|that|) (he|she|they|) (wants|want|to|is going to|will|would|going to|) (to|) (kill himself|kill herself|kill themselves|kill him self|die|end it|end his life|end her life|suicide)',
    ],
  },
  {
    name: 'threatToLife',
    level: 'high',
    negation: 'negated',
    says: [
      '(هددني|يهددني|هددتني|تهددني|هددوني|يهددوني) (بالقتل|بالسكين|بسكين|بالسلاح|بسلاح|بالذبح|انه يقتلني|بيقتلني)',
      '(معه|شايل|ماسك|رافع) (علي|) (سكين|سكينة|سلاح|مسدس|بندقية|خنجر) (علي|ويبا يقتلني|يهددني|)',
      '(يبا|يبي|راح|ناوي|حاول|يحاول) (يقتلني|يذبحني|يخنقني|يحرقني)',
      '(يخنقني|خنقني|حرقني|اغتصبني|يغتصبني|اغتصبوني|اعتدى علي)',
      '(he|she|they|my husband|my father|my brother|my boss) (is going to|will|wants to|tried to|threatened to|threatens to|said he will|says he will) (kill|strangle|stab|shoot|burn|choke) me',
      '(he has|she has|he is holding|he got) a (gun|knife|weapon)',
      '(raped me|rapes me|strangled me|choked me|choking me|stabbed me)',
    ],
  },
  {
    name: 'violence',
    level: 'moderate',
    negation: 'negated',
    says: [
      '(يضربني|ضربني|تضربني|ضربتني|يضربوني|ضربوني|يعذبني|يعذبوني|حابسني|حبسني|حابسيني|حبسوني|قافل علي|ماخذ جوازي|اخذ جوازي|ياخذ جوازي|يتحرش فيني|تحرش فيني|يلمسني|لمسني)',
      '(يطيح فيني|طاح فيني) ضرب',
      '(بيقتلني|بيذبحني|بيقتلوني|بيذبحوني)',
      '(hits|hit|hitting|beats|beat|beating|abuses|abused|abusing|kicks|kicked|slapped|slaps|touches|touched) me',
      '(locks|locked|keeps) me (in|inside|locked)',
      '(took|takes|has) my passport',
    ],
  },
  {
    name: 'bodilyEmergency',
    level: 'imminent',
    negation: 'never',
    says: [
      '(ما|مب|مو|لا|ما قادر|ما تقدر|ما يقدر) (يتنفس|تتنفس|يتحرك|يرد علي ولا يتنفس)',
      '(مغمى|مغمي|اغمى|اغمي|غمى) (عليه|عليها)',
      '(فاقد|فاقدة) الوعي',
      '(ينزف|تنزف|انزف|نزيف قوي|نزيف شديد|دم واجد)',
      '(جلطة|سكتة|ذبحة) (الحين|قلبية|دماغية)',
      '(not|isnt|stopped) breathing',
      '(he is|she is|hes|shes|is) (unconscious|not waking up|not responding)',
      '(bleeding a lot|bleeding badly|bleeding heavily|heart attack|having a stroke|having a seizure|overdosed)',
    ],
  },
  {
    name: 'hopelessness',
    level: 'low',
    negation: 'never',
    says: [
      '(ما فيه|ما في|مافي|ماشي|لا يوجد) (امل|حل|فايدة|فائدة|معنى)',
      '(ما فيني حيل|ما عاد فيني|ما عاد اقدر|ما اقدر اتحمل|ما عاد اتحمل|ما اقدر استحمل|يائس|يائسة|ياس|ضايق خلقي|مخنوق|مخنوقة|مكسور خاطري|مقهور|مقهورة)',
      '(hopeless|no hope|cant go on|cant take it|cant take this|cant cope|cannot cope|worthless|given up|giving up|whats the point|no way out)',
    ],
  },
];

/** Within the day: with active intent it makes the danger imminent. */
export const soon = [
  '(الحين|الان|تو|توني|اليوم|الليلة|الليله|هالليلة|بعد شوي|باكر|باجر|بكرة|غدا|هالساعة)',
  '(now|right now|tonight|today|this evening|in a minute|tomorrow|this moment|already)',
];

/** Ways of speaking that mean no danger; taken out before anything is read. */
export const idioms = [
  '(ميت|ميتة|اموت|بموت|متت|مت|ذبحني|ذابحني|قتلني|قاتلني|موتني|يموتني|يموت|بيقتلني|بيذبحني) (من|) (الضحك|ضحك|الجوع|جوع|الحر|حر|البرد|برد|النوم|نوم|العطش|الحماس|الملل|الشغل|الدوام|الفضول|الخوف|خوف|الخجل|المستحى)',
  '(اموت|بموت|تموت|يموت|ميت|ميتة) (في|على|فيه|فيها|عليه|عليها) (القهوة|الكيك|الاكل|الكورة|الطبخ|الفيلم|عيالي|اولادي|بنتي|ولدي|الشاي|الحلويات)',
  '(الشغل|الدوام|الحر|الزحمة|الامتحان|الدراسة|الوجع|راسي) (بيقتلني|بيذبحني|ذابحني|ذبحني|قاتلني|يقتلني)',
  '(dying of laughter|dying of boredom|die laughing|died laughing|dead tired|dead serious|killing time|kill time|killing it|to die for|die of embarrassment)',
  '(work|traffic|heat|boss|back|head|homework|exam|feet|boredom|suspense|job|this weather) (is|are) killing me',
  '(could|would|id|i would|i could) (kill|die) for (a|an|some)',
  'dying to (see|know|meet|go|hear|try|eat|tell)',
];

/** Stories of others and school work: a mention within them is low, since nobody present is meant. */
export const stories = [
  '(فيلم|الفيلم|مسلسل|المسلسل|خبر|الاخبار|الخبر|اخبار|مقال|بحث|محاضرة|رواية|كتاب|لعبة|واجب|تقرير|سمعت عن|قريت عن|ممثل|مغني|فنان|حصة)',
  '(movie|film|series|episode|news|article|novel|book|game|lecture|essay|homework|assignment|actor|singer|documentary|song)',
];
