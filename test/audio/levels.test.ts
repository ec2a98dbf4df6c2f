import { expect } from 'chai';
import { activeLevelDbfs, fromDbfs, levelDbfs, peak, quietestDbfs, rms, toDbfs } from '../../src/audio/levels.ts';

const sine = (amplitude: number, samples = 8000) =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * 1000 * i) / 8000)));

describe('levels', () => {
  it('measures a full-scale sine as -3 dBFS', () => {
    expect(levelDbfs(sine(32_767))).to.be.closeTo(-3.01, 0.01);
  });

  it('measures silence and nothing at all as the quietest level', () => {
    expect(levelDbfs(new Int16Array(160))).to.equal(quietestDbfs);
    expect(levelDbfs(new Int16Array(0))).to.equal(quietestDbfs);
    expect(activeLevelDbfs(new Int16Array(0))).to.equal(quietestDbfs);
  });

  it('takes the most negative sample as the full peak', () => {
    expect(peak(Int16Array.of(5, -32_768, 9))).to.equal(32_768);
    expect(rms(Int16Array.of(-32_768))).to.equal(32_768);
  });

  it('goes to decibels and back', () => {
    for (const dbfs of [-90, -40, -20, -3, 0]) expect(toDbfs(fromDbfs(dbfs))).to.be.closeTo(dbfs, 1e-9);
  });

  it('does not count pauses in the level of speech', () => {
    const half = new Int16Array(16_000);
    half.set(sine(3276.8));
    expect(activeLevelDbfs(half)).to.be.closeTo(-23.01, 0.05);
    expect(levelDbfs(half)).to.be.closeTo(-26.02, 0.05);
  });
});
