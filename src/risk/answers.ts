import type { RiskLevel } from '../call/meaning.ts';
import type { RiskDomain, RiskKind } from './assessment.ts';
import { normalise, wordsOf } from '../text/normalise.ts';
import { compilePhrases } from '../text/phrases.ts';
import { markOf } from './lexis.ts';
import { tag, type Tagged } from './tagging.ts';

/**
 * Sanad asks directly, and much of what matters is then said in one word. What a yes or a no admits to is decided by the question:
 * docs/risk-levels.md, rule 9; clinical.md §1.1.
 */
export interface Question {
  readonly asks: RiskKind;
  readonly domain: RiskDomain;
  /** What a plain yes amounts to, what a no, and what "perhaps" and "I don't know". */
  readonly yes: RiskLevel;
  readonly no: RiskLevel;
  readonly unsure: RiskLevel;
  /** For questions of how, when and where: what an answer in kind amounts to. */
  readonly answer?: { readonly marks: readonly number[]; readonly level: RiskLevel };
}

export type PlainAnswer = 'yes' | 'no' | 'unsure' | 'other';

const yesWords = [
  '(ايوه|ايوا|ايه|اي|نعم|هيه|هي|ايي|امبلي|بلي|اكيد|صح|صحيح|طبعا|تمام|اجل|مضبوط|فعلا|ايواا|اه|اها|اي نعم|اي والله|هيه والله|ايوه والله|نعم والله|للاسف|للاسف نعم|مثل ما قلت|كل يوم|دايما|كثير|واجد|وايد|احيانا|مرات|بصراحة نعم|ما بكذب عليك|ما اخفي عليك|عندي|معي|موجود|موجودة|قريب|قريبة|جنبي|قدامي|ما حد|محد|بروحي|لوحدي|حاولت|فكرت|افكر|قررت|ناوي|ناوية|الحين|اليوم|الليلة|اكثر من مرة|صار)',
  '(yes|yeah|yep|yup|ya|yea|sure|correct|right|true|exactly|i do|i did|i am|i have|it is|they are|of course|sometimes|often|every day|all the time|kind of|sort of|a lot|unfortunately|honestly yes|uh huh|mhm|mm hmm|alone|i think so)',
  '(aywa|aywah|aiwa|ayeh|eeh|ee|eh|na3am|naam|n3m|hayh|hih|heeh|heyh|embala|mbala|akeed|akid|sa7|sah|9a7|tab3an|ewa|eywa|aywaa|e wallah|eh wallah|ee wallah|aywa wallah)',
  '(يس|ييس|يب|شور|يا|يييس)',
];
const noWords = [
  '(لا|لاا|ابدا|كلا|ولا|مستحيل|ما عندي|مو|مب|لا والله|لا ابدا|لا الحمدلله|ما في|ماشي|بعد عمري لا|مافي|لا لا)',
  '(no|nope|nah|never|not at all|not really|i dont|i do not|i am not|im not|no no|no way|of course not)',
  '(la|laa|la2|la wallah|abadan|mosta7il|mb|mafi|mashi)',
];
const unsureWords = [
  '(ما ادري|مدري|ما اعرف|يمكن|ربما|احتمال|شوي|مرات|احيانا|ما ادري والله|يعني|ما متاكد|ما متاكدة|مو متاكد|مب متاكد|الله اعلم|ما اقدر اقول|نوعا ما|تقريبا|ما ودي اقول)',
  '(i dont know|dont know|not sure|im not sure|maybe|perhaps|possibly|idk|i guess|i suppose|kind of|sometimes|a little|i cant say|hard to say|dunno)',
  '(ma adri|madri|ymkin|yemken|yimkin|mumkin|momken|ma a3ref|ma a3rf)',
];
const fillerWords = [
  '(والله|يعني|اه|امم|اممم|هم|يا|اخوي|اختي|دكتور|دكتورة|بس|ان شاء الله|الحمدلله|العظيم|صراحة|بصراحة|طيب|زين|انا|هذا|كذا|شي|مثل|خلاص|صدق|لله|حبيبتي|حبيبي|يا اخي|تو|من|جدا|ايضا|في|علي)',
  '(um|uh|er|well|so|please|sir|madam|doctor|ok|okay|just|really|yes|i|it|the|wallah|walla|enough|too|very|about|that|is|am|my|brother|sister|think)',
];

const yes = compilePhrases(yesWords);
const no = compilePhrases(noWords);
const unsure = compilePhrases(unsureWords);
const fillers = compilePhrases(fillerWords);

/** Longer ones are statements, to be read as such; their first word still counts. */
const plainWords = 7;
/** An answer stands at the beginning. */
const answerCharacters = 200;

export function answerOf(text: string): PlainAnswer {
  const said = normalise(text.slice(0, answerCharacters));
  const words = wordsOf(said);
  if (words.length === 0 || words.length > plainWords) return beginning(said, words);
  if (unsure.isIn(said) && rest(unsure.without(said))) return 'unsure';
  if (rest(no.without(said)) && no.isIn(said)) return yes.isIn(said) && !no.isIn(words[0] ?? '') ? 'yes' : 'no';
  if (rest(yes.without(said)) && yes.isIn(said)) return 'yes';
  return beginning(said, words);
}

/** Nothing is left but what fills. */
function rest(said: string): boolean {
  return said === '' || fillers.without(said) === '';
}

const surelyYes = compilePhrases([
  '(ايوه|ايوا|نعم|هيه|اي والله|اي نعم|امبلي|بلي|yes|yeah|yep|aywa|aywah|na3am|n3m|hayh|eh wallah|ee wallah|يس)',
]);
const surelyNo = compilePhrases(['(لا|لا والله|ابدا|no|nope|la|la2)']);

/** "ايوه كل يوم لما أكون بروحي": it begins with the answer. */
function beginning(said: string, words: readonly string[]): PlainAnswer {
  const first = words.slice(0, 2).join(' ');
  if (surelyYes.isIn(first) && !no.isIn(words.slice(1, 4).join(' '))) return 'yes';
  return surelyNo.isIn(words[0] ?? '') && said !== '' ? 'no' : 'other';
}

/** A bare answer, or only listening words: nothing to be read without its question. */
export function isBareAnswer(text: string): boolean {
  if (text.length > bareCharacters) return false;
  const said = normalise(text);
  if (said === '') return true;
  if (wordsOf(said).length > 4) return false;
  const left = fillers.without(unsure.without(no.without(yes.without(said))));
  return left === '' && !hasAny(tag(said), telling);
}

const bareCharacters = 80;

const telling = ['kill', 'suicide', 'die', 'think', 'plan', 'intent', 'soon', 'try'].map(markOf);

const mark = {
  kill: ['kill', 'suicide', 'kill.self', 'kill.other', 'hang', 'doIt'].map(markOf),
  end: ['end', 'throwSelf', 'jump', 'suicide'].map(markOf),
  die: ['die', 'vanish', 'dead1'].map(markOf),
  live: ['live', 'wake'].map(markOf),
  hurt: ['hurt', 'cut', 'burn'].map(markOf),
  self: ['self2', 'self1', 'self3', 'life1', 'life3'].map(markOf),
  means: ['pills', 'poison', 'height', 'water', 'vehicle', 'firearm', 'blade', 'rope', 'fire'].map(markOf),
  soon: ['soon', 'now', 'date'].map(markOf),
  recent: ['recent', 'justNow'].map(markOf),
  think: ['think'].map(markOf),
  try: ['try'].map(markOf),
  swallow: ['swallow', 'overdose'].map(markOf),
  hit: ['hit', 'rape', 'touch', 'threaten', 'choke', 'lock', 'starve'].map(markOf),
  child: ['child', 'baby'].map(markOf),
  voices: ['voices', 'command'].map(markOf),
  breathing: ['breathe', 'breathing', 'respond', 'wake', 'unconscious'].map(markOf),
  bleeding: ['bleed', 'bleeding', 'beating'].map(markOf),
  hold: ['hold', 'handHold', 'hiding'].map(markOf),
  edge: ['edge', 'height'].map(markOf),
};

const asksWhen = compilePhrases(['(متي|امتي|اي وقت|اي يوم|when|what time|which day|how soon)']);
const asksHow = compilePhrases(['(كيف|شلون|باي طريقة|اي طريقة|how|what way|which way|method)']);
const asksPlan = compilePhrases([
  '(خطة|خططت|قررت|قررتي|نويت|ناوي|ناوية|ناويين|ناوين|تنوون|تنووا|تنوي|تنوين|نيتك|جهزت|رتبت|plan|planned|decided|intend|mean to|going to|prepared)',
]);
const asksNear = compilePhrases([
  '(قريب|قريبة|جنبك|عندك|معك|وياك|قدامك|في البيت|near|with you|next to you|have it|have them|access|reach|close to you|got it|within reach)',
  '(عندش|معش|وياش|قدامش|جنبش)',
]);
const asksSafe = compilePhrases(['(امان|بامان|في امان|آمن|امنة|امن|سالم|سالمة|safe)']);
const asksTold = compilePhrases(['(حد|احد|شخص|someone|anyone|anybody|somebody|he|she|they|هو)']);
/** A question that may only be asked once the danger is known: its answers count as intent. */
const nobody: Question = { asks: 'unspecified', domain: 'distress', yes: 'none', no: 'none', unsure: 'none' };

/** What Sanad's own words ask, by the same marks as a caller's words; null when they ask after nothing dangerous. */
export function questionOf(text: string): Question | null {
  const asked = askedIn(text);
  const said = normalise(asked);
  if (said === '' || asksToDo.isIn(said)) return null;
  const tagged = tag(asked);
  const has = (wanted: readonly number[]) => hasAny(tagged, wanted);
  const life = has(mark.kill) || (has(mark.end) && has(mark.self)) || (has(mark.die) && !has(mark.hit));
  return bodyQuestion(said, has, life) ?? lifeQuestion(tagged, said, has, life);
}

/** Of several sentences, those that ask: what is advised or told before them asks nothing. */
function askedIn(text: string): string {
  const short = text.slice(-questionCharacters);
  const asking = short.match(/[^.!?؟…\n]*[?؟]/g);
  return asking === null ? short : asking.join(' ');
}

const questionCharacters = 600;
/** "Can you put it away?": a yes to it is no admission. */
const asksToDo = compilePhrases([
  '(تقدر|تقدري|تقدروا|تقدرون|هل تستطيع|هل تستطيعون|هل يمكنك|هل يمكنكم|تستطيعون|يمكنكم) (تبعد|تبعدي|تبعدوا|تحط|تحطي|تحطوا|تروح|تروحي|تروحوا|تطلع|تطلعي|تطلعوا|تسوي|تسووا|تخلي|تخلوا|تعطي|تتنفس|تتنفسي|تجلس|تجلسوا|فعل|الذهاب|ابعاد|وضع|ان تبعدوا|ان تضعوا|ان تذهبوا)',
  '(can you|could you|are you able to|will you|would you) (put|move|go|do|step|get|give|keep|breathe|sit|leave|come|hand|lock|stay)',
]);

type Has = (wanted: readonly number[]) => boolean;

function bodyQuestion(said: string, has: Has, life: boolean): Question | null {
  if (has(mark.breathing) && !life && !asksHow.isIn(said)) return body('imminent');
  if (asksSafe.isIn(said) && !/امان الله/.test(said))
    return { ...nobody, asks: 'threat', domain: 'abuse', no: 'high', unsure: 'moderate' };
  if (has(mark.voices) && (has(mark.hurt) || has(mark.kill))) return ask('commands', 'psychosis', 'high');
  if (has(mark.swallow) && !asksPlan.isIn(said)) return ask('attempt', 'overdose', 'imminent');
  const isClose = has(mark.child) || asksNear.isIn(said) || has(mark.soon);
  return has(mark.hit) && !life && !has(mark.try) ? ask('violence', 'abuse', isClose ? 'high' : 'moderate') : null;
}

function lifeQuestion(tagged: Tagged, said: string, has: Has, life: boolean): Question | null {
  const plans = asksPlan.isIn(said);
  if (asksRecent.isIn(said)) return ask('attempt', 'suicide', 'high');
  if ((has(mark.try) || asksTried.isIn(said)) && (life || has(mark.hurt) || has(mark.self)))
    return ask('attempt', 'suicide', has(mark.recent) || has(mark.soon) ? 'high' : 'moderate');
  if (has(mark.means) || asksNear.isIn(said)) return meansQuestion(tagged, said, life);
  if ((life && has(mark.soon) && !onlyNow(said)) || (plans && has(mark.soon)))
    return ask('plan', 'suicide', 'imminent');
  if (asksWhen.isIn(said))
    return { ...ask('plan', 'suicide', 'high'), answer: { marks: mark.soon, level: 'imminent' } };
  if (asksHow.isIn(said) && (life || plans || has(mark.think) || asksThought.isIn(said)))
    return { ...ask('plan', 'suicide', 'high'), answer: { marks: mark.means, level: 'high' } };
  if (has(mark.kill) || (life && (has(mark.self) || plans)))
    return ask(plans ? 'intent' : 'thoughts', 'suicide', 'high');
  if (has(mark.die) || (has(mark.live) && has(mark.self))) return ask('wish', 'suicide', 'moderate');
  if (has(mark.hurt))
    return ask('selfInjury', 'selfHarm', asksTold.isIn(said) && !has(mark.self) ? 'moderate' : 'high');
  return plans ? ask('plan', 'suicide', 'high') : null;
}

/** "Right now, are you thinking of…": of thoughts, and not of a time for the deed. */
function onlyNow(said: string): boolean {
  return thinksNow.isIn(said) && !namesTime.isIn(said);
}

const thinksNow = compilePhrases(['(الحين|الان|right now|now|at this moment|في هاللحظة)']);
const namesTime = compilePhrases(['(اليوم|الليلة|باكر|بكرة|غدا|هالليلة|today|tonight|tomorrow)']);
const asksTried = compilePhrases([
  '(حاولت|حاولتي|حاولتوا|حاولتم|جربت|جربتي|جربتوا|have you tried|ever tried|did you try)',
]);
const asksThought = compilePhrases(['(فكرت|فكرتي|فكرتوا|فكرتم|have you thought|thinking about|thought about)']);
const asksRecent = compilePhrases([
  '(اخر ثلاثة شهور|اخر ثلاثة اشهر|في الشهور الاخيرة|last three months|past three months|recent months)',
]);

function body(level: RiskLevel): Question {
  return { asks: 'bodilyEmergency', domain: 'medical', yes: 'none', no: level, unsure: level };
}

/** A plain yes to `what` is `level`; hesitation is one step that still asks for care. */
function ask(asks: RiskKind, domain: RiskDomain, level: RiskLevel): Question {
  return { asks, domain, yes: level, no: 'none', unsure: level === 'moderate' ? 'low' : 'moderate' };
}

function meansQuestion(tagged: Tagged, said: string, life: boolean): Question | null {
  if (!asksNear.isIn(said) && !life) return null;
  if (!hasAny(tagged, mark.means) && !life) return null;
  return {
    ...ask('means', 'suicide', 'imminent'),
    unsure: 'high',
    answer: { marks: [...mark.hold, ...mark.edge], level: 'imminent' },
  };
}

export function hasAny({ marks }: Tagged, wanted: readonly number[]): boolean {
  return marks.some((list) => list.some((one) => wanted.includes(one.mark)));
}
