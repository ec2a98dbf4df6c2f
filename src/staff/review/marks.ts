import type { ReviewMark, ReviewPlace } from '../../store/reviews.ts';

/** What each mark says, as reviewers are told. */
export const markMeanings: Readonly<Record<ReviewMark, string>> = {
  right: 'it was right to bring a person, or to bring none',
  notNeeded: 'a person was rung, and none was needed',
  tooLate: 'a person was needed, and was rung or came too late',
  missed: 'there was danger, and nobody was rung',
};

/** Why this mark cannot be of this call; null: it can. */
export function misfit(mark: ReviewMark, { escalated }: ReviewPlace): string | null {
  if (mark === 'missed' && escalated)
    return 'A person was rung for this call, so none was missed. Marks that fit: right, notNeeded, tooLate.';
  if ((mark === 'notNeeded' || mark === 'tooLate') && !escalated)
    return 'Nobody was rung for this call. Marks that fit: right, missed.';
  return null;
}
