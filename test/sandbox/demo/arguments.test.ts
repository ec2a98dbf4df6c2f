import { expect } from 'chai';
import { nearestTo, readArguments } from '../../../src/sandbox/demo/arguments.ts';

const known = { scenarios: ['conversation', 'interruption', 'silence'], usual: 'conversation', smoke: 'smoke' };
const read = (...given: readonly string[]) => readArguments(given, known);

describe('the arguments of the demo', () => {
  it('runs the usual scenario into demo/ when nothing is said', () => {
    expect(read()).to.deep.equal({ kind: 'run', scenario: 'conversation', folder: 'demo' });
  });

  it('runs the named scenario into the named folder, in any order and both spellings', () => {
    const wanted = { kind: 'run', scenario: 'silence', folder: '/tmp/x' };
    expect(read('silence', '--out', '/tmp/x')).to.deep.equal(wanted);
    expect(read('--out=/tmp/x', 'silence')).to.deep.equal(wanted);
    expect(read('-o', '/tmp/x', 'silence')).to.deep.equal(wanted);
  });

  it('runs the smoke test with --smoke', () => {
    expect(read('--smoke')).to.deep.equal({ kind: 'run', scenario: 'smoke', folder: 'demo' });
  });

  it('lists and helps', () => {
    expect([read('--list'), read('-l'), read('--help'), read('-h')]).to.deep.equal([
      { kind: 'list' },
      { kind: 'list' },
      { kind: 'help' },
      { kind: 'help' },
    ]);
  });

  it('refuses an unknown option and names the nearest', () => {
    expect(read('--lsit')).to.deep.equal({
      kind: 'refused',
      message: 'there is no option "--lsit"; did you mean --list?',
    });
  });

  it('refuses an unknown scenario and names the nearest', () => {
    expect(read('interupt')).to.deep.equal({
      kind: 'refused',
      message: 'there is no scenario "interupt"; did you mean interruption?',
    });
  });

  it('names nothing when nothing is near', () => {
    expect(read('zebra-crossing')).to.deep.equal({
      kind: 'refused',
      message: 'there is no scenario "zebra-crossing"',
    });
    expect(nearestTo('q', ['conversation'])).to.equal(null);
  });

  it('refuses two scenarios, a scenario beside --smoke, and --out without a folder', () => {
    expect([
      read('silence', 'interruption'),
      read('silence', '--smoke'),
      read('--out'),
      read('--out', '--smoke'),
    ]).to.deep.equal([
      { kind: 'refused', message: 'one scenario at a time: "silence" or "interruption"' },
      { kind: 'refused', message: '--smoke is a scenario of its own; leave out "silence" or --smoke' },
      { kind: 'refused', message: '--out needs a folder, for example --out /tmp/call' },
      { kind: 'refused', message: '--out needs a folder, for example --out /tmp/call' },
    ]);
  });

  it('hands nothing back to the terminal that could steer it', () => {
    const result = read('\u001B[2Jclear\u202E');
    expect(result).to.deep.equal({ kind: 'refused', message: 'there is no scenario "[2Jclear"' });
  });
});
