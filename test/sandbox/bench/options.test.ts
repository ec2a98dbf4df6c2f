import { expect } from 'chai';
import { parseBenchOptions } from '../../../src/sandbox/bench/options.ts';

const plain = { calls: 60, seconds: 60, runs: 1, json: null, profile: null };

describe('the options of the bench', () => {
  it('measures sixty calls for a minute when nothing is said', () => {
    expect(parseBenchOptions([])).to.deep.equal({ kind: 'run', options: plain });
  });

  it('takes each option', () => {
    const args = '--calls 2 --seconds 6 --runs 3 --json bench-a.json --profile /tmp/p'.split(' ');
    expect(parseBenchOptions(args)).to.deep.equal({
      kind: 'run',
      options: { calls: 2, seconds: 6, runs: 3, json: 'bench-a.json', profile: '/tmp/p' },
    });
  });

  it('shows help whatever else is asked', () => {
    expect(parseBenchOptions(['--calls', '0', '--help'])).to.deep.equal({ kind: 'help' });
  });

  it('says what is wrong with an option it does not know, or a stray word', () => {
    expect([parseBenchOptions(['--cals', '3']), parseBenchOptions(['60'])]).to.deep.equal([
      { kind: 'refused', reason: "Unknown option '--cals'" },
      { kind: 'refused', reason: "Unexpected argument '60'" },
    ]);
  });

  it('says what a number must be', () => {
    const reasons = [
      ['--calls', '201'],
      ['--calls', '1.5'],
      ['--seconds', '4'],
      ['--runs', 'x'],
    ].map((args) => {
      const parsed = parseBenchOptions(args);
      return parsed.kind === 'refused' ? parsed.reason : parsed.kind;
    });
    expect(reasons).to.deep.equal([
      "--calls must be a whole number from 1 to 200, not '201'",
      "--calls must be a whole number from 1 to 200, not '1.5'",
      "--seconds must be a whole number from 5 to 3600, not '4'",
      "--runs must be a whole number from 1 to 20, not 'x'",
    ]);
  });

  it('refuses a path that is none', () => {
    expect(parseBenchOptions(['--json', ''])).to.deep.equal({ kind: 'refused', reason: '--json needs a path' });
  });
});
