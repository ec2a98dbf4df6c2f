import { expect } from 'chai';
import fc from 'fast-check';
import { continuing, joinAfter } from '../../src/therapist/continuation.ts';

function join(given: string, rest: string, sizes: readonly number[] = [rest.length || 1]): string {
  const joining = joinAfter(given);
  let out = '';
  for (let at = 0, i = 0; at < rest.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    out += joining.push(rest.slice(at, at + size));
    at += size;
  }
  return given + out + joining.flush();
}

describe('going on with a reply that another provider began', () => {
  it('tells the model what was heard and leaves the conversation as it is', () => {
    const request = { system: 'S', messages: [{ role: 'caller' as const, text: 'ألو' }], maxTokens: 9 };
    const next = continuing(request, 'أسمعكم، ');
    expect(next.system.startsWith('S\n\n# Go on\n')).to.equal(true);
    expect(next.system).to.include('«أسمعكم،»');
    expect(next.messages).to.equal(request.messages);
  });

  const cases: readonly (readonly [string, string, string, string])[] = [
    ['joins a mere rest with one space', 'I hear you. ', 'It is hard.', 'I hear you. It is hard.'],
    ['adds the space that is missing', 'I hear you.', 'It is hard.', 'I hear you. It is hard.'],
    ['trims the end said again', 'I hear how tired ', 'how tired you are.', 'I hear how tired you are.'],
    ['trims a reply that starts again from its beginning', 'أسمع إن ', 'أسمع إن الحمل ثقيل.', 'أسمع إن الحمل ثقيل.'],
    ['trims what is only spelled differently', 'أَسمع إنّ ', 'اسمع ان الحمل ثقيل.', 'أَسمع إنّ الحمل ثقيل.'],
    ['does not take a beginning of a word for a repetition', 'he is a ', 'and tired', 'he is a and tired'],
    ['says nothing more when only the same is said', 'I hear you. ', 'I hear you.', 'I hear you. '],
    ['keeps a rest that is one word', 'I hear ', 'you', 'I hear you'],
    ['puts no space before a stop', 'I hear you', '. And it hurts.', 'I hear you. And it hurts.'],
  ];
  for (const [title, given, rest, whole] of cases) it(title, () => expect(join(given, rest)).to.equal(whole));

  it('joins the same wherever the rest is cut', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'أنا', 'هنا');
    const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }), (given, rest, sizes) => {
        expect(join(given, rest, sizes)).to.equal(join(given, rest));
      }),
    );
  });

  it('never says the end of what was given twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...'a b c d e f g h i j k l'.split(' ')), { minLength: 4 }),
        fc.nat(),
        fc.nat(),
        (words, x, y) => {
          const cut = 1 + (x % (words.length - 2));
          const from = y % (cut + 1);
          expect(join(`${words.slice(0, cut).join(' ')} `, words.slice(from).join(' '))).to.equal(words.join(' '));
        },
      ),
    );
  });

  it('waits no longer than it must', () => {
    const joining = joinAfter('I hear you ');
    expect(joining.push('and')).to.equal('');
    expect(joining.push(' it')).to.equal('and it');
    expect(joining.push(' hurts')).to.equal(' hurts');
  });
});
