import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { riskLevels } from '../src/call/meaning.ts';
import { decideLevel } from '../src/risk/assess.ts';
import { findingsOf } from '../src/risk/rules.ts';
import { tag } from '../src/risk/tagging.ts';
import { readCorpus, readPhrases } from './risk/corpus.ts';
import {
  corpusHash,
  heldOut,
  learnAbout,
  learnLevels,
  packTables,
  prepare,
  quantise,
  trainerVersion,
  trainingSettings,
} from './risk/training.ts';

/*
 * Trains the learned part of the risk floor from fixtures/risk/corpus and writes src/risk/modelData.ts. Seeded: the same
 * corpus gives the same bytes. The thresholds come from lines of files that the model has not seen.
 */

const folds = 4;
/** What share of harmless and of low lines may be read as at least low, moderate, high; high lines as imminent. */
const allowed = { low: 0.3, moderate: 0.15, high: 0.05, imminent: 0.12 } as const;

const target = path.resolve(import.meta.dirname, '../src/risk/modelData.ts');
const started = Date.now();
const say = (text: string) => console.log(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${text}`);

const corpus = readCorpus((fault) => say(fault));
const lines = [...corpus, ...readPhrases()];
say(`${corpus.length} lines and ${lines.length - corpus.length} phrases`);
const prepared = prepare(lines);
say('prepared');
const scores = heldOut(prepared, folds, (fold) => say(`held out ${fold + 1} of ${folds}`));
/** Phrases are trained on and not measured on. */
const level = corpus.map((line) => riskLevels.indexOf(line.level));
const thresholds = [
  above(allowed.low, 0, (at) => at === 0),
  above(allowed.moderate, 1, (at) => at <= 1),
  above(allowed.high, 2, (at) => at <= 1),
  above(allowed.imminent, 3, (at) => at <= 3),
];
reportHeldOut();
const levels = learnLevels(prepared);
const about = learnAbout(prepared);
say('learned');
const [levelTable, aboutTable] = [quantise(levels), quantise(about)];
const round = (numbers: Iterable<number>) => Array.from(numbers, (number) => Number(number.toFixed(4)));
const manifest = {
  trainer: trainerVersion,
  corpus: corpusHash(lines),
  lines: lines.length,
  levelBits: trainingSettings.level.bits,
  aboutBits: trainingSettings.aboutBits,
  levelScale: levelTable.scale,
  aboutScale: aboutTable.scale,
  levelBias: round(levels.bias),
  aboutBias: round(about.bias),
  kindWeights: trainingSettings.level.kindWeights,
  thresholds: round(thresholds),
};
const data = packTables(levelTable, aboutTable);
const source = `/** Written by \`npm run risk:train\`; do not edit. */
export const modelManifest = ${JSON.stringify(manifest, null, 2)} as const;

/** Eight-bit tables, compressed, in base64. */
export const modelData =
  '${data}';
`;
writeFileSync(target, await format(source, { ...(await resolveConfig(target)), parser: 'typescript' }));
say(`wrote ${(data.length / 1_000).toFixed(0)} kB`);

/** Rules and model together, on files that the model has not seen. */
function reportHeldOut(): void {
  const said = corpus.map(({ text }, at) => {
    const [low = 0, moderate = 0, high = 0, imminent = 0] = scores[at] ?? [];
    return riskLevels.indexOf(decideLevel(findingsOf(tag(text)), [low, moderate, high, imminent], thresholds));
  });
  const share = (title: string, counted: (level: number) => boolean, least: number) => {
    const some = [...level.keys()].filter((at) => counted(level[at] ?? 0));
    const found = some.filter((at) => (said[at] ?? 0) >= least).length;
    say(`held out: ${title}: ${((100 * found) / some.length).toFixed(1)} % of ${some.length}`);
  };
  share('imminent assessed as at least high', (at) => at === 4, 3);
  share('high and imminent assessed as at least high', (at) => at >= 3, 3);
  share('moderate and above assessed as at least moderate', (at) => at >= 2, 2);
  share('none and low assessed as at least high', (at) => at <= 1, 3);
  share('none assessed as at least moderate', (at) => at === 0, 2);
}

/** The score that the given share of the lines exceeds. */
function above(share: number, head: number, counted: (level: number) => boolean): number {
  const sorted = scores
    .slice(0, level.length)
    .flatMap((score, index) => (counted(level[index] ?? 0) ? [score[head] ?? 0] : []))
    .sort((a, b) => b - a);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}
