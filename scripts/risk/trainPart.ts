import { aboutOf } from '../../src/risk/model.ts';
import { networkHeads, runNetwork, workspace, type Network } from '../../src/risk/network.ts';
import { readCorpus, readPhrases } from './corpus.ts';
import { pack, scoresOf, type Learned } from './learn.ts';
import { heldOut, learnLevels, learnWords, prepare, readTokens, trainingSettings } from './training.ts';

/*
 * One of the two learned parts, in a process of its own so that both learn at once: `linear` or `network` as its argument. Sends its
 * parent lines to print, then what it has learned and its scores of lines of files that it has not seen.
 */

export const folds = 4;

export type Part = 'linear' | 'network';

export type FromPart =
  | { readonly type: 'told'; readonly text: string }
  | { readonly type: 'linear'; readonly scores: readonly (readonly number[])[]; readonly learned: Learned }
  | { readonly type: 'network'; readonly scores: readonly (readonly number[])[]; readonly learned: Network };

const send = (message: FromPart): void => void process.send?.(message);
const tell = (text: string): void => send({ type: 'told', text });

function linear(): void {
  const prepared = prepare([...readCorpus(), ...readPhrases()], (text) => pack(text, trainingSettings.level));
  tell('linear: prepared');
  const learnFrom = (some: typeof prepared) => {
    const learned = learnLevels(some);
    return (own: (typeof prepared)[number]['own']) => scoresOf(own, learned);
  };
  const scores = heldOut(prepared, folds, learnFrom, (fold) => tell(`linear: held out ${fold + 1} of ${folds}`));
  send({ type: 'linear', scores, learned: learnLevels(prepared) });
}

function network(): void {
  const prepared = prepare([...readCorpus(), ...readPhrases()], readTokens);
  tell('network: prepared');
  const space = workspace();
  const right: boolean[] = [];
  const learnFrom = (some: typeof prepared) => {
    const learned = learnWords(some);
    return (own: (typeof prepared)[number]['own']) => [...runNetwork(own, learned, space)];
  };
  const scores = heldOut(prepared, folds, learnFrom, (fold) => tell(`network: held out ${fold + 1} of ${folds}`));
  prepared.forEach(({ line }, at) => {
    const isOfDanger = line.domain !== 'none' && ['moderate', 'high', 'imminent'].includes(line.level);
    if (isOfDanger && !line.file.startsWith('phrases/'))
      right.push(aboutOf(Float64Array.from(scores[at] ?? [])).domain === line.domain);
  });
  tell(`network: held out: domain told rightly: ${((100 * right.filter(Boolean).length) / right.length).toFixed(1)} %`);
  const levels = scores.map((each) => each.slice(0, networkHeads.levels));
  send({ type: 'network', scores: levels, learned: learnWords(prepared) });
}

const part = process.argv[2];
if (process.send && part === 'linear') linear();
if (process.send && part === 'network') network();
