/**
 * Who rings, as far as the carrier tells. People in distress often withhold their number, and such a call is as good as
 * any other; but nothing that is no telephone number may ever be taken for one, since it would make strangers one caller.
 */
export type CallerNumber =
  | { readonly kind: 'known'; readonly number: string }
  /** The caller, or a network on the way, keeps it back. */
  | { readonly kind: 'withheld' }
  /** A SIP address, a short code, nonsense: not a number by which the caller could be found again or rung back. */
  | { readonly kind: 'notANumber' };

/**
 * Twilio gives a withheld number as a word, or as the number which that word spells on a telephone's keys, so that it
 * passes for E.164: ANONYMOUS 266696687, RESTRICTED 7378742833, UNKNOWN 8656696, UNAVAILABLE 86282452253, BLOCKED 2562533,
 * PRIVATE 7748283.
 */
const withheldWords = ['anonymous', 'restricted', 'unknown', 'unavailable', 'blocked', 'private'];
const withheldNumbers = withheldWords.map((word) => `+${Array.from(word, keyOf).join('')}`);

/** `from` as the carrier sends it. Never throws. */
export function readCallerNumber(from: string | null | undefined): CallerNumber {
  const text = (from ?? '').trim();
  const word = text.toLowerCase();
  if (text === '' || withheldWords.includes(word) || withheldNumbers.includes(text)) return { kind: 'withheld' };
  return /^\+[1-9]\d{6,14}$/.test(text) ? { kind: 'known', number: text } : { kind: 'notANumber' };
}

/** The key of a telephone that carries this letter (ITU-T E.161). */
function keyOf(letter: string): string {
  const letters = ['', '', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];
  return String(letters.findIndex((onKey) => onKey.includes(letter)));
}
