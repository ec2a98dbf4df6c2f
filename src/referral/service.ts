/**
 * Other services that a caller may be told of. A service is named only while somebody's word stands that its number answers
 * (clinical.md §4.3): `standingOf` of the emergency numbers holds for services too.
 */
import { z } from 'zod';
import {
  numberPurposes,
  standingOf,
  type EmergencyNumber,
  type NumberPurpose,
} from '../escalation/emergencyNumbers.ts';
import { isOnCall, parseShifts, printShifts } from '../escalation/rota.ts';

export const costs = ['free', 'callCharges', 'paid'] as const;
export const forWhoms = ['anyone', 'women', 'men', 'children', 'families'] as const;

/** Of the texts that are spoken: Arabic, English, or both. */
export interface Bilingual {
  readonly ar?: string | undefined;
  readonly en?: string | undefined;
}

export interface Service extends EmergencyNumber {
  /** UUID. */
  readonly id: string;
  readonly name: Bilingual;
  readonly whatFor: Bilingual;
  readonly cost: (typeof costs)[number];
  readonly forWhom: (typeof forWhoms)[number];
}

export type NewService = Omit<Service, 'id'>;

export type ServiceRead =
  { readonly ok: true; readonly service: NewService } | { readonly ok: false; readonly faults: readonly string[] };

/** In one file. */
export const mostServices = 200;

/** Letters only: no number, address or mark can be spoken as a part of a name. */
const spokenText = (most: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(2, { error: 'is too short' })
    .max(most, { error: `is longer than ${most} characters` })
    .regex(/^[\p{L}\p{M} '’،,-]+$/u, { error: 'must be letters only: no digits, addresses or marks' });

const bilingual = (most: number) =>
  z
    .strictObject({ ar: spokenText(most).optional(), en: spokenText(most).optional() })
    .refine(({ ar, en }) => ar !== undefined || en !== undefined, { error: 'needs "ar", "en" or both' });

const hours = z.string().transform((text, context) => {
  const read = parseShifts(text.trim() === '24/7' ? '' : text);
  if (read.ok) return read.shifts;
  context.addIssue({ code: 'custom', message: `must be "24/7" or hours: ${read.message}` });
  return [];
});

const fields = z.strictObject({
  name: bilingual(60),
  what_for: bilingual(120),
  number: z.string().regex(/^\d{3,8}$/, { error: 'must be 3 to 8 digits as a caller in Oman dials them' }),
  purpose: z.enum(numberPurposes, { error: `must be one of ${numberPurposes.join(', ')}` }),
  hours,
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/, { error: 'must be languages of two letters' }))
    .min(1)
    .max(20),
  cost: z.enum(costs, { error: `must be one of ${costs.join(', ')}` }),
  for_whom: z.enum(forWhoms, { error: `must be one of ${forWhoms.join(', ')}` }).default('anyone'),
  verified_by: z.string().trim().min(1).max(80).nullish(),
  verified_on: z.iso.date().nullish(),
  expires_on: z.iso.date().nullish(),
});

const shape = fields.superRefine(({ verified_by: by, verified_on: on, expires_on: until }, context) => {
  const given = [by, on, until].filter((each) => each !== undefined && each !== null).length;
  const fault = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
  if (given !== 0 && given !== 3) fault('verified_by', 'goes together with verified_on and expires_on');
  if (on && until && until <= on) fault('expires_on', 'must be later than verified_on');
});

/** As it stands in a file of services. */
export type ServiceJson = z.input<typeof fields>;

/** Reads one service; one line for each fault. Never throws. */
export function readService(value: unknown): ServiceRead {
  const read = shape.safeParse(value);
  if (!read.success)
    return { ok: false, faults: read.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`) };
  const { name, what_for: whatFor, number, purpose, hours: shifts, languages, cost, for_whom: forWhom } = read.data;
  const { verified_by: by, verified_on: on, expires_on: expiresOn } = read.data;
  const verification = by && on && expiresOn ? { by, on, expiresOn } : null;
  return {
    ok: true,
    service: { name, whatFor, number, purpose, shifts, languages, cost, forWhom, verification },
  };
}

/** The way back, for files and for changing single fields. */
export function serviceJson(service: NewService): ServiceJson {
  const { name, whatFor, number, purpose, languages, cost, forWhom, verification } = service;
  return {
    name,
    what_for: whatFor,
    number,
    purpose,
    hours: service.shifts.length === 0 ? '24/7' : printShifts(service.shifts),
    languages: [...languages],
    cost,
    for_whom: forWhom,
    verified_by: verification?.by ?? null,
    verified_on: verification?.on ?? null,
    expires_on: verification?.expiresOn ?? null,
  };
}

/** What the model may choose from at once. */
const mostListed = 6;

/**
 * The services that may be named at `now` in `language`: verified, not expired, answered at this hour, with a name in it. Never the
 * emergency number, which has lines of its own. The first of each purpose comes before the others.
 */
export function speakableServices(services: readonly Service[], now: Date, language: 'ar' | 'en'): readonly Service[] {
  const speakable = services.filter(
    (each) =>
      each.purpose !== 'emergency' &&
      each.name[language] !== undefined &&
      each.whatFor[language] !== undefined &&
      each.languages.includes(language) &&
      standingOf(each, now) === 'standing' &&
      isOnCall({ active: true, shifts: each.shifts }, now),
  );
  const seen = new Set<NumberPurpose>();
  const firsts = speakable.filter(({ purpose }) => !seen.has(purpose) && seen.add(purpose));
  return [...firsts, ...speakable.filter((each) => !firsts.includes(each))].slice(0, mostListed);
}
