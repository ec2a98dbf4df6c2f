import { isTemplateId, messageLanguageOf, templateIds, wordsOf } from '../../followUp/templates.ts';
import { endPlansOf } from '../../store/followUpPlans.ts';
import { draftMessage } from '../../store/messages.ts';
import { optOutCaller } from '../../store/optOuts.ts';
import { run } from '../../store/rows.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { onCaller } from '../callers/findCaller.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { refusals, wordingFault } from './findMessage.ts';

/** What is decided about a caller rather than about one message. */

function actorOf({ actor }: StaffAccess) {
  return { kind: actor.kind, id: actor.id } as const;
}

export interface DraftWords {
  readonly text?: string | undefined;
  readonly template?: string | undefined;
  readonly language: string;
  readonly dueAt: Date;
}

/** A message of one's own. It waits for approval like every other; the same person may give it. */
export async function draft(access: StaffAccess, words: string, wanted: DraftWords, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  const { text, template, language, dueAt } = wanted;
  if ((text === undefined) === (template === undefined))
    return misused('wrongText', 'Give either --text or --template.');
  if (template !== undefined && !isTemplateId(template))
    return misused('wrongTemplate', `Templates: ${templateIds.join(', ')}.`);
  const speech = messageLanguageOf(language);
  const body = template === undefined ? (text ?? '') : wordsOf(template, { language: speech });
  return onCaller(access, words, async (tx, { id: callerId }) => {
    const drafted = await draftMessage(tx, access.keys, {
      organisationId: access.organisationId,
      callerId,
      followUpId: null,
      callId: null,
      kind: template ?? 'custom',
      language: speech,
      body,
      dueAt,
      by: actorOf(access),
      at: now,
    });
    if (drafted.kind === 'refused')
      return drafted.why === 'wording'
        ? refused('wording', wordingFault(drafted.fault))
        : refused(drafted.why, `${shortId(callerId)}: ${refusals.erased}`);
    await access.noteIn(tx, 'messageWritten', { kind: 'message', id: drafted.id }, undefined, {
      segments: drafted.segments,
    });
    return {
      kind: 'done',
      json: { drafted: drafted.id, segments: drafted.segments },
      print: ({ line }) =>
        line(
          `Drafted: ${shortId(drafted.id)}, ${drafted.segments} segment${drafted.segments === 1 ? '' : 's'}. Approve it with: follow-ups approve ${shortId(drafted.id)}`,
        ),
    };
  });
}

export async function stop(
  access: StaffAccess,
  words: string,
  { linkedToCare, reason }: { readonly linkedToCare: boolean; readonly reason: string },
  now: Date,
): Promise<Outcome> {
  access.demand('approveMessages');
  return onCaller(access, words, async (tx, { id }) => {
    const why = linkedToCare ? 'linkedToCare' : 'stopped';
    if (!(await endPlansOf(tx, id, { why, by: actorOf(access), at: now })))
      return refused('noPlan', `${shortId(id)} has no follow-up plan that goes on. See: follow-ups list --which all`);
    await access.noteIn(tx, 'followUpsEnded', { kind: 'caller', id }, reason, { why });
    return {
      kind: 'done',
      json: { caller: id, ended: why },
      print: ({ line }) => line(`Follow-ups of ${shortId(id)} have ended (${why}). A new call begins new ones.`),
    };
  });
}

export async function optOut(access: StaffAccess, words: string, reason: string, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  return onCaller(access, words, async (tx, { id }) => {
    const done = await optOutCaller(tx, id, { source: 'staff', at: now, by: actorOf(access) });
    if (done === null) return refused('erased', `${shortId(id)}: ${refusals.erased}`);
    if (done) await access.noteIn(tx, 'optedOut', { kind: 'caller', id }, reason);
    return {
      kind: 'done',
      json: { caller: id, optedOut: true, already: !done },
      print: ({ line }) =>
        line(done ? `${shortId(id)} gets no more messages, for good.` : `${shortId(id)} had opted out already.`),
    };
  });
}

/** What the caller answered to whether others read their telephone. */
export async function chooseWording(
  access: StaffAccess,
  words: string,
  wording: 'neutral' | 'personal',
  reason: string,
): Promise<Outcome> {
  access.demand('approveMessages');
  return onCaller(access, words, async (tx, { id, erasedAt }) => {
    if (erasedAt !== null) return refused('erased', `${shortId(id)}: ${refusals.erased}`);
    await run(tx, 'update callers set safe_contact = ? where id = ?', [wording, id]);
    await access.noteIn(tx, 'wordingChosen', { kind: 'caller', id }, reason, { wording });
    return {
      kind: 'done',
      json: { caller: id, wording },
      print: ({ line }) => line(`Messages to ${shortId(id)} are ${wording} from the next draft on.`),
    };
  });
}
