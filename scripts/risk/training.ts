import { createHash } from 'node:crypto';
import { constants, brotliCompressSync } from 'node:zlib';
import { riskLevels } from '../../src/call/meaning.ts';
import { modelDomains, modelSubjects } from '../../src/risk/model.ts';
import { anotherWay } from './augment.ts';
import type { Line } from './corpus.ts';
import {
  chance,
  learn,
  pack,
  rarities,
  scoresOf,
  type Example,
  type Learned,
  type Settings,
  type Target,
} from './learn.ts';

/** Raise it whenever features, rules or training change: the committed model then asks to be trained anew. */
export const trainerVersion = 4;

export const trainingSettings = {
  level: {
    bits: 18,
    epochs: 8,
    rate: 0.2,
    decay: 1e-6,
    kindWeights: [0.8, 0.8, 0.6, 1, 0.6],
    kindDropout: 0.4,
    seed: 20_251_125,
  },
  aboutBits: 15,
  aboutEpochs: 5,
  /** How much less a common feature counts than a rare one; 0 is not at all. */
  rarityPower: 0.7,
  /** Other ways to say each line. */
  ways: 1,
  /** A moderate line that is read as high costs a needless call of a person, not a life: it weighs less. */
  moderateAsHigh: 0.3,
  benignWords: 9,
} as const;

export function corpusHash(lines: readonly Line[]): string {
  const hash = createHash('sha256');
  for (const { file, text, level, lang, domain, trap, subject } of lines)
    hash.update(JSON.stringify([file, text, level, lang, domain, trap, subject]));
  return hash.digest('hex');
}

/** A line and the other ways to say it. */
export interface Prepared {
  readonly line: Line;
  readonly own: Example;
  readonly ways: readonly Example[];
}

export function prepare(lines: readonly Line[]): readonly Prepared[] {
  const random = chance(trainingSettings.level.seed);
  const harmless = lines.filter(
    ({ level, text }) => level === 'none' && text.split(' ').length <= trainingSettings.benignWords,
  );
  const english = harmless.filter(({ lang }) => lang === 'en').map(({ text }) => text);
  const arabic = harmless.filter(({ lang }) => lang !== 'en').map(({ text }) => text);
  return lines.map((line) => ({
    line,
    own: pack(line.text, trainingSettings.level),
    ways: Array.from({ length: trainingSettings.ways }, () =>
      pack(anotherWay(line, line.lang === 'en' ? english : arabic, random), trainingSettings.level),
    ),
  }));
}

export function learnLevels(prepared: readonly Prepared[], settings: Settings = trainingSettings.level): Learned {
  const targets = prepared.flatMap(({ line, own, ways }) => {
    const level = riskLevels.indexOf(line.level);
    const weights = [1, 1, level === 2 ? trainingSettings.moderateAsHigh : 1, 1];
    return [own, ...ways].map((example): Target => ({
      example,
      targets: [1, 2, 3, 4].map((least) => (level >= least ? 1 : 0)),
      weights,
    }));
  });
  return learn(targets, 4, settings, raritiesOf(prepared));
}

function raritiesOf(prepared: readonly Prepared[]): Float32Array {
  const groups = prepared.map(({ own, ways }) => [own, ...ways]);
  return rarities(groups, trainingSettings.level.bits).map((rarity) => rarity ** trainingSettings.rarityPower);
}

/** Learns what it is about from lines that are about something. */
export function learnAbout(prepared: readonly Prepared[]): Learned {
  const bits = trainingSettings.aboutBits;
  const mask = (1 << bits) - 1;
  const narrow = ({ windows }: Example): Example => ({
    windows: windows.map(({ index, kind, value }) => ({ index: index.map((at) => at & mask), kind, value })),
  });
  const targets = prepared
    .filter(({ line }) => riskLevels.indexOf(line.level) >= 2 && line.domain !== 'none')
    .flatMap(({ line, own, ways }) =>
      [own, ...ways].map((example): Target => {
        const domain = modelDomains.map((name) => (name === line.domain ? 1 : 0));
        const subject = modelSubjects.map((name) => (line.subject === 'none' ? -1 : name === line.subject ? 1 : 0));
        return { example: narrow(example), targets: [...domain, ...subject], weights: domain.map(() => 1) };
      }),
    );
  const settings = { ...trainingSettings.level, bits, epochs: trainingSettings.aboutEpochs };
  return learn(targets, modelDomains.length + modelSubjects.length, settings, new Float32Array(1 << bits).fill(1));
}

export interface Quantised {
  readonly table: Int8Array;
  readonly scale: number;
}

/** Of each sign; finer steps make the file larger and nothing better. */
const steps = 31;

/** Small numbers; the few weights beyond the scale are held at its end. */
export function quantise({ weights: learned, rarity, heads }: Learned): Quantised {
  // What a feature counts is the same wherever it stands, so it goes into its weights.
  const weights = learned.map((weight, at) => weight * (rarity[Math.floor(at / heads)] ?? 0));
  const sizes = Float32Array.from(weights, Math.abs)
    .filter((size) => size > 0)
    .sort();
  const largest = sizes[Math.floor(sizes.length * 0.9995)] ?? 1;
  const scale = Number((largest / steps).toPrecision(6));
  return {
    scale,
    table: Int8Array.from(weights, (weight) => Math.max(-steps, Math.min(steps, Math.round(weight / scale)))),
  };
}

export function packTables(level: Quantised, about: Quantised): string {
  const bytes = Buffer.concat([Buffer.from(level.table.buffer), Buffer.from(about.table.buffer)]);
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).toString('base64');
}

/** The scores of each line by a model that has seen no line of its file; phrases are never held out. */
export function heldOut(
  prepared: readonly Prepared[],
  folds: number,
  told: (fold: number) => void,
): readonly (readonly number[])[] {
  const files = [...new Set(prepared.map(({ line }) => line.file))]
    .filter((file) => !file.startsWith('phrases/'))
    .sort();
  const foldOf = new Map(files.map((file, at) => [file, at % folds]));
  const scores = new Map<Prepared, readonly number[]>();
  for (let fold = 0; fold < folds; fold += 1) {
    const learned = learnLevels(prepared.filter(({ line }) => foldOf.get(line.file) !== fold));
    for (const one of prepared) if (foldOf.get(one.line.file) === fold) scores.set(one, scoresOf(one.own, learned));
    told(fold);
  }
  return prepared.map((one) => scores.get(one) ?? [0, 0, 0, 0]);
}
