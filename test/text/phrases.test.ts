import { expect } from 'chai';
import fc from 'fast-check';
import { compilePhrases } from '../../src/text/phrases.ts';

describe('phrase lists', () => {
  it('matches whole words only', () => {
    const phrases = compilePhrases(['بس']);
    expect(phrases.isIn('تعبت بس')).to.equal(true);
    expect(phrases.isIn('تعبت بسببه')).to.equal(false);
  });

  it('takes one alternative, none where one is empty, and any ending after a star', () => {
    const phrases = compilePhrases(['(أبا|أريد) (أكلم|) إنسان*']);
    expect(phrases.isIn('ابا اكلم انسان')).to.equal(true);
    expect(phrases.isIn('وابا انسانه طيبه')).to.equal(true);
    expect(phrases.isIn('ابا اكلم امي')).to.equal(false);
  });

  it('prefers the longest alternative', () => {
    expect(compilePhrases(['(لا|لا والله)']).without('لا والله')).to.equal('');
  });

  it('tells what stands before and after a phrase', () => {
    expect(compilePhrases(['be strong']).find('you must be strong now')).to.deep.equal([
      { before: 'you must', matched: 'be strong', after: 'now' },
    ]);
  });

  it('finds phrases that follow one another', () => {
    expect(compilePhrases(['yes', 'ok']).find('yes ok yes')).to.have.length(3);
    expect(compilePhrases(['yes', 'ok']).areAllOf('yes ok yes')).to.equal(true);
  });

  it('allows article and prepositions where the list says so', () => {
    expect(compilePhrases(['موت'], { articles: true }).isIn('خايف من الموت وبالموت')).to.equal(true);
    expect(compilePhrases(['موت']).isIn('من الموت')).to.equal(false);
  });

  it('finds a last word only at the end', () => {
    expect(compilePhrases(['and']).isLastIn('this and')).to.equal(true);
    expect(compilePhrases(['and']).isLastIn('this and that')).to.equal(false);
  });

  it('is in nothing when it is empty', () => {
    const none = compilePhrases([]);
    expect([none.isIn('a'), none.areAllOf('a'), none.isLastIn('a'), none.find('a'), none.without('a')]).to.deep.equal([
      false,
      false,
      false,
      [],
      'a',
    ]);
  });

  it('finds nothing where all words may be left out', () => {
    const phrases = compilePhrases(['(a b|) (c|)']);
    expect([phrases.find('a d'), phrases.find('c a b')]).to.deep.equal([
      [],
      [
        { before: '', matched: 'c', after: 'a b' },
        { before: 'c', matched: 'a b', after: '' },
      ],
    ]);
  });

  it('means what the expression means that it stands for, in whatever text', () => {
    const word = fc.constantFrom('لا', 'والله', 'ابا', 'فلوس', 'موت', 'be', 'strong', 'st*', 'مو*');
    const words = fc.array(word, { minLength: 1, maxLength: 2 }).map((all) => all.join(' '));
    const group = fc
      .tuple(fc.array(words, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([choices, optional]) => `(${choices.join('|')}${optional ? '|' : ''})`);
    const phrase = fc
      .tuple(fc.array(fc.oneof(word, group), { maxLength: 2 }), word)
      .map(([elements, last]) => [...elements, last].join(' '));
    const prefix = fc.constantFrom('', '', '', 'و', 'ف', 'ال', 'بال', 'وال', 'لل', 'فب');
    const said = fc.tuple(prefix, fc.constantFrom('لا', 'والله', 'ابا', 'فلوس', 'موت', 'موته', 'be', 'strong', 'x'));
    const text = fc.array(said, { maxLength: 8 }).map((all) => all.map((parts) => parts.join('')).join(' '));
    const list = fc.array(phrase, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(list, text, fc.boolean(), (phrases, spoken, articles) => {
        const found = compilePhrases(phrases, { articles }).find(spoken);
        const expected = [...` ${spoken} `.matchAll(expressionFor(phrases, articles))];
        expect(found.map(({ before, matched }) => `${before}|${matched}`)).to.deep.equal(
          expected.map((match) => `${` ${spoken} `.slice(0, match.index).trim()}|${match[0].trim()}`),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The same list as one regular expression over a text with a blank at either end. */
function expressionFor(phrases: readonly string[], articles: boolean): RegExp {
  const ofWords = (words: string): string => words.split(' ').map(ofWord).join('');
  const ofWord = (word: string): string => (word.endsWith('*') ? `${word.slice(0, -1)}[^ ]* ` : `${word} `);
  const bodies = phrases.map((phrase) =>
    (phrase.match(/\([^)]*\)|[^\s()]+/g) ?? [])
      .map((element) => {
        if (!element.startsWith('(')) return ofWord(element);
        const choices = element.slice(1, -1).split('|');
        const given = choices.filter((choice) => choice !== '').map(ofWords);
        return `(?:${given.sort((a, b) => b.length - a.length).join('|')})${given.length < choices.length ? '?' : ''}`;
      })
      .join(''),
  );
  const prefix = articles ? '[وف]?(?:[بلك]?ال|لل|[بلك])?' : '[وف]?';
  return new RegExp(`(?<= )(?:${prefix})(?:${bodies.join('|')})`, 'g');
}
