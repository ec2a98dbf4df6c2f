import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../src/limits.ts';
import { createSentenceCutter, cutSentences } from '../../src/therapist/sentences.ts';

describe('cutting a reply into sentences', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'cuts at Arabic and English stops',
      'هذا حمل ثقيل. وليش؟ نعم! I see. Yes?',
      ['هذا حمل ثقيل.', 'وليش؟', 'نعم!', 'I see.', 'Yes?'],
    ],
    [
      'cuts the first piece at a comma and no later one',
      'من يوم الشغل راح، والضيقة ما تفارقك. تعبت، وصبرت، وسكت.',
      ['من يوم الشغل راح،', 'والضيقة ما تفارقك.', 'تعبت، وصبرت، وسكت.'],
    ],
    [
      'does not chop a first piece of less than three words',
      'نعم، أسمعكم كل الوقت وأنا هنا.',
      ['نعم، أسمعكم كل الوقت وأنا هنا.'],
    ],
    [
      'cuts a long first clause before a joining word',
      'You have carried this for such a long time and it hurts.',
      ['You have carried this for such a long time', 'and it hurts.'],
    ],
    [
      'keeps numbers whole',
      'It took 3.5 hours at 10:30. Then 1,000 more.',
      ['It took 3.5 hours at 10:30.', 'Then 1,000 more.'],
    ],
    [
      'keeps abbreviations and single letters whole',
      'Dr. Salim and Mr. A. Said came. Good.',
      ['Dr. Salim and Mr. A. Said came.', 'Good.'],
    ],
    ['keeps dots within words', 'Ask e.g. your friend first. Fine.', ['Ask e.g. your friend first.', 'Fine.']],
    ['takes several stops as one', 'What?! No... Yes…', ['What?!', 'No...', 'Yes…']],
    ['cuts at line ends', 'one two\nthree four', ['one two', 'three four']],
    [
      'drops list markers and keeps the words',
      '- اثنين\n* ثلاثة\n1. أربعة\n2) خمسة',
      ['اثنين', 'ثلاثة', 'أربعة', 'خمسة'],
    ],
    [
      'drops markdown',
      '# Hello\nThis is **bold** and `code` and _this_.',
      ['Hello', 'This is bold and code and this.'],
    ],
    [
      'drops stage directions in asterisks and brackets',
      '*sighs softly* I am here (pauses) now [music]. Yes.',
      ['I am here now.', 'Yes.'],
    ],
    ['keeps a word that asterisks stress', 'You *really* tried.', ['You really tried.']],
    ['says the words of a bracket that is never closed', 'I am here (with you', ['I am here with you']],
    ['drops emoji, quotation marks and marks of direction', '«أسمعك» 😊\u200F “yes” 👩‍👩‍👧.', ['أسمعك yes.']],
    ['makes nothing of markers, bullets and stops alone', '•\n - \n*\n...\n😊\n؟!\n', []],
    ['makes nothing of nothing', '', []],
    ['reads a dash as a comma', 'I hear you — it is a lot.', ['I hear you,', 'it is a lot.']],
    ['speaks the end of a text without a stop', 'أنا معكم', ['أنا معكم']],
    [
      'cuts at an Arabic semicolon with enough before it',
      'كل شي صار ثقيل عليكم في البيت؛ وما حد يسمع. نعم.',
      ['كل شي صار ثقيل عليكم في البيت؛', 'وما حد يسمع.', 'نعم.'],
    ],
  ];
  for (const [title, text, pieces] of cases) it(title, () => expect(cutSentences(text)).to.deep.equal(pieces));

  it('gives a piece as soon as its end is certain', () => {
    const cutter = createSentenceCutter();
    expect(cutter.push('هذا حمل ثقيل.')).to.deep.equal([]);
    expect(cutter.push(' و')).to.deep.equal(['هذا حمل ثقيل.']);
    expect(cutter.flush()).to.deep.equal(['و']);
  });

  it('takes a character that is cut in two', () => {
    const cutter = createSentenceCutter();
    expect([...cutter.push('ok \uD83D'), ...cutter.push('\uDE0A fine.'), ...cutter.flush()]).to.deep.equal([
      'ok fine.',
    ]);
  });

  it('cuts what is too long at a stop or a space, never within a word', () => {
    const pieces = cutSentences('كلمة '.repeat(300));
    expect(pieces.every((piece) => piece.length <= limits.sentenceCharacters)).to.equal(true);
    expect(pieces.join(' ').split(' ')).to.deep.equal(Array.from({ length: 300 }, () => 'كلمة'));
  });

  it('cuts even a text without any space', () => {
    const pieces = cutSentences('ا'.repeat(1000));
    expect(pieces.map((piece) => piece.length)).to.deep.equal([400, 400, 200]);
  });
});

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'أنا',
        'متعب',
        'واجد',
        'من',
        'الشغل',
        'I',
        'feel',
        'so',
        'and',
        '3.5',
        'Dr.',
        '12',
        'لكن',
        '9999',
      ),
      fc.constantFrom('.', '،', '؟', '!', '…', ',', ';', ':', '\n', '-', '*', '**', '(', ')', '"', '😊', '# ', '1. '),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(' '));

const plainText = fc
  .array(
    fc.tuple(
      fc.constantFrom('أنا', 'متعب', 'واجد', 'من', 'الشغل', 'feel', 'so', 'and', 'لكن', '3.5', 'hello'),
      fc.constantFrom('', '', '', '.', '،', '؟', '!', ',', ':', '؛', '...', '\n'),
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.map((part) => part.join('')).join(' '));

describe('cutting a reply into sentences, for any text', () => {
  it('makes the same pieces wherever the stream is cut', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), (text, sizes) => {
        const cutter = createSentenceCutter();
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < text.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          pieces.push(...cutter.push(text.slice(at, at + size)));
          at += size;
        }
        expect([...pieces, ...cutter.flush()]).to.deep.equal(cutSentences(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every word, in order', () => {
    const words = (text: string) => text.match(/[\p{L}\p{N}]+(?:[.:,][\p{N}]+)*/gu) ?? [];
    fc.assert(
      fc.property(plainText, (text) => {
        expect([...words(cutSentences(text).join(' '))]).to.deep.equal([...words(text)]);
      }),
    );
  });

  it('never makes an empty piece, one without a letter, or one that is too long', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const piece of cutSentences(text, { maxCharacters: 60 })) {
          expect(piece).to.match(/[\p{L}\p{N}]/u);
          expect(piece).to.equal(piece.trim());
          expect(piece.length).to.be.at.most(60);
        }
      }),
      { numRuns: 300 },
    );
  });
});
