import { expect } from 'chai';
import { modelData, modelManifest } from '../../src/risk/modelData.ts';
import { aboutHeads, levelHeads, theModel } from '../../src/risk/model.ts';
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

  it('has a table as large as its manifest says, and few megabytes on disk', () => {
    const { level, about, levelBits, aboutBits } = theModel();
    expect(level.length).to.equal((1 << levelBits) * levelHeads);
    expect(about.length).to.equal((1 << aboutBits) * aboutHeads);
    expect(modelData.length).to.be.below(1_700_000);
  });

  it('has a corpus of known levels, domains and subjects only', () => {
    const faults: string[] = [];
    readCorpus((fault) => faults.push(fault));
    expect(faults).to.deep.equal([]);
  });
});
