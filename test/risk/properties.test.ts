import { expect } from 'chai';
import fc from 'fast-check';
import { isAtLeast, riskLevels } from '../../src/call/meaning.ts';
import { assess } from '../../src/risk/assess.ts';

/** Said plainly; whatever stands around it, it must stay at least high. */
const dangerous = [
  'أبا أقتل نفسي',
  'بذبح عمري الليلة',
  'أفكر في الانتحار كل يوم',
  'بنتحر الحين',
  'شربت كل الحبوب',
  'I want to kill myself',
  'I am going to end my life tonight',
  'my son says he wants to kill himself',
] as const;
const arabicDanger = dangerous.slice(0, 5);
const fillers = ['والله', 'يعني', 'اممم', 'بصراحة', 'um', 'well'];
const benign = [
  'السلام عليكم كيف حالكم',
  'رحت الدوام اليوم ورجعت متأخر',
  'أمي طبخت سمك وتغدينا',
  'the weather is hot today',
  'I went to the market with my brother',
];
const isHigh = (text: string) => isAtLeast(assess(text).level, 'high');
const runs = { numRuns: 120 };

describe('what is dangerous stays so', () => {
  it('with fillers between its clauses', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dangerous),
        fc.array(fc.constantFrom(...fillers), { maxLength: 4 }),
        (text, some) => {
          expect(isHigh([...some, text].join(' '))).to.equal(true);
          expect(isHigh([text, ...some].join(' '))).to.equal(true);
        },
      ),
      runs,
    );
  });

  it('with harmless clauses before and after', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dangerous),
        fc.constantFrom(...benign),
        fc.constantFrom(...benign),
        (text, a, b) => {
          expect(isHigh(`${a} ${text} ${b}`)).to.equal(true);
        },
      ),
      runs,
    );
  });

  it('with vowel signs, tatweel and stretched letters', () => {
    fc.assert(
      fc.property(fc.constantFrom(...arabicDanger), fc.infiniteStream(fc.nat(5)), (text, chances) => {
        const marked = text.split('').map((letter) => {
          const chance = chances.next().value ?? 0;
          if (letter === ' ') return letter;
          return chance === 0 ? `${letter}\u064E` : chance === 1 ? `${letter}\u0640` : letter;
        });
        expect(assess(marked.join('')).level).to.equal(assess(text).level);
      }),
      runs,
    );
  });

  it('with any seat of the hamza', () => {
    fc.assert(
      fc.property(fc.constantFrom(...arabicDanger), fc.constantFrom('ا', 'أ', 'إ', 'آ'), (text, alef) => {
        expect(assess(text.replace(/[اأإآ]/g, alef)).level).to.equal(assess(text).level);
      }),
      runs,
    );
  });

  it('in a partial transcript, as soon as its words are there', () => {
    for (const text of dangerous)
      for (const rest of ['لأن', 'و', 'because', 'وما'])
        expect(isHigh(`${text} ${rest}`), `${text} ${rest}`).to.equal(true);
  });
});

describe('the floor', () => {
  it('says the same of the same words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dangerous, ...benign), (text) => {
        expect(assess(text)).to.deep.equal(assess(text));
      }),
      runs,
    );
  });

  it('never throws and always has a level, whatever the string', function () {
    this.timeout(20_000);
    const letters = fc.string({ unit: fc.constantFrom(...'ابتحعقهويءأإآةى٣ ـ\u064E7o!؟'.split('')), maxLength: 200 });
    const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), letters);
    fc.assert(
      fc.property(any, fc.option(any), (text, question) => {
        expect(riskLevels).to.include(assess(text, { question }).level);
      }),
      { numRuns: 100 },
    );
  });

  it('bears a text of a million characters', function () {
    this.timeout(20_000);
    expect(assess('كلام '.repeat(200_000)).level).to.be.oneOf([...riskLevels]);
    expect(isHigh(`${'كلام '.repeat(100_000)} أبا أقتل نفسي`)).to.equal(true);
  });

  it('takes 3 ms for an utterance of 60 words when measured, never 15', function () {
    this.timeout(20_000);
    const long = 'والله أنا من يوم طلعت من الشغل وأنا أفكر في اللي صار وما أقدر أنام '.repeat(4);
    for (let i = 0; i < 80; i += 1) assess(long);
    const took = Array.from({ length: 80 }, () => {
      const before = performance.now();
      assess(long);
      return performance.now() - before;
    }).sort((a, b) => a - b);
    // The lower quartile: what other programs take from a busy machine is not ours.
    expect(took[20]).to.be.below(15);
  });
});
