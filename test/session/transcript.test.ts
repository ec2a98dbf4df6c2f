import { expect } from 'chai';
import { Transcript } from '../../src/session/transcript.ts';
import type { StoredTurn } from '../../src/store/records.ts';

function transcript() {
  const kept: StoredTurn[] = [];
  return { words: new Transcript((turn) => kept.push(turn)), kept };
}

const reply = {
  kind: 'turn',
  text: 'أسمعك. من متى؟',
  atMs: 5_000,
  durationMs: 900,
  interrupted: true,
  firstSoundMs: 700,
} as const;

describe('the transcript', () => {
  it('keeps a caller’s turn once the final words of all its utterances have come', () => {
    const { words, kept } = transcript();
    words.hear(1, 'ما أقدر', 1_000, null);
    words.hear(2, 'أنام', 2_000, { confidence: 0.9 });
    words.recordCaller([1, 2], 'turn');
    expect(kept).to.deep.equal([]);
    words.hear(1, 'ما أقدر أبدا', 2_400, { confidence: 0.8 });
    expect(kept).to.deep.equal([
      {
        seq: 1,
        speaker: 'caller',
        kind: 'turn',
        text: 'ما أقدر أبدا أنام',
        heardText: null,
        atMs: 1_000,
        durationMs: 1_000,
        interrupted: false,
        confidence: 0.9,
        firstSoundMs: null,
      },
    ]);
  });

  it('keeps partial words when the call ends before their final', () => {
    const { words, kept } = transcript();
    words.hear(1, 'ما أقدر', 1_000, null);
    words.recordCaller([1], 'turn');
    words.close();
    expect(kept.map((turn) => turn.text)).to.deep.equal(['ما أقدر']);
  });

  it('gives the model what was heard of a reply, not what was meant', () => {
    const { words } = transcript();
    words.hear(1, 'ما أقدر أنام', 1_000, { confidence: null });
    words.recordCaller([1], 'turn');
    words.recordSanad({ ...reply, heardText: 'أسمعك.' });
    expect(words.history()).to.deep.equal([
      { role: 'caller', text: 'ما أقدر أنام' },
      { role: 'sanad', text: 'أسمعك.' },
    ]);
  });

  it('does not give the model a reply of which nothing was heard', () => {
    const { words, kept } = transcript();
    words.recordSanad({ ...reply, heardText: '' });
    expect(words.history()).to.deep.equal([]);
    expect(kept).to.have.length(1);
  });

  it('keeps listening words and leaves them out of what the model answers', () => {
    const { words, kept } = transcript();
    words.hear(1, 'ايوه', 1_000, { confidence: null });
    words.recordCaller([1], 'backchannel');
    expect(words.history()).to.deep.equal([]);
    expect(kept.map((turn) => turn.kind)).to.deep.equal(['backchannel']);
  });

  it('gives the model words that are not recorded yet when a reply is prepared on them', () => {
    const { words } = transcript();
    words.hear(1, 'ما أقدر', 1_000, null);
    expect(words.history([1])).to.deep.equal([{ role: 'caller', text: 'ما أقدر' }]);
  });

  it('gives the model the words with which the caller broke in, although the recogniser had not closed the utterance before', () => {
    const { words } = transcript();
    words.hear(1, 'ما أقدر أنام', 1_000, null);
    words.recordCaller([1], 'turn');
    words.recordSanad({ ...reply, heardText: 'أسمعك.' });
    words.hear(1, 'ما أقدر أنام لا اسمعني', 3_000, null);
    expect(words.history()).to.deep.equal([
      { role: 'caller', text: 'ما أقدر أنام' },
      { role: 'sanad', text: 'أسمعك.' },
      { role: 'caller', text: 'لا اسمعني' },
    ]);
  });

  it('tells what was known of an utterance before', () => {
    const { words } = transcript();
    expect(words.hear(1, 'ما', 1_000, null)).to.equal(null);
    expect(words.hear(1, 'ما أقدر', 1_100, null)).to.equal('ما');
  });

  it('goes on counting and remembering where another server stopped', () => {
    const { words, kept } = transcript();
    words.restore([
      { seq: 1, speaker: 'sanad', kind: 'line', text: 'السلام عليكم', heardText: 'السلام عليكم' },
      { seq: 2, speaker: 'caller', kind: 'turn', text: 'وعليكم السلام', heardText: null },
    ]);
    words.hear(1, 'ما أقدر أنام', 9_000, { confidence: null });
    words.recordCaller([1], 'turn');
    expect(kept.map((turn) => turn.seq)).to.deep.equal([3]);
    expect(words.history().map((message) => message.text)).to.deep.equal([
      'السلام عليكم',
      'وعليكم السلام',
      'ما أقدر أنام',
    ]);
  });
});
