import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { outputOf, Screen, type Output } from '../../../src/sandbox/demo/screen.ts';
import type { Block } from '../../../src/sandbox/demo/block.ts';

function outputFor(kind: Output['kind'], rows = 24) {
  const written: string[] = [];
  const output: Output = { kind, write: (text) => void written.push(text), columns: () => 80, rows: () => rows };
  return { output, written };
}

/** Without escape codes; the one that goes back is named. */
const colourless = (text: string) => stripVTControlCharacters(text.replaceAll('\u001B[2A\r\u001B[0J', '«up 2, erase»'));

const partial: Block = { kind: 'caller', atMs: 1_000, as: 'speaking', text: 'من كم', patience: null };
const whole: Block = { kind: 'caller', atMs: 1_000, as: 'turn', text: 'من كم يوم', patience: null };

describe('the screen of the demo', () => {
  it('rewrites in place what is still being said', () => {
    const { output, written } = outputFor('live');
    const screen = new Screen(output);
    screen.show([], [partial]);
    screen.show([whole], []);
    screen.close();
    expect(written.map(colourless)).to.deep.equal([
      '',
      '0:01.0  ◀   Caller\n            \u2067من كم …\u2069\n',
      '«up 2, erase»0:01.0  ◀   Caller\n            \u2067من كم يوم\u2069\n',
      '',
    ]);
  });

  it('hides the cursor while the call lasts, and gives it back', () => {
    const { output, written } = outputFor('live');
    new Screen(output).close();
    expect(written).to.deep.equal(['\u001B[?25l', '\u001B[?25h']);
  });

  it('writes nothing when nothing has changed', () => {
    const { output, written } = outputFor('live');
    const screen = new Screen(output);
    screen.show([], [partial]);
    screen.show([], [partial]);
    expect(written.length).to.equal(2);
  });

  it('keeps what it rewrites within the height of the terminal', () => {
    const { output, written } = outputFor('live', 4);
    const screen = new Screen(output);
    screen.show([], [whole, partial]);
    expect(colourless(written[1] ?? '').split('\n').length - 1).to.equal(2);
  });

  it('prints whole lines only, without escape codes, where there is no terminal', () => {
    const { output, written } = outputFor('lines');
    const screen = new Screen(output);
    screen.heading('Sanad, demo');
    screen.show([], [partial]);
    screen.show([whole], []);
    screen.close();
    expect(written).to.deep.equal(['Sanad, demo\n', '0:01.0  ◀   Caller\n            \u2067من كم يوم\u2069\n']);
  });

  it('breaks long lines under what follows their label', () => {
    const { output, written } = outputFor('lines');
    new Screen(output).line(`simulated: ${'a word and '.repeat(8)}end`, 11);
    expect(written.join('')).to.equal(`simulated: ${'a word and '.repeat(6)}a\n           word and a word and end\n`);
  });

  it('uses cursor and colour only on a terminal that wants them', () => {
    const kind = (isTTY: boolean, env: Readonly<Record<string, string>>) =>
      outputOf(Object.assign(Object.create(process.stdout), { isTTY }), env).kind;
    expect([
      kind(true, {}),
      kind(false, {}),
      kind(true, { CI: 'true' }),
      kind(true, { NO_COLOR: '1' }),
      kind(true, { TERM: 'dumb' }),
    ]).to.deep.equal(['live', 'lines', 'lines', 'lines', 'lines']);
  });
});
