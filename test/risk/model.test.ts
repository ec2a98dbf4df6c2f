import { expect } from 'chai';
import { modelData, modelManifest } from '../../src/risk/modelData.ts';
import { levelHeads, theModel } from '../../src/risk/model.ts';
import { filterSize, headCount, networkShape, pooledSize, rowCount } from '../../src/risk/network.ts';
import { readCorpus, readPhrases } from '../../scripts/risk/corpus.ts';
import { corpusHash, trainerVersion } from '../../scripts/risk/training.ts';

describe('the learned part of the floor', () => {
  const lines = [...readCorpus(), ...readPhrases()];

  it('was trained on the corpus as it is; if not: npm run risk:train', () => {
    expect(modelManifest.corpus).to.equal(corpusHash(lines));
    expect(modelManifest.lines).to.equal(lines.length);
  });

  it('was trained by the trainer as it is; if not: npm run risk:train', () => {
    expect(modelManifest.trainer).to.equal(trainerVersion);
  });

  it('tells when a line of the corpus was changed', () => {
    const changed = lines.map((line, at) => (at === 0 ? { ...line, text: `${line.text}.` } : line));
    expect(corpusHash(changed)).to.not.equal(corpusHash(lines));
  });

  it('has tables as large as its manifest says, and few megabytes on disk', () => {
    const { level, network } = theModel();
    expect(level.table.length).to.equal((1 << level.bits) * levelHeads);
    expect(network.rows.length).to.equal(rowCount * networkShape.dimensions);
    expect(network.filters.length).to.equal(filterSize);
    expect(network.output.length).to.equal(pooledSize * headCount);
    expect(network.outputBias.length).to.equal(headCount);
    expect(modelData.length).to.be.below(2_900_000);
  });

  it('is surer where it is firm than where it escalates', () => {
    expect(modelManifest.firmHigh).to.be.above(modelManifest.thresholds[2]);
  });

  it('has a corpus of known levels, domains and subjects only', () => {
    const faults: string[] = [];
    readCorpus((fault) => faults.push(fault));
    expect(faults).to.deep.equal([]);
  });
});
