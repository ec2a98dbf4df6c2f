import { expect } from 'chai';
import fc from 'fast-check';
import { median, percentile, summarise } from '../../../src/sandbox/bench/summary.ts';

describe('what is left of many values', () => {
  it('takes percentiles by nearest rank, so that each is a value that was measured', () => {
    const sorted = [15, 20, 35, 40, 50];
    expect([5, 30, 40, 50, 95, 100].map((percent) => percentile(sorted, percent))).to.deep.equal([
      15, 20, 20, 35, 50, 50,
    ]);
  });

  it('summarises in whatever order the values came, rounded to a hundredth', () => {
    const values = Array.from({ length: 100 }, (_zero, at) => 100 - at + 0.001);
    expect(summarise(values)).to.deep.equal({ count: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  it('has nothing to say of nothing', () => {
    expect(summarise([])).to.equal(null);
    expect(() => percentile([], 50)).to.throw(RangeError);
    expect(() => median([])).to.throw(RangeError);
  });

  it('takes the mean of the two middle values of an even number', () => {
    expect([median([9, 1, 5]), median([4, 1, 3, 2])]).to.deep.equal([5, 2.5]);
  });

  it('never leaves the range of the values, and orders its percentiles', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 }), (values) => {
        const summary = summarise(values);
        const ordered = summary && [summary.min, summary.p50, summary.p95, summary.p99, summary.max];
        expect(ordered).to.deep.equal(ordered?.toSorted((a, b) => a - b));
        expect([summary?.min, summary?.max]).to.deep.equal([Math.min(...values), Math.max(...values)]);
      }),
    );
  });
});
