import { expect } from 'chai';
import { createOutput } from '../../src/staff/output.ts';

describe('the output of a command', () => {
  function print(columns: number, texts: readonly string[]): string {
    let printed = '';
    const stdout = { write: (text: string) => void (printed += text), columns };
    createOutput({ stdout, stderr: stdout, environment: {} }).table(
      [
        { title: 'what', width: 6, cell: (text: string) => text.slice(0, 3) },
        { title: 'text', cell: (text: string) => text },
      ],
      texts,
    );
    return printed;
  }

  it('is a table under a rule, with words wrapped in their column', () => {
    const text = 'one two three four five six seven eight nine ten eleven twelve';
    expect(print(60, [text, 'سند'])).to.equal(
      [
        'what    text',
        '──────  ────────────────────────────────────────────────────',
        'one     one two three four five six seven eight nine ten',
        '        eleven twelve',
        'سند\u200E     سند',
        '',
      ].join('\n'),
    );
  });

  it('keeps what stands beside Arabic words in its own column, also where a terminal writes them from the right', () => {
    const row = print(60, ['سند 24'])
      .split('\n')
      .find((line) => line.includes('سند'));
    expect(row).to.equal('سند\u200E     سند 24');
  });

  it('shows every letter of a long address, to be copied', () => {
    const address = `https://sanad.${'a-long-name-of-a-host.'.repeat(4)}om/twilio/voice`;
    const rows = print(60, [`set ${address} there`])
      .split('\n')
      .slice(2);
    expect(rows.map((row) => row.slice(8)).join('')).to.equal(`set${address} there`);
    expect(Math.max(...rows.map((row) => row.length))).to.equal(60);
  });

  it('is no narrower than can be read, and no wider than can be followed', () => {
    const widthAt = (columns: number): number => print(columns, [])?.split('\n')[1]?.length ?? 0;
    expect([20, 60, 100, 400].map(widthAt)).to.deep.equal([60, 60, 100, 140]);
  });
});
