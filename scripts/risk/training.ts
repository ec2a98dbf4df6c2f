import { createHash } from 'node:crypto';
import { constants, brotliCompressSync } from 'node:zlib';
import { riskLevels } from '../../src/call/meaning.ts';
import { modelDomains, modelSubjects } from '../../src/risk/model.ts';
import type { Network } from '../../src/risk/network.ts';
import { findingsOf } from '../../src/risk/rules.ts';
import { tag } from '../../src/risk/tagging.ts';
import { tokensOf, type Token } from '../../src/risk/tokens.ts';
import { anotherWay } from './augment.ts';
import type { Line } from './corpus.ts';
import { chance, learn, rarities, type Example, type Learned, type Settings, type Target } from './learn.ts';
import { learnNetwork, type NetworkSettings, type NetworkTarget } from './learnNetwork.ts';

/** Raise it whenever features, rules or training change: the committed model then asks to be trained anew. */
export const trainerVersion = 5;

const seed = 20_251_125;

export const trainingSettings = {
  level: {
    bits: 18,
    epochs: 8,
    rate: 0.2,
    decay: 1e-6,
    kindWeights: [0.8, 0.8, 0.6, 1, 0.6],
    kindDropout: 0.4,
    seed,
  },
  network: {
    epochs: 4,
    rowRate: 0.05,
    rate: 0.001,
    batch: 16,
    kindWeights: [0.7, 0.7, 0.5, 0.5, 1, 1],
    wordDropout: 0.1,
    kindDropout: 0.15,
    pooledDropout: 0.4,
    aboutWeight: 1,
    seed,
  },
  /** How much less a common feature counts than a rare one; 0 is not at all. */
  rarityPower: 0.7,
  /** Other ways to say each line. */
  ways: 1,
  /** A moderate line that is read as high costs a needless call of a person, not a life: it weighs less. */
  moderateAsHigh: 0.3,
  benignWords: 9,
} as const satisfies { readonly level: Settings; readonly network: NetworkSettings; readonly [other: string]: unknown };

export function corpusHash(lines: readonly Line[]): string {
  const hash = createHash('sha256');
  for (const { file, text, level, lang, domain, trap, subject } of lines)
    hash.update(JSON.stringify([file, text, level, lang, domain, trap, subject]));
  return hash.digest('hex');
}

/** A line and the other ways to say it, as the model that is to learn it reads them. */
export interface Prepared<Read> {
  readonly line: Line;
  readonly own: Read;
  readonly ways: readonly Read[];
}

export function prepare<Read>(lines: readonly Line[], read: (text: string) => Read): readonly Prepared<Read>[] {
  const random = chance(seed);
  const harmless = lines.filter(
    ({ level, text }) => level === 'none' && text.split(' ').length <= trainingSettings.benignWords,
  );
  const english = harmless.filter(({ lang }) => lang === 'en').map(({ text }) => text);
  const arabic = harmless.filter(({ lang }) => lang !== 'en').map(({ text }) => text);
  return lines.map((line) => ({
    line,
    own: read(line.text),
    ways: Array.from({ length: trainingSettings.ways }, () =>
      read(anotherWay(line, line.lang === 'en' ? english : arabic, random)),
    ),
  }));
}

export function readTokens(text: string): readonly Token[] {
  const tagged = tag(text);
  return tokensOf(tagged, findingsOf(tagged));
}

/** For each head of the level what is right, and how much it weighs. */
function levelTargets({ level }: Line): { readonly targets: readonly number[]; readonly weights: readonly number[] } {
  const which = riskLevels.indexOf(level);
  return {
    targets: [1, 2, 3, 4].map((least) => (which >= least ? 1 : 0)),
    weights: [1, 1, which === 2 ? trainingSettings.moderateAsHigh : 1, 1],
  };
}

export function learnLevels(prepared: readonly Prepared<Example>[]): Learned {
  const targets = prepared.flatMap(({ line, own, ways }) =>
    [own, ...ways].map((example): Target => ({ example, ...levelTargets(line) })),
  );
  return learn(targets, 4, trainingSettings.level, raritiesOf(prepared));
}

function raritiesOf(prepared: readonly Prepared<Example>[]): Float32Array {
  const groups = prepared.map(({ own, ways }) => [own, ...ways]);
  return rarities(groups, trainingSettings.level.bits).map((rarity) => rarity ** trainingSettings.rarityPower);
}

export function learnWords(prepared: readonly Prepared<readonly Token[]>[]): Network {
  const targets = prepared.flatMap(({ line, own, ways }) =>
    [own, ...ways].map((tokens): NetworkTarget => {
      const { targets: levels, weights } = levelTargets(line);
      const domain = [...modelDomains, 'none'].indexOf(line.domain);
      const subject = [...modelSubjects, 'none'].indexOf(line.subject);
      return { tokens, levels, weights, domain, subject };
    }),
  );
  return learnNetwork(targets, trainingSettings.network);
}

export interface Quantised {
  readonly table: Int8Array;
  readonly scale: number;
}

/** Of each sign; finer steps make the file larger and nothing better. */
export const steps = { level: 31, rows: 15 } as const;

/** Small numbers; the few weights beyond the scale are held at its end. */
export function quantise(weights: Float32Array, most: number): Quantised {
  const sizes = weights
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort();
  const largest = sizes[Math.floor(sizes.length * 0.9995)] ?? 1;
  const scale = Number((largest / most).toPrecision(6));
  return {
    scale,
    table: Int8Array.from(weights, (weight) => Math.max(-most, Math.min(most, Math.round(weight / scale)))),
  };
}

/** What a feature counts is the same wherever it stands, so it goes into its weights. */
export const weightsWithRarity = ({ weights, rarity, heads }: Learned): Float32Array =>
  weights.map((weight, at) => weight * (rarity[Math.floor(at / heads)] ?? 0));

/** As src/risk/model.ts unpacks them. */
export function packTables(level: Quantised, rows: Quantised, network: Network): string {
  const dense = [network.filters, network.filterBias, network.output, network.outputBias];
  const bytes = [level.table, rows.table, ...dense].map((each) =>
    Buffer.from(each.buffer, each.byteOffset, each.byteLength),
  );
  return brotliCompressSync(Buffer.concat(bytes), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).toString('base64');
}

/** The scores of each line by a model that has seen no line of its file; phrases are never held out. */
export function heldOut<Read>(
  prepared: readonly Prepared<Read>[],
  folds: number,
  learnFrom: (some: readonly Prepared<Read>[]) => (own: Read) => readonly number[],
  told: (fold: number) => void,
): readonly (readonly number[])[] {
  const files = [...new Set(prepared.map(({ line }) => line.file))]
    .filter((file) => !file.startsWith('phrases/'))
    .sort();
  const foldOf = new Map(files.map((file, at) => [file, at % folds]));
  const scores = new Map<Prepared<Read>, readonly number[]>();
  for (let fold = 0; fold < folds; fold += 1) {
    const scoresOf = learnFrom(prepared.filter(({ line }) => foldOf.get(line.file) !== fold));
    for (const one of prepared) if (foldOf.get(one.line.file) === fold) scores.set(one, scoresOf(one.own));
    told(fold);
  }
  return prepared.map((one) => scores.get(one) ?? [0, 0, 0, 0]);
}
