import { callsOfCaller } from '../../store/callerQueries.ts';
import { consentKinds, consentsOf, standingAnswer, type Consent } from '../../store/consents.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId, shownDuration } from '../listing.ts';
import type { Outcome } from '../outcome.ts';
import { inZone, withZone } from '../zonedTime.ts';
import { callerJson, onCaller, shownNumber } from './findCaller.ts';

const shownCalls = 10;

/** One caller: how often they called, what they agreed to, and their last calls. No words. */
export async function show(
  access: StaffAccess,
  words: string,
  { numbers, zone }: { readonly numbers: boolean; readonly zone: string },
): Promise<Outcome> {
  access.demand('seeCallers');
  return onCaller(access, words, async (tx, caller) => {
    const consents = await consentsOf(tx, caller.id);
    const calls = await callsOfCaller(tx, caller.id, shownCalls);
    const standing = consentKinds.map((kind) => ({ kind, answer: standingAnswer(consents, kind) }));
    await access.noteIn(tx, 'callerSeen', { kind: 'caller', id: caller.id }, undefined, { numbers });
    return {
      kind: 'done',
      json: { caller: callerJson(caller, numbers), standing, consents, calls },
      print: ({ line, colours }) => {
        line(colours.bold(`Caller ${caller.id}`));
        line(`  number   ${shownNumber(caller, numbers)}`);
        line(`  first    ${withZone(caller.createdAt, zone)}`);
        line(`  calls    ${caller.calls}, highest level ${caller.level}`);
        if (caller.blockedAt !== null)
          line(
            `  ${colours.yellow('blocked')}  since ${withZone(caller.blockedAt, zone)}: no follow-ups; calls are answered`,
          );
        if (caller.erasedAt !== null)
          line(`  erased   ${withZone(caller.erasedAt, zone)}: words, number and key are destroyed`);
        line('  consent');
        for (const { kind, answer } of standing) line(`    ${kind.padEnd(10)}${answer}${lastOf(consents, kind, zone)}`);
        if (calls.length > 0) line(calls.length < caller.calls ? `  last ${calls.length} calls` : '  calls');
        for (const call of calls)
          line(
            `    ${shortId(call.id)}  ${inZone(call.startedAt, zone)}  ${call.seconds === null ? 'live' : shownDuration(call.seconds)}  ${call.outcome ?? ''}  ${call.level}`,
          );
      },
    };
  });
}

function lastOf(consents: readonly Consent[], kind: Consent['kind'], zone: string): string {
  const last = consents.filter((each) => each.kind === kind).at(-1);
  return last === undefined ? '' : `, ${last.how}, ${withZone(last.at, zone)}`;
}
