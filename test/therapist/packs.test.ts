import { expect } from 'chai';
import { lineNames } from '../../src/call/lineName.ts';
import { limits } from '../../src/limits.ts';
import { withEmergencyNumber } from '../../src/therapist/emergencyNumber.ts';
import { createGuard } from '../../src/therapist/guard.ts';
import { replacements } from '../../src/therapist/guardRules/replacements.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { versionOf } from '../../src/therapist/packs/version.ts';
import { cutSentences } from '../../src/therapist/sentences.ts';

const packs = Object.values(languagePacks);
const identity = {
  'ar-OM': 'برنامج ذكاء اصطناعي وماني إنسان',
  ar: 'برنامج ذكاء اصطناعي ولست إنسانا',
  en: 'an AI program, not a person',
};

const variants = packs.flatMap((pack) => [
  { name: pack.id, pack: withEmergencyNumber(pack, '9999'), number: '9999' },
  { name: `${pack.id}, no number verified`, pack: withEmergencyNumber(pack, null), number: null },
]);
const spoken9999 = /تسعة تسعة تسعة تسعة|nine nine nine nine/;

for (const { name: variant, pack, number } of variants) {
  describe(`language pack ${variant}`, () => {
    it('says in its first sentence that it is an AI and not a person', () => {
      expect(pack.lines.greeting[0]).to.include(identity[pack.id]);
      expect(pack.lines.identity.join(' ')).to.include(identity[pack.id]);
    });

    it('asks last in the greeting whether the caller can talk freely', () => {
      expect(pack.lines.greeting.at(-1)).to.match(/(تتكلموا|الكلام|talk).*[?؟]$/);
    });

    it('words every line as sentences within the limit', () => {
      for (const name of lineNames) {
        expect(pack.lines[name], name).to.not.have.length(0);
        for (const sentence of pack.lines[name]) {
          expect(sentence, name).to.match(/[.?؟]$/);
          expect(sentence.length, name).to.be.within(3, limits.sentenceCharacters);
        }
      }
    });

    it('says nothing that its own guard would refuse', () => {
      for (const sentences of [
        ...Object.values(pack.lines),
        ...Object.values(replacements[pack.id]).map((text) => [text]),
      ]) {
        const guard = createGuard(pack);
        for (const sentence of sentences.filter((text) => text !== ''))
          expect(guard.check(sentence), sentence).to.deep.equal({ verdict: 'pass' });
      }
    });

    it('shows the model no example that its own guard would refuse', () => {
      const examples = [...pack.systemPrompt.matchAll(/^You: (.*)$/gm)].map((match) => match[1] ?? '');
      expect(examples.length).to.be.at.least(4);
      for (const example of examples) {
        const guard = createGuard(pack);
        for (const piece of cutSentences(example)) expect(guard.check(piece), piece).to.deep.equal({ verdict: 'pass' });
      }
    });

    it('offers a person in every line that says something is wrong', () => {
      for (const name of ['cannotHear', 'offerPerson', 'fault'] as const)
        expect(pack.lines[name].join(' ')).to.match(/إنسان|person/);
    });

    it('names the emergency number where danger may be now, and none that is not verified', () => {
      const said = [...Object.values(pack.lines).flat(), pack.systemPrompt].join(' ');
      expect(spoken9999.test(said)).to.equal(number !== null);
      expect(spoken9999.test(pack.lines.nobodyReached.join(' '))).to.equal(number !== null);
      expect(said).to.match(/الطوارئ|the emergency number/);
      expect(said).to.not.match(/\{[^}]*emergency\}/);
    });

    it('names voices of the language it speaks', () => {
      for (const voice of Object.values(pack.voices))
        expect(voice.name.startsWith(`${voice.language}-`)).to.equal(true);
    });
  });
}

describe('language packs', () => {
  it('address the caller in Omani without the endings of a man or a woman', () => {
    const words = Object.values(languagePacks['ar-OM'].lines)
      .flat()
      .join(' ')
      .split(/[\s.,،؟]+/);
    expect(words.filter((word) => /(?:[^ا]ك|ش)$/.test(word) && word !== 'إيش')).to.deep.equal([]);
  });

  it('change their version with any text', () => {
    expect(versionOf('x', 1, { a: 'b' })).to.not.equal(versionOf('x', 1, { a: 'c' }));
    expect(versionOf('x', 1, { a: 'b' })).to.equal(versionOf('x', 1, { a: 'b' }));
    expect(new Set(packs.map((pack) => pack.version)).size).to.equal(3);
  });

  it('instruct the model on every point that the clinical reference lists', () => {
    for (const pack of packs)
      for (const point of [
        /not a person, not a doctor/,
        /one question/i,
        /ask directly/,
        /Never name a disorder/,
        /secrecy/,
        /jinn/,
        /honour/,
        /the emergency number/,
        /Speech recognition makes mistakes/,
        /goodbye/,
        /change with them/,
      ])
        expect(pack.systemPrompt, pack.id).to.match(point);
  });
});
