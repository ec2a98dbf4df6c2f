import { callsNamed, readShownCall, type ShownCall } from '../../store/callQueries.ts';
import type { Transaction } from '../../store/database.ts';
import type { BrokenReason } from '../../store/sealing.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { misused, refused, type Outcome } from '../outcome.ts';

export type FoundCall =
  { readonly kind: 'found'; readonly id: string } | { readonly kind: 'refused'; readonly outcome: Outcome };

const shortestPrefix = 4;
const shownMost = 5;

/** By id, by how it begins, or by the carrier's id. */
export async function findCall(tx: Transaction, words: string): Promise<FoundCall> {
  const name = words.trim();
  const typed = name.replaceAll('-', '');
  if (
    !/^CA[0-9a-f]{32}$/i.test(name) &&
    !(/^[0-9a-f]+$/i.test(typed) && typed.length >= shortestPrefix && typed.length <= 32)
  )
    return refusal(
      misused(
        'wrongId',
        `"${name}" is no id of a call. An id is 32 hex digits, at least its first ${shortestPrefix}, as calls list shows them, or the carrier's: CA and 32 hex digits.`,
      ),
    );
  const ids = await callsNamed(tx, name, shownMost + 1);
  const [id] = ids;
  if (id === undefined)
    return refusal(refused('unknownCall', `There is no call "${name}". See: npm run sanad -- calls list`));
  if (ids.length === 1) return { kind: 'found', id };
  const listed = ids.slice(0, shownMost).map((each) => each.slice(0, 13));
  return refusal(
    refused(
      'ambiguousCall',
      `"${name}" begins several calls: ${listed.join(', ')}${ids.length > shownMost ? ', …' : ''}. Type more of the id.`,
    ),
  );
}

function refusal(outcome: Outcome): FoundCall {
  return { kind: 'refused', outcome };
}

/** Finds one call and works on it in one transaction. */
export async function onCall(
  { database, organisationId, keys }: StaffAccess,
  words: string,
  work: (tx: Transaction, call: ShownCall) => Promise<Outcome>,
): Promise<Outcome> {
  return database.within(organisationId, async (tx) => {
    const found = await findCall(tx, words);
    if (found.kind === 'refused') return found.outcome;
    const call = await readShownCall(tx, keys, found.id);
    return call === null ? refused('unknownCall', `The call "${words}" was removed just now.`) : work(tx, call);
  });
}

const brokenWords: Readonly<Record<BrokenReason, string>> = {
  malformed: 'damaged, or of another version',
  unknownDataKey: 'sealed with another DATA_KEY than the one set here (DATA_KEY_PREVIOUS while it is being changed)',
  tampered: 'changed or moved after it was sealed',
};

export function shownBroken(why: BrokenReason): string {
  return brokenWords[why];
}

/** What is to be said of the words of this call as a whole; null: they open. */
export function keyNotice({ key, callerErasedAt, wordsRemovedAt }: ShownCall): string | null {
  if (key.kind === 'erased' || callerErasedAt !== null)
    return 'The caller was erased: words, number and key are destroyed for good. What is left holds no words.';
  if (key.kind === 'broken')
    return `The key of this call cannot be trusted: it is ${shownBroken(key.why)}. Its words stay closed.`;
  return wordsRemovedAt === null
    ? null
    : 'The words of this call were removed (retention, or no consent to keep them).';
}
