import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isAtLeast, riskLevels, type RiskLevel } from '../../src/call/meaning.ts';
import { assess } from '../../src/risk/assess.ts';
import { assessDialogue } from '../../src/risk/course.ts';

const level = z.enum(riskLevels as [RiskLevel, ...RiskLevel[]]);
const shared = {
  id: z.unknown().optional(),
  level,
  lang: z.string().default('?'),
  domain: z.string().default('?'),
  trap: z.string().default('none'),
};
const utterance = z.object({ ...shared, text: z.string(), question: z.string().nullish() });
const dialogue = z.object({
  ...shared,
  turns: z.array(z.object({ speaker: z.enum(['caller', 'sanad']), text: z.string() })),
  levels: z.array(level).optional(),
});

/** One labelled line and what the floor says of it. `turns` of a dialogue are judged by the level after each of the caller's. */
export interface Judged {
  readonly kind: 'utterance' | 'dialogue';
  readonly expected: RiskLevel;
  readonly said: RiskLevel;
  readonly lang: string;
  readonly domain: string;
  readonly trap: string;
  readonly turns: readonly { readonly expected: RiskLevel; readonly said: RiskLevel }[];
  /** Shown with `--errors` only. */
  readonly words: string;
}

export const evaluationFolder = path.resolve(import.meta.dirname, '../../fixtures/risk/evaluation');

export function judgeFolder(folder: string): readonly Judged[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => judgeFile(path.join(folder, file)));
}

/** Throws for a line that is none, with its number. */
export function judgeFile(file: string): readonly Judged[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const judged = judgeLine(JSON.parse(line));
      if (judged === null) throw new Error(`${path.basename(file)}:${index + 1} is no labelled line`);
      return [judged];
    });
}

function judgeLine(value: unknown): Judged | null {
  const call = dialogue.safeParse(value);
  if (call.success) {
    const { turns, levels = [], level: expected, lang, domain, trap } = call.data;
    const said = assessDialogue(turns);
    return {
      kind: 'dialogue',
      expected,
      said: said.level,
      lang,
      domain,
      trap,
      turns: levels.map((each, at) => ({ expected: each, said: said.levels[at] ?? 'none' })),
      words: turns.map(({ speaker, text }) => `${speaker}: ${text}`).join(' / '),
    };
  }
  const one = utterance.safeParse(value);
  if (!one.success) return null;
  const { text, question, level: expected, lang, domain, trap } = one.data;
  const said = assess(text, { question: question ?? null, lang }).level;
  return {
    kind: 'utterance',
    expected,
    said,
    lang,
    domain,
    trap,
    turns: [],
    words: question ? `${question} / ${text}` : text,
  };
}

/** A share with its 95 % Wilson interval; per cent, null without cases. */
export interface Share {
  readonly of: number;
  readonly count: number;
  readonly percent: number | null;
  readonly from: number | null;
  readonly to: number | null;
}

const z95 = 1.959964;

export function shareOf(cases: readonly Judged[], holds: (one: Judged) => boolean): Share {
  const of = cases.length;
  const count = cases.filter(holds).length;
  if (of === 0) return { of, count, percent: null, from: null, to: null };
  const p = count / of;
  const middle = p + z95 ** 2 / (2 * of);
  const half = z95 * Math.sqrt((p * (1 - p)) / of + z95 ** 2 / (4 * of ** 2));
  const whole = 1 + z95 ** 2 / of;
  const percent = (share: number) => Number((100 * share).toFixed(1));
  return {
    of,
    count,
    percent: percent(p),
    from: percent((middle - half) / whole),
    to: percent((middle + half) / whole),
  };
}

export interface Figures {
  /** Imminent, assessed as at least high. */
  readonly imminent: Share;
  /** High and imminent, assessed as at least high. */
  readonly highOrImminent: Share;
  /** Moderate and above, assessed as at least moderate. */
  readonly moderateOrAbove: Share;
  /** None and low, assessed as at least high. */
  readonly falseEscalation: Share;
  /** None, assessed as at least moderate: a direct question that was not needed. */
  readonly falseQuestion: Share;
}

export function figuresOf(judged: readonly Judged[]): Figures {
  const expected = (least: RiskLevel) => judged.filter((one) => isAtLeast(one.expected, least));
  const below = (most: RiskLevel) => judged.filter((one) => isAtLeast(most, one.expected));
  const saidAtLeast = (least: RiskLevel) => (one: Judged) => isAtLeast(one.said, least);
  return {
    imminent: shareOf(expected('imminent'), saidAtLeast('high')),
    highOrImminent: shareOf(expected('high'), saidAtLeast('high')),
    moderateOrAbove: shareOf(expected('moderate'), saidAtLeast('moderate')),
    falseEscalation: shareOf(below('low'), saidAtLeast('high')),
    falseQuestion: shareOf(below('none'), saidAtLeast('moderate')),
  };
}
