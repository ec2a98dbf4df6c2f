/** To whom a text message may go, and from which sender (twilio.md §7.1, §7.3). Full metadata: only that tells landlines apart. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { RefusalReason } from '../../twilio/smsErrors.ts';

export type SmsNumber =
  | { readonly ok: true; readonly country: string }
  /** As the carrier would answer it, without having been asked. */
  | { readonly ok: false; readonly code: number; readonly reason: RefusalReason };

const notANumber = { ok: false, code: 21211, reason: 'numberUnusable' } as const;
const noTextMessages = { ok: false, code: 21614, reason: 'numberUnusable' } as const;

/** @param number E.164. Never throws. */
export function readSmsNumber(number: string): SmsNumber {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined || !parsed.isValid()) return notANumber;
  switch (parsed.getType()) {
    case 'MOBILE':
    // North America does not tell mobiles from landlines.
    case 'FIXED_LINE_OR_MOBILE':
    case 'PERSONAL_NUMBER':
    case 'VOIP':
      return { ok: true, country: parsed.countryCallingCode };
    default:
      return noTextMessages;
  }
}

export interface Senders {
  /** E.164 of the line. */
  readonly number: string;
  /** Registered with the networks: at most 11 characters, with a letter. Null: there is none. */
  readonly name: string | null;
}

/** In Oman networks replace foreign numbers by one of theirs, so a registered name goes first there; nobody can answer either. */
export function senderFor(country: string, { number, name }: Senders): string {
  return country === '968' && name !== null ? name : number;
}
