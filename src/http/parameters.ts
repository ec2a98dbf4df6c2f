/** The carrier's webhook parameters, read at the edge. Unknown ones are ignored; new ones may come any time. */
import { z } from 'zod';
import type { FormParameters } from '../twilio/signature.ts';

const callSid = z.string().regex(/^CA[0-9a-f]{32}$/i);

export const voiceParameters = z.object({
  CallSid: callSid,
  From: z.string().max(256).optional().transform(callerNumber),
  To: z.string().min(1).max(256),
  CallStatus: z.string().max(32).optional(),
});

export const consentParameters = voiceParameters.extend({
  Digits: z
    .string()
    .regex(/^[0-9]$/)
    .nullable()
    .catch(null)
    .default(null),
});

export const callParameters = z.object({
  CallSid: callSid,
  CallStatus: z.string().max(32).optional(),
  /** Of the person who was rung; absent when nobody was. */
  DialCallStatus: z.string().max(32).optional(),
});

export const streamStatusParameters = z.object({
  CallSid: callSid,
  StreamSid: z.string().max(64).optional(),
  StreamEvent: z.enum(['stream-started', 'stream-stopped', 'stream-error']),
  StreamError: z.string().max(1_000).optional(),
});

/** `attempt` of the fallback, which we put into our own callback URLs; 1 when it is not there. */
export function attemptOf(query: URLSearchParams): number {
  return z.coerce.number().int().min(1).max(99).catch(1).parse(query.get('attempt'));
}

/** `asked` of our own callback URL: how often a key was asked for. Unreadable: as often as it is, so that a person comes. */
export function askedOf(query: URLSearchParams): number {
  return z.coerce.number().int().min(1).max(99).catch(99).parse(query.get('asked'));
}

/** A name that came more than once counts with its first value. */
export function firstValues(parameters: FormParameters): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values[0]]));
}

/** Words that carriers spell on a telephone's keys when the caller withholds the number (+266696687 is ANONYMOUS). */
const withheldWords = ['ANONYMOUS', 'RESTRICTED', 'BLOCKED', 'UNKNOWN', 'UNAVAILABLE', 'PRIVATE'];

const withheldNumbers: ReadonlySet<string> = new Set(withheldWords.map((word) => `+${spelled(word)}`));

/** Letters as the keys of a telephone have them (ITU-T E.161). */
function spelled(word: string): string {
  const keys = ['ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];
  return word
    .split('')
    .map((letter) => keys.findIndex((key) => key.includes(letter)) + 2)
    .join('');
}

/** E.164, or null for a caller who is withheld, unknown, or no telephone number at all (SIP, browser client). */
export function callerNumber(from: string | undefined): string | null {
  if (from === undefined || !/^\+[1-9]\d{6,14}$/.test(from)) return null;
  return withheldNumbers.has(from) ? null : from;
}
