import { higherRisk, type Meaning, type RiskLevel, type Situation } from '../call/meaning.ts';
import { normalise, normalisedClauses, wordsOf } from '../text/normalise.ts';
import { compilePhrases, type Phrases } from '../text/phrases.ts';
import type { LanguagePack } from './languagePack.ts';
import {
  courtesies,
  mannersOfSpeaking,
  noAnswers,
  noOpenings,
  plainAnswers,
  yesAnswers,
  yesOpenings,
} from './words/both.ts';

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
/** A longer utterance that begins with yes or no tells a story; what it says is for the risk floor and the models. */
const answerWords = 6;
const compiled = new WeakMap<LanguagePack, Listening>();

/** A single word such as "operator" asks for a person only when hardly anything else is said. */
const shortRequestWords = 3;
/** "Stop" is an order to Sanad only when it is short and nothing but that. */
const orderWords = 6;
/** Of a goodbye, at most this share may be other words: "قلت لهم مع السلامة" is a story and no goodbye. */
const otherWordsInGoodbye = 1 / 3;

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
    answer: answerOf(text, said, wordCount, given.risk),
    overheard: listening.overheard.isIn(said),
  };
}

/** By the whole of it, or by how it begins, up to the first comma. A no in words of danger ("لا، أبا أموت") denies nothing. */
function answerOf(text: string, said: string, wordCount: number, risk: RiskLevel): Meaning['answer'] {
  if (wordCount === 0 || wordCount > answerWords) return null;
  const [opening = said] = normalisedClauses(text);
  const answers = ({ whole, opening: begins }: typeof yes): boolean =>
    whole.areAllOf(opening) || whole.areAllOf(courtesy.without(said)) || begins.find(said)[0]?.before === '';
  if (answers(no)) return isDanger(risk) ? null : 'no';
  return answers(yes) ? 'yes' : null;
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
  if (listening.noPerson.isIn(said)) return 'noPerson';
  if (asksForHuman(text, said, wordCount, listening)) return 'human';
  if (isOrder(said, wordCount, listening)) return 'stop';
  if (isGoodbye(said, wordCount, listening)) return 'goodbye';
  return 'nothing';
}

function asksForHuman(text: string, said: string, wordCount: number, listening: Listening): boolean {
  const wished = normalisedClauses(text).some((clause) =>
    listening.human.find(clause).some(({ before, matched }) => !isNegated(before, matched)),
  );
  if (wished) return true;
  // "إنسان؟" asks what we are; "إنسان" alone asks for one.
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
