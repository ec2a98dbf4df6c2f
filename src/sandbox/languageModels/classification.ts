import { z } from 'zod';
import {
  agoWords,
  alone,
  askedDirectly,
  brushesOff,
  childWords,
  explains,
  idiomWords,
  meansWords,
  mediaWords,
  nearWords,
  negationBefore,
  noWords,
  otherWords,
  overheard,
  signs,
  soonWords,
  yesWords,
  type Level,
  type Sign,
} from './classificationWords.ts';
import { simplify, type HeardMessage } from './listener.ts';

/**
 * What the stand-in answers when a request asks for an object instead of words: a simulated classification by a few obvious
 * words in the talk that the request carries. The same talk always gets the same answer. It understands nothing and is no measure
 * of how well a model would detect danger.
 */

interface Turn {
  readonly speaker: 'caller' | 'sanad';
  readonly words: string;
  readonly assess: boolean;
}

interface Talk {
  readonly turns: readonly Turn[];
  /** The level at which the request says that the call is held. */
  readonly held: Level;
}

const levels: readonly Level[] = ['none', 'low', 'moderate', 'high', 'imminent'];

const sentTalk = z.object({
  call: z.object({ callLevel: z.enum(['none', 'low', 'moderate', 'high', 'imminent']).optional() }).optional(),
  turns: z.array(
    z.object({
      speaker: z.enum(['caller', 'sanad']).optional(),
      words: z.string().default(''),
      assess: z.boolean().default(false),
    }),
  ),
});

/** The talk in the request: JSON turns in the last user message, or else the messages themselves. */
function talkIn(messages: readonly HeardMessage[]): Talk {
  const last = messages.findLast(({ role }) => role === 'user')?.text ?? '';
  const sent = sentTalk.safeParse(parseJson(last));
  if (sent.success) {
    const turns = sent.data.turns.flatMap(({ speaker, ...turn }) =>
      speaker === undefined ? [] : [{ ...turn, speaker }],
    );
    return { turns, held: sent.data.call?.callLevel ?? 'none' };
  }
  const turns = messages.map(({ role, text }): Turn => ({
    speaker: role === 'user' ? 'caller' : 'sanad',
    words: text,
    assess: false,
  }));
  return { turns, held: 'none' };
}

interface Reading {
  readonly level: Level;
  readonly words: string;
  readonly sign: Sign | null;
  readonly isNegated: boolean;
  readonly isMedia: boolean;
  readonly isSoon: boolean;
  readonly quote: string | null;
}

/** Every field that a schema of the application may ask for; `fill` takes those that it does ask for. */
export function classification(
  messages: readonly HeardMessage[],
  wants: 'lastWords' | 'wholeCall',
): Readonly<Record<string, unknown>> {
  const { turns, held } = talkIn(messages);
  const callers = turns.flatMap((turn, index) => (turn.speaker === 'caller' ? [{ turn, index }] : []));
  const marked = callers.filter(({ turn }) => turn.assess);
  const assessed = wants === 'wholeCall' ? callers : marked.length > 0 ? marked : callers.slice(-1);
  const readings = assessed.map(({ turn, index }) => readTurn(turn.words, turns[index - 1]));
  const weightiest = readings.reduce<Reading | null>(
    (best, next) => (best === null || rank(next.level) > rank(best.level) ? next : best),
    null,
  );
  const level = weightiest?.level ?? 'none';
  const said = readings.map(({ words }) => words).join(' ');
  return {
    ...fieldsOf(weightiest, said),
    clarification: clarificationIn(readings.at(-1), held),
    missed: rank(level) > rank(held),
    reasons: [
      ...new Set(
        readings.flatMap(({ sign, isNegated }) => (sign === null ? [] : [isNegated ? 'sincereDenial' : sign.reason])),
      ),
    ],
  };
}

function fieldsOf(weightiest: Reading | null, said: string): Readonly<Record<string, unknown>> {
  const sign = weightiest?.sign ?? null;
  const level = weightiest?.level ?? 'none';
  const isDanger = rank(level) >= rank('moderate');
  const isNear = nearWords.test(said);
  return {
    level,
    subject: sign === null ? 'none' : childWords.test(said) ? 'child' : otherWords.test(said) ? 'other' : 'self',
    time: sign === null ? 'none' : agoWords.test(said) ? 'past' : 'now',
    domain: sign?.domain ?? 'none',
    means: isDanger ? Object.keys(meansWords).filter((name) => meansWords[name]?.test(said)) : [],
    plan:
      sign?.plan === 'underWay'
        ? 'underWay'
        : isDanger && isNear
          ? 'prepared'
          : isDanger
            ? (sign?.plan ?? 'none')
            : 'none',
    negated: weightiest?.isNegated ?? false,
    intentToday: level === 'imminent' && sign?.grows === true,
    commandVoices: isDanger && sign?.voices === true,
    canTalkFreely: overheard.test(said) ? 'no' : 'unknown',
    alone: alone.test(said) ? 'yes' : 'unknown',
    childInvolved: isDanger && childWords.test(said),
    refersToMedia: weightiest?.isMedia ?? false,
    quote: level === 'none' ? null : (weightiest?.quote ?? null),
    confidence: sign === null ? 'low' : 'medium',
  };
}

function readTurn(raw: string, before: Turn | undefined): Reading {
  const words = simplify(raw)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const literal = words.replace(idiomWords, '').replace(/ +/g, ' ').trim();
  const facts = { words: literal, isMedia: mediaWords.test(literal), isSoon: soonWords.test(literal) };
  const answer = readAnswer(literal, before);
  if (answer !== null) return { ...facts, ...answer };
  for (const sign of signs) {
    const found = sign.hears.exec(literal);
    if (found === null) continue;
    const isNegated = negationBefore.test(literal.slice(0, found.index));
    const isTold = isNegated || facts.isMedia;
    const isHere = sign.grows === true && (facts.isSoon || nearWords.test(literal));
    const level = isTold && rank(sign.level) > rank('low') ? 'low' : isHere ? 'imminent' : sign.level;
    return { ...facts, level, sign, isNegated, quote: rawWords(raw, literal, found) };
  }
  return { ...facts, level: 'none', sign: null, isNegated: false, quote: null };
}

/** A bare yes or no to a question about dying: the one thing that only the question before it can tell. */
function readAnswer(words: string, before: Turn | undefined): Omit<Reading, 'words' | 'isMedia' | 'isSoon'> | null {
  if (words.split(' ').length > 3 || before?.speaker !== 'sanad' || !askedDirectly.test(simplify(before.words)))
    return null;
  const sign = signs.find(({ reason }) => reason === 'thoughtsOfSuicide') ?? null;
  const quote = words.split(' ')[0] ?? null;
  if (yesWords.test(words)) return { level: 'high', sign, isNegated: false, quote };
  return noWords.test(words) ? { level: 'low', sign, isNegated: true, quote } : null;
}

function clarificationIn(last: Reading | undefined, held: Level): 'none' | 'bareDenial' | 'reasoned' {
  if (last === undefined || rank(held) < rank('moderate')) return 'none';
  if (explains.test(last.words) && last.words.split(' ').length >= 5) return 'reasoned';
  return last.isNegated || brushesOff.test(last.words) ? 'bareDenial' : 'none';
}

/** The caller's own spelling of what was found, when the words still stand one for one. */
function rawWords(raw: string, words: string, found: RegExpExecArray): string {
  const original = raw.split(/[^\p{L}\p{N}\p{M}'’]+/u).filter((word) => word !== '');
  const from = words.slice(0, found.index).split(' ').length - 1;
  const count = found[0].trim().split(' ').length;
  return original.length === words.split(' ').length ? original.slice(from, from + count).join(' ') : found[0].trim();
}

function rank(level: Level): number {
  return levels.indexOf(level);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
