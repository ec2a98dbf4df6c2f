import { expect } from 'chai';
import { quantise } from '../../scripts/risk/training.ts';
import { chance } from '../../scripts/risk/learn.ts';
import { learnNetwork, type NetworkTarget } from '../../scripts/risk/learnNetwork.ts';
import { runNetwork, workspace } from '../../src/risk/network.ts';
import { findingsOf } from '../../src/risk/rules.ts';
import { tag } from '../../src/risk/tagging.ts';
import { tokensOf, type Token } from '../../src/risk/tokens.ts';

const read = (text: string): readonly Token[] => {
  const tagged = tag(text);
  return tokensOf(tagged, findingsOf(tagged));
};

const settings = {
  epochs: 20,
  rowRate: 0.05,
  rate: 0.001,
  batch: 2,
  kindWeights: [0.7, 0.7, 0.5, 0.5, 1, 1],
  wordDropout: 0,
  kindDropout: 0,
  pooledDropout: 0,
  aboutWeight: 1,
  seed: 7,
};

const target = (text: string, level: number): NetworkTarget => ({
  tokens: read(text),
  levels: [1, 2, 3, 4].map((least) => (level >= least ? 1 : 0)),
  weights: [1, 1, 1, 1],
  domain: 0,
  subject: 0,
});

describe('the network of the floor', () => {
  const harmless = ['black then white', 'one then two', 'summer then winter'];
  const dangerous = ['white then black', 'two then one', 'winter then summer'];
  const examples = [...harmless.map((text) => target(text, 0)), ...dangerous.map((text) => target(text, 4))];
  const network = learnNetwork(examples, settings);
  const space = workspace();
  const high = (text: string) => runNetwork(read(text), network, space)[2] ?? 0;

  it('learns what the order of the same words tells', () => {
    for (const text of harmless) expect(high(text), text).to.be.below(0);
    for (const text of dangerous) expect(high(text), text).to.be.above(0);
  });

  it('learns the same from the same lines, to the last bit', () => {
    const learnOnce = () => learnNetwork(examples, { ...settings, epochs: 1, kindDropout: 0.2, pooledDropout: 0.4 });
    const [one, other] = [learnOnce(), learnOnce()];
    expect(Buffer.from(one.rows.buffer).equals(Buffer.from(other.rows.buffer))).to.equal(true);
    expect(one.filters).to.deep.equal(other.filters);
    expect(one.output).to.deep.equal(other.output);
  });

  it('says the same of the same words, whatever was read before them', () => {
    const first = high('white then black');
    high('a much longer line about nothing at all that fills the workspace with other words');
    expect(high('white then black')).to.equal(first);
  });

  it('reads nothing, and more words than it has room for', () => {
    expect(Number.isFinite(high(''))).to.equal(true);
    expect(Number.isFinite(high('white then black '.repeat(400)))).to.equal(true);
  });

  it('is kept in small numbers that are at most half a step off, but for the few largest', () => {
    const random = chance(3);
    const weights = Float32Array.from({ length: 4_000 }, () => random() - 0.5);
    const { table, scale } = quantise(weights, 15);
    const off = weights.filter((weight, at) => Math.abs(weight - scale * (table[at] ?? 0)) > 0.5001 * scale);
    expect(off.length).to.be.at.most(4);
  });
});
