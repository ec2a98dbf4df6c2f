import { expect } from 'chai';
import fc from 'fast-check';
import { briefingLanguage, briefingSentences } from '../../src/escalation/briefing.ts';
import type { Briefing } from '../../src/escalation/model.ts';
import { briefing } from './line.ts';

const all: Briefing = {
  ...briefing,
  means: ['firearm', 'medicine', 'unheard of'],
  overheard: true,
  refuses: true,
  callerGender: 'feminine',
};

describe('the briefing of a person', () => {
  it('says the danger first, then what changes how they speak, then the rest', () => {
    expect(briefingSentences(all, 'en')).to.deep.equal([
      'High risk.',
      'Somebody may be listening: ask yes or no questions.',
      'Means: a firearm and medicine.',
      'They said: ما اريد اعيش.',
      'Place: مسقط.',
      'They are alone.',
      'They do not want a person.',
      'A woman.',
    ]);
    expect(briefingSentences({ ...briefing, level: 'imminent' }, 'ar')[0]).to.equal('خطر وشيك.');
  });

  it('says whose danger it is, and when the caller is a child', () => {
    expect(briefingSentences({ ...briefing, about: 'other' }, 'en')).to.include('The danger is to somebody else.');
    expect(briefingSentences({ ...briefing, child: true }, 'en')).to.include('The caller is a child.');
  });

  it('takes less than 15 seconds, whatever is in it', () => {
    const text = fc.string({ maxLength: 300, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.option(text), fc.option(text), fc.constantFrom('ar', 'en'), (trigger, location, language) => {
        const sentences = briefingSentences({ ...all, trigger, location, child: true }, language);
        // 14 characters a second is slow speech.
        expect(sentences.join(' ').length / 14).to.be.below(15);
        expect(sentences[0]).to.be.a('string').and.to.have.length.above(3);
      }),
    );
  });

  it('is in the language of the call when the person speaks it', () => {
    expect([
      briefingLanguage(['en', 'ar'], 'ar'),
      briefingLanguage(['en'], 'ar'),
      briefingLanguage(['ar'], 'en'),
      briefingLanguage([], 'en'),
    ]).to.deep.equal(['ar', 'en', 'ar', 'en']);
  });
});
