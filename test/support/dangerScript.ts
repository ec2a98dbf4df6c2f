import type { LineName } from '../../src/call/lineName.ts';
import type { RiskLevel, Situation } from '../../src/call/meaning.ts';
import type { SafetyQuestion } from '../../src/call/safetySteps.ts';
import { CallScript, said } from './callScript.ts';

/** Stories of danger, for the tests of what Sanad says and asks in it. */
export const eager = { speculateAfterMs: null } as const;
/** The greeting was heard; no reply is prepared before the turn is over. */
export const talk = (): CallScript => new CallScript(eager).answered();
export const situations: readonly Situation[] = ['self', 'other', 'child', 'violence', 'voices', 'medical'];

/** Whatever Sanad is about to say is said and heard. */
export function hearsOut(call: CallScript): CallScript {
  return call.state.floor.kind === 'thinking' ? call.speaks(call.turn, [1_000, 1_000]) : call;
}

/** Sanad is in the middle of a reply. */
export function midReply(): CallScript {
  const call = talk().says(1);
  call.sounds(call.turn, [2_000, 1_500]).wait(600).hears(call.turn, { sentence: 0, ms: 600 });
  call.effects();
  return call;
}

/** The caller has said what nobody is left alone with, and has heard the first response; telephones ring. */
export function inDanger(level: RiskLevel = 'high', situation: Situation = 'self'): CallScript {
  const call = talk().final(1, { risk: level, situation });
  hearsOut(call).effects();
  return call;
}

/** Sanad has asked this and it was heard to its end. */
export function withQuestion(question: SafetyQuestion, level: RiskLevel = 'none'): CallScript {
  const call = talk();
  const { safety } = call.state;
  call.state = { ...call.state, safety: { ...safety, question, level, told: level, asked: 1 } };
  return call;
}

/** What Sanad says into the silences of so long a time, each heard to its end. */
export function intoSilence(call: CallScript, times: number): readonly string[] {
  const lines: string[] = [];
  for (let n = 0; n < times; n++) {
    while (call.state.floor.kind === 'listening') call.wait(100);
    lines.push(...said(call));
    hearsOut(call);
  }
  return lines;
}

/** The fixed line of a reply; null when a model answers. */
export function lineOf({
  source,
}: {
  readonly source: { readonly kind: 'model' } | { readonly kind: 'line'; readonly line: LineName };
}) {
  return source.kind === 'line' ? source.line : null;
}
