import { expect } from 'chai';
import fc from 'fast-check';
import { escapeXml, sentenceSsml } from '../../../src/speech/azure/ssml.ts';

describe('the SSML of a sentence', () => {
  it('names language and voice and slows down a little', () => {
    expect(sentenceSsml('مرحبا', { language: 'ar-OM', name: 'ar-OM-AyshaNeural' }, -5)).to.equal(
      '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="ar-OM">' +
        '<voice name="ar-OM-AyshaNeural"><prosody rate="-5%">مرحبا</prosody></voice></speak>',
    );
  });

  it('writes a faster speed with its sign', () => {
    expect(sentenceSsml('a', { language: 'en-GB', name: 'v' }, 10)).to.contain('<prosody rate="+10%">');
  });

  it('escapes what has a meaning in XML', () => {
    expect(escapeXml(`<break/> & "a" 'b'`)).to.equal('&lt;break/&gt; &amp; &quot;a&quot; &apos;b&apos;');
  });

  it('leaves out what XML and the wire cannot hold', () => {
    expect(escapeXml('a\u0000b\r\n\r\nc\uD800d\uFFFEe')).to.equal('a b c d e');
  });

  it('keeps Arabic with its marks and joiners as it is', () => {
    expect(escapeXml('السَّلامُ عليكم\u200C ۱٢')).to.equal('السَّلامُ عليكم\u200C ۱٢');
  });

  it('never lets text become markup', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"'\p{Cc}]/u.test(escapeXml(text))));
  });
});
