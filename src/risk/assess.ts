import { higherRisk, isAtLeast, riskLevels, type RiskLevel } from '../call/meaning.ts';
import { answerOf, hasAny, isBareAnswer, questionOf, type Question } from './answers.ts';
import type { RiskAssessment, RiskMeans, RiskSignal } from './assessment.ts';
import { featuresOf } from './features.ts';
import { markOf } from './lexis.ts';
import { readLevels, type About, type LevelScores } from './model.ts';
import { modelManifest } from './modelData.ts';
import { findingsOf, type Finding } from './rules.ts';
import { tag, type Tagged } from './tagging.ts';
import { tokensOf } from './tokens.ts';
import { windowsOf } from './windows.ts';

/*
 * The deterministic floor. Rules over what words say, a small learned model over the same words and over what the rules found, and
 * the reading of bare answers in the light of Sanad's question. It can only raise: a classifier, a judge over the call and
 * the direct question stand above it. docs/decisions/risk-floor.md.
 */

export interface AssessOptions {
  /** Sanad's last question, in its own words; what a yes or no admits to. */
  readonly question?: string | null;
  /** Language tag of the call; the floor reads all its languages at once and needs none. */
  readonly lang?: string;
}

const calm: RiskAssessment = { level: 'none', signals: [] };

/**
 * The level that these words call for, final or partial, and why. Pure, no network; about three milliseconds for 60 words.
 * Never throws, whatever the string holds.
 */
export function assess(text: string, options: AssessOptions = {}): RiskAssessment {
  const question = options.question ? questionOf(options.question) : null;
  const answered = question === null ? calm : answerTo(text, question);
  if (isBareAnswer(text)) return answered;
  return blocksOf(text)
    .map(tag)
    .filter(({ words }) => words.length > 0)
    .map(statement)
    .reduce(combined, answered);
}

/** Nobody says more in one breath; of what is longer, the newest counts. Characters. */
const mostCharacters = 30_000;
const blockWords = 120;
/** So many words are in both of two blocks that follow each other. */
const sharedWords = 20;

/** What is very long is read in blocks, so that the time it takes grows with its length and no faster. */
function blocksOf(text: string): readonly string[] {
  if (text.length <= blockWords * 3) return [text];
  const words = text.slice(-mostCharacters).split(/\s+/);
  const blocks: string[] = [];
  for (let from = 0; from === 0 || from + sharedWords < words.length; from += blockWords - sharedWords)
    blocks.push(words.slice(from, from + blockWords).join(' '));
  return blocks;
}

/** Enough for a briefing; the same thing said twice is one signal. */
const mostSignals = 8;

function combined(one: RiskAssessment, other: RiskAssessment): RiskAssessment {
  return {
    level: higherRisk(one.level, other.level),
    signals: [...one.signals, ...other.signals].slice(0, mostSignals),
  };
}

function answerTo(text: string, question: Question): RiskAssessment {
  const answer = answerOf(text);
  const inKind = question.answer && hasAny(tag(text), question.answer.marks) ? question.answer.level : 'none';
  const level = higherRisk(answer === 'other' ? 'none' : question[answer], answer === 'no' ? 'none' : inKind);
  if (level === 'none') return calm;
  const time = level === 'imminent' ? 'now' : 'unknown';
  const kind = question.asks === 'unspecified' ? 'admission' : question.asks;
  return {
    level,
    signals: [{ domain: question.domain, subject: 'self', time, kind, reading: 'meant', source: 'rule' }],
  };
}

/** The level of a statement by itself. */
function statement(tagged: Tagged): RiskAssessment {
  const findings = findingsOf(tagged);
  const features = featuresOf(tagged, findings);
  const { scores, about } = readLevels(features, tokensOf(tagged, findings), windowsOf(tagged.words.length));
  const decided = decideLevel(findings, scores);
  // Of one or two words, often the beginning of a sentence, the model knows nothing; rules read them.
  const tooShort = tagged.words.length < leastWords && !findings.some(({ reading }) => reading === 'meant');
  const level = tooShort && isAtLeast(decided, 'moderate') ? 'low' : decided;
  if (level === 'none') return calm;
  const signals = signalsOf(tagged, findings);
  const explained = signals.some(({ reading }) => reading === 'meant') || level === 'low';
  return {
    level,
    signals: explained ? signals : [...signals, learnedSignal(tagged, about, level, scores)],
  };
}

const leastWords = 3;

/** What rules and model amount to together; `thresholds` are the odds above which each head of the model counts. */
export function decideLevel(
  findings: readonly Finding[],
  scores: LevelScores,
  thresholds: readonly number[] = modelManifest.thresholds,
): RiskLevel {
  const ruled = findings.map((finding) => ruledLevel(finding, scores, thresholds)).reduce(higherRisk, 'none');
  const margins = explainedMargins(findings);
  const raised = thresholds.map((each, head) => each + (margins[head] ?? 0));
  return higherRisk(learnedLevel(scores, raised), ruled);
}

/**
 * How much surer each head of the model must be where the rules see every dangerous word taken back, long over, or told of a story
 * or saying; and of more than a wish where a wish is all that was said.
 */
const margins = {
  none: [0, 0, 0, 0],
  denied: [0, 2, 3, 3],
  over: [0, 1, 2, 2],
  told: [0, 0, 0.5, 0.5],
  lesser: [0, 0, 2.5, 2.5],
  /** Nothing else is said but that it is not so. */
  onlyDenied: [0, 9, 9, 9],
} as const;
/** A finding that stands on so much of the utterance leaves nothing else to be said in it. */
const mostOfIt = 0.5;

function explainedMargins(findings: readonly Finding[]): readonly number[] {
  const weighty = findings.filter(({ rule }) => rule.level !== 'low');
  if (weighty.length === 0) return margins.none;
  if (weighty.every(({ reading }) => reading === 'denied'))
    return weighty.some(({ share }) => share >= mostOfIt) ? margins.onlyDenied : margins.denied;
  if (weighty.every(({ reading, time }) => reading === 'denied' || time === 'past')) return margins.over;
  if (weighty.every(({ reading }) => reading !== 'meant')) return margins.told;
  const isLesser = weighty.every(({ rule }) => rule.level === 'moderate');
  return isLesser && weighty.some(({ share }) => share >= mostOfIt) ? margins.lesser : margins.none;
}

/** How far below its threshold a head may be for a rule to count still, in odds. */
const doubt = 1.2;

/** A head counts only when those below it agree: what is no danger is not imminent either. */
function learnedLevel(levels: LevelScores, thresholds: readonly number[]): RiskLevel {
  const exceeds = (head: number) => (levels[head] ?? 0) > (thresholds[head] ?? 0);
  if (exceeds(2)) return exceeds(3) ? 'imminent' : 'high';
  if (exceeds(1)) return 'moderate';
  return exceeds(0) ? 'low' : 'none';
}

/**
 * A rule raises to its level when it is meant and the model does not firmly read the words as harmless: of the lines on which a
 * rule alone would have erred, most are told apart by what stands around them.
 */
function ruledLevel(finding: Finding, levels: LevelScores, thresholds: readonly number[]): RiskLevel {
  if (finding.reading === 'denied') return 'low';
  if (finding.reading === 'story') return 'low';
  if (finding.reading !== 'meant') return 'none';
  const level = levelOf(finding);
  const head = Math.max(0, riskLevels.indexOf(level) - 1);
  if (finding.rule.plain === true && finding.time !== 'past') return level;
  if ((levels[head] ?? 0) > (thresholds[head] ?? 0) - doubt) return level;
  if (!isAtLeast(level, 'high')) return 'low';
  const lesser = { ...finding, rule: { ...finding.rule, level: 'moderate', soon: 'moderate' } } as const;
  return ruledLevel(lesser, levels, thresholds);
}

function levelOf({ rule, time }: Finding): RiskLevel {
  if (time === 'past') return isAtLeast(rule.level, 'high') ? 'moderate' : rule.level;
  return time === 'soon' && rule.soon !== undefined ? rule.soon : rule.level;
}

const meansMarks: readonly (readonly [RiskMeans, number])[] = [
  ['medicine', markOf('pills')],
  ['poison', markOf('poison')],
  ['firearm', markOf('firearm')],
  ['blade', markOf('blade')],
  ['rope', markOf('rope')],
  ['height', markOf('height')],
  ['water', markOf('water')],
  ['vehicle', markOf('vehicle')],
  ['fire', markOf('fire')],
];

function meansOf(tagged: Tagged): RiskMeans | null {
  return meansMarks.find(([, mark]) => hasAny(tagged, [mark]))?.[0] ?? null;
}

function signalsOf(tagged: Tagged, findings: readonly Finding[]): readonly RiskSignal[] {
  const means = meansOf(tagged);
  const signals = findings.map(({ rule, time, reading }): RiskSignal => {
    const base = {
      domain: rule.domain,
      subject: rule.subject,
      time,
      kind: rule.kind,
      reading,
      source: 'rule',
    } as const;
    return means !== null && rule.kind !== 'topic' ? { ...base, means } : base;
  });
  const seen = new Set<string>();
  return signals
    .filter((signal) => {
      const key = JSON.stringify(signal);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, mostSignals);
}

function learnedSignal(
  tagged: Tagged,
  { domain, subject }: About,
  level: RiskLevel,
  [, , high]: LevelScores,
): RiskSignal {
  const means = meansOf(tagged);
  const base = {
    domain,
    subject,
    time: level === 'imminent' ? 'now' : 'unknown',
    kind: 'unspecified',
    reading: 'meant',
    source: 'model',
    certainty: high > modelManifest.firmHigh ? 'firm' : 'fair',
  } as const;
  return means === null ? base : { ...base, means };
}
