/**
 * Telephone numbers that a caller in Oman may be told, from a file that the people of the line keep (docs/on-call.md). A number
 * is spoken only while somebody's word stands that it answers: clinical.md §4.3 supports none for good.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isOnCall, parseShifts, type Shift } from './rota.ts';

export const numberPurposes = [
  'emergency',
  'childProtection',
  'familyProtection',
  'mentalHealth',
  'addiction',
  'health',
  'other',
] as const;

export type NumberPurpose = (typeof numberPurposes)[number];

/** Somebody rang the number. Dates are days of Muscat, `2026-10-01`. */
export interface Verification {
  readonly by: string;
  readonly on: string;
  /** From the beginning of this day on the number is not spoken any more. */
  readonly expiresOn: string;
}

export interface EmergencyNumber {
  /** Digits as a caller in Oman dials them. */
  readonly number: string;
  readonly purpose: NumberPurpose;
  /** None: at any hour. */
  readonly shifts: readonly Shift[];
  /** ISO 639-1. */
  readonly languages: readonly string[];
  /** Null: nobody has; never spoken. */
  readonly verification: Verification | null;
}

export type NumbersRead =
  | { readonly ok: true; readonly entries: readonly EmergencyNumber[] }
  /** One line for each fault, by entry and field. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** The file of EMERGENCY_NUMBERS_FILE cannot be used: the server does not start with it. */
export class EmergencyNumbersError extends Error {
  readonly faults: readonly string[];
  constructor(path: string, faults: readonly string[]) {
    super([`EMERGENCY_NUMBERS_FILE (${path}) is not usable:`, ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.name = 'EmergencyNumbersError';
    this.faults = faults;
  }
}

const most = { entries: 50, bytes: 65_536 };

const day = z.iso.date({ error: 'must be a day that exists, for example "2026-10-01"' });
const hoursExample = '"24/7" or hours such as "sun-thu 08:00-16:00"';

const hours = z.string({ error: `must be ${hoursExample}` }).transform((text, context): readonly Shift[] => {
  if (text.trim() === '24/7') return [];
  const read = text.trim() === '' ? { ok: false as const, message: 'nothing stands there' } : parseShifts(text);
  if (read.ok) return read.shifts;
  context.addIssue({ code: 'custom', message: `must be ${hoursExample}: ${read.message}` });
  return [];
});

const verifiedBy = z.string({ error: 'must say who rang the number' }).trim();

const entryFields = {
  number: z.string({ error: 'must be a text of digits, for example "9999"' }).regex(/^\d{3,8}$/, {
    error: 'must be 3 to 8 digits as a caller in Oman dials them, for example "9999" or "24441999"',
  }),
  purpose: z.enum(numberPurposes, { error: `must be one of ${numberPurposes.join(', ')}` }),
  hours,
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/, { error: 'must be a language of two letters, for example "ar"' }), {
      error: 'must be a list of languages, for example ["ar", "en"]',
    })
    .min(1, { error: 'must name at least one language, for example ["ar"]' }),
  verified_by: verifiedBy.nullish(),
  verified_on: day.nullish(),
  expires_on: day.nullish(),
};

const entryShape = z.strictObject(entryFields, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `has fields that are not known: ${issue.keys.join(', ')}; there are ${Object.keys(entryFields).join(', ')}`
      : 'must be an object such as { "number": "9999", "purpose": "emergency", … }',
});

/** The three fields of a verification, whatever else is wrong with the entry: every fault is told at once. */
const verificationShape = z.object({
  verified_by: verifiedBy.nullish().catch('unreadable'),
  verified_on: day.nullish().catch('unreadable'),
  expires_on: day.nullish().catch('unreadable'),
});

/** All three or none; what is unreadable has its own fault. */
function verificationFaults(value: unknown): readonly (readonly [field: string, message: string])[] {
  const read = verificationShape.safeParse(value).data;
  const { verified_by: by, verified_on: on, expires_on: expiresOn } = read ?? {};
  if (!by && !on && !expiresOn) return [];
  const faults: [string, string][] = [];
  if (!by) faults.push(['verified_by', 'is missing: who rang the number']);
  if (!on) faults.push(['verified_on', 'is missing: the day on which it was rung, for example "2026-10-01"']);
  if (!expiresOn)
    faults.push(['expires_on', 'is missing: the day from which it is not spoken, for example "2027-04-01"']);
  if (on && expiresOn && on !== 'unreadable' && expiresOn <= on)
    faults.push(['expires_on', 'must be later than verified_on']);
  return faults;
}

const entry = z.unknown().transform((value, context): EmergencyNumber => {
  const shape = entryShape.safeParse(value);
  for (const { path, message } of shape.error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
  const faults = verificationFaults(value);
  for (const [field, message] of faults) context.addIssue({ code: 'custom', path: [field], message });
  if (!shape.success) return z.NEVER;
  const { number, purpose, hours: shifts, languages, verified_by: by, verified_on: on, expires_on: until } = shape.data;
  return { number, purpose, shifts, languages, verification: by && on && until ? { by, on, expiresOn: until } : null };
});

const file = z
  .array(entry, { error: 'must be a list of entries: [{ "number": … }, …]' })
  .max(most.entries, { error: `must not have more than ${most.entries} entries` });

/** Reads the text of the file. Never throws. */
export function readEmergencyNumbers(text: string): NumbersRead {
  let value: unknown;
  try {
    // Some editors put a mark before everything.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The message of the parser quotes the text, which is no secret and shows where to look.
    return { ok: false, faults: [`it is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`] };
  }
  const read = file.safeParse(value);
  if (read.success) return { ok: true, entries: read.data };
  return { ok: false, faults: read.error.issues.map((issue) => describe(issue, value)) };
}

function describe({ path, message }: z.core.$ZodIssue, value: unknown): string {
  const [index, field, item] = path;
  if (typeof index !== 'number') return `the file ${message}`;
  const named = z.array(z.unknown()).safeParse(value).data?.[index];
  const number = z.object({ number: z.string().max(20) }).safeParse(named).data?.number;
  const where = `entry ${index + 1}${number === undefined ? '' : ` ("${number}")`}`;
  if (field === undefined) return `${where}: ${message}`;
  return `${where}, ${String(field)}${typeof item === 'number' ? `, item ${item + 1}` : ''}: ${message}`;
}

/** Reads the file. Never throws: a file that is away is a fault like any other. */
export function readEmergencyNumbersFile(path: string): NumbersRead {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > most.bytes) return { ok: false, faults: [`it is longer than ${most.bytes} bytes`] };
    return readEmergencyNumbers(text);
  } catch (error) {
    const code = z.object({ code: z.string() }).safeParse(error).data?.code ?? 'unknown';
    return { ok: false, faults: [`it cannot be read (${code})`] };
  }
}

const muscatDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Muscat', dateStyle: 'short' });

export type NumberStanding = 'standing' | 'unverified' | 'notYet' | 'expired';

/** Whether somebody's word stands for this number at `now`. */
export function standingOf({ verification }: EmergencyNumber, now: Date): NumberStanding {
  if (verification === null) return 'unverified';
  const today = muscatDay.format(now);
  if (today >= verification.expiresOn) return 'expired';
  return today < verification.on ? 'notYet' : 'standing';
}

/** Whole days of Muscat until the number is not spoken any more; 0 or less when it is over, null when never verified. */
export function daysLeftOf({ verification }: EmergencyNumber, now: Date): number | null {
  if (verification === null) return null;
  return Math.round((Date.parse(verification.expiresOn) - Date.parse(muscatDay.format(now))) / 86_400_000);
}

/**
 * The digits a caller may be told to dial in an emergency at `now`, or null: only what was verified, has not expired and is
 * answered at this hour. One where `language` (ISO 639-1) is spoken is preferred, then the first of the file.
 */
export function spokenEmergencyNumber(entries: readonly EmergencyNumber[], now: Date, language: string): string | null {
  const answering = entries.filter(
    (each) =>
      each.purpose === 'emergency' &&
      standingOf(each, now) === 'standing' &&
      isOnCall({ active: true, shifts: each.shifts }, now),
  );
  return (answering.find(({ languages }) => languages.includes(language)) ?? answering[0])?.number ?? null;
}

/** What `spokenEmergencyNumber` may ever give from `now` on, null among it. */
export function everySpokenNumber(entries: readonly EmergencyNumber[], now: Date): readonly (string | null)[] {
  const possible = entries.filter((each) => {
    const standing = standingOf(each, now);
    return each.purpose === 'emergency' && (standing === 'standing' || standing === 'notYet');
  });
  return [null, ...new Set(possible.map(({ number }) => number))];
}
