import { expect } from 'chai';
import { askingLineNames } from '../../src/call/lineName.ts';
import { questionOf } from '../../src/risk/answers.ts';
import { understand } from '../../src/therapist/meaning.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { ratingIn } from '../../src/therapist/words/rating.ts';

describe('a figure from one to ten', () => {
  const told: readonly (readonly [string, number | null])[] = [
    ['واحد', 1],
    ['اثنين', 2],
    ['ثنين.', 2],
    ['ثلاث', 3],
    ['يعني أربعة تقريبا', 4],
    ['خمسة من عشرة', 5],
    ['ستة، لأني ما نمت البارحة وتعبت', 6],
    ['٧', 7],
    ['ثمانية', 8],
    ['مزاجي تسعة', 9],
    ['عشرة', 10],
    ['عشرة من عشرة', 10],
    ['10', 10],
    ['7/10', 7],
    ['about a six', 6],
    ["I'd say three out of ten.", 3],
    ['maybe four, because of my exams', 4],
    ['اثنين ولا ثلاثة', null],
    ['two or three', null],
    ['سبعة؟', null],
    ['صفر', null],
    ['11', null],
    ['عشر سنين', null],
    ['مو سبعة', null],
    ['not seven', null],
    ['ten years ago he left', null],
    ['حد واحد في البيت', null],
    ['ما أقدر أنام', null],
    ['', null],
  ];
  for (const [text, rating] of told)
    it(`is ${rating ?? 'not'} in "${text}"`, () => expect(ratingIn(text)).to.equal(rating));

  it('reaches the core with the meaning, and is left out of every other', () => {
    const heard = (text: string) => understand(text, languagePacks['ar-OM'], { risk: 'none', situation: null });
    expect(heard('سبعة').rating).to.equal(7);
    expect(heard('ما أقدر أنام')).to.not.have.property('rating');
  });
});

describe('the words of small questions', () => {
  it('ask nothing that the risk floor takes for a question after danger', () => {
    for (const pack of Object.values(languagePacks))
      for (const line of askingLineNames)
        expect(questionOf(pack.lines[line].join(' ')), `${pack.id} ${line}`).to.equal(null);
  });

  it('name nothing of an earlier call, and name the key for ten', () => {
    for (const pack of Object.values(languagePacks)) {
      for (const line of ['askMood', 'askMoodEnd'] as const)
        expect(pack.lines[line].join(' '), `${pack.id} ${line}`).to.match(/النجمة|star/);
      for (const line of askingLineNames) expect(pack.lines[line].join(' ')).to.not.include('{');
    }
  });
});
