import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

/** A number that can be rung for a caller, or why it cannot. Full metadata: only that tells a premium number from a mobile. */
export type NumberRead =
  | { readonly ok: true; readonly number: string; readonly kind: 'mobile' | 'landline'; readonly abroad: boolean }
  | { readonly ok: false; readonly reason: NumberFault; readonly message: string };

export type NumberFault = 'unreadable' | 'short' | 'notPossible' | 'notInUse' | 'extension' | 'premium' | 'notAPerson';

const example = 'for example 91234567 or +96891234567';

/** The longest number without its country code that is an emergency or service number; Omani subscribers have 8 digits. */
const shortDigits = 6;

/** Reads a number as people write it. Without `+` or `00` it is Omani. Never throws. */
export function readTelephoneNumber(text: string): NumberRead {
  const refuse = (reason: NumberFault, message: string): NumberRead => ({ ok: false, reason, message });
  const digits = text.replace(/\D/gu, '').length;
  const parsed = parsePhoneNumberFromString(text, 'OM');
  if (parsed === undefined) {
    if (digits > 0 && digits <= shortDigits) return refuse('short', shortNumber(text));
    return refuse('unreadable', `"${text}" is no telephone number; ${example}`);
  }
  if (parsed.nationalNumber.length <= shortDigits && parsed.countryCallingCode === '968')
    return refuse('short', shortNumber(text));
  if (parsed.ext !== undefined)
    return refuse('extension', `"${text}" has an extension, which cannot be dialled; give a direct number`);
  if (!parsed.isPossible())
    return refuse('notPossible', `"${text}" is too short or too long for a telephone number; ${example}`);
  if (!parsed.isValid())
    return refuse('notInUse', `"${text}" belongs to no network${inOman(parsed)}; check the digits, ${example}`);
  return ofKind(parsed, text);
}

function shortNumber(text: string): string {
  return `"${text.trim()}" is an emergency or service number, or half a number: it is not a telephone of one person; ${example}`;
}

function inOman({ countryCallingCode }: PhoneNumber): string {
  return countryCallingCode === '968' ? ' in Oman (8 digits: mobiles begin with 7 or 9, landlines with 2)' : '';
}

function ofKind(parsed: PhoneNumber, text: string): NumberRead {
  const number = parsed.number;
  const abroad = parsed.countryCallingCode !== '968';
  switch (parsed.getType()) {
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return {
        ok: false,
        reason: 'premium',
        message: `"${text}" is a number at a special price: such numbers are not rung; give a person's own telephone`,
      };
    case 'TOLL_FREE':
    case 'PAGER':
    case 'VOICEMAIL':
      return {
        ok: false,
        reason: 'notAPerson',
        message: `"${text}" is a free-phone, pager or voicemail number, behind which no one person answers; give a person's own telephone`,
      };
    case 'FIXED_LINE':
    case 'UAN':
      return { ok: true, number, kind: 'landline', abroad };
    // North America does not tell mobiles from landlines.
    case 'FIXED_LINE_OR_MOBILE':
    case 'MOBILE':
    case 'VOIP':
    case 'PERSONAL_NUMBER':
    case undefined:
      return { ok: true, number, kind: 'mobile', abroad };
  }
}

/** `+96891234567` as `+968 9123 4567`. */
export function spacedNumber(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** The country and the last three digits: enough to know it again, not enough to ring it. */
export function maskedNumber(number: string): string {
  const parsed = parsePhoneNumberFromString(number);
  const country = parsed === undefined ? '' : `+${parsed.countryCallingCode} `;
  return `${country}•••••${number.slice(-3)}`;
}
