import { higherRisk, type RiskLevel } from '../call/meaning.ts';
import { normalise, normalisedClauses } from '../text/normalise.ts';
import { compilePhrases, type PhraseMatch } from '../text/phrases.ts';
import { idioms, riskFamilies, soon, stories, type RiskFamily } from './families.ts';

/*
 * The first slice of the deterministic floor: plain wordings with simple guards for negation, idiom and story. It has no
 * context, no history and no acoustics, and by itself it misses what is hinted at. It can only raise a level; a classifier,
 * a judge over the call and the direct question stand above it.
 */

const families = riskFamilies.map((family) => ({ ...family, phrases: compilePhrases(family.says) }));
const soonWords = compilePhrases(soon);
const idiomWords = compilePhrases(idioms);
const storyWords = compilePhrases(stories);

/** How many words before a wording a negation may stand. */
const negationReach = 3;
const negations =
  /(?:^| )[وف]?(?:ما|مو|مب|مش|لا|لم|لن|ليس|ماني|مستحيل|ولا|dont|do not|didnt|did not|not|never|wouldnt|would not|wont|cant|no)(?= |$)/;
/** Words that take the negation back: "I don't know, I want to…", "لا، أبا…" spoken without a pause. */
const restarts = /(?:know|sure|اعرف|ادري|مدري|لكن|بس|but|because|لان|لاني)(?= |$)/;

/**
 * The level that these words by themselves call for; partial transcripts are welcome. Pure, no network, below 1 ms for an
 * utterance of 60 words. A denial ("I don't want to die") is `low`, since it names the topic: what it means for the call is
 * not decided here.
 */
export function assessWords(text: string): RiskLevel {
  const whole = normalise(text);
  if (whole === '') return 'none';
  const isStory = storyWords.isIn(whole);
  const isSoon = soonWords.isIn(whole);
  return normalisedClauses(text)
    .map((clause) => idiomWords.without(clause))
    .filter((clause) => clause !== '')
    .flatMap((clause) => families.flatMap((family) => levelsOf(family, clause, isStory, isSoon)))
    .reduce(higherRisk, 'none');
}

function levelsOf(
  family: (typeof families)[number],
  clause: string,
  isStory: boolean,
  isSoon: boolean,
): readonly RiskLevel[] {
  return family.phrases.find(clause).map((match) => {
    if (family.negation === 'negated' && isNegated(match)) return 'low';
    if (family.name === 'topic' && isStory) return 'low';
    return isSoon && makesImminent(family) ? 'imminent' : family.level;
  });
}

function makesImminent(family: RiskFamily): boolean {
  return family.name === 'activeIntent' || family.name === 'othersIntent';
}

/** Before a verb of the dialect a bare `لا` answers and does not negate: "لا، أبا أموت", said without a pause. */
const dialectWish = /^[وف]?(?:ابا|ابغي|ابغا|ابي|باغي|باغيه|ودي)(?= |$)/;

function isNegated({ before, matched }: PhraseMatch): boolean {
  if (/(?:^| )[وف]?لا$/.test(before) && dialectWish.test(matched)) return false;
  const near = before.split(' ').slice(-negationReach).join(' ');
  const negation = near.match(negations);
  return negation !== null && !restarts.test(near.slice((negation.index ?? 0) + negation[0].length));
}
