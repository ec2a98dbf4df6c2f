import { InvalidArgumentError } from 'commander';
import { riskLevels, type RiskLevel } from '../../call/meaning.ts';
import { parseShifts, type PersonRole, type Shift } from '../../escalation/rota.ts';
import { readMuscatTime } from './muscatTime.ts';
import { readTelephoneNumber, type NumberRead } from './telephoneNumber.ts';

/** Readers of what is typed after an option; each refuses with what would be right. */

const longestName = 80;

export function readName(text: string): string {
  const name = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/\p{L}/u.test(name) && name.length <= longestName) return name;
  throw new InvalidArgumentError(`It is a name of 1 to ${longestName} characters with letters in it.`);
}

export type GoodNumber = Extract<NumberRead, { readonly ok: true }>;

export function readNumber(text: string): GoodNumber {
  const read = readTelephoneNumber(text);
  if (read.ok) return read;
  throw new InvalidArgumentError(`Refused: ${read.message}.`);
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const mostLanguages = 20;

export function readLanguages(text: string): readonly string[] {
  const languages = [...new Set(text.split(',').map((each) => each.trim().toLowerCase()))];
  const wrong = languages.find((each) => !/^[a-z]{2}$/.test(each) || languageNames.of(each) === undefined);
  if (wrong === undefined && languages.length <= mostLanguages) return languages;
  const why = wrong === undefined ? 'These are too many' : `"${wrong}" is no language code`;
  throw new InvalidArgumentError(`${why}. They are codes of two letters with commas between, for example ar,en.`);
}

/** `ar` as `Arabic`. */
export function languageName(code: string): string {
  return languageNames.of(code) ?? code;
}

export function readLanguage(text: string): string {
  const [language, another] = readLanguages(text);
  if (language !== undefined && another === undefined) return language;
  throw new InvalidArgumentError('It is one language, for example ar.');
}

export function readGender(text: string): 'f' | 'm' | null {
  const word = text.trim().toLowerCase();
  if (word === 'none') return null;
  if (word === 'f' || word === 'm') return word;
  throw new InvalidArgumentError('It is f, m, or none.');
}

/** `none` and an empty text: no shifts, always on call. Given several times, all of them hold. */
export function readShifts(text: string, before?: readonly Shift[]): readonly Shift[] {
  const read = parseShifts(text.trim().toLowerCase() === 'none' ? '' : text);
  if (read.ok) return [...(before ?? []), ...read.shifts];
  throw new InvalidArgumentError(`Not understood: ${read.message}. Times are those of Muscat.`);
}

export function readPriority(text: string): number {
  const priority = /^\d{1,2}$/.test(text.trim()) ? Number(text) : 0;
  if (priority >= 1) return priority;
  throw new InvalidArgumentError('It is a whole number from 1 (rung first) to 99.');
}

export function readRole(text: string): PersonRole {
  if (text === 'listener' || text === 'supervisor') return text;
  throw new InvalidArgumentError('It is listener or supervisor.');
}

export function readYesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('It is yes or no.');
}

export function readLevel(text: string): RiskLevel {
  const level = riskLevels.find((each) => each === text);
  if (level !== undefined) return level;
  throw new InvalidArgumentError(`It is ${riskLevels.join(', ')}.`);
}

export function readInstant(text: string): Date {
  const instant = readMuscatTime(text);
  if (instant !== null) return instant;
  throw new InvalidArgumentError('It is a day and a time of Muscat, for example "2026-11-26 03:00".');
}
