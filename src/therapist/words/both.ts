/** What the classification of an utterance needs beside the packs' lists; callers mix the languages within a sentence. */

/** A whole answer in itself: no reason to wait for more. */
export const plainAnswers = [
  '(نعم|ايوه|ايوة|ايوا|ايه|هيه|لا|لا لا|كلا|لا والله|اي والله|والله لا|ابدا|اكيد|طبعا|تمام|ماشي|طيب|زين|زينة|بخير|انا بخير|الحمدلله|الحمد لله|بخير الحمدلله|ان شاء الله|ما اعرف|ما ادري|مدري|لا اعرف|لا ادري|يمكن|احيانا|مرات|روحي|لوحدي)',
  '(اقدر|ما اقدر|ايوه اقدر|نعم اقدر|لا ما اقدر|نعم استطيع|استطيع|وعليكم السلام|السلام عليكم|وعليكم السلام ورحمة الله|السلام عليكم ورحمة الله|شكرا|مشكور|مشكورة)',
  '(yes|yeah|yep|no|nope|no no|yes i can|no i cant|yes please|no thanks|no thank you|i can|i cant|ok|okay|sure|fine|im fine|im ok|im okay|i dont know|dont know|not sure|im not sure|maybe|sometimes|never|always|not really|i think so|i guess|i guess so|i do|i dont|hello|hi|thank you|thanks)',
];

/**
 * How a yes and a no to a direct question begin, whatever follows. Before a verb `لا` and `no` negate it and answer nothing ("لا أعرف",
 * "no hope"), so they count here only with what cannot be negated.
 */
export const yesOpenings = [
  '(نعم|ايوه|ايوة|ايوا|ايه|هيه|اي والله|اي نعم|اجل|بلى|للاسف نعم|للاسف اي|والله اي|والله نعم|بصراحة اي|بصراحة نعم|بصراحة ايوه)',
  '(yes|yeah|yep|yup|yah|unfortunately yes|honestly yes)',
];
export const noOpenings = [
  '(لا|كلا) (ما|مب|مو|مش|والله|ابد|ابدا|لا|مستحيل|ولا مرة|الحمدلله|الحمد لله)',
  '(no|nope|nah) (im not|i am not|i dont|i do not|i havent|i have not|i didnt|i did not|i cant|i cannot|i never|not|never|no|he|she|they|it|its|we|nothing|nobody)',
];
/** Whole answers: nothing else may be said but courtesies; they may repeat the verb of the question ("فكرت", "ما أقدر"). */
export const yesAnswers = [
  ...yesOpenings,
  '(افكر|نفكر|فكرت|افكر دايما) (فيها|فيه|في هالشي|في هذا|في هذا الشي|في ذلك|في الموضوع|بهالشي|قبل|من قبل)',
  '(i think|i do think|i have thought|i thought|ive thought) about (it|that|this|doing it)',
  '(اي|صح|صحيح|اكيد|طبعا|للاسف|احيانا|مرات|واجد|كثير|اقدر|نقدر|فكرت|افكر|فكرت فيها|حاولت|ناوي|ناوية|صار|عندي|موجود|موجودة|يقول|يقولون|شوي|كل يوم|دايما|دايم|على طول)',
  '(right|correct|of course|sure|sometimes|often|a lot|unfortunately|i am|i do|i have|i did|i can|i think so|it does|they do|he does|she does|every day|all the time|i did once)',
];
export const noAnswers = [
  ...noOpenings,
  '(لا|كلا|ابد|ابدا|مستحيل|ولا مرة|مو|مب|مش|ما اقدر|ما قادر|ما قادرة|ما فكرت|ما افكر|ما حاولت|ما صار|ما شي|ما في حد|ما فيه حد|محد|ما عندي|ما عندي حد|روحي|لوحدي|بروحي)',
  '(no|nope|nah|never|not really|not at all|i am not|im not|i do not|i dont|i have not|i havent|i did not|i didnt|i cant|i cannot|nobody|no one|none|alone|im alone|i am alone)',
];

/** Said while one looks for the answer. */
export const hesitations = [
  '(ا|اا|ام|امم|مم|م|اه|هم|همم|يعني|والله|بصراحة|صراحة|الصراحة|بصراحه يعني|طيب|انزين|زين|عاد|شوف|شوفي)',
  '(um|uh|er|erm|hm|hmm|mm|mmm|well|so|like|oh|ah|honestly|actually|look|okay|ok)',
];

/**
 * With these a no is none, and what it takes back or leaves open is for the question to be asked again: "لا، بس أفكر فيها", "no, not
 * today", "لا ما أدري", "no, I don't want to live".
 */
export const openEnds = [
  '(بس|لكن|ولكن|مرات|احيانا|الا|يمكن|ربما|شوي|اليوم|الليلة|باكر|بكرة|الحين|الان|تو|بعدين|ادري|اعرف|متاكد|متاكدة|اعيش|نعيش|عيشة|الحياة|استمر|اكمل|اتحمل|استحمل|فايدة|فائدة|داعي)',
  '(but|except|sometimes|maybe|perhaps|only|just|unless|until|yet|today|tonight|tomorrow|now|will|know|sure|idea|live|living|life|go on|anymore|point|use)',
];

/** With these a yes says that one is there and listens, and answers nothing. */
export const stillThere = [
  '(معك|معش|معكم|اسمعك|اسمعش|اسمعكم|سامع|سامعة|سامعنك|تفضل|تفضلي|تفضلوا|الو)',
  '(i hear you|i can hear you|im here|i am here|im listening|i am listening|go ahead|go on|hello|listening)',
];

/** Words that only dress a goodbye or a stop: thanks, names, prayers for the other, "now". */
export const courtesies = [
  '(شكرا|شكرا لك|شكرا لش|شكرا لكم|مشكور|مشكورة|مشكورين|تسلم|تسلمي|تسلموا|يعطيك العافية|يعطيش العافية|الله يعطيك العافية|الله يعطيش العافية|جزاك الله خير|جزاش الله خير|الله يحفظك|الله يحفظش|الله يخليك|الله يخليش|ما قصرت|ما قصرتي|كثر خيرك|كثر خيرش|على كل شي|على كل شيء|على وقتك|على المساعدة)',
  '(يلا|يالله|خلاص|طيب|انزين|زين|تمام|اوكي|ماشي|الحين|الان|تو|شوي|شوية|قليلا|ان شاء الله|بس|لو سمحت|لو سمحتي|من فضلك|من فضلش|ارجوك|رجاء|سند|يا سند|اخوي|اختي|يا اخي|يا اختي|عاد|انا|يا)',
  '(thanks|thank you|thank you so much|thank you very much|thanks a lot|for everything|for listening|for your help|for your time|ok|okay|alright|well|so|now|then|please|sanad|dear|im|for now|for today|sorry|just|a bit|and|you|too|have a good night|have a good day|have a good evening)',
];

/** Painful words that are only a manner of speaking. */
export const mannersOfSpeaking = [
  '(ميت|ميتة|اموت|بموت|متت|مت|ذبحني|ذابحني|قتلني|قاتلني|موتني|يموت|تعبان|تعبت) (من|) (الضحك|ضحك|الجوع|جوع|الحر|حر|البرد|النوم|نوم|العطش|الحماس|الملل)',
  '(اموت|بموت|يموت|تموت|ميت|ميتة) (في|فيه|فيها|عليه|عليها|على) (القهوة|الكيك|الاكل|الكورة|الطبخ|الفيلم|)',
  '(dead tired|dying to|killing time|kill time|kill for a|dead end|dead line|deadline|dead battery|die laughing|died laughing|dying of laughter|to die for|killing it|beat me to it|beats me why)',
];
