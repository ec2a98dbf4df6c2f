import type { Token, TokenFeatures } from './tokens.ts';

/**
 * A small convolutional network over the words of an utterance: each word is the sum of what its letters, sounds and marks were
 * learned to mean; filters over one, two and three words in a row; of each filter the highest, of the words their sum; and
 * from these, straight, the odds of each level and what it is about. It tells what the linear model cannot: which words together.
 */
export interface Network {
  /** Of each hash, what it means: row by dimension. */
  readonly rows: Float32Array;
  /** How much each kind of token feature counts. */
  readonly kindWeights: readonly number[];
  /** For each width and each of its words: dimension by filter. */
  readonly filters: Float32Array;
  readonly filterBias: Float32Array;
  /** Pooled by head. */
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

export const networkShape = { bits: 16, dimensions: 32, filters: 48, widths: 3 } as const;
const { dimensions, filters, widths } = networkShape;
export const rowCount = 1 << networkShape.bits;
export const filterSize = (dimensions * filters * widths * (widths + 1)) / 2;
export const pooledSize = filters * widths + dimensions;
/** Levels, then domains with none of them last, then subjects with none of them last. */
export const networkHeads = { levels: 4, domains: 9, subjects: 4 } as const;
export const headCount = networkHeads.levels + networkHeads.domains + networkHeads.subjects;
/** More than a block of words can have. */
export const mostTokens = 400;

/** Room for one utterance, used again for the next: nothing is allocated while calls go on. */
export interface Workspace {
  /** Word by dimension. */
  readonly words: Float32Array;
  readonly pooled: Float32Array;
  /** Where each filter was highest: the first of its words, which may lie before the utterance. */
  readonly highest: Int32Array;
  readonly outputs: Float64Array;
}

export function workspace(): Workspace {
  return {
    words: new Float32Array(mostTokens * dimensions),
    pooled: new Float32Array(pooledSize),
    highest: new Int32Array(filters * widths),
    outputs: new Float64Array(headCount),
  };
}

/** Odds of all heads, in `space.outputs`. */
export function runNetwork(tokens: readonly Token[], network: Network, space: Workspace): Float64Array {
  const count = Math.min(tokens.length, mostTokens);
  space.words.fill(0, 0, count * dimensions);
  for (let at = 0; at < count; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    addWord(token.own, network, space.words, at * dimensions);
    addFeatures(token.meant, network, space.words, at * dimensions);
  }
  convolve(count, network, space);
  poolWords(count, space);
  return readOut(network, space);
}

/** What a word's letters amount to, for the network that is in use; forgotten together with the word. */
const vectors = new WeakMap<TokenFeatures, { readonly network: Network; readonly vector: Float32Array }>();

function addWord(own: TokenFeatures, network: Network, out: Float32Array, offset: number): void {
  let found = vectors.get(own);
  if (found?.network !== network) {
    found = { network, vector: new Float32Array(dimensions) };
    addFeatures(own, network, found.vector, 0);
    vectors.set(own, found);
  }
  for (let d = 0; d < dimensions; d += 1) out[offset + d] = (out[offset + d] ?? 0) + (found.vector[d] ?? 0);
}

function addFeatures({ hashes, kinds }: TokenFeatures, network: Network, out: Float32Array, offset: number): void {
  const { rows, kindWeights } = network;
  const values = kindValues(kinds, kindWeights);
  for (let at = 0; at < hashes.length; at += 1) {
    const value = values[kinds[at] ?? 0] ?? 0;
    const row = ((hashes[at] ?? 0) & (rowCount - 1)) * dimensions;
    for (let d = 0; d < dimensions; d += 1) out[offset + d] = (out[offset + d] ?? 0) + value * (rows[row + d] ?? 0);
  }
}

/** What one feature of each kind counts, where there are so many of them. */
export function kindValues(kinds: readonly number[], kindWeights: readonly number[]): readonly number[] {
  const counts = kindWeights.map(() => 0);
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return kindWeights.map((weight, kind) => weight / Math.sqrt(Math.max(1, counts[kind] ?? 0)));
}

/** Where the weights of a filter's width begin. */
export const widthOffset = (width: number): number => (dimensions * filters * width * (width - 1)) / 2;

const sums = new Float64Array(filters);

/** The highest of each filter over all places, none of it below zero. Beyond the first and last word there is nothing. */
export function convolve(count: number, network: Network, { words, pooled, highest }: Workspace): void {
  const { filters: weights, filterBias } = network;
  pooled.fill(0, 0, filters * widths);
  highest.fill(-widths);
  for (let width = 1; width <= widths; width += 1) {
    const first = (width - 1) * filters;
    for (let start = 1 - width; start < count; start += 1) {
      for (let f = 0; f < filters; f += 1) sums[f] = filterBias[first + f] ?? 0;
      for (let place = 0; place < width; place += 1) {
        const word = start + place;
        if (word >= 0 && word < count)
          addProduct(words, word * dimensions, weights, widthOffset(width) + place * dimensions * filters);
      }
      for (let f = 0; f < filters; f += 1)
        if ((sums[f] ?? 0) > (pooled[first + f] ?? 0)) {
          pooled[first + f] = sums[f] ?? 0;
          highest[first + f] = start;
        }
    }
  }
}

/** Four dimensions at a time: half of all time is spent here. */
function addProduct(words: Float32Array, from: number, weights: Float32Array, offset: number): void {
  for (let d = 0; d < dimensions; d += 4) {
    const a = words[from + d] ?? 0;
    const b = words[from + d + 1] ?? 0;
    const c = words[from + d + 2] ?? 0;
    const e = words[from + d + 3] ?? 0;
    let at = offset + d * filters;
    for (let f = 0; f < filters; f += 1, at += 1)
      sums[f] =
        (sums[f] ?? 0) +
        a * (weights[at] ?? 0) +
        b * (weights[at + filters] ?? 0) +
        c * (weights[at + 2 * filters] ?? 0) +
        e * (weights[at + 3 * filters] ?? 0);
  }
}

/** The sum of all words, for their number. */
export function poolWords(count: number, { words, pooled }: Workspace): void {
  const value = 1 / Math.sqrt(Math.max(1, count));
  for (let d = 0; d < dimensions; d += 1) {
    let sum = 0;
    for (let at = 0; at < count; at += 1) sum += words[at * dimensions + d] ?? 0;
    pooled[filters * widths + d] = value * sum;
  }
}

export function readOut({ output, outputBias }: Network, { pooled, outputs }: Workspace): Float64Array {
  outputs.set(outputBias);
  for (let at = 0; at < pooledSize; at += 1) {
    const value = pooled[at] ?? 0;
    if (value === 0) continue;
    for (let head = 0; head < headCount; head += 1)
      outputs[head] = (outputs[head] ?? 0) + value * (output[at * headCount + head] ?? 0);
  }
  return outputs;
}
