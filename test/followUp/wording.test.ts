import { expect } from 'chai';
import { segmentsOf } from '../../src/followUp/segments.ts';
import {
  fingerprintOf,
  messageLanguageOf,
  messageLanguages,
  templateIds,
  templates,
  wordsOf,
} from '../../src/followUp/templates.ts';
import { checkWording } from '../../src/followUp/wording.ts';

describe('the segments of a message', () => {
  const count = (text: string) => [segmentsOf(text).encoding, segmentsOf(text).units, segmentsOf(text).segments];

  it('are counted in septets where GSM-7 has every character, two for those of its extension', () => {
    expect(count('a'.repeat(160))).to.deep.equal(['gsm7', 160, 1]);
    expect(count('a'.repeat(161))).to.deep.equal(['gsm7', 161, 2]);
    expect(count('a'.repeat(306))).to.deep.equal(['gsm7', 306, 2]);
    expect(count('a'.repeat(307))).to.deep.equal(['gsm7', 307, 3]);
    expect(count('€[]{}~^|\\')).to.deep.equal(['gsm7', 18, 1]);
    expect(count(`${'a'.repeat(159)}€`)).to.deep.equal(['gsm7', 161, 2]);
  });

  it('do not part an escape from its character', () => {
    // The 153rd septet would be the escape alone: the first part stays one short, and the rest no longer fits the second.
    expect(count(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).to.deep.equal(['gsm7', 305, 2]);
    expect(count(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).to.deep.equal(['gsm7', 306, 3]);
  });

  it('are counted in 16-bit units as soon as one character is not in GSM-7, and no surrogate pair is parted', () => {
    expect(count('س'.repeat(70))).to.deep.equal(['ucs2', 70, 1]);
    expect(count('س'.repeat(71))).to.deep.equal(['ucs2', 71, 2]);
    expect(count('س'.repeat(134))).to.deep.equal(['ucs2', 134, 2]);
    expect(count('س'.repeat(135))).to.deep.equal(['ucs2', 135, 3]);
    expect(count('🌷'.repeat(35))).to.deep.equal(['ucs2', 70, 1]);
    expect(count(`${'س'.repeat(66)}🌷${'س'.repeat(66)}`)).to.deep.equal(['ucs2', 134, 3]);
    expect(count('’')).to.deep.equal(['ucs2', 1, 1]);
    expect(count('')).to.deep.equal(['gsm7', 0, 1]);
  });
});

describe('the templates', () => {
  const all = templateIds.flatMap((id) =>
    messageLanguages.flatMap((language) =>
      templates[id].words[language].map((_, turn) => ({
        id,
        language,
        text: wordsOf(id, { language, turn, slots: { time: '12:30 29/11' } }),
      })),
    ),
  );

  it('fit one segment each, in all languages', () => {
    expect(all.filter(({ text }) => segmentsOf(text).segments > 1)).to.deep.equal([]);
  });

  it('say nothing that tells a relative what they are about', () => {
    expect(all.filter(({ text }) => checkWording(text).kind !== 'sound')).to.deep.equal([]);
    // Neutral ones do not even say that there was talk.
    const neutral = all.filter(({ id }) => !id.endsWith('Personal'));
    expect(neutral.filter(({ text }) => /call|talk|spoke|تكلم|تحدث|اتصل/.test(text))).to.deep.equal([]);
  });

  it('are refused while a place in them is not filled', () => {
    expect(checkWording(wordsOf('reminder', { language: 'en' }))).to.deep.equal({
      kind: 'faulty',
      fault: { kind: 'unfilled' },
    });
  });

  it('may serve unseen only as reminders', () => {
    expect(templateIds.filter((id) => templates[id].mayServeUnseen)).to.deep.equal(['reminder']);
  });

  it('have fingerprints of their own', () => {
    expect(new Set(templateIds.map((id) => fingerprintOf(id).toString('hex'))).size).to.equal(templateIds.length);
  });

  it('are spoken in the language of the call', () => {
    expect(['ar-OM', 'ar', 'en', 'en-GB', 'ur'].map(messageLanguageOf)).to.deep.equal([
      'ar-OM',
      'ar',
      'en',
      'en',
      'ar-OM',
    ]);
  });
});

describe('words that staff write', () => {
  const fault = (text: string) => {
    const checked = checkWording(text);
    return checked.kind === 'faulty' ? checked.fault.kind : checked.text;
  };

  it('are refused when a relative would know what they are about', () => {
    for (const text of [
      'Your counselling session',
      'from Sanad',
      'موعدك في العيادة',
      'كيف حالك بعد الأزمة؟',
      'العلاج النفسي',
      'Mental health follow-up',
      'لا تنتحر',
    ])
      expect(fault(text), text).to.equal('telling');
    expect(fault('You have many skills')).to.equal('You have many skills');
  });

  it('are refused when empty or longer than three segments, and cleaned otherwise', () => {
    expect(fault(' \n ')).to.equal('empty');
    expect(fault('س'.repeat(202))).to.equal('tooLong');
    expect(fault('  نتمنى لك\n يوم طيب ')).to.equal('نتمنى لك يوم طيب');
  });
});
