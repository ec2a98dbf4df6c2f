import { expect } from 'chai';
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
});
