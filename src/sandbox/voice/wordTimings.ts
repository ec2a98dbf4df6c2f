import type { SpokenWord } from './spoken.ts';

/**
 * When each word is said, found by listening.
 *
 * espeak-ng tells word times only to programs linked with it. But its option `-g` puts a pause between words and changes little
 * else, so the same text spoken with wide gaps shows every word as an island of sound, and each island is then found again in
 * the normal recording by correlation. Checked against an exhaustive search with the full rate: half of the words at the
 * same place, nine of ten within 30 ms. Words that the program runs together ("have been") share their island by length.
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
  const packed = withoutGaps(islands, whole, thin(plain, sampleRate), thin(gapped, sampleRate));
  return pairUp(packed, tokens).flatMap(({ part, words }) => shared(part, words));
}

/**
 * The islands at their places in the plain recording. Taking the widened pauses out evenly gives the rough place; the fine one is
 * where the beginning of the island correlates best, because pauses do not all widen alike.
 */
function withoutGaps(islands: readonly Island[], whole: Island, plain: Thin, gapped: Thin): Island[] {
  const first = islands[0] ?? whole;
  const last = islands.at(-1) ?? whole;
  const surplusMs = last.toMs - first.fromMs - (whole.toMs - whole.fromMs);
  const perGapMs = islands.length > 1 ? surplusMs / (islands.length - 1) : 0;
  const starts: number[] = [];
  islands.forEach((island, at) => {
    const before = islands[at - 1];
    const startBefore = starts[at - 1];
    const known = before !== undefined && startBefore !== undefined;
    const roughMs = known ? startBefore + island.fromMs - before.fromMs - perGapMs : whole.fromMs;
    const foundMs = at === 0 ? roughMs : bestPlaceMs(plain, gapped, island, roughMs);
    starts.push(Math.max(foundMs, startBefore ?? 0));
  });
  return islands.map((island, at) => {
    // Variants with an echo sound on into the gap; in the plain recording the next word covers that.
    const fromMs = starts[at] ?? whole.fromMs;
    const endMs = starts[at + 1] ?? whole.toMs;
    return { fromMs, toMs: Math.max(fromMs, Math.min(endMs, fromMs + island.toMs - island.fromMs)) };
  });
}

/** A recording at a sixth of its rate, which is enough to find a place in it and quick. */
interface Thin {
  readonly samples: Float32Array;
  readonly perMs: number;
}

const thinning = 6;

function thin(samples: Int16Array, sampleRate: number): Thin {
  const result = new Float32Array(Math.floor(samples.length / thinning));
  for (let i = 0; i < result.length; i++) {
    let sum = 0;
    for (let k = 0; k < thinning; k++) sum += samples[i * thinning + k] ?? 0;
    result[i] = sum;
  }
  return { samples: result, perMs: sampleRate / thinning / 1000 };
}

const searchMs = 90;
const comparedMs = 160;
/** Below this correlation the rough place is the better guess. */
const leastLikeness = 0.5;

function bestPlaceMs(plain: Thin, gapped: Thin, island: Island, roughMs: number): number {
  const from = Math.round(island.fromMs * gapped.perMs);
  const length = Math.round(Math.min(comparedMs, island.toMs - island.fromMs) * gapped.perMs);
  const rough = Math.round(roughMs * plain.perMs);
  const reach = Math.round(searchMs * plain.perMs);
  let own = 0;
  for (let i = 0; i < length; i++) own += (gapped.samples[from + i] ?? 0) ** 2;
  let best = leastLikeness;
  let bestMs = roughMs;
  for (let place = Math.max(0, rough - reach); place <= rough + reach; place++) {
    let product = 0;
    let energy = 1;
    for (let i = 0; i < length; i++) {
      const sample = plain.samples[place + i] ?? 0;
      product += sample * (gapped.samples[from + i] ?? 0);
      energy += sample * sample;
    }
    const likeness = product / Math.sqrt(own * energy + 1);
    if (likeness > best) [best, bestMs] = [likeness, place / plain.perMs];
  }
  return bestMs;
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
  if (islands.length === tokens.length) return islands.map((part, at) => ({ part, words: [tokens[at] ?? ''] }));
  const soundMs = islands.reduce((sum, island) => sum + island.toMs - island.fromMs, 0);
  const msPerLetter = soundMs / tokens.reduce((sum, token) => sum + letters(token), 0);
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
        const written = words.reduce((sum, token) => sum + letters(token), 0);
        const error = (last.toMs - first.fromMs) / msPerLetter - written;
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

/** Vowel marks are no letters; one more for what every word takes. */
function letters(token: string): number {
  return token.replace(/\p{Mark}/gu, '').length + 1;
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
  const written = words.reduce((sum, token) => sum + letters(token), 0);
  let before = 0;
  return words.map((token) => {
    const at = (letterCount: number) => part.fromMs + ((part.toMs - part.fromMs) * letterCount) / written;
    const from = before;
    before += letters(token);
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
