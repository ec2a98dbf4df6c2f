import type { EndedBy } from '../carrier/report.ts';
import type { PlayedCall } from './scenario.ts';
import { duration } from './terminalText.ts';

/** What scenarios ask of a call that is over. Each gives what is wrong, as a sentence; nothing when all is right. */

export type Expectation = (call: PlayedCall) => readonly string[];

export function all(...expectations: readonly Expectation[]): Expectation {
  return (call) => expectations.flatMap((expectation) => expectation(call));
}

/** The answer to everything said into silence comes within this; the caller of a good line does not wonder. */
const longestWaitMs = 3_500;

/** Both were heard, the wire was in order, and nobody waited for an answer. */
export const wasConversation: Expectation = ({ report, measures }) => [
  ...(report.callerFault === null ? [] : [`the caller's script broke: ${report.callerFault.message}`]),
  ...[...report.errors, ...report.warnings].map(({ code, message }) => `the carrier noted ${code}: ${message}`),
  ...(measures.sanadBursts.length === 0 ? ['Sanad was never heard'] : []),
  ...measures.firstSoundsMs
    .filter((ms) => ms > longestWaitMs)
    .map((ms) => `the caller waited ${duration(ms)} for an answer`),
];

export function endedBy(who: EndedBy): Expectation {
  return ({ report }) => (report.endedBy === who ? [] : [`the call was ended by "${report.endedBy}", not by "${who}"`]);
}

/** So many of the caller's utterances got an answer of their own. */
export function answered(least: number): Expectation {
  return ({ measures }) =>
    measures.firstSoundsMs.length >= least
      ? []
      : [`the caller got ${measures.firstSoundsMs.length} answers, not ${least}`];
}

/** These words of the caller were understood, in this order, others between them. */
export function understood(...texts: readonly string[]): Expectation {
  return ({ turns }) => {
    let said = turns.flatMap(({ speaker, text }) => (speaker === 'caller' ? [text] : [])).join(' ');
    for (const text of texts) {
      const at = said.indexOf(text);
      if (at < 0) return [`the caller's words were not understood: ${text}`];
      said = said.slice(at + text.length);
    }
    return [];
  };
}

/** Sanad fell silent for the caller so often, and each time soon enough to be polite. */
export function silenced(times: number, withinMs: number): Expectation {
  return ({ measures }) => [
    ...(measures.silencedAfterMs.length === times
      ? []
      : [`Sanad fell silent ${measures.silencedAfterMs.length} times for the caller, not ${times}`]),
    ...measures.silencedAfterMs
      .filter((ms) => ms > withinMs)
      .map((ms) => `Sanad fell silent only ${duration(ms)} after the caller began`),
  ];
}

/** Some reply was cut off: part of it heard, part of it never. */
export const wasCutOff: Expectation = ({ turns }) =>
  turns.some(({ interrupted, heardText, text }) => interrupted && (heardText ?? '').length < text.length)
    ? []
    : ['no reply was cut off by the interruption'];

/** Nothing Sanad meant to say was lost. */
export const nothingLeftUnsaid: Expectation = ({ turns }) =>
  turns
    .filter(({ speaker, text, heardText }) => speaker === 'sanad' && text !== heardText)
    .map(({ text }) => `Sanad did not get to say all of: ${text}`);

/** A listening word is kept as such, and takes nobody's turn. */
export function listened(text: string): Expectation {
  return ({ turns }) =>
    turns.some((turn) => turn.kind === 'backchannel' && turn.text.includes(text))
      ? []
      : [`the listening word ${text} was not kept as one`];
}

/** The last words that were heard are a fixed line's, to its end. */
export const saidGoodbye: Expectation = ({ turns }) => {
  const last = turns.findLast(({ speaker }) => speaker === 'sanad');
  return last?.kind === 'line' && last.text === last.heardText ? [] : ['the last line was not heard to its end'];
};
