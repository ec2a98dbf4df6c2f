import { brotliDecompressSync } from 'node:zlib';
import type { Features } from './features.ts';
import type { RiskDomain, RiskSubject } from './assessment.ts';
import { modelData, modelManifest } from './modelData.ts';
import type { Window } from './windows.ts';

/**
 * Odds (natural logarithm) that the level is at least low, moderate, high, imminent, each from the window in which it is highest;
 * by linear heads over hashed features.
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
/** Heads that say what it is about: they need less room than those of the level. */
export const aboutHeads = modelDomains.length + modelSubjects.length;

/** Weights as they were trained: the tables are eight-bit numbers times their scale, row by feature, then by head. */
export interface Model {
  readonly levelBits: number;
  readonly aboutBits: number;
  readonly level: Int8Array;
  readonly about: Int8Array;
  readonly levelScale: number;
  readonly aboutScale: number;
  readonly levelBias: readonly number[];
  readonly aboutBias: readonly number[];
  readonly kindWeights: readonly number[];
}

let loaded: Model | null = null;

/** Unpacked once, at the first use: a few milliseconds. */
export function theModel(): Model {
  if (loaded !== null) return loaded;
  const bytes = brotliDecompressSync(Buffer.from(modelData, 'base64'));
  const { levelBits, aboutBits, levelScale, aboutScale, levelBias, aboutBias, kindWeights } = modelManifest;
  const levelSize = (1 << levelBits) * levelHeads;
  const table = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  loaded = {
    levelBits,
    aboutBits,
    level: table.subarray(0, levelSize),
    about: table.subarray(levelSize),
    levelScale,
    aboutScale,
    levelBias,
    aboutBias,
    kindWeights,
  };
  return loaded;
}

const kinds = 5;

/** The highest of each head, and the window in which danger is most likely. */
export interface Read {
  readonly scores: LevelScores;
  readonly window: Window;
}

/** `windows` as windowsOf gives them. */
export function readLevels(features: Features, windows: readonly Window[], model: Model = theModel()): Read {
  const sums = windowSums(features, windows, levelHeads, model);
  const highest = (head: number) =>
    sums.reduce((best, each) => Math.max(best, each[head] ?? best), Number.NEGATIVE_INFINITY);
  const dangerous = indexOfHighest(sums.map((each) => each[2] ?? 0));
  return {
    scores: [highest(0), highest(1), highest(2), highest(3)],
    window: windows[dangerous] ?? { from: 0, to: 0 },
  };
}

/** What is said in one window. */
export function aboutOf(features: Features, window: Window, model: Model = theModel()): About {
  const [about = []] = windowSums(features, [window], aboutHeads, model);
  return {
    domain: modelDomains[indexOfHighest(about.slice(0, modelDomains.length))] ?? 'suicide',
    subject: modelSubjects[indexOfHighest(about.slice(modelDomains.length))] ?? 'unknown',
  };
}

/** The sum of each head over each window. */
function windowSums(
  features: Features,
  windows: readonly Window[],
  heads: number,
  model: Model,
): readonly (readonly number[])[] {
  const isLevel = heads === levelHeads;
  const table = isLevel ? model.level : model.about;
  const bits = isLevel ? model.levelBits : model.aboutBits;
  const bias = isLevel ? model.levelBias : model.aboutBias;
  const scale = isLevel ? model.levelScale : model.aboutScale;
  const { kindWeights } = model;
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

function indexOfHighest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? 0) ? at : best), 0);
}
