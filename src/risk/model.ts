import { brotliDecompressSync } from 'node:zlib';
import type { Features } from './features.ts';
import type { RiskDomain, RiskSubject } from './assessment.ts';
import { modelData, modelManifest } from './modelData.ts';
import {
  filterSize,
  headCount,
  networkHeads,
  networkShape,
  pooledSize,
  rowCount,
  runNetwork,
  workspace,
  type Network,
} from './network.ts';
import type { Token } from './tokens.ts';
import type { Window } from './windows.ts';

/**
 * Odds (natural logarithm) that the level is at least low, moderate, high, imminent: the mean of a linear model over hashed
 * features, each head from the window in which it is highest, and of the network over the words.
 */
export type LevelScores = readonly [number, number, number, number];

/** What an utterance is most likely about, if it is about danger. */
export interface About {
  readonly domain: RiskDomain;
  readonly subject: RiskSubject;
}

export const levelHeads = 4;
export const modelDomains = [
  'suicide',
  'selfHarm',
  'harmOthers',
  'abuse',
  'child',
  'psychosis',
  'overdose',
  'medical',
] as const satisfies readonly RiskDomain[];
export const modelSubjects = ['self', 'other', 'child'] as const satisfies readonly RiskSubject[];

/** Weights as they were trained: the linear table is eight-bit numbers times their scale, row by feature, then by head. */
export interface Model {
  readonly level: LinearModel;
  readonly network: Network;
  /** What the network's odds are multiplied by, so that they spread as wide as the linear model's. */
  readonly networkScale: readonly number[];
}

export interface LinearModel {
  readonly bits: number;
  readonly table: Int8Array;
  readonly scale: number;
  readonly bias: readonly number[];
  readonly kindWeights: readonly number[];
}

let loaded: Model | null = null;

/** Unpacked once, at the first use: some hundredths of a second, and some 10 MB. */
export function theModel(): Model {
  if (loaded !== null) return loaded;
  const bytes = brotliDecompressSync(Buffer.from(modelData, 'base64'));
  const { levelBits, levelScale, levelBias, levelKindWeights, rowScale, rowKindWeights, networkScale } = modelManifest;
  const levelSize = (1 << levelBits) * levelHeads;
  const rowSize = rowCount * networkShape.dimensions;
  const small = new Int8Array(bytes.buffer, bytes.byteOffset, levelSize + rowSize);
  // Copied, since numbers of four bytes must begin at a multiple of four.
  const dense = new Float32Array(bytes.buffer.slice(bytes.byteOffset + small.length, bytes.byteOffset + bytes.length));
  const sizes = [filterSize, networkShape.filters * networkShape.widths, pooledSize * headCount, headCount];
  const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0));
  const part = (at: number) => dense.subarray(ends[at - 1] ?? 0, ends[at]);
  loaded = {
    level: {
      bits: levelBits,
      table: small.subarray(0, levelSize),
      scale: levelScale,
      bias: levelBias,
      kindWeights: levelKindWeights,
    },
    network: {
      rows: Float32Array.from(small.subarray(levelSize), (step) => step * rowScale),
      kindWeights: rowKindWeights,
      filters: part(0),
      filterBias: part(1),
      output: part(2),
      outputBias: part(3),
    },
    networkScale,
  };
  return loaded;
}

/** The odds of each level, and what it is about if it is danger. */
export interface Read {
  readonly scores: LevelScores;
  readonly about: About;
}

const space = workspace();

/** `windows` as windowsOf gives them. */
export function readLevels(
  features: Features,
  tokens: readonly Token[],
  windows: readonly Window[],
  model: Model = theModel(),
): Read {
  const sums = windowSums(features, windows, model.level);
  const linear = [0, 1, 2, 3].map((head) =>
    sums.reduce((best, each) => Math.max(best, each[head] ?? best), Number.NEGATIVE_INFINITY),
  );
  const outputs = runNetwork(tokens, model.network, space);
  return { scores: meanScores(linear, outputs, model.networkScale), about: aboutOf(outputs) };
}

export function meanScores(
  linear: ArrayLike<number>,
  network: ArrayLike<number>,
  networkScale: readonly number[],
): LevelScores {
  const mean = (head: number) => ((linear[head] ?? 0) + (network[head] ?? 0) * (networkScale[head] ?? 1)) / 2;
  return [mean(0), mean(1), mean(2), mean(3)];
}

/** By the heads of the network. */
export function aboutOf(outputs: Float64Array): About {
  const { levels, domains } = networkHeads;
  const from = levels + domains;
  return {
    domain: modelDomains[indexOfHighest(outputs.subarray(levels, levels + modelDomains.length))] ?? 'suicide',
    subject: modelSubjects[indexOfHighest(outputs.subarray(from, from + modelSubjects.length))] ?? 'unknown',
  };
}

const kinds = 5;
const heads = levelHeads;

/** The sum of each head over each window. */
function windowSums(
  features: Features,
  windows: readonly Window[],
  { bits, table, scale, bias, kindWeights }: LinearModel,
): readonly (readonly number[])[] {
  const mask = (1 << bits) - 1;
  const stride = kinds * heads;
  const sums = new Float64Array(windows.length * stride);
  const counts = new Uint32Array(windows.length * kinds);
  const { hashes, kinds: kindOf, from, to } = features;
  for (let at = 0; at < hashes.length; at += 1) {
    const kind = kindOf[at] ?? 0;
    const row = ((hashes[at] ?? 0) & mask) * heads;
    // Windows stand in order, so those that hold a feature are neighbours.
    for (let number = 0; number < windows.length; number += 1) {
      const window = windows[number];
      if (window === undefined || (to[at] ?? 0) > window.to) continue;
      if ((from[at] ?? 0) < window.from) break;
      counts[number * kinds + kind] = (counts[number * kinds + kind] ?? 0) + 1;
      const out = number * stride + kind * heads;
      for (let head = 0; head < heads; head += 1) sums[out + head] = (sums[out + head] ?? 0) + (table[row + head] ?? 0);
    }
  }
  return windows.map((_window, number) =>
    Array.from({ length: heads }, (_, head) => {
      let sum = bias[head] ?? 0;
      for (let kind = 0; kind < kinds; kind += 1) {
        const count = counts[number * kinds + kind] ?? 0;
        const total = sums[number * stride + kind * heads + head] ?? 0;
        if (count > 0) sum += ((kindWeights[kind] ?? 0) / Math.sqrt(count)) * scale * total;
      }
      return sum;
    }),
  );
}

function indexOfHighest(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? 0) ? at : best), 0);
}
