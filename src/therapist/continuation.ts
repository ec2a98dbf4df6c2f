import type { ModelRequest } from './languageModel.ts';
import { normalise } from '../text/normalise.ts';

/**
 * When one provider breaks off in the middle of a reply, another goes on from what the caller was already given. It is
 * asked to say only the rest; what it repeats all the same is trimmed here.
 */

/** The request to go on after `given`. Stands in the instructions: not every model takes a begun reply of its own. */
export function continuing(request: ModelRequest, given: string): ModelRequest {
  return {
    ...request,
    system: `${request.system}\n\n# Go on\nYou have already begun this reply, and the caller has heard: «${given.trim()}». Say only what comes after it, so that both together are one reply. Do not repeat a word of it, do not greet, do not start again. Begin with a whole word.`,
  };
}

/** Joins the rest of a reply to what was given: without words said twice, with one space between. */
export interface Join {
  /** What can be said for sure; nothing while the rest could still be a repetition. */
  readonly push: (text: string) => string;
  readonly flush: () => string;
}

export function joinAfter(given: string): Join {
  let givenWords: readonly string[] = given.split(/\s+/).map(normalise).filter(nonEmpty);
  let held = '';
  let joined = false;

  const release = (from: number): string => {
    const rest = held.slice(from).trimStart();
    held = '';
    // Decided: whatever comes now is no repetition, but it may still need its space.
    givenWords = [];
    if (rest === '') return '';
    joined = true;
    const needsSpace = !/\s$/.test(given) && !/^[.,!?؟،؛…]/.test(rest);
    return needsSpace ? ` ${rest}` : rest;
  };

  const settle = (isLast: boolean): string => {
    const tokens = [...held.matchAll(/\S+/g)];
    // A last word may still grow.
    const whole = isLast || /\s$/.test(held) ? tokens : tokens.slice(0, -1);
    const words = whole.map((token) => normalise(token[0]));
    if (!isLast && mayStillRepeat(givenWords, words.filter(nonEmpty))) return '';
    const repeated = repeatedTokens(givenWords, words);
    const last = whole[repeated - 1];
    return release(last ? last.index + last[0].length : 0);
  };

  return {
    push: (text) => {
      if (joined) return text;
      held += text;
      return settle(false);
    },
    flush: () => (joined ? '' : settle(true)),
  };
}

function nonEmpty(word: string): boolean {
  return word !== '';
}

/** Could words that are still to come make these a repetition of an end of what was given? */
function mayStillRepeat(given: readonly string[], words: readonly string[]): boolean {
  if (words.length >= given.length) return given.length > 0 && words.length === 0;
  return given.some((_, start) => words.length < given.length - start && startsAt(given, start, words));
}

function startsAt(given: readonly string[], start: number, words: readonly string[]): boolean {
  return words.every((word, i) => given[start + i] === word);
}

/** How many of the first tokens repeat the end of what was given, as many as possible; empty words (a dash) count along. */
function repeatedTokens(given: readonly string[], tokens: readonly string[]): number {
  const words = tokens.filter(nonEmpty);
  for (let length = Math.min(given.length, words.length); length > 0; length -= 1) {
    if (!startsAt(given, given.length - length, words.slice(0, length))) continue;
    let seen = 0;
    return (
      tokens.findIndex((token) => {
        if (token !== '') seen += 1;
        return seen === length;
      }) + 1
    );
  }
  return 0;
}
