/** The stand-in's wordings. `hears` reads simplified text: no vowel signs, ا for أإآ, ه for ة, ي for ى. */

export interface Theme {
  readonly hears: RegExp;
  readonly reflects: readonly string[];
  /** Said after the reflection when a feeling was heard, too. */
  readonly named?: string;
  /** One question each, or empty. */
  readonly asks: readonly string[];
}

export const feelings: Readonly<Record<'ar' | 'en', readonly (readonly [RegExp, string])[]>> = {
  ar: [
    [/ضايق|مضيوق|ضيق|كتمه|مخنوق/, 'الضيقة'],
    [/تعبان|تعبت|مرهق|حيل/, 'التعب'],
    [/خايف|خوف|قلق|احاتي|مرعوب/, 'الخوف'],
    [/وحد|روحي|محد يفهم|ما حد يفهم/, 'الوحدة'],
    [/حزين|زعلان|ابكي|اصيح|مكسور/, 'الحزن'],
    [/مقهور|قهر|معصب|زعل/, 'القهر'],
    [/ذنب|ندم|مستحي|عيب/, 'اللوم اللي في القلب'],
  ],
  en: [
    [/tired|exhausted|worn out/, 'tiredness'],
    [/afraid|scared|anxious|worried|fear|panic/, 'fear'],
    [/alone|lonely|nobody understands/, 'loneliness'],
    [/sad|cry|crying|miss|heartbroken/, 'sadness'],
    [/angry|furious|unfair/, 'anger'],
    [/ashamed|guilty|guilt|shame/, 'shame'],
    [/pressure|stress|overwhelmed/, 'pressure'],
  ],
};

const arabicThemes: readonly Theme[] = [
  {
    hears: /ما اصحي|ما اقوم|اموت|انهي حياتي|اقتل نفسي|اذبح عمري|انتحر|عايف الدنيا/,
    reflects: ['شكرا إنكم قلتوا لي هالشي، واضح إن الألم كبير.', 'أسمع إن الحمل صار أكبر من اللي ينشال.'],
    asks: ['أسألكم بصراحة وبهدوء، تفكروا تنهوا حياتكم؟'],
  },
  {
    hears: /انسان ولا|انت اله|انت انسان|روبوت|ذكاء اصطناعي/,
    reflects: ['أنا برنامج ذكاء اصطناعي، ما إنسان، وأسمعكم باهتمام.'],
    asks: ['ولو تبوا إنسان يكلمكم، قولوا لي.'],
  },
  {
    hears: /يبقي بيننا|بينا|سر |محد يعرف|ما ابا حد يعرف|حد يدري/,
    reflects: ['أفهم إن كتمان هالشي مهم لكم.', 'مهم لكم إن الكلام ما يوصل لأي حد.'],
    asks: ['إيش أكثر شي يخوفكم لو عرف حد؟'],
  },
  {
    hears: /(مو|مب|مش|ما هو) كذا|قصدي|ما قصدت|فهمتني غلط/,
    reflects: ['السموحة، يمكن ما فهمت عدل.', 'السموحة على العجلة، أسمعكم.'],
    asks: ['خبروني، إيش كان قصدكم؟', 'إيش الأقرب للي تحسوا فيه؟'],
  },
  {
    hears: /قوي|اكابر|اتحمل|اصبر|ما ابين|اخبي/,
    reflects: ['تشيلوا الحمل بروحكم عشان ما يبان عليكم.', 'تكونوا أقوياء قدام الناس، وما فيه حد يشوف التعب اللي داخل.'],
    named: 'وفيه {feeling} بعد.',
    asks: ['وعند من تقدروا ترتاحوا شوي من هالقوة؟', 'وإيش يصير لما تكونوا بروحكم؟'],
  },
  {
    hears: /انام|النوم|نوم|صاحي|سهران|السهر/,
    reflects: ['الليل طويل لما النوم ما يجي.', 'أيام بدون نوم تتعب الجسم والقلب.', 'حتى الليل ما عاد فيه راحة.'],
    named: 'ومع {feeling} يصير أثقل.',
    asks: ['إيش اللي يدور في البال في هالساعات؟', 'من متى والنوم كذا؟', 'وكيف يكون النهار بعد هالليالي؟'],
  },
  {
    hears: /شغل|العمل|دوام|مدير|وظيفه/,
    reflects: ['ضغط الشغل ماخذ منكم واجد.', 'الشغل صار حمل فوق حمل.', 'ترجعوا من الدوام وما بقى فيكم شي لنفسكم.'],
    named: 'وأسمع {feeling} في الكلام.',
    asks: ['إيش أكثر شي متعبكم فيه؟', 'ولما ترجعوا البيت، كيف يكون الحال؟', 'لمن تقدروا تحكوا عن هالشي؟'],
  },
  {
    hears: /ابوي|امي|اهلي|البيت|زوج|حرمه|ولد|عيال|اخوي|اختي/,
    reflects: [
      'اللي يصير في البيت يوجع أكثر من غيره.',
      'لما الخلاف مع أقرب الناس، القلب ما يرتاح.',
      'واضح إن أهلكم غاليين عليكم.',
    ],
    named: 'وفيه {feeling} بعد.',
    asks: ['إيش اللي كنتوا تتمنوا يفهموه؟', 'كيف كان الوضع قبل؟', 'إيش أصعب لحظة في هالشي؟'],
  },
  {
    hears: /امتحان|دراسه|جامعه|مدرسه|نتيجه/,
    reflects: ['الامتحان قريب والقلب مشغول.', 'كأن كل شي معلق على هالنتيجة.'],
    named: 'وطبيعي يكون فيه {feeling}.',
    asks: ['إيش أكثر شي تخافوا منه باكر؟', 'كيف تحسوا في جسمكم الحين؟'],
  },
  {
    hears: /دين|ديون|راتب|فلوس|قرض|شيك/,
    reflects: ['هم الديون يسحب النوم والراحة.', 'كل شهر والحساب ما يطلع.'],
    asks: ['من يعرف عن هالشي غيركم؟', 'إيش أكثر شي ضاغط عليكم هالأيام؟'],
  },
  {
    hears: /اتنفس|نفس عميق|اهدا/,
    reflects: ['زين، نتنفس مع بعض، شهيق هادي من الخشم، وزفير طويل على مهل.'],
    asks: ['كيف تحسوا الحين؟'],
  },
  {
    hears: /ما سمعت|عيد|كرر|ايش قلت/,
    reflects: ['السموحة، بعيدها.', 'حاضر، أقولها مرة ثانية.'],
    asks: ['كنت أقول إني أسمعكم، إيش أكثر شي على البال الحين؟'],
  },
  {
    hears: /شكر|مشكور|ريحت|احسن شوي|احس احسن/,
    reflects: ['زين إنكم حسيتوا بشوي راحة.', 'كلامكم هذا مهم، وأنتم اللي فتحتوا قلبكم.'],
    asks: ['إيش اللي خفف عليكم شوي؟', 'إيش ممكن يساعدكم الليلة بعد؟'],
  },
  {
    hears: /من وين ابدا|ما اعرف ايش اقول|ما ادري ايش اقول/,
    reflects: ['عادي، ما لازم يكون الكلام مرتب.'],
    asks: ['إيش أول شي يجي على البال الحين؟'],
  },
  {
    hears: /مع السلامه|في امان الله|تصبح علي خير/,
    reflects: ['شكرا إنكم تكلمتوا معي، والخط مفتوح لكم في أي ساعة.'],
    asks: ['في أمان الله.'],
  },
  {
    hears: /وعليكم السلام/,
    reflects: ['حياكم الله، خذوا راحتكم.'],
    asks: ['إيش اللي على البال اليوم؟'],
  },
  {
    hears: /السلام|الو|مرحبا|صباح|مساء|هلا/,
    reflects: ['وعليكم السلام ورحمة الله وبركاته، حياكم الله.'],
    asks: ['كيف الحال اليوم؟'],
  },
  {
    hears: /^\s*(ايوه|نعم|هيه|اقدر|ايه|طيب|تمام|اكيد)/,
    reflects: ['زين، خذوا راحتكم، أنا أسمعكم.', 'تمام، على مهلكم.'],
    asks: ['إيش اللي خلاكم تتصلوا اليوم؟', 'إيش أكثر شي على القلب الحين؟'],
  },
];

const englishThemes: readonly Theme[] = [
  {
    hears: /not wake up|want to die|kill myself|end my life|suicid|better off dead/,
    reflects: ['Thank you for telling me that, it sounds like the pain is very big.'],
    asks: ['I want to ask you plainly, are you thinking of killing yourself?'],
  },
  {
    hears: /are you (a |an )?(real|human|person|robot|machine|ai)/,
    reflects: ['I am an AI program, not a person, and I am listening with care.'],
    asks: ['If you want a person, just say so.'],
  },
  {
    hears: /sleep|awake|insomnia|night/,
    reflects: ['The nights are long when sleep does not come.', 'Night after night without rest wears a body down.'],
    named: 'And there is {feeling} in it too.',
    asks: ['What goes through your mind in those hours?', 'How are the days after such a night?'],
  },
  {
    hears: /work|job|boss|manager|office/,
    reflects: ['Work is taking a great deal out of you.', 'You come home from work with nothing left for yourself.'],
    named: 'I hear the {feeling} in it.',
    asks: ['What is the hardest part of it?', 'Who knows how heavy it has become?'],
  },
  {
    hears: /\b(mother|father|wife|husband|family|son|daughter|children|home)\b/,
    reflects: ['It hurts more when it is the people closest to you.', 'Your family clearly matters a lot to you.'],
    named: 'And there is {feeling} in it.',
    asks: ['What do you wish they understood?', 'When was it different?'],
  },
  {
    hears: /\b(bye|goodbye|good night)\b/,
    reflects: ['Thank you for talking with me, the line is open to you at any hour.'],
    asks: ['Take care.'],
  },
  {
    hears: /thank|better|relieved/,
    reflects: ['I am glad that it feels a little lighter.'],
    asks: ['What helped, even a little?'],
  },
  {
    hears: /hello|hi\b|good (morning|evening|afternoon)|salam/,
    reflects: ['Hello, I am glad that you called.'],
    asks: ['What is on your mind today?'],
  },
  {
    hears: /^\s*(yes|yeah|ok|okay|sure|i can)/,
    reflects: ['All right, take your time, I am listening.'],
    asks: ['What made you call today?', 'What is heaviest right now?'],
  },
];

export const themes: Readonly<Record<'ar' | 'en', readonly Theme[]>> = { ar: arabicThemes, en: englishThemes };

export const openers: Readonly<
  Record<'ar' | 'en', { readonly withFeeling: readonly string[]; readonly plain: readonly string[] }>
> = {
  ar: {
    withFeeling: [
      'أسمع {feeling} في كلامكم. هذا حمل ما هو سهل. من متى وأنتم كذا؟',
      'واضح إن حمل {feeling} ثقيل عليكم. خذوا راحتكم. إيش اللي يزيده؟',
      'كأن {feeling} ما يفارقكم هالأيام. إيش أكثر وقت تحسوا فيه؟',
    ],
    plain: [
      'أسمعكم. واضح إن هالشي مهم لكم. خبروني أكثر، إيش صار؟',
      'أنا معكم في هالكلام. إيش أصعب شي فيه؟',
      'خذوا راحتكم، ما فيه عجلة. كيف كان تأثيره عليكم؟',
      'كل كلمة قلتوها وصلتني. إيش تتمنوا يتغير؟',
    ],
  },
  en: {
    withFeeling: [
      'I hear the {feeling} in what you say. That is a lot to carry. How long has it been like this?',
      'It sounds as if the {feeling} is always there. What makes it heavier?',
    ],
    plain: [
      'I hear you. This clearly matters to you. What happened?',
      'I am with you in this. What is the hardest part?',
      'Take your time, there is no hurry. How has it been for you since then?',
    ],
  },
};
