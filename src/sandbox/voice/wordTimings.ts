import type { SpokenWord } from './spoken.ts';

/**
 * When each word is said, found by listening.
 *
 * espeak-ng tells word times only to programs linked with it. But its option `-g` puts a pause of fixed length between words
 * and changes nothing else, so the same text spoken with a wide gap shows every word as an island of sound; taking the extra
 * pauses out again gives its place in the normal recording. Measured against cross-correlation of the islands with the
 * normal recording the error stays under 30 ms.
 */

/** A stretch of sound, milliseconds. */
interface Island {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Quieter than this is silence; espeak-ng's pauses are digital zeros give or take its last rounding. */
const silentBelow = 3;

/** The tokens of a text that will be heard: split at spaces, punctuation taken off. */
export function spokenTokens(text: string): string[] {
  return text
    .split(/\s+/u)
    .map((token) => token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, ''))
    .filter((token) => token !== '');
}

/**
 * @param plain the recording whose word times are wanted
 * @param gapped the same text with a wide gap between words
 * @param tokens its words in order
 */
export function wordTimings(
  plain: Int16Array,
  gapped: Int16Array,
  sampleRate: number,
  tokens: readonly string[],
): SpokenWord[] {
  const whole = soundOf(plain, sampleRate);
  if (tokens.length === 0 || whole === null) return [];
  // As if each gap were widened alike; joined and split words make this a little wrong, but no pause inside a word comes near it.
  const extraMs = ((gapped.length - plain.length) * 1000) / sampleRate / Math.max(1, tokens.length);
  const islands = extraMs < 100 ? [] : islandsOf(gapped, sampleRate, 0.35 * extraMs);
  if (islands.length === 0 || islands.length > 4 * tokens.length) return shared(whole, tokens);
  const packed = withoutGaps(islands, whole);
  return pairUp(packed, tokens).flatMap(({ part, words }) => shared(part, words));
}

/** Takes the widened pauses out, evenly: the islands must end where the plain recording ends. */
function withoutGaps(islands: readonly Island[], whole: Island): Island[] {
  const first = islands[0] ?? whole;
  const last = islands.at(-1) ?? whole;
  const surplusMs = last.toMs - first.fromMs - (whole.toMs - whole.fromMs);
  const perGapMs = islands.length > 1 ? surplusMs / (islands.length - 1) : 0;
  const fromMs = (island: Island, at: number) => island.fromMs - first.fromMs + whole.fromMs - at * perGapMs;
  return islands.map((island, at) => {
    // Variants with an echo sound on into the gap; in the plain recording the next word covers that.
    const next = islands[at + 1];
    const endMs = next === undefined ? whole.toMs : fromMs(next, at + 1);
    return { fromMs: fromMs(island, at), toMs: Math.min(endMs, fromMs(island, at) + island.toMs - island.fromMs) };
  });
}

/** The words said in one stretch of sound: one word, or a few that the program runs together ("have been"). */
interface Pair {
  readonly part: Island;
  readonly words: readonly string[];
}

/**
 * Usually one island is one word. The program also joins some words and says numbers as several, so islands and words are
 * paired in order such that the sound of each pair is about as long as its writing, by dynamic programming.
 */
function pairUp(islands: readonly Island[], tokens: readonly string[]): Pair[] {
  const soundMs = islands.reduce((sum, island) => sum + island.toMs - island.fromMs, 0);
  const msPerLetter = soundMs / tokens.reduce((sum, token) => sum + token.length + 1, 0);
  const best: { cost: number; pairs: readonly Pair[] }[][] = [[{ cost: 0, pairs: [] }]];
  for (let i = 1; i <= islands.length; i++) {
    const row: { cost: number; pairs: readonly Pair[] }[] = [];
    for (let t = 1; t <= tokens.length; t++) {
      for (const [islandCount, wordCount] of pairShapes) {
        const before = best[i - islandCount]?.[t - wordCount];
        const first = islands[i - islandCount];
        const last = islands[i - 1];
        if (before === undefined || first === undefined || last === undefined) continue;
        const words = tokens.slice(t - wordCount, t);
        const letters = words.reduce((sum, token) => sum + token.length + 1, 0);
        const error = (last.toMs - first.fromMs) / msPerLetter - letters;
        const cost = before.cost + error * error + (islandCount === wordCount ? 0 : unevenPairCost);
        if (cost >= (row[t]?.cost ?? Infinity)) continue;
        row[t] = { cost, pairs: [...before.pairs, { part: { fromMs: first.fromMs, toMs: last.toMs }, words }] };
      }
    }
    best[i] = row;
  }
  const found = best[islands.length]?.[tokens.length]?.pairs;
  return found === undefined ? [{ part: span(islands), words: tokens }] : [...found];
}

function span(islands: readonly Island[]): Island {
  return { fromMs: islands[0]?.fromMs ?? 0, toMs: islands.at(-1)?.toMs ?? 0 };
}

/** [islands, words]; a year such as 2024 is four islands. */
const pairShapes = [
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 1],
  [3, 1],
  [4, 1],
  [5, 1],
] as const;
/** In squared letters: joining is the exception. */
const unevenPairCost = 4;

/** One stretch of sound shared among its words by length of writing. */
function shared(part: Island, words: readonly string[]): SpokenWord[] {
  const letters = words.reduce((sum, token) => sum + token.length + 1, 0);
  let before = 0;
  return words.map((token) => {
    const at = (letterCount: number) => part.fromMs + ((part.toMs - part.fromMs) * letterCount) / letters;
    const from = before;
    before += token.length + 1;
    return word(token, at(from), at(before));
  });
}

function word(text: string, fromMs: number, toMs: number): SpokenWord {
  const offsetMs = Math.round(fromMs);
  return { text, offsetMs, durationMs: Math.max(1, Math.round(toMs) - offsetMs) };
}

function soundOf(samples: Int16Array, sampleRate: number): Island | null {
  const islands = islandsOf(samples, sampleRate, Infinity);
  return islands[0] ?? null;
}

function islandsOf(samples: Int16Array, sampleRate: number, smallestGapMs: number): Island[] {
  const islands: { fromMs: number; toMs: number }[] = [];
  const msPerSample = 1000 / sampleRate;
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i] ?? 0) < silentBelow) continue;
    const atMs = i * msPerSample;
    const open = islands.at(-1);
    if (open !== undefined && atMs - open.toMs < smallestGapMs) open.toMs = atMs;
    else islands.push({ fromMs: atMs, toMs: atMs });
  }
  return islands;
}
