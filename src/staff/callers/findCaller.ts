import { callersNamed, callerWithNumber, readShownCaller, type ShownCaller } from '../../store/callerQueries.ts';
import type { Transaction } from '../../store/database.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { maskedNumber, spacedNumber } from '../onCall/telephoneNumber.ts';

/** How callers are named, found and shown. */

const shortestPrefix = 4;
const shownMost = 5;

type Found = { readonly kind: 'found'; readonly id: string } | { readonly kind: 'refused'; readonly outcome: Outcome };

/** A telephone number as it was dialled from; Omani ones also without `+968` or its `+`. Null: it is none. */
export function asNumber(words: string): string | null {
  const digits = words.replace(/[\s().-]/g, '').replace(/^00/, '+');
  if (/^\d{8}$/.test(digits)) return `+968${digits}`;
  if (/^968\d{8}$/.test(digits)) return `+${digits}`;
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

/** By number, by id, or by how the id begins. Eight digits may be either, and a number goes first. */
export async function findCaller(tx: Transaction, access: StaffAccess, words: string): Promise<Found> {
  const number = asNumber(words);
  const byNumber = number === null ? null : await callerWithNumber(tx, access.organisation, number);
  if (byNumber !== null) return { kind: 'found', id: byNumber };
  const typed = words.trim().replaceAll('-', '');
  const isId = /^[0-9a-f]+$/i.test(typed) && typed.length >= shortestPrefix && typed.length <= 32;
  const ids = isId ? await callersNamed(tx, typed, shownMost + 1) : [];
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return { kind: 'found', id };
  if (id !== undefined) return { kind: 'refused', outcome: ambiguous(words, ids) };
  if (number !== null)
    return {
      kind: 'refused',
      outcome: refused(
        'unknownCaller',
        'Nobody has called from this number, or they were erased, or it was withheld when they did.',
      ),
    };
  return {
    kind: 'refused',
    outcome: isId
      ? refused('unknownCaller', `There is no caller "${words}". See: npm run sanad -- callers list`)
      : misused(
          'wrongCaller',
          `"${words}" is neither a number (91234567, +96891234567) nor an id of a caller (at least its first ${shortestPrefix} digits, as callers list shows them).`,
        ),
  };
}

function ambiguous(words: string, ids: readonly string[]): Outcome {
  const listed = ids.slice(0, shownMost).map((each) => each.slice(0, 13));
  const more = ids.length > shownMost ? ', …' : '';
  return refused(
    'ambiguousCaller',
    `"${words}" begins several callers: ${listed.join(', ')}${more}. Type more of the id.`,
  );
}

/** Finds one caller and works on them in one transaction. */
export async function onCaller(
  access: StaffAccess,
  words: string,
  work: (tx: Transaction, caller: ShownCaller) => Promise<Outcome>,
): Promise<Outcome> {
  return access.database.within(access.organisationId, async (tx) => {
    const found = await findCaller(tx, access, words);
    if (found.kind === 'refused') return found.outcome;
    const caller = await readShownCaller(tx, access.keys, found.id);
    return caller === null ? refused('unknownCaller', `The caller "${words}" was removed just now.`) : work(tx, caller);
  });
}

export function shownNumber({ number }: ShownCaller, whole: boolean): string {
  switch (number.kind) {
    case 'text':
      return whole ? spacedNumber(number.text) : maskedNumber(number.text);
    case 'erased':
      return 'erased';
    case 'removed':
      return 'removed';
    case 'broken':
      return 'cannot be opened';
  }
}

/** For programs. The number only when it was asked for. */
export function callerJson(caller: ShownCaller, numbers: boolean): object {
  const { number, ...rest } = caller;
  const text = number.kind === 'text' ? number.text : null;
  return { ...rest, number: numbers || text === null ? text : maskedNumber(text), numberState: number.kind };
}
