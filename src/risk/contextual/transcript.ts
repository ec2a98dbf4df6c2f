import { isAtLeast, type RiskLevel } from '../../call/meaning.ts';
import type { OpinionRequest } from './model.ts';
import { contextBounds as bounds } from './settings.ts';

export interface ContextTurn {
  readonly speaker: 'caller' | 'sanad';
  /** As recognised; of Sanad only what the caller heard. */
  readonly words: string;
  /** The recogniser's confidence in the words, 0..1. */
  readonly recogniserConfidence?: number | null;
  /** Silence before the turn began. */
  readonly silenceBeforeMs?: number | null;
  /** The level that the turn was given when it was said. */
  readonly level?: RiskLevel;
}

export interface ContextualInput {
  /** For the log; an id of ours, never a number. */
  readonly callId?: string;
  /** Oldest first, Sanad's own turns in their places. The caller's newest words are the last turn of theirs. */
  readonly turns: readonly ContextTurn[];
  /** As the language packs name them: `ar-OM`, `ar`, `en`. */
  readonly language: string;
  /** What the deterministic floor says of the newest words. */
  readonly floor: RiskLevel;
  /** The level at which the call is held. */
  readonly course: RiskLevel;
  /** How many of the caller's newest turns have had no opinion yet; 1 when left out. */
  readonly callerTurnsToAssess?: number;
  /** Told of what each request to a provider used. */
  readonly onUsage?: OpinionRequest['onUsage'];
}

/** A turn that is shown, or how many are left out at that place. */
type Shown =
  { readonly turn: ContextTurn; readonly words: string; readonly assess: boolean } | { readonly omitted: number };

/** The newest turns, for the classifier: twice as many while some of them have had no opinion. Null when the caller has said nothing. */
export function classifierTranscript(input: ContextualInput): string | null {
  const turns = spoken(input.turns);
  const first = firstToAssess(turns, input.callerTurnsToAssess ?? 1);
  if (first === null) return null;
  const from = Math.max(
    0,
    turns.length - 2 * bounds.classifierTurns,
    Math.min(first, turns.length - bounds.classifierTurns),
  );
  const shown = turns.slice(from).map((turn, index): Shown => {
    const assess = turn.speaker === 'caller' && from + index >= first;
    return { turn, words: cut(turn.words, assess ? bounds.newestTurnCharacters : bounds.turnCharacters), assess };
  });
  return render(input, shown);
}

/**
 * The call as far as it fits, for the judge. The newest turns stand as they are; of older ones the caller's are shortened in
 * their middle and Sanad's to their end, where the question is. What still does not fit is left out from the oldest on, but
 * never before turns in which danger was heard, nor what was said right before those: a bare yes means nothing alone.
 */
export function judgeTranscript(input: ContextualInput): string | null {
  const turns = spoken(input.turns);
  const first = firstToAssess(turns, input.callerTurnsToAssess ?? 1);
  if (first === null) return null;
  const newestFrom = Math.max(0, turns.length - bounds.judgeNewestTurns);
  const cuts = turns.map((turn, index) =>
    index >= newestFrom ? cut(turn.words, bounds.newestTurnCharacters / 2) : older(turn),
  );
  const isRisky = (turn: ContextTurn | undefined) => turn?.level !== undefined && isAtLeast(turn.level, 'moderate');
  const weighs = (index: number) => index >= newestFrom || isRisky(turns[index]) || isRisky(turns[index + 1]);
  const newestFirst = turns.map((_, index) => index).toReversed();
  const kept = new Set<number>();
  let room: number = bounds.judgeCharacters;
  for (const index of [...newestFirst.filter(weighs), ...newestFirst.filter((at) => !weighs(at))]) {
    const size = cuts[index]?.length ?? 0;
    if (size > room) break;
    room -= size;
    kept.add(index);
  }
  return render(input, withGaps(turns, cuts, kept, first));
}

function withGaps(
  turns: readonly ContextTurn[],
  cuts: readonly string[],
  kept: ReadonlySet<number>,
  first: number,
): readonly Shown[] {
  const shown: Shown[] = [];
  let omitted = 0;
  for (const [index, turn] of turns.entries()) {
    if (!kept.has(index)) {
      omitted += 1;
      continue;
    }
    if (omitted > 0) shown.push({ omitted });
    omitted = 0;
    shown.push({ turn, words: cuts[index] ?? '', assess: turn.speaker === 'caller' && index >= first });
  }
  return shown;
}

/** The words of the caller that a quote may come from: as said, not as shortened. */
export function callerWords(input: ContextualInput): readonly string[] {
  return input.turns.filter(({ speaker }) => speaker === 'caller').map(({ words }) => words);
}

/**
 * JSON, one turn a line. Words stand in JSON strings only, so that nothing a caller says can end the data and begin an instruction;
 * characters that nobody can hear are taken out, since instructions have been smuggled in them.
 */
function render(input: ContextualInput, shown: readonly Shown[]): string {
  const lines = shown.map((item) => {
    if ('omitted' in item) return JSON.stringify({ omittedTurns: item.omitted });
    const { turn, words, assess } = item;
    const { recogniserConfidence: confidence = null, silenceBeforeMs: silence = null } = turn;
    return JSON.stringify({
      speaker: turn.speaker,
      ...(assess ? { assess: true } : {}),
      ...(confidence === null ? {} : { confidence: Math.round(confidence * 100) / 100 }),
      ...(silence === null ? {} : { silenceBeforeMs: Math.round(silence) }),
      ...(turn.level === undefined ? {} : { level: turn.level }),
      words,
    });
  });
  const call = JSON.stringify({ language: input.language, floorLevel: input.floor, callLevel: input.course });
  return `{"call":${call},\n"turns":[\n${lines.join(',\n')}\n]}`;
}

function spoken(turns: readonly ContextTurn[]): readonly ContextTurn[] {
  return turns.map((turn) => ({ ...turn, words: audible(turn.words) })).filter(({ words }) => words !== '');
}

function audible(words: string): string {
  return words
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** Where the caller's newest `count` turns begin. */
function firstToAssess(turns: readonly ContextTurn[], count: number): number | null {
  const callers = turns.flatMap((turn, index) => (turn.speaker === 'caller' ? [index] : []));
  return callers.at(-Math.max(1, Math.min(count, callers.length))) ?? null;
}

function older(turn: ContextTurn): string {
  if (turn.speaker === 'caller') return cut(turn.words, bounds.judgeOlderCallerCharacters);
  const { words } = turn;
  return words.length <= bounds.judgeOlderSanadCharacters
    ? words
    : `… ${words.slice(-bounds.judgeOlderSanadCharacters)}`;
}

/** What leads in and what it comes to stay; the middle goes. */
function cut(words: string, characters: number): string {
  if (words.length <= characters) return words;
  const head = Math.floor(characters * 0.4);
  return `${words.slice(0, head)} … ${words.slice(head - characters)}`;
}
