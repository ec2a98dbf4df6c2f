import { higherRisk, isAtLeast, riskLevels, type RiskLevel } from '../call/meaning.ts';
import { normalise, wordsOf } from '../text/normalise.ts';
import { compilePhrases } from '../text/phrases.ts';
import { answerOf, questionOf } from './answers.ts';
import { assess } from './assess.ts';
import type { RiskAssessment, RiskKind, RiskSignal } from './assessment.ts';

/**
 * What is known of the danger over a call. It is only raised, with one exception: after a second neutral question about safety, a
 * clarification with a reason lowers it by one step, once. A bare denial lowers nothing (clinical.md §2.1, §3).
 */
export interface RiskCourse {
  readonly level: RiskLevel;
  /** Different kinds of hints so far, which together are more than each alone. */
  readonly hints: readonly RiskKind[];
  readonly means: boolean;
  /** Turns in which rules found at least a wish to be dead, or what compares with it. */
  readonly signs: number;
  /** Turns that only the model took for dangerous, and not firmly; and the highest level that it gave them. */
  readonly guesses: number;
  readonly guessed: RiskLevel;
  /** Questions about safety since the level was last raised. */
  readonly asked: number;
  readonly lowered: boolean;
  /** Sanad's words since the caller last spoke. */
  readonly question: string | null;
}

export const startOfCourse: RiskCourse = {
  level: 'none',
  hints: [],
  means: false,
  signs: 0,
  guesses: 0,
  guessed: 'none',
  asked: 0,
  lowered: false,
  question: null,
};

/** Sanad has said something: what comes next may answer it. */
export function sanadSaid(course: RiskCourse, text: string): RiskCourse {
  const question = questionOf(text);
  const asked = question === null ? course.asked : course.asked + 1;
  return { ...course, question: text, asked };
}

/** The caller's turn, as it was assessed with the question at hand. */
export function callerSaid(course: RiskCourse, text: string, assessed: RiskAssessment): RiskCourse {
  const meant = assessed.signals.filter(({ reading }) => reading === 'meant');
  const hints = [...new Set([...course.hints, ...meant.map(({ kind }) => kind).filter(isHint)])];
  const means = course.means || meant.some((signal) => signal.means !== undefined);
  const weighed = weigh(course, assessed);
  const together = higherRisk(togetherLevel(hints, means), weighed.level);
  const level = higherRisk(course.level, together);
  const raised = level !== course.level;
  const { signs, guesses, guessed } = weighed;
  const asked = raised ? 0 : course.asked;
  const next = { ...course, hints, means, signs, guesses, guessed, level, asked, question: null };
  return !raised && isClarified(course, text, assessed) ? { ...next, level: oneLower(level), lowered: true } : next;
}

/**
 * Over the many turns of a call a model that errs once in twenty lines would err in most calls. So what only it found, and not
 * firmly, asks for the direct question by itself, and for a person together with anything else: a sign, or another such turn.
 */
function weigh(
  { signs, guesses, guessed }: RiskCourse,
  assessed: RiskAssessment,
): Pick<RiskCourse, 'level' | 'signs' | 'guesses' | 'guessed'> {
  const isGuess = restsOnGuess(assessed);
  const isSign = !isGuess && isAtLeast(assessed.level, 'moderate') && assessed.signals.some(isRuled);
  const seen = {
    signs: signs + (isSign ? 1 : 0),
    guesses: guesses + (isGuess ? 1 : 0),
    guessed: isGuess ? higherRisk(guessed, assessed.level) : guessed,
  };
  if (seen.guesses > 0 && seen.guesses + seen.signs > 1)
    return { ...seen, level: higherRisk(assessed.level, seen.guessed) };
  return { ...seen, level: isGuess ? 'moderate' : assessed.level };
}

const isRuled = ({ reading, source }: RiskSignal): boolean => reading === 'meant' && source === 'rule';

function restsOnGuess({ level, signals }: RiskAssessment): boolean {
  const meant = signals.filter(({ reading }) => reading === 'meant');
  return isAtLeast(level, 'high') && meant.length > 0 && meant.every(({ certainty }) => certainty === 'fair');
}

const hintKinds: ReadonlySet<RiskKind> = new Set([
  'burden',
  'wish',
  'farewell',
  'lethality',
  'selfInjury',
  'means',
  'attempt',
]);
const isHint = (kind: RiskSignal['kind']): boolean => hintKinds.has(kind);

/** So many hints of different kinds need a person, though none of them did. */
const manyHints = 3;

function togetherLevel(hints: readonly RiskKind[], means: boolean): RiskLevel {
  if (hints.length >= manyHints) return 'high';
  return means && hints.includes('farewell') ? 'high' : 'none';
}

const reasons = compilePhrases([
  '(لان|لاني|لانه|لأنه|قصدي|اقصد|كنت اقصد|كنت امزح|امزح|كنت معصب|كنت معصبة|كنت زعلان|كنت زعلانة|يعني كنت|ما قصدت|ما كان قصدي|فهمتني غلط|فهمتيني غلط|كلام زعل|كلام وقت|مثل ما يقولون|اغنية|فيلم|مسلسل|لعبة|عشان|السالفة ان|اقولك الصدق|الدكتور|زوجتي معي|اهلي معي)',
  '(because|i meant|i mean|what i meant|i was talking about|i was joking|it was a joke|i was angry|just an expression|figure of speech|the song|the movie|the game|you misunderstood|i was referring|it was about|i have my|with my family|my doctor)',
  '(2a9di|qasdi|8asdi|ga9di|gasdi|kent amza7|kint amza7|amza7|li2anni|le2ani|laani|3shan|3ashan|ya3ni kent)',
]);
const reasonWords = 6;
const askedTwice = 2;

function isClarified(course: RiskCourse, text: string, assessed: RiskAssessment): boolean {
  if (course.lowered || course.asked < askedTwice || course.question === null) return false;
  if (questionOf(course.question) === null || isAtLeast(assessed.level, 'moderate')) return false;
  const said = normalise(text);
  return answerOf(text) === 'no' && wordsOf(said).length >= reasonWords && reasons.isIn(said);
}

function oneLower(level: RiskLevel): RiskLevel {
  return riskLevels[Math.max(0, riskLevels.indexOf(level) - 1)] ?? level;
}

export interface DialogueTurn {
  readonly speaker: 'caller' | 'sanad';
  readonly text: string;
}

export interface DialogueAssessment {
  /** What the call's level was after each of the caller's turns. */
  readonly levels: readonly RiskLevel[];
  /** What it is at the end. */
  readonly level: RiskLevel;
}

/** A whole dialogue by the floor alone. Pure. */
export function assessDialogue(turns: readonly DialogueTurn[]): DialogueAssessment {
  const levels: RiskLevel[] = [];
  let course = startOfCourse;
  for (const { speaker, text } of turns) {
    if (speaker === 'sanad') {
      course = sanadSaid(course, text);
      continue;
    }
    course = callerSaid(course, text, assess(text, { question: course.question }));
    levels.push(course.level);
  }
  return { levels, level: course.level };
}
