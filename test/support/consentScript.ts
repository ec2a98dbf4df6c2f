import type { CallEffect, ConsentKind } from '../../src/call/effect.ts';
import type { Meaning } from '../../src/call/meaning.ts';
import type { CallScript } from './callScript.ts';
import { hearsOut, talk } from './dangerScript.ts';

const all: readonly ConsentKind[] = ['keepWords', 'followUp', 'sms'];

/** A call whose caller may be asked for these, after so many replies that were heard. */
export function asked(replies: number, open: readonly ConsentKind[] = all): CallScript {
  const call = talk();
  call.tell({ type: 'consentLookedUp', open });
  for (let n = 1; n <= replies; n++) hearsOut(call.says(n));
  call.effects();
  return call;
}

/** The next turn of the caller, and Sanad heard out. */
export function goesOn(call: CallScript, part: Partial<Meaning> = {}): CallScript {
  return hearsOut(call.says(call.state.lastUtterance + 1, part));
}

export function recorded(effects: readonly CallEffect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === 'recordConsent'
      ? [`${effect.kind} ${effect.answer} ${effect.line ?? 'unasked'} ${effect.utterance === null ? 'key' : 'words'}`]
      : [],
  );
}
