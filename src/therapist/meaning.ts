import { higherRisk, type Meaning, type RiskLevel, type Situation } from '../call/meaning.ts';
import { normalise, normalisedClauses, wordsOf } from '../text/normalise.ts';
import { compilePhrases, type Phrases } from '../text/phrases.ts';
import type { LanguagePack } from './languagePack.ts';
import {
  courtesies,
  hesitations,
  mannersOfSpeaking,
  noAnswers,
  noOpenings,
  openEnds,
  plainAnswers,
  stillThere,
  yesAnswers,
  yesOpenings,
} from './words/both.ts';
import { putsOff, takesBackContact, takesBackWords } from './words/consent.ts';
import { ratingIn } from './words/rating.ts';

/** What the lists of one pack look like once compiled; one per pack for the life of the process. */
interface Listening {
  readonly backchannels: Phrases;
  readonly human: Phrases;
  readonly noPerson: Phrases;
  readonly overheard: Phrases;
  readonly humanInShort: Phrases;
  readonly stop: Phrases;
  readonly goodbye: Phrases;
  readonly trailing: Phrases;
  readonly painful: Phrases;
}

const answers = compilePhrases(plainAnswers);
const courtesy = compilePhrases(courtesies);
const speaking = compilePhrases(mannersOfSpeaking);
const yes = { whole: compilePhrases(yesAnswers), opening: compilePhrases(yesOpenings) };
const no = { whole: compilePhrases(noAnswers), opening: compilePhrases(noOpenings) };
const hesitation = compilePhrases(hesitations);
const openEnd = compilePhrases(openEnds);
const listens = compilePhrases(stillThere);
const takingBack = { words: compilePhrases(takesBackWords), contact: compilePhrases(takesBackContact) };
const later = compilePhrases(putsOff);
/** A longer utterance that begins with yes or no tells a story; what it says is for the risk floor and the models. */
const answerWords = 6;
const compiled = new WeakMap<LanguagePack, Listening>();

/** A single word such as "operator" asks for a person only when hardly anything else is said. */
const shortRequestWords = 3;
/** "Stop" is an order to Sanad only when it is short and nothing but that. */
const orderWords = 6;
/** Of a goodbye, at most this share may be other words: "قلت لهم مع السلامة" is a story and no goodbye. */
const otherWordsInGoodbye = 1 / 3;

/** What stands before "somebody hears me" and makes it a wish or a complaint. */
const notSo =
  /(?:^| )[وف]?(?:ما|مافي|مافيه|ما في|ما فيه|ماحد|محد|لا|ولا|ابا|ابي|ابغي|ابغا|اريد|احتاج|محتاج|محتاجه|ودي|ليت|اتمني|لو|وين|no|nobody|want|need|wish|if|like)$/;

/** Negations that turn a wish for a person round when they stand right before it. */
const negated = /(?:^| )[وف]?(?:ما|مو|مب|مش|ماني|منيب|لن|لم|ليش|dont|do not|not|never|didnt|doesnt|wont|you|they)$/;
/** `لا` negates only the standard verb; before the dialect's verbs it answers: "لا، أبا أكلم إنسان". */
const standardWish = /^[وف]?(?:اريد|ارغب|احتاج|يمكنني)/;

/**
 * What a caller's words amount to for the control of the call. `text` is as the recogniser wrote it, final or partial;
 * `risk` is what the risk floor says of the same words. Pure, below 0.2 ms for an utterance of 40 words.
 */
export function understand(
  text: string,
  pack: LanguagePack,
  given: { readonly risk: RiskLevel; readonly situation: Situation | null },
): Meaning {
  const listening = listeningOf(pack);
  const said = normalise(text);
  const wordCount = wordsOf(said).length;
  return {
    wordCount,
    backchannel: !/[?؟]\s*$/.test(text) && listening.backchannels.areAllOf(said),
    asks: asksOf(text, said, wordCount, listening),
    ending: endingOf(text, said, listening),
    painful: isDanger(given.risk) || listening.painful.isIn(speaking.without(said)),
    risk: given.risk,
    situation: given.situation,
    answer: wordCount > answerWords + 4 ? null : answerOf(text, given.risk),
    overheard: listening.overheard.isIn(said) && isOverheard(said, listening),
    ...consentOf(text, said),
    ...(wordCount > answerWords + 4 ? {} : ratingOf(text)),
  };
}

/**
 * By the whole of it, or by how it begins, up to the first comma. A no in words of danger ("لا، أبا أموت") denies nothing, nor does one that is
 * taken back; "نعم؟" asks what was said.
 */
function answerOf(text: string, risk: RiskLevel): Meaning['answer'] {
  const clauses = normalisedClauses(text).map(withoutHesitation);
  const [opening = ''] = clauses.filter((clause) => clause !== '');
  const said = clauses.join(' ').trim();
  const wordCount = wordsOf(said).length;
  if (wordCount === 0 || wordCount > answerWords || /^[^.,;:!،؛…]*[?؟]/.test(text)) return null;
  const isSaid = ({ whole, opening: begins }: typeof yes): boolean =>
    whole.areAllOf(opening) || whole.areAllOf(courtesy.without(said)) || begins.find(said)[0]?.before === '';
  if (isSaid(no)) return isDanger(risk) || openEnd.isIn(said) ? null : 'no';
  return isSaid(yes) && !listens.isIn(said) ? 'yes' : null;
}

function withoutHesitation(clause: string): string {
  let rest = clause;
  for (;;) {
    const [first] = hesitation.find(rest);
    if (first?.before !== '') return rest;
    rest = first.after;
  }
}

function isDanger(risk: RiskLevel): boolean {
  return higherRisk(risk, 'moderate') === risk;
}

function listeningOf(pack: LanguagePack): Listening {
  const known = compiled.get(pack);
  if (known) return known;
  const { words } = pack;
  const isOneWord = (phrase: string) => !/[\s()]/.test(phrase);
  const listening: Listening = {
    backchannels: compilePhrases(words.backchannels),
    human: compilePhrases(words.asksForHuman.filter((phrase) => !isOneWord(phrase))),
    noPerson: compilePhrases(words.refusesPerson),
    overheard: compilePhrases(words.overheard),
    humanInShort: compilePhrases(words.asksForHuman.filter(isOneWord)),
    stop: compilePhrases(words.asksToStop),
    goodbye: compilePhrases(words.saysGoodbye),
    trailing: compilePhrases(words.trailing),
    painful: compilePhrases(words.painful, { articles: true }),
  };
  compiled.set(pack, listening);
  return listening;
}

function asksOf(text: string, said: string, wordCount: number, listening: Listening): Meaning['asks'] {
  if (wordCount === 0) return 'nothing';
  // Most words hold no such phrase at all; only those that do are read clause by clause.
  if (listening.noPerson.isIn(said) && refusesPerson(text, listening)) return 'noPerson';
  if (listening.human.isIn(said) && wantsHuman(text, listening)) return 'human';
  if (asksInShort(text, said, wordCount, listening)) return 'human';
  if (isOrder(said, wordCount, listening)) return 'stop';
  if (isGoodbye(said, wordCount, listening)) return 'goodbye';
  return 'nothing';
}

function ratingOf(text: string): Pick<Meaning, 'rating'> {
  const rating = ratingIn(text);
  return rating === null ? {} : { rating };
}

/** Of consent, if anything. Told to us and not of others: "he said don't call me" takes nothing back. */
function consentOf(text: string, said: string): Pick<Meaning, 'consent'> {
  if (takingBack.words.isIn(said) && isToldUs(text, takingBack.words)) return { consent: 'takesBackWords' };
  if (takingBack.contact.isIn(said) && isToldUs(text, takingBack.contact)) return { consent: 'takesBackContact' };
  const rest = no.whole.without(withoutHesitation(later.without(said)));
  return later.isIn(said) && courtesy.without(rest) === '' ? { consent: 'later' } : {};
}

/** Nothing but courtesies and a no stand before it in its clause. */
function isToldUs(text: string, phrases: Phrases): boolean {
  return normalisedClauses(text).some((clause) =>
    phrases
      .find(clause)
      .some(({ before }) => pleas.without(courtesy.without(no.whole.without(withoutHesitation(before)))) === ''),
  );
}

const pleas = compilePhrases(['(please|and|also|then|now|ok|و|كمان|بعد|ارجوكم|لو سمحتوا|من فضلكم)']);

function isOverheard(said: string, listening: Listening): boolean {
  return listening.overheard.find(said).some(({ before }) => !notSo.test(before));
}

/** Told to us: "my mother talks to nobody" is a story, and "I want nobody to see me so" a wish of another kind. */
function refusesPerson(text: string, listening: Listening): boolean {
  return normalisedClauses(text).some((clause) =>
    listening.noPerson.find(clause).some(({ before, after }) => {
      const opens = courtesy.without(no.whole.without(withoutHesitation(before))) === '';
      return opens && !/^(?:to|who|that|ي\S+)(?: |$)/.test(courtesy.without(after));
    }),
  );
}

function wantsHuman(text: string, listening: Listening): boolean {
  return normalisedClauses(text).some((clause) =>
    listening.human.find(clause).some(({ before, matched }) => !isNegated(before, matched)),
  );
}

/** "إنسان؟" asks what we are; "إنسان" alone asks for one. */
function asksInShort(text: string, said: string, wordCount: number, listening: Listening): boolean {
  const asksBack = /[?؟]\s*$/.test(text);
  return wordCount <= shortRequestWords && !asksBack && listening.humanInShort.areAllOf(courtesy.without(said));
}

function isNegated(before: string, matched: string): boolean {
  if (negated.test(before)) return true;
  return /(?:^| )[وف]?لا$/.test(before) && standardWish.test(matched);
}

function isOrder(said: string, wordCount: number, listening: Listening): boolean {
  if (wordCount > orderWords || !listening.stop.isIn(said)) return false;
  return courtesy.without(listening.stop.without(said)) === '';
}

function isGoodbye(said: string, wordCount: number, listening: Listening): boolean {
  if (!listening.goodbye.isIn(said)) return false;
  const others = wordsOf(courtesy.without(listening.goodbye.without(said))).length;
  return others <= wordCount * otherWordsInGoodbye && (others === 0 || wordCount > 3);
}

function endingOf(text: string, said: string, listening: Listening): Meaning['ending'] {
  if (said === '') return 'open';
  if (answers.areAllOf(said)) return 'complete';
  // Recognisers close every final with a full stop, so a last word that leads on outweighs it.
  if (listening.trailing.isLastIn(said) || /(?:[,،:؛…-]|\.{2,})\s*$/.test(text)) return 'trailing';
  return /[.!?؟]["'»”)\s]*$/.test(text) ? 'complete' : 'open';
}
