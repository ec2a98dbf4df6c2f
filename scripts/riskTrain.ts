import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { isAtLeast, riskLevels } from '../src/call/meaning.ts';
import { decideLevel } from '../src/risk/assess.ts';
import { levelHeads, meanScores } from '../src/risk/model.ts';
import { findingsOf } from '../src/risk/rules.ts';
import { tag } from '../src/risk/tagging.ts';
import { readCorpus, readPhrases } from './risk/corpus.ts';
import type { FromPart, Part } from './risk/trainPart.ts';
import {
  corpusHash,
  packTables,
  quantise,
  steps,
  trainerVersion,
  trainingSettings,
  weightsWithRarity,
} from './risk/training.ts';

/*
 * Trains the learned part of the risk floor from fixtures/risk/corpus and fixtures/risk/model-phrases and writes
 * src/risk/modelData.ts. Seeded: the same lines give the same bytes. The thresholds come from lines of files that the model has not seen.
 */

/**
 * What share of harmless and of low lines the model may read as at least low, moderate; rules and model together as at least high
 * (the harmless lines are mostly written to be taken for dangerous ones: on other speech it is less); of high lines as imminent.
 * `firm` is what the model alone may read as high in one turn of a call.
 */
const allowed = { low: 0.3, moderate: 0.15, high: 0.055, imminent: 0.12, firm: 0.02 } as const;

const target = path.resolve(import.meta.dirname, '../src/risk/modelData.ts');
const started = Date.now();
const say = (text: string) => console.log(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${text}`);

const corpus = readCorpus((fault) => say(fault));
const lines = [...corpus, ...readPhrases()];
say(`${corpus.length} lines and ${lines.length - corpus.length} phrases`);
const [linear, network] = await Promise.all([learned('linear'), learned('network')]);
say('learned');
const scales = Array.from({ length: levelHeads }, (_, head) =>
  round(spread(linear.scores, head) / spread(network.scores, head)),
);
/** Phrases are trained on and not measured on. */
const scores = corpus.map((_, at) => meanScores(linear.scores[at] ?? [], network.scores[at] ?? [], scales));
const level = corpus.map((line) => riskLevels.indexOf(line.level));
const findings = corpus.map(({ text }) => findingsOf(tag(text)));
const thresholds = findThresholds();
report();
writeModel();

/** What one part has learned, in a process of its own. */
function learned<Name extends Part>(part: Name): Promise<Extract<FromPart, { readonly type: Name }>> {
  return new Promise((resolve, reject) => {
    const child = fork(path.resolve(import.meta.dirname, 'risk/trainPart.ts'), [part], {
      execArgv: ['--import', 'tsx', '--max-old-space-size=6000'],
      serialization: 'advanced',
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the ${part} part ended with ${code}`)));
    child.on('message', (message: FromPart) => {
      if (message.type === 'told') return say(message.text);
      child.disconnect();
      resolve(message as Extract<FromPart, { readonly type: Name }>);
    });
  });
}

function spread(all: readonly (readonly number[])[], head: number): number {
  const numbers = corpus.map((_, at) => all[at]?.[head] ?? 0);
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0) / numbers.length);
}

function findThresholds(): readonly number[] {
  const low = above(allowed.low, 0, (at) => at === 0);
  const moderate = above(allowed.moderate, 1, (at) => at <= 1);
  const imminent = above(allowed.imminent, 3, (at) => at <= 3);
  // Rules raise too, so the threshold of `high` is sought for both together.
  let [least, most] = [-10, 10];
  for (let step = 0; step < 30; step += 1) {
    const middle = (least + most) / 2;
    if (shareRead([low, moderate, middle, imminent], (at) => at <= 1, 3) > allowed.high) least = middle;
    else most = middle;
  }
  return [low, moderate, most, imminent].map(round);
}

/** The score that the given share of the lines exceeds. */
function above(share: number, head: number, counted: (level: number) => boolean): number {
  const sorted = scores
    .flatMap((score, at) => (counted(level[at] ?? 0) ? [score[head] ?? 0] : []))
    .sort((a, b) => b - a);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

/** Share of lines of some levels that rules and model together read as at least a level. */
function shareRead(some: readonly number[], counted: (level: number) => boolean, least: number): number {
  let [all, found] = [0, 0];
  scores.forEach((score, at) => {
    if (!counted(level[at] ?? 0)) return;
    all += 1;
    if (isAtLeast(decideLevel(findings[at] ?? [], score, some), riskLevels[least] ?? 'none')) found += 1;
  });
  return found / all;
}

/** On files that the model has not seen. */
function report(): void {
  const share = (title: string, counted: (level: number) => boolean, least: number) =>
    say(`held out: ${title}: ${(100 * shareRead(thresholds, counted, least)).toFixed(1)} %`);
  share('imminent assessed as at least high', (at) => at === 4, 3);
  share('high and imminent assessed as at least high', (at) => at >= 3, 3);
  share('moderate and above assessed as at least moderate', (at) => at >= 2, 2);
  share('none and low assessed as at least high', (at) => at <= 1, 3);
  share('none assessed as at least moderate', (at) => at === 0, 2);
  const parts = { linear: linear.scores, network: network.scores, both: scores };
  for (const [name, some] of Object.entries(parts)) say(`held out: ${name} without rules: ${recallAlone(some)}`);
}

/** What one part finds by itself of imminent, and of high and imminent, at a twentieth of false escalation. */
function recallAlone(some: readonly (readonly number[])[]): string {
  const read = (least: number, most: number) =>
    level.flatMap((each, at) => (each >= least && each <= most ? [some[at]?.[2] ?? 0] : []));
  const calm = read(0, 1).sort((a, b) => b - a);
  const threshold = calm[Math.floor(calm.length / 20)] ?? 0;
  const share = (all: readonly number[]) => (100 * all.filter((each) => each > threshold).length) / all.length;
  return `${share(read(4, 4)).toFixed(1)} %, ${share(read(3, 4)).toFixed(1)} %`;
}

function round(number: number): number {
  return Number(number.toFixed(4));
}

function writeModel(): void {
  const levelTable = quantise(weightsWithRarity(linear.learned), steps.level);
  const rowTable = quantise(network.learned.rows, steps.rows);
  const manifest = {
    trainer: trainerVersion,
    corpus: corpusHash(lines),
    lines: lines.length,
    levelBits: trainingSettings.level.bits,
    levelScale: levelTable.scale,
    levelBias: Array.from(linear.learned.bias, round),
    levelKindWeights: trainingSettings.level.kindWeights,
    rowScale: rowTable.scale,
    rowKindWeights: trainingSettings.network.kindWeights,
    networkScale: scales,
    thresholds,
    firmHigh: round(above(allowed.firm, 2, (at) => at <= 1)),
  };
  const data = packTables(levelTable, rowTable, network.learned);
  const source = `/** Written by \`npm run risk:train\`; do not edit. */
export const modelManifest = ${JSON.stringify(manifest, null, 2)} as const;

/** Eight-bit tables and the network's filters, compressed, in base64. */
export const modelData =
  '${data}';
`;
  void write(source, data.length);
}

async function write(source: string, size: number): Promise<void> {
  writeFileSync(target, await format(source, { ...(await resolveConfig(target)), parser: 'typescript' }));
  say(`wrote ${(size / 1_000).toFixed(0)} kB`);
}
