import { expect } from 'chai';
import fc from 'fast-check';
import {
  cells,
  clockTime,
  columns,
  duration,
  isolate,
  isolateRuns,
  paintLine,
  plainText,
  wordsOf,
  wrapWords,
} from '../../../src/sandbox/demo/terminalText.ts';

const plainLine = (text: string, width: number) =>
  wrapWords(wordsOf(text, 'heard'), width).map((line) => paintLine(line, (run) => run));

describe('text for a terminal', () => {
  it('isolates Arabic and leaves other text alone', () => {
    expect(isolate('مع السلامة')).to.equal('\u2067مع السلامة\u2069');
    expect(isolate('goodbye')).to.equal('goodbye');
  });

  it('isolates each run of Arabic words within another text, and nothing around it', () => {
    expect(isolateRuns('of سعيد بن علي: “لا” is no')).to.equal('of \u2067سعيد بن علي: “لا\u2069” is no');
    expect(isolateRuns('مريم: rings, سعيد 2')).to.equal('\u2067مريم\u2069: rings, \u2067سعيد\u2069 2');
    expect(isolateRuns('nobody 123')).to.equal('nobody 123');
  });

  it('aligns columns by the cells that are seen', () => {
    expect(
      columns([
        ['name', 'rang', ''],
        ['صَحّ', '+1.0 s', 'x'],
      ]),
    ).to.deep.equal(['name  rang', '\u2067صَحّ\u2069    +1.0 s  x']);
  });

  it('takes out what would steer direction or the terminal', () => {
    expect(plainText('\u202Eمع\u2067 \u001B[2J السلامة\n\tالحين ')).to.equal('مع [2J السلامة الحين');
  });

  it('counts cells: vowel marks and direction signs take none', () => {
    expect(cells('صَحّ')).to.equal(2);
    expect(cells('\u2067طيب\u2069')).to.equal(3);
    expect(cells('ok')).to.equal(2);
  });

  it('breaks Arabic between words and isolates every line by itself', () => {
    expect(plainLine('من كم يوم ما أقدر أنام', 11)).to.deep.equal([
      '\u2067من كم يوم\u2069',
      '\u2067ما أقدر\u2069',
      '\u2067أنام\u2069',
    ]);
  });

  it('cuts a word that is longer than the line', () => {
    expect(plainLine('abcdefghij kl', 5)).to.deep.equal(['abcd…', 'kl']);
  });

  it('paints runs of one style together, inside the isolate', () => {
    const words = [...wordsOf('كل كلمة', 'heard'), ...wordsOf('وصلتني الحين', 'unsaid')];
    expect(paintLine(words, (text, style) => `<${style} ${text}>`)).to.equal(
      '\u2067<heard كل كلمة> <unsaid وصلتني الحين>\u2069',
    );
  });

  it('never exceeds the width and never loses a word that fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zا-ي]{1,12}$/u), { maxLength: 30 }),
        fc.integer({ min: 12, max: 40 }),
        (words, width) => {
          const lines = wrapWords(wordsOf(words.join(' '), 'heard'), width);
          expect(lines.flat().map(({ text }) => text)).to.deep.equal(words);
          for (const line of lines) expect(cells(line.map(({ text }) => text).join(' '))).to.be.at.most(width);
        },
      ),
    );
  });

  it('tells the time of a call in minutes, seconds and tenths', () => {
    expect([0, 59_949, 59_950, 62_400, 3_600_000].map(clockTime)).to.deep.equal([
      '0:00.0',
      '0:59.9',
      '1:00.0',
      '1:02.4',
      '60:00.0',
    ]);
  });

  it('gives durations in milliseconds, and in seconds from ten on', () => {
    expect([0.4, 412.6, 9_999, 12_340].map(duration)).to.deep.equal(['0 ms', '413 ms', '9999 ms', '12.3 s']);
  });
});
