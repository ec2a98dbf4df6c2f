import { lineNames } from '../call/lineName.ts';
import type { LanguagePack } from './languagePack.ts';

const digitWords: Readonly<Record<LanguagePack['id'], readonly string[]>> = {
  'ar-OM': ['صفر', 'واحد', 'اثنين', 'ثلاثة', 'أربعة', 'خمسة', 'ستة', 'سبعة', 'ثمانية', 'تسعة'],
  ar: ['صفر', 'واحد', 'اثنان', 'ثلاثة', 'أربعة', 'خمسة', 'ستة', 'سبعة', 'ثمانية', 'تسعة'],
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
};

const place = /\{([^{}]*)emergency\}/g;

/** A number as it is spoken, digit by digit. */
export function spokenDigits(number: string, language: LanguagePack['id']): string {
  return Array.from(number.replace(/\D/g, ''), (digit) => digitWords[language][Number(digit)] ?? '').join(' ');
}

const made = new WeakMap<LanguagePack, Map<string, LanguagePack>>();
const numbers = new WeakMap<LanguagePack, string>();

/** The number that stands in this pack; null for a pack without one, also when nobody has decided yet. */
export function emergencyNumberOf(pack: LanguagePack): string | null {
  return numbers.get(pack) ?? null;
}

/**
 * The pack with its emergency number in place; with null, the same lines without any. Only a number that somebody verified, and
 * whose verification has not expired, may be given here.
 */
export function withEmergencyNumber(pack: LanguagePack, number: string | null): LanguagePack {
  const known = made.get(pack) ?? new Map<string, LanguagePack>();
  made.set(pack, known);
  const kept = known.get(number ?? '');
  if (kept !== undefined) return kept;
  const fill = (text: string): string =>
    text.replace(place, (_whole, before: string) => (number === null ? '' : before + spokenDigits(number, pack.id)));
  const lines = { ...pack.lines };
  for (const name of lineNames) lines[name] = pack.lines[name].map(fill);
  const filled: LanguagePack = { ...pack, lines, systemPrompt: fill(pack.systemPrompt) };
  known.set(number ?? '', filled);
  if (number !== null) numbers.set(filled, number);
  return filled;
}
