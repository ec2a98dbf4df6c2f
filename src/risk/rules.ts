import { markOf } from './lexis.ts';
import { ruleBook, type Rule } from './ruleBook.ts';
import type { Tagged } from './tagging.ts';
import type { RiskSignal, RiskTime } from './assessment.ts';
import type { Reading } from './reading.ts';

/** Where a rule holds, and how it is meant. */
export interface Finding extends Reading {
  readonly rule: Rule;
  readonly reading: RiskSignal['reading'];
  readonly time: RiskTime;
  /** Share of the utterance's words that it stands on. */
  readonly share: number;
}

interface Step {
  readonly marks: ReadonlySet<number>;
  /** Other words at most before it. */
  readonly gap: number;
}

interface Pattern {
  readonly rule: Rule;
  readonly steps: readonly Step[];
}

const usualGap = 2;

function parse(rule: Rule, pattern: string): Pattern {
  const steps: Step[] = [];
  let gap = usualGap;
  for (const part of pattern.split(' ')) {
    if (part.startsWith('~')) {
      gap = Number(part.slice(1));
      continue;
    }
    steps.push({ marks: new Set(part.split('|').map(markOf)), gap });
    gap = usualGap;
  }
  return { rule, steps };
}

const byFirst = new Map<number, Pattern[]>();
for (const rule of ruleBook)
  for (const text of rule.patterns) {
    const pattern = parse(rule, text);
    for (const mark of pattern.steps[0]?.marks ?? []) byFirst.set(mark, [...(byFirst.get(mark) ?? []), pattern]);
  }

export function findingsOf(tagged: Tagged): readonly Finding[] {
  const found: Finding[] = [];
  const whole = contextOf(tagged);
  tagged.marks.forEach((marks, from) => {
    for (const { mark, end } of marks)
      for (const { rule, steps } of byFirst.get(mark) ?? none) {
        const to = endOf(tagged, steps, 1, end);
        if (to === null || found.some((one) => one.rule === rule && one.from <= from && one.to >= to)) continue;
        const reading = readingOf(tagged, whole, rule, from, to);
        const share = (to - from) / tagged.words.length;
        found.push({ rule, from, to, reading, share, time: timeOf(tagged, from, to), mark: `${rule.name} ${reading}` });
      }
  });
  return found;
}

const none: readonly Pattern[] = [];

function endOf({ marks }: Tagged, steps: readonly Step[], step: number, at: number): number | null {
  const next = steps[step];
  if (next === undefined) return at;
  for (let word = at; word < marks.length && word <= at + next.gap; word += 1)
    for (const { mark, end } of marks[word] ?? []) {
      if (!next.marks.has(mark)) continue;
      const to = endOf({ marks } as Tagged, steps, step + 1, end);
      if (to !== null) return to;
    }
  return null;
}

const neg = markOf('neg');
const negStrong = markOf('neg.strong');
const media = markOf('media');
const soon = markOf('soon');
const date = markOf('date');
const recent = markOf('recent');
const remote = markOf('remote');
const ifMark = markOf('if');
const idiomPhrase = markOf('idiomPhrase');
const laughCause = markOf('laughCause');
const idiomObject = markOf('idiomObject');
const workCause = markOf('workCause');
const religious = markOf('religious');
const recovered = markOf('recovered');
/** Laughter and sport: whoever means it does not laugh of it in the same breath. */
const playful = ['laugh.aloud', 'sport'].map(markOf);

interface Context {
  readonly playful: boolean;
  readonly media: boolean;
  readonly religious: boolean;
}

function contextOf({ marks }: Tagged): Context {
  const has = (wanted: number) => marks.some((list) => list.some(({ mark }) => mark === wanted));
  return { playful: playful.some(has), media: has(media), religious: has(religious) };
}

function readingOf(tagged: Tagged, whole: Context, rule: Rule, from: number, to: number): RiskSignal['reading'] {
  if (rule.negation === 'plain' && isNegated(tagged, from)) return 'denied';
  if (near(tagged, from - 1, to + 2, [idiomPhrase]) || isOfACause(tagged, to)) return 'idiom';
  if (whole.playful && isSaying(rule)) return 'idiom';
  if (whole.media) return 'story';
  return whole.religious ? 'religious' : 'meant';
}

/** Only what is a common saying is taken for one. */
const isSaying = ({ domain }: Rule): boolean => domain === 'suicide' || domain === 'harmOthers';

const negationReach = 3;
/** "من الضحك", "of hunger": what one dies of and does not. */
function isOfACause({ words, marks }: Tagged, to: number): boolean {
  return [to, to + 1, to + 2].some(
    (at) =>
      causal.test(words[at - 1] ?? '') &&
      (marks[at] ?? []).some(({ mark }) => mark === laughCause || mark === idiomObject || mark === workCause),
  );
}
const causal = /^(?:من|كثر|كتر|في|علي|of|from|for|with)$/;

const restarts = /^(?:know|sure|اعرف|ادري|مدري|لكن|بس|but|because|لان|لاني|only|except|until|الا)$/;
const dialectWish = /^[وف]?(?:ابا|ابغي|ابغا|ابي|باغي|باغيه|ودي)$/;

function isNegated({ words, clauses, marks }: Tagged, from: number): boolean {
  for (let at = from - 1; at >= 0 && at >= from - negationReach; at -= 1) {
    if (clauses[at] !== clauses[from] || restarts.test(words[at] ?? '') || joinsOn(words[at + 1] ?? '')) return false;
    if (!(marks[at] ?? []).some(({ mark }) => mark === neg || mark === negStrong)) continue;
    // Before a verb of the dialect a bare `لا` answers: "لا أبا أموت", said without a pause.
    return !(/^[وف]?لا$/.test(words[at] ?? '') && at === from - 1 && dialectWish.test(words[from] ?? ''));
  }
  return false;
}

/** A verb joined on with و is no longer under the negation before: "ما أبا أعيش وأفكر…". */
function joinsOn(word: string): boolean {
  return word.startsWith('و') && word.length > 3 && !ownWaw.test(word);
}
const ownWaw = /^(?:والله|والد|ولد|وصي|وجع|وحد|وقت|وين|وايد|واجد|وسواس|وداع|وفا|وضع)/;

function near({ marks }: Tagged, from: number, to: number, wanted: readonly number[]): boolean {
  for (let at = Math.max(0, from); at < Math.min(marks.length, to); at += 1)
    if ((marks[at] ?? []).some(({ mark }) => wanted.includes(mark))) return true;
  return false;
}

const timeReach = 10;

function timeOf(tagged: Tagged, from: number, to: number): RiskTime {
  const [least, most] = [from - timeReach, to + timeReach];
  if (near(tagged, least, most, [recovered])) return 'past';
  if (near(tagged, least, most, [soon])) return 'soon';
  if (near(tagged, least, most, [date])) return 'soon';
  if (near(tagged, least, most, [recent])) return 'recent';
  if (near(tagged, least, most, [remote])) return 'past';
  return near(tagged, least, most, [ifMark]) ? 'hypothetical' : 'unknown';
}
