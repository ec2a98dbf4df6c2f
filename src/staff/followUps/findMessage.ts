import type { WordingFault } from '../../followUp/wording.ts';
import type { Transaction } from '../../store/database.ts';
import { messagesNamed } from '../../store/messageQueries.ts';
import type { DecisionRefusal } from '../../store/messages.ts';
import { misused, refused, type Outcome } from '../outcome.ts';

/** How messages and contacts are named, and what staff read when something cannot be done with one. */

export type Named =
  | { readonly kind: 'message' | 'checkInCall'; readonly id: string; readonly version: number | null }
  | { readonly kind: 'refused'; readonly outcome: Outcome };

/** By the id of the message or of its contact, or by how it begins; `@2` behind it: only if nobody has changed it since. */
export async function findMessage(tx: Transaction, words: string): Promise<Named> {
  const typed = /^([0-9a-f-]{4,36})(?:@(\d{1,6}))?$/i.exec(words.trim());
  if (typed === null)
    return refusal(
      misused('wrongId', `"${words}" is no id. Type at least its first 4 digits, as follow-ups list shows them.`),
    );
  const [, prefix = '', version] = typed;
  const found = await messagesNamed(tx, prefix, 6);
  const [one] = found;
  if (one === undefined)
    return refusal(
      refused('unknownId', `There is no message or contact "${prefix}". See: npm run sanad -- follow-ups list`),
    );
  if (found.length > 1)
    return refusal(
      refused(
        'ambiguousId',
        `"${prefix}" begins several: ${found.map(({ id }) => id.slice(0, 13)).join(', ')}. Type more of the id.`,
      ),
    );
  return { ...one, version: version === undefined ? null : Number(version) };
}

function refusal(outcome: Outcome): Named {
  return { kind: 'refused', outcome };
}

/** What happened, and what to do. */
export const refusals: Readonly<Record<DecisionRefusal, string>> = {
  notApproved: 'it is not approved yet. Look at its text and approve it: follow-ups approve ID',
  alreadyApproved: 'it is approved already and goes out when it is due. To stop it: follow-ups reject ID',
  underWay: 'it is on its way to the carrier and can be neither changed nor called back. See: follow-ups show ID',
  alreadySent: 'it was sent. To write again: follow-ups draft CALLER --text "…"',
  over: 'it failed, was rejected or was cancelled. See why: follow-ups show ID',
  unknown: 'it was removed just now. See: follow-ups list',
  incoming: 'it came from the caller. To answer, ring them, or write: follow-ups draft CALLER --text "…"',
  erased: 'its caller was erased: number and words are destroyed. Nothing can be sent.',
  optedOut:
    'the caller has said that they want no messages. That is for good; ring them only if they agreed to be rung.',
  noConsent:
    'the caller has not agreed to get messages, took it back, or is blocked. It can be asked again in their next call.',
  changedSince: 'somebody has changed it since it was shown. Look at it again: follow-ups show ID',
};

export function wordingFault(fault: WordingFault): string {
  switch (fault.kind) {
    case 'empty':
      return 'The text is empty.';
    case 'tooLong':
      return `The text needs ${fault.segments} segments; at most ${fault.most} are sent. Arabic fits 70 characters into one.`;
    case 'unfilled':
      return 'The text has a place in braces that is not filled in.';
    case 'telling':
      return `The text says "${fault.word}": a relative who reads it would know what it is about. Use neutral words.`;
  }
}
