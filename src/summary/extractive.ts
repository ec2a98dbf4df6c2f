import { higherRisk, type RiskLevel } from '../call/meaning.ts';
import type { SpokenTurn } from './transcript.ts';
import type { Summary } from './summary.ts';

const wordings = {
  arabic: {
    none: 'لم يظهر خطر فيما قاله المتصل.',
    some: (from: string, to: string) => `أعلى مستوى خطر قُدّر في المكالمة: ${to} (في البداية: ${from}).`,
    levels: { none: 'لا خطر', low: 'منخفض', moderate: 'متوسط', high: 'مرتفع', imminent: 'وشيك' },
  },
  english: {
    none: 'No danger showed in what the caller said.',
    some: (from: string, to: string) => `Highest level in the call: ${to} (at first: ${from}).`,
    levels: { none: 'none', low: 'low', moderate: 'moderate', high: 'high', imminent: 'imminent' },
  },
} as const;

const quoted = { words: 6, most: 2, characters: 240 };

/**
 * When no model answers: the caller's own first words of substance, as a quotation, and the levels that were assessed. It
 * understands nothing, so it fills in nothing else. Null when the caller said nothing.
 */
export function extractiveSummary(turns: readonly SpokenTurn[], language: string): Summary | null {
  const said = turns.filter(({ speaker, words }) => speaker === 'caller' && words.trim() !== '');
  const substance = said.filter(({ words }) => words.trim().split(/\s+/).length >= quoted.words);
  const quotes = (substance.length > 0 ? substance : said).slice(0, quoted.most).map(({ words }) => cut(words.trim()));
  if (quotes.length === 0) return null;
  const wording = language === 'en' ? wordings.english : wordings.arabic;
  const levels = said.flatMap(({ level }) => (level === null ? [] : [level]));
  const highest = levels.reduce<RiskLevel>(higherRisk, 'none');
  return {
    broughtBy: quotes.map((quote) => `«${quote}»`).join(' '),
    tried: [],
    techniques: [],
    riskCourse:
      highest === 'none' ? wording.none : wording.some(wording.levels[levels[0] ?? 'none'], wording.levels[highest]),
    nextStep: null,
    homework: null,
  };
}

function cut(words: string): string {
  return words.length <= quoted.characters ? words : `${words.slice(0, quoted.characters)} …`;
}
