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

/** `windows` as windowsOf gives them. */
export function levelScores(features: Features, windows: readonly Window[], model: Model = theModel()): LevelScores {
  const [low = 0, moderate = 0, high = 0, imminent = 0] = windowMaxima(features, windows, levelHeads, model);
  return [low, moderate, high, imminent];
}

export function aboutOf(features: Features, windows: readonly Window[], model: Model = theModel()): About {
  const about = windowMaxima(features, windows, aboutHeads, model);
  return {
    domain: modelDomains[indexOfHighest(about.slice(0, modelDomains.length))] ?? 'suicide',
    subject: modelSubjects[indexOfHighest(about.slice(modelDomains.length))] ?? 'unknown',
  };
}

function windowMaxima(features: Features, windows: readonly Window[], heads: number, model: Model): readonly number[] {
  const isLevel = heads === levelHeads;
  const table = isLevel ? model.level : model.about;
  const bits = isLevel ? model.levelBits : model.aboutBits;
  const bias = isLevel ? model.levelBias : model.aboutBias;
  const scale = isLevel ? model.levelScale : model.aboutScale;
  const { kindWeights } = model;
  const mask = (1 << bits) - 1;
  const best = new Array<number>(heads).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(kinds * heads);
  const counts = new Uint32Array(kinds);
  for (const { from, to } of windows) {
    sums.fill(0);
    counts.fill(0);
    for (let at = 0; at < features.hashes.length; at += 1) {
      if ((features.from[at] ?? 0) < from || (features.to[at] ?? 0) > to) continue;
      const kind = features.kinds[at] ?? 0;
      counts[kind] = (counts[kind] ?? 0) + 1;
      const row = ((features.hashes[at] ?? 0) & mask) * heads;
      const out = kind * heads;
      for (let head = 0; head < heads; head += 1) sums[out + head] = (sums[out + head] ?? 0) + (table[row + head] ?? 0);
    }
    for (let head = 0; head < heads; head += 1) {
      let sum = bias[head] ?? 0;
      for (let kind = 0; kind < kinds; kind += 1) {
        const count = counts[kind] ?? 0;
        if (count > 0) sum += ((kindWeights[kind] ?? 0) / Math.sqrt(count)) * scale * (sums[kind * heads + head] ?? 0);
      }
      best[head] = Math.max(best[head] ?? sum, sum);
    }
  }
  return best;
}

function indexOfHighest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? 0) ? at : best), 0);
}
