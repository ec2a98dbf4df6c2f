import { expect } from 'chai';
import { spokenDigits, withEmergencyNumber } from '../../src/therapist/emergencyNumber.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { buildRequest, plainFacts } from '../../src/therapist/prompt.ts';

const packs = Object.values(languagePacks);
const spoken = { 'ar-OM': 'تسعة تسعة تسعة تسعة', ar: 'تسعة تسعة تسعة تسعة', en: 'nine nine nine nine' } as const;

for (const pack of packs)
  describe(`the emergency number (${pack.id})`, () => {
    const filled = withEmergencyNumber(pack, '9999');
    const without = withEmergencyNumber(pack, null);

    it('is spoken digit by digit wherever the pack leaves a place for it', () => {
      let places = 0;
      for (const [name, sentences] of Object.entries(pack.lines))
        sentences.forEach((sentence, index) => {
          if (!sentence.includes('emergency}')) return;
          places += 1;
          const line = filled.lines[name as keyof typeof filled.lines][index] ?? '';
          expect(line, name).to.include(spoken[pack.id]);
          expect(line, 'no figures for a voice').to.not.match(/\d/);
        });
      expect(places).to.be.at.least(8);
      expect(filled.systemPrompt).to.include(spoken[pack.id]);
    });

    it('is left out without a trace when none is verified', () => {
      const said = [...Object.values(without.lines).flat(), without.systemPrompt].join(' ');
      expect(said).to.not.include(spoken[pack.id]);
      for (const sentence of Object.values(without.lines).flat()) {
        expect(sentence).to.not.match(/[,،]\s*[,،.]|\s{2}|\s[.,،؟?]/);
        expect(sentence).to.match(/[.?؟]$/);
      }
    });

    it('never reaches a voice or a model as a brace', () => {
      for (const made of [filled, without, withEmergencyNumber(filled, '1100')]) {
        expect(Object.values(made.lines).flat().join(' ')).to.not.match(/[{}]/);
        expect(buildRequest(made, plainFacts, [{ role: 'caller', text: 'ألو' }]).system).to.not.match(/[{}]/);
      }
    });

    it('leaves everything else of the pack as it is', () => {
      expect({ ...filled, lines: null, systemPrompt: null }).to.deep.equal({
        ...pack,
        lines: null,
        systemPrompt: null,
      });
      const plain = Object.entries(pack.lines).filter(([, sentences]) => !sentences.join().includes('{'));
      for (const [name, sentences] of plain)
        expect(filled.lines[name as keyof typeof filled.lines], name).to.deep.equal(sentences);
    });

    it('is filled in once and then known', () => {
      expect(withEmergencyNumber(pack, '9999')).to.equal(filled);
      expect(withEmergencyNumber(pack, null)).to.equal(without);
      expect(withEmergencyNumber(pack, '112')).to.not.equal(filled);
    });
  });

describe('a number as it is spoken', () => {
  it('is its digits one by one, whatever stands between them', () => {
    expect(spokenDigits('1100', 'en')).to.equal('one one zero zero');
    expect(spokenDigits('+968 24', 'en')).to.equal('nine six eight two four');
    expect(spokenDigits('112', 'ar-OM')).to.equal('واحد واحد اثنين');
    expect(spokenDigits('112', 'ar')).to.equal('واحد واحد اثنان');
  });

  it('has a word for every digit in every language', () => {
    for (const pack of packs) expect(new Set(spokenDigits('0123456789', pack.id).split(' ')).size).to.equal(10);
  });
});
