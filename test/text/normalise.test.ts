import { expect } from 'chai';
import fc from 'fast-check';
import { mainScript, normalise, normalisedClauses, wordsOf } from '../../src/text/normalise.ts';

describe('normalising what a recogniser wrote', () => {
  const same: readonly (readonly [string, string])[] = [
    ['أَنَا', 'انا'],
    ['إنســـان', 'انسان'],
    ['على', 'علي'],
    ['ضيقة', 'ضيقه'],
    ['شيء', 'شي'],
    ['مسؤول', 'مسوول'],
    ['لااااا', 'لا'],
    ['الله', 'الله'],
    ['ﻻ', 'لا'],
    ['٩٩٩٩', '9999'],
    ["Don't STOP", 'dont stop'],
    ['helppp me', 'help me'],
    ['نعم\u200F، طيب.', 'نعم طيب'],
    ['…!', ''],
  ];
  for (const [text, plain] of same)
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(plain)}`, () => expect(normalise(text)).to.equal(plain));

  it('changes nothing the second time', () => {
    const letters = fc.string({ unit: fc.constantFrom(...Array.from("أإآىةؤئءلاabcABC ًّـ،.'’5٥")) });
    fc.assert(fc.property(letters, (text) => normalise(normalise(text)) === normalise(text)));
  });

  it('parts clauses at commas and stops and leaves empty ones out', () => {
    expect(normalisedClauses('لا، أبا أكلم إنسان... !')).to.deep.equal(['لا', 'ابا اكلم انسان']);
  });

  it('has no words in an empty text', () => expect(wordsOf(normalise(' . '))).to.deep.equal([]));

  it('tells the script that most letters are in', () => {
    expect(mainScript('أنا stressed واجد من الدوام')).to.equal('arabic');
    expect(mainScript('I feel ضيق today')).to.equal('latin');
    expect(mainScript('9999')).to.equal(null);
  });
});
