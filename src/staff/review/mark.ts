import { keepReview, readReviewPlace, type ReviewMark } from '../../store/reviews.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { findCall } from '../calls/findCall.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { markMeanings, misfit } from './marks.ts';

export interface MarkOptions {
  readonly note?: string;
  readonly change?: true;
}

/** A mark that stands is replaced only with `--change`; the audit keeps both. */
export async function mark(
  access: StaffAccess,
  words: string,
  chosen: ReviewMark,
  { note, change }: MarkOptions,
): Promise<Outcome> {
  access.demand('review');
  const { organisationId, keys, actor } = access;
  return access.database.within(organisationId, async (tx) => {
    const found = await findCall(tx, words);
    if (found.kind === 'refused') return found.outcome;
    const { id } = found;
    const place = await readReviewPlace(tx, id);
    if (place === null) return refused('unknownCall', `The call "${words}" was removed just now.`);
    if (!place.ended) return refused('stillLive', 'This call is still on the line. Review it when it is over.');
    const wrong = misfit(chosen, place);
    if (wrong !== null) return misused('markDoesNotFit', wrong);
    if (place.mark !== null && change !== true) return alreadyMarked(id, place.mark);
    const review = {
      callId: id,
      organisationId,
      mark: chosen,
      note: note ?? null,
      reviewerId: actor.id,
      instead: place.mark,
    };
    const kept = await keepReview(tx, keys, review);
    if (kept === 'otherMark')
      return refused(
        'markedMeanwhile',
        'Somebody else has just marked this call. Look at it with: npm run sanad -- review list',
      );
    if (kept === 'keyDestroyed')
      return refused(
        'erased',
        'The caller was erased, so that a note cannot be sealed any more. Mark it without --note.',
      );
    const facts = { mark: chosen, before: place.mark, noted: note !== undefined, sampled: place.sampled };
    await access.noteIn(tx, 'reviewMarked', { kind: 'call', id }, undefined, facts);
    return {
      kind: 'done',
      json: { marked: { callId: id, mark: chosen, before: place.mark, noted: note !== undefined } },
      print: ({ line }) =>
        line(`Marked ${shortId(id)}: ${chosen} (${markMeanings[chosen]})${note === undefined ? '' : ', with a note'}.`),
    };
  });
}

function alreadyMarked(id: string, standing: ReviewMark): Outcome {
  return refused(
    'alreadyMarked',
    `${shortId(id)} is marked ${standing} already. Nothing was changed. To change it: --change`,
  );
}
