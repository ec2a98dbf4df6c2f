import { expect } from 'chai';
import fc from 'fast-check';
import { parseSsml } from '../../../src/sandbox/azureSpeech/ssml.ts';

const aysha = { voiceName: 'ar-OM-AyshaNeural', language: 'ar-OM' };
const inVoice = (inside: string): string =>
  `<speak version="1.0" xml:lang="ar-OM"><voice name="ar-OM-AyshaNeural">${inside}</voice></speak>`;

describe('SSML', () => {
  it('gives the words with their voice and language, and the breaks between', () => {
    const ssml = `<?xml version="1.0"?><speak version='1.0' xmlns="x" xml:lang="ar-OM">
      <!-- a comment --><voice name="ar-OM-AyshaNeural">أهلا <break time="1.5s"/><s>كيف&#x20;حالك</s></voice>
      <voice name="en-GB-RyanNeural" xml:lang="en-GB"><prosody rate="slow">five &lt; <![CDATA[six & seven]]></prosody></voice>
    </speak>`;
    const ryan = { voiceName: 'en-GB-RyanNeural', language: 'en-GB' };
    expect(parseSsml(ssml)).to.deep.equal({
      ok: true,
      parts: [
        { type: 'text', spoken: { text: 'أهلا', ...aysha } },
        { type: 'break', ms: 1_500 },
        { type: 'text', spoken: { text: 'كيف حالك', ...aysha } },
        { type: 'text', spoken: { text: 'five < six & seven', ...ryan } },
      ],
    });
  });

  for (const [ssml, reason] of [
    ['', 'there is no <speak>'],
    ['<voice name="a">x</voice>', 'the root is not <speak>'],
    ['<speak xml:lang="ar">x</speak>', '<speak> has no version'],
    ['<speak version="1.0">x</speak>', '<speak> has no xml:lang'],
    ['<speak version="1.0" xml:lang="ar">x</speak>', 'text outside <voice>'],
    ['<speak version="1.0" xml:lang="ar"><voice>x</voice></speak>', '<voice> has no name'],
    [inVoice(''), 'there is nothing to say'],
    [`${inVoice('x')}<speak/>`, 'not well-formed: more than one root'],
    [`${inVoice('x')}y`, 'not well-formed: text outside <speak>'],
    [inVoice('x</s>'), 'not well-formed: </s> closes nothing'],
    [inVoice('<s>x'), 'not well-formed: </voice> closes nothing'],
    ['<speak version="1.0" xml:lang="ar">', 'not well-formed: <speak> is not closed'],
    [inVoice('a < b'), 'not well-formed: stray "<"'],
    [inVoice('a & b'), 'not well-formed: bad entity'],
    [inVoice('&nbsp;'), 'not well-formed: bad entity'],
    [inVoice('<s a=b>x</s>'), 'not well-formed: bad attribute'],
    [inVoice('<break time="long"/>x'), '<break> has a bad time'],
    [inVoice('<script>x</script>'), 'element not known: <script>'],
    [inVoice('ا'.repeat(33_000)), 'SSML is longer than 64 KB'],
  ] as const) {
    it(`is refused: ${reason} (${ssml.slice(0, 60)})`, () => {
      expect(parseSsml(ssml)).to.deep.equal({ ok: false, reason });
    });
  }

  it('gives escaped text back whole', () => {
    const escape = (text: string): string =>
      text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => /^\S+$/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const text = words.join(' ');
        const parts = [{ type: 'text', spoken: { text, ...aysha } }];
        expect(parseSsml(inVoice(escape(text)))).to.deep.equal({ ok: true, parts });
      }),
    );
  });

  it('never throws, whatever comes in', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '&',
      'speak',
      ' version="1.0"',
      '<voice name="a">',
      '</',
      '/>',
      '&#x110000;',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => typeof parseSsml(inVoice(pieces.join(''))).ok === 'boolean'));
  });
});
