import { consentsOf, recordConsent, standingAnswer, type ConsentKind } from '../../store/consents.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { onCaller } from '../callers/findCaller.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';

export interface Withdrawal {
  readonly kinds: readonly ConsentKind[];
  readonly reason: string;
  readonly at: Date;
}

/** Taking consent back is as easy as giving it: whoever may see callers may write it down. */
export async function withdraw(
  access: StaffAccess,
  words: string,
  { kinds, reason, at }: Withdrawal,
): Promise<Outcome> {
  access.demand('seeCallers');
  return onCaller(access, words, async (tx, caller) => {
    const { id } = caller;
    if (caller.erasedAt !== null) return refused('erased', `${shortId(id)} was erased: nothing is kept any more.`);
    const consents = await consentsOf(tx, id);
    const open = kinds.filter((kind) => standingAnswer(consents, kind) !== 'withdrawn');
    for (const kind of open) {
      const last = consents.filter((each) => each.kind === kind).at(-1);
      await recordConsent(
        tx,
        access.keys,
        access.organisationId,
        {
          callerId: id,
          callId: null,
          kind,
          answer: 'withdrawn',
          textVersion: last?.textVersion ?? 'none',
          language: last?.language ?? 'none',
          how: 'staff',
          at,
          evidence: null,
        },
        { actor: access.actor, why: reason },
      );
    }
    return {
      kind: 'done',
      json: { caller: id, withdrawn: open },
      print: ({ line }) => {
        line(
          open.length === 0
            ? `${shortId(id)} had taken that back already.`
            : `Taken back by ${shortId(id)}: ${open.join(', ')}.`,
        );
        if (open.includes('keepWords'))
          line('Kept words go with the next sweep, within the hour; at once with: npm run sanad -- retention run');
      },
    };
  });
}
