import { expect } from 'chai';
import { lineNames } from '../../../src/call/lineName.ts';
import { noPaint, printBlock, type Paint } from '../../../src/sandbox/demo/printBlock.ts';
import type { Block } from '../../../src/sandbox/demo/block.ts';
import { cells } from '../../../src/sandbox/demo/terminalText.ts';

const print = (block: Block, width = 60, paint = noPaint) => printBlock(block, width, paint);

const reply: Block = {
  kind: 'sanad',
  atMs: 34_200,
  line: null,
  heard: 'أيام بدون نوم تتعب',
  rest: 'الجسم والقلب.',
  speaking: false,
  firstSoundMs: 412,
};

/** Makes visible what would be colour. */
const marked: Paint = { ...noPaint, word: (text, style) => `<${style} ${text}>` };

describe('a block of a call in the terminal', () => {
  it('gives the caller a line of label and the words lines of their own', () => {
    const block: Block = { kind: 'caller', atMs: 62_400, as: 'turn', text: 'مع السلامة', patience: null };
    expect(print(block)).to.deep.equal(['1:02.4  ◀   Caller', '            \u2067مع السلامة\u2069']);
  });

  it('shows that words are still coming', () => {
    const block: Block = { kind: 'caller', atMs: 1_000, as: 'speaking', text: 'من كم', patience: null };
    expect(print(block)).to.deep.equal(['0:01.0  ◀   Caller', '            \u2067من كم …\u2069']);
  });

  it('tells a listening word from a turn', () => {
    const block: Block = { kind: 'caller', atMs: 1_000, as: 'backchannel', text: 'ايوه', patience: null };
    expect(print(block)).to.deep.equal(['0:01.0  ◀   Caller, listening', '            \u2067ايوه\u2069']);
  });

  it('says why Sanad waits', () => {
    const block: Block = { kind: 'caller', atMs: 1_000, as: 'turn', text: 'لأن…', patience: 'unfinished' };
    expect(print(block)).to.deep.equal([
      '0:01.0  ◀   Caller       an unfinished thought: Sanad waits',
      '            \u2067لأن…\u2069',
    ]);
  });

  it('keeps what was heard of a reply apart from what was left unsaid', () => {
    expect(print(reply)).to.deep.equal([
      '0:34.2  ▶   Sanad                  first sound after 412 ms',
      '            \u2067أيام بدون نوم تتعب\u2069',
      '            left unsaid:',
      '            \u2067الجسم والقلب.\u2069',
    ]);
  });

  it('says so when nothing of a reply was heard', () => {
    expect(print({ ...reply, heard: '', firstSoundMs: null })).to.deep.equal([
      '0:34.2  ▶   Sanad',
      '            nothing of it was heard:',
      '            \u2067الجسم والقلب.\u2069',
    ]);
  });

  it('paints the words that are still to be heard otherwise than those that were', () => {
    expect(print({ ...reply, speaking: true, firstSoundMs: null }, 60, marked)).to.deep.equal([
      '0:34.2  ▶   Sanad',
      '            \u2067<heard أيام بدون نوم تتعب> <coming الجسم والقلب.>\u2069',
    ]);
  });

  it('names a fixed line', () => {
    const block: Block = { ...reply, line: 'silenceFirst', heard: 'I am here.', rest: '', firstSoundMs: null };
    expect(print(block)).to.deep.equal(['0:34.2  ▶   Sanad, after a silence', '            I am here.']);
  });

  it('shows the words of the carrier', () => {
    expect(print({ kind: 'carrier', atMs: 10_300, text: 'لحظة من فضلك.' })).to.deep.equal([
      "0:10.3  ☎   the carrier's own voice",
      '            \u2067لحظة من فضلك.\u2069',
    ]);
  });

  it('gives what a person on call hears lines of its own, under their name and number', () => {
    expect(print({ kind: 'phone', atMs: 38_400, whose: 'مريم +96891111111', text: 'خطر مرتفع.' })).to.deep.equal([
      '0:38.4  ☏   \u2067مريم\u2069 +96891111111 hears',
      '            \u2067خطر مرتفع.\u2069',
    ]);
  });

  it('isolates a name within a remark, and leaves the remark its own direction', () => {
    const text = 'سعيد +96892222222: nobody answered';
    expect(print({ kind: 'remark', atMs: 0, mood: 'plain', sign: '☏', text })).to.deep.equal([
      '0:00.0  ☏   \u2067سعيد\u2069 +96892222222: nobody answered',
    ]);
  });

  it('has words for every fixed line', () => {
    for (const line of lineNames) {
      const [label] = print({ ...reply, line, firstSoundMs: null });
      expect(label, line).to.match(/^0:34\.2  ▶   Sanad, [a-z' ]{4,}$/);
    }
  });

  it('breaks long remarks under their beginning', () => {
    const text = 'a false alarm: Sanad goes on from the last mark (1.2 s into sentence 1)';
    expect(print({ kind: 'remark', atMs: 0, mood: 'good', sign: '▶▶', text })).to.deep.equal([
      '0:00.0  ▶▶  a false alarm: Sanad goes on from the last mark',
      '            (1.2 s into sentence 1)',
    ]);
  });

  it('has no line longer than the terminal, down to 40 columns', () => {
    const heard =
      'وللعلم، أنا سند، برنامج ذكاء اصطناعي وماني إنسان. زين إنكم حسيتوا بشوي راحة. إيش اللي خفف عليكم شوي؟';
    for (const width of [40, 80, 120]) {
      const lines = print({ ...reply, heard, rest: heard }, width);
      expect(Math.max(...lines.map(cells))).to.be.at.most(width);
    }
  });
});
