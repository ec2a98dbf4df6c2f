import type { RiskLevel } from '../call/meaning.ts';

/** One turn of a call that is over; of Sanad only what the caller heard. */
export interface SpokenTurn {
  readonly speaker: 'caller' | 'sanad';
  readonly words: string;
  /** Of the caller's words, as they were assessed in the call. */
  readonly level: RiskLevel | null;
}

const characters = { turn: 600, call: 24_000 };

/**
 * JSON, one turn a line: words stand in strings only, so that nothing a caller says can end the data and begin an instruction.
 * Of a call that is too long the beginning and the end are kept, where it is said what it is about and what was agreed.
 */
export function transcriptFor(turns: readonly SpokenTurn[], language: string): string {
  const lines = turns
    .map((turn) => ({ ...turn, words: audible(turn.words).slice(0, characters.turn) }))
    .filter(({ words }) => words !== '')
    .map(({ speaker, level, words }) => JSON.stringify({ speaker, ...(level === null ? {} : { level }), words }));
  const head = within(lines, characters.call / 3);
  const tail = within(lines.slice(head.length).toReversed(), (characters.call * 2) / 3).toReversed();
  const omitted = lines.length - head.length - tail.length;
  const gap = omitted === 0 ? [] : [JSON.stringify({ omittedTurns: omitted })];
  return `{"language":${JSON.stringify(language)},\n"turns":[\n${[...head, ...gap, ...tail].join(',\n')}\n]}`;
}

function within(lines: readonly string[], room: number): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => (used += line.length) > room);
  return end < 0 ? lines : lines.slice(0, end);
}

/** Characters that nobody can hear are taken out, since instructions have been smuggled in them. */
function audible(words: string): string {
  return words
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
