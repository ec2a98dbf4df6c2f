import { parseArgs } from 'node:util';
import { isAtLeast } from '../src/call/meaning.ts';
import {
  evaluationFolder,
  figuresOf,
  judgeFile,
  judgeFolder,
  type Figures,
  type Judged,
  type Share,
} from './risk/evaluation.ts';

/*
 * How well the deterministic floor does on labelled speech: recall and false alarms with 95 % Wilson intervals, by level, language,
 * domain and trap. Texts are shown only with --errors, so that nobody tunes on the blind set by reading along.
 *
 *   npm run risk:evaluate                      fixtures/risk/evaluation
 *   npm run risk:evaluate -- --file x.jsonl    another file
 *   npm run -s risk:evaluate -- --json         for programs
 */

const { values } = parseArgs({
  options: { file: { type: 'string' }, json: { type: 'boolean' }, errors: { type: 'boolean' } },
});
const judged = values.file === undefined ? judgeFolder(evaluationFolder) : judgeFile(values.file);
const groups = ['lang', 'domain', 'trap'] as const;

if (values.json) console.log(JSON.stringify(report(judged), null, 2));
else
  for (const kind of ['utterance', 'dialogue'] as const)
    print(
      kind,
      judged.filter((one) => one.kind === kind),
    );
if (values.errors)
  for (const one of judged.filter(isWrong))
    console.log(`${one.expected} read as ${one.said} [${one.lang} ${one.trap}] ${one.words}`);

function report(all: readonly Judged[]) {
  return (['utterance', 'dialogue'] as const).map((kind) => {
    const some = all.filter((one) => one.kind === kind);
    const by = groups.map((group) => [
      group,
      Object.fromEntries(grouped(some, group).map(([name, each]) => [name, figuresOf(each)])),
    ]);
    return { kind, lines: some.length, all: figuresOf(some), turns: turnFigures(some), ...Object.fromEntries(by) };
  });
}

function print(kind: string, some: readonly Judged[]): void {
  if (some.length === 0) return;
  console.log(`\n${some.length} ${kind}s`);
  const turns = turnFigures(some);
  console.log(
    `${''.padEnd(16)}${['imminent ≥high', 'high+ ≥high', 'moderate+ ≥mod', 'none,low ≥high', 'none ≥mod'].map((title) => title.padStart(22)).join('')}`,
  );
  printRow('all', figuresOf(some));
  if (turns !== null) printRow('each turn', turns);
  for (const group of groups)
    for (const [name, each] of grouped(some, group)) printRow(`${group} ${name}`, figuresOf(each));
}

function printRow(name: string, figures: Figures): void {
  const { imminent, highOrImminent, moderateOrAbove, falseEscalation, falseQuestion } = figures;
  const shares = [imminent, highOrImminent, moderateOrAbove, falseEscalation, falseQuestion];
  console.log(`${name.slice(0, 26).padEnd(16)}${shares.map((share) => shareText(share).padStart(22)).join('')}`);
}

function shareText({ percent, from, to, of }: Share): string {
  return percent === null ? '–' : `${percent.toFixed(1)} (${from}–${to}) /${of}`;
}

function turnFigures(some: readonly Judged[]): Figures | null {
  const turns = some.flatMap((one) => one.turns.map((turn) => ({ ...one, ...turn })));
  return turns.length === 0 ? null : figuresOf(turns);
}

function grouped(
  some: readonly Judged[],
  group: (typeof groups)[number],
): readonly (readonly [string, readonly Judged[]])[] {
  return [...new Set(some.map((one) => one[group]))]
    .sort()
    .map((name) => [name, some.filter((one) => one[group] === name)] as const);
}

function isWrong({ expected, said }: Judged): boolean {
  const wanted = isAtLeast(expected, 'high') ? 'high' : isAtLeast(expected, 'moderate') ? 'moderate' : null;
  return wanted === null ? isAtLeast(said, 'high') : !isAtLeast(said, wanted);
}
