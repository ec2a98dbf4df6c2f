import { approveCheckIn, lockCheckIn, settleCheckIn } from '../../store/followUpQueries.ts';
import { mayContact } from '../../store/consents.ts';
import type { Transaction } from '../../store/database.ts';
import { showMessage } from '../../store/messageQueries.ts';
import { approveMessage, editMessage, rejectMessage, type Decided } from '../../store/messages.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { withZone } from '../zonedTime.ts';
import { findMessage, refusals, wordingFault, type Named } from './findMessage.ts';
import { openedText } from './text.ts';

type Found = Exclude<Named, { kind: 'refused' }>;

function actorOf({ actor }: StaffAccess) {
  return { kind: actor.kind, id: actor.id } as const;
}

export interface EditWords {
  readonly text?: string | undefined;
  readonly dueAt?: Date | undefined;
  readonly urgent?: boolean | undefined;
  readonly reason?: string | undefined;
}

export async function edit(access: StaffAccess, words: string, change: EditWords, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  const { text: body, dueAt, urgent, reason: why } = change;
  if (body === undefined && dueAt === undefined && urgent === undefined)
    return misused('nothing', 'There is nothing to change: --text, --due, --urgent or --not-urgent.');
  return onMessage(access, words, async (tx, found) => {
    if (found.kind === 'checkInCall')
      return refused('checkInCall', 'A check-in call has no text. It is approved or rejected.');
    const edited = await editMessage(tx, access.keys, found.id, {
      body,
      dueAt,
      urgent,
      why,
      by: actorOf(access),
      at: now,
    });
    if (edited.kind === 'refused') return refusedBecause(edited, found.id);
    const facts = { version: edited.message.version, words: body !== undefined };
    await access.noteIn(tx, 'messageEdited', { kind: 'message', id: found.id }, why, facts);
    return {
      kind: 'done',
      json: { edited: found.id, version: edited.message.version, segments: edited.message.segments },
      print: ({ line }) =>
        line(`Changed: ${shortId(found.id)}, now version ${edited.message.version}. It waits for approval.`),
    };
  });
}

interface Shown {
  readonly id: string;
  readonly kind: Found['kind'];
  readonly version: number | null;
  readonly text: string;
}

/**
 * One is approved at once and its text shown. Several are shown first, and approved with `--yes` by ids that carry the version that was
 * shown, so that nobody approves words that they have not seen. All or none.
 */
export async function approve(
  access: StaffAccess,
  ids: readonly string[],
  { yes, zone, now }: { readonly yes: boolean; readonly zone: string; readonly now: Date },
): Promise<Outcome> {
  access.demand('approveMessages');
  if (ids.length > 50) return misused('tooMany', 'At most 50 at once: each text is to be read.');
  try {
    return await access.database.within(access.organisationId, async (tx) => {
      const shown: Shown[] = [];
      for (const words of new Set(ids)) shown.push(await look(tx, access, words));
      if (shown.length > 1 && !(yes && shown.every(({ version, kind }) => version !== null || kind === 'checkInCall')))
        return firstShown(tx, access, shown);
      const due = new Map<string, Date>();
      for (const each of shown) due.set(each.id, await approveOne(tx, access, each, now));
      for (const { id, version } of shown)
        await access.noteIn(
          tx,
          'messageApproved',
          { kind: 'message', id },
          undefined,
          version === null ? {} : { version },
        );
      return {
        kind: 'done',
        json: { approved: shown },
        print: ({ line }) => {
          for (const { id, text } of shown)
            line(`Approved: ${shortId(id)}, due ${withZone(due.get(id) ?? now, zone)}\n  ${text}`);
        },
      };
    });
  } catch (fault) {
    if (fault instanceof Stop) return fault.outcome;
    throw fault;
  }
}

/** Sanad makes no check-in calls yet: who approves one rings the caller. */
const callByHand =
  '(check-in call: Sanad does not make it yet. You ring the caller yourself; then: follow-ups called ID)';

/** Takes back what the transaction has done so far. */
class Stop extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('refused');
    this.outcome = outcome;
  }
}

async function look(tx: Transaction, access: StaffAccess, words: string): Promise<Shown> {
  const named = await findMessage(tx, words);
  if (named.kind === 'refused') throw new Stop(named.outcome);
  const { kind, id, version } = named;
  if (kind === 'checkInCall') return { id, kind, version: null, text: callByHand };
  const whole = await showMessage(tx, access.keys, id, true);
  // Only its id: what a caller wrote is not shown here.
  const text = whole?.message.direction === 'out' ? openedText(whole.message.text) : '';
  return { id, kind, version, text };
}

async function firstShown(tx: Transaction, access: StaffAccess, shown: readonly Shown[]): Promise<Outcome> {
  const named: string[] = [];
  for (const { id, kind } of shown) {
    const whole = kind === 'message' ? await showMessage(tx, access.keys, id, false) : null;
    named.push(whole === null ? id : `${id}@${whole.message.version}`);
  }
  await access.noteIn(tx, 'messagesSeen', { kind: 'message', id: null }, undefined, { messages: shown.length });
  return {
    kind: 'done',
    json: { approved: [], shown: shown.map((each, index) => ({ ...each, approveAs: named[index] })) },
    code: 1,
    print: ({ line }) => {
      for (const { id, text } of shown) line(`${shortId(id)}  ${text}`);
      line('\nNothing is approved yet. To approve exactly these:');
      line(`  npm run sanad -- follow-ups approve --yes ${named.join(' ')}`);
    },
  };
}

async function approveOne(
  tx: Transaction,
  access: StaffAccess,
  { id, kind, version }: Shown,
  now: Date,
): Promise<Date> {
  if (kind === 'checkInCall') return approveCall(tx, access, id, now);
  const wanted = version === null ? {} : { version };
  const decided = await approveMessage(tx, id, { by: actorOf(access), at: now, ...wanted });
  if (decided.kind === 'refused') throw new Stop(refusedBecause(decided, id));
  return decided.message.dueAt ?? now;
}

async function approveCall(tx: Transaction, access: StaffAccess, id: string, now: Date): Promise<Date> {
  const call = await lockCheckIn(tx, id);
  if (call === null) throw new Stop(refused('unknown', `${shortId(id)}: ${refusals.unknown}`));
  if (!(await mayContact(tx, call.callerId, 'followUp')))
    throw new Stop(
      refused('noConsent', `${shortId(id)}: the caller has not agreed to be rung, took it back, or is blocked.`),
    );
  if (!(await approveCheckIn(tx, id, access.actor.id, now)))
    throw new Stop(
      refused('alreadyApproved', `${shortId(id)}: it is ${call.state} already. See: follow-ups show ${shortId(id)}`),
    );
  return call.dueAt;
}

export async function reject(access: StaffAccess, words: string, reason: string, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  return onMessage(access, words, async (tx, found) => {
    const { id } = found;
    if (found.kind === 'checkInCall') {
      if (!(await settleCheckIn(tx, id, { state: 'cancelled', outcome: 'rejected', at: now })))
        return refused('over', `${shortId(id)}: ${refusals.over}`);
    } else {
      const decided = await rejectMessage(tx, access.keys, id, { by: actorOf(access), at: now, why: reason });
      if (decided.kind === 'refused') return refusedBecause(decided, id);
    }
    await access.noteIn(tx, 'messageRejected', { kind: 'message', id }, reason);
    return {
      kind: 'done',
      json: { rejected: id },
      print: ({ line }) => line(`Rejected: ${shortId(id)}. It is not sent; the plan goes on with the next contact.`),
    };
  });
}

/** A person has rung the caller: the plan goes on with the next contact. */
export async function called(access: StaffAccess, words: string, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  return onMessage(access, words, async (tx, { id, kind }) => {
    if (kind !== 'checkInCall')
      return misused(
        'notACall',
        `${shortId(id)} is a message. Whether it arrived is seen with: follow-ups show ${shortId(id)}`,
      );
    if (!(await settleCheckIn(tx, id, { state: 'done', outcome: 'calledByHand', at: now })))
      return refused('over', `${shortId(id)}: ${refusals.over}`);
    await access.noteIn(tx, 'callbackMade', { kind: 'message', id });
    return {
      kind: 'done',
      json: { called: id },
      print: ({ line }) =>
        line(`Written down: ${shortId(id)}, called by hand. The plan goes on with the next contact.`),
    };
  });
}

async function onMessage(
  access: StaffAccess,
  words: string,
  work: (tx: Transaction, found: Found) => Promise<Outcome>,
): Promise<Outcome> {
  return access.database.within(access.organisationId, async (tx) => {
    const named = await findMessage(tx, words);
    return named.kind === 'refused' ? named.outcome : work(tx, named);
  });
}

function refusedBecause(decided: Extract<Decided, { kind: 'refused' }>, id: string): Outcome {
  if (decided.why === 'wording') return refused('wording', wordingFault(decided.fault));
  return refused(decided.why, `${shortId(id)}: ${refusals[decided.why].replaceAll(' ID', ` ${shortId(id)}`)}`);
}
