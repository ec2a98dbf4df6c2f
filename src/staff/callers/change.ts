import { eraseCaller, type Erasure } from '../../store/callerErasure.ts';
import { setBlocked, type ShownCaller } from '../../store/callerQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { usualZone, withZone } from '../zonedTime.ts';
import { onCaller } from './findCaller.ts';

export interface EraseOptions {
  readonly reason: string;
  readonly yes: boolean;
  readonly cancelCallbacks: boolean;
}

export async function erase(access: StaffAccess, words: string, options: EraseOptions): Promise<Outcome> {
  access.demand('eraseCaller');
  const { reason: why, yes, cancelCallbacks } = options;
  return onCaller(access, words, async (tx, caller) => {
    if (!yes && caller.erasedAt === null)
      return misused(
        'notConfirmed',
        `This destroys for good what was said in the calls of ${shortId(caller.id)} (${caller.calls}), with number, key and log; no backup of DATA_KEY brings it back. Nothing was done. To do it, add --yes.`,
      );
    const { actor } = access;
    return outcomeOf(caller, await eraseCaller(tx, access.keys, { callerId: caller.id, actor, why, cancelCallbacks }));
  });
}

const inUse = {
  onTheLine: 'is on the line now',
  escalation: 'is being brought a person, or that is not closed yet',
  ringing: 'is being called back at this moment',
} as const;

function outcomeOf({ id }: ShownCaller, erasure: Erasure): Outcome {
  switch (erasure.kind) {
    case 'unknown':
      return refused('unknownCaller', `The caller ${shortId(id)} was removed just now.`);
    case 'inUse':
      return refused(
        'inUse',
        `${shortId(id)} ${inUse[erasure.why]}. Helping goes first: nothing was erased. Try again when that is over.`,
      );
    case 'callbacksWaiting':
      return refused(
        'callbacksWaiting',
        `${shortId(id)} was promised ${erasure.callbacks === 1 ? 'a callback' : `${erasure.callbacks} callbacks`}, for which the number is needed. Nothing was erased. Make it first, or call it off with --cancel-callbacks.`,
      );
    case 'alreadyErased':
      return {
        kind: 'done',
        json: { erased: id, at: erasure.at, before: true },
        print: ({ line }) => line(`${shortId(id)} was erased already, at ${withZone(erasure.at, usualZone)}.`),
      };
    case 'erased': {
      const { calls, turns, logEntries, callbacks } = erasure.counts;
      return {
        kind: 'done',
        json: { erased: id, at: erasure.at, before: false, ...erasure.counts },
        print: ({ line }) => {
          line(
            `Erased: ${shortId(id)}. Number and key are destroyed, with ${turns} turns and ${logEntries} log entries of ${calls} ${calls === 1 ? 'call' : 'calls'}.`,
          );
          if (callbacks > 0) line(`${callbacks} promised callbacks were called off.`);
          line(
            'What stays: that there were calls, with times, levels and outcomes, and the audit. Neither leads back to the caller, unless staff wrote a name into a reason.',
          );
          line(
            'Backups made before still hold it, sealed, until they are overwritten; so do earlier exports. See docs/records.md.',
          );
        },
      };
    }
  }
}

const stillAnswered =
  'Calls from this number are answered as before: someone who annoyed us yesterday may be in danger today.';

export async function block(access: StaffAccess, words: string, blocked: boolean, reason: string): Promise<Outcome> {
  access.demand('blockCaller');
  return onCaller(access, words, async (tx, caller) => {
    const { id } = caller;
    if (caller.erasedAt !== null)
      return refused('erased', `${shortId(id)} was erased: we could not ring this caller if we wanted to.`);
    const changed = await setBlocked(tx, id, blocked);
    if (changed) await access.noteIn(tx, blocked ? 'callerBlocked' : 'callerUnblocked', { kind: 'caller', id }, reason);
    return {
      kind: 'done',
      json: { caller: id, blocked, changed },
      print: ({ line }) => {
        if (!changed)
          line(`${shortId(id)} ${blocked ? 'was blocked already' : 'was not blocked'}. Nothing was changed.`);
        else if (blocked) line(`Blocked: ${shortId(id)}. No follow-ups any more, and marked for staff.`);
        else line(`No longer blocked: ${shortId(id)}. Follow-ups are possible again, if there is consent.`);
        if (blocked) line(stillAnswered);
      },
    };
  });
}
