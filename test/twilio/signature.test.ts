import { expect } from 'chai';
import fc from 'fast-check';
import { createSignatureCheck, parseForm } from '../../src/twilio/signature.ts';
import { encode, sign, type Parameters } from './signing.ts';

const authToken = '12345678901234567890123456789012';
const publicUrl = 'https://bot.example.om';
const check = createSignatureCheck({ authToken, publicUrl });

/** Case A of the carrier's vectors. */
const call = [
  ['AccountSid', `AC${'0'.repeat(31)}1`],
  ['ApiVersion', '2010-04-01'],
  ['CallSid', `CA${'0'.repeat(31)}1`],
  ['CallStatus', 'ringing'],
  ['CallerName', 'أحمد'],
  ['Direction', 'inbound'],
  ['From', '+96891234567'],
  ['To', '+96824000000'],
] as const;

const form = (parameters: Parameters) => ({ kind: 'form', parameters: parseForm(encode(parameters)) }) as const;
const none = { kind: 'none' } as const;

describe('the signature of a webhook', () => {
  it('is accepted for a form with an Arabic value, signed with and without the port', () => {
    expect(check.ofRequest('0g/JtiB5pHFv56DlFqKIgqtOpBw=', '/twilio/voice?tenant=a1', form(call))).to.equal('valid');
    expect(check.ofRequest('xjD0Q+H3X1ZGvuzqNajYjlVWcQA=', '/twilio/voice?tenant=a1', form(call))).to.equal('valid');
  });

  it('is accepted for a GET, whose parameters are in the URL', () => {
    const path = '/twilio/voice?CallSid=CA1&From=%2B96891234567';
    expect(check.ofRequest('tFLXxc9IANxhaA6dEITY9MKKTzU=', path, none)).to.equal('valid');
  });

  it("is accepted for the example in the carrier's own documentation", () => {
    const documented = createSignatureCheck({ authToken: '12345', publicUrl: 'https://example.com' });
    const parameters = form([
      ['CallSid', 'CA1234567890ABCDE'],
      ['Caller', '+12349013030'],
      ['Digits', '1234'],
      ['From', '+12349013030'],
      ['To', '+18005551212'],
    ]);
    expect(documented.ofRequest('vNe7KK2kJwCsxc9K3OLkkKB3qqI=', '/myapp.php?foo=1&bar=2', parameters)).to.equal(
      'valid',
    );
  });

  const json = '{"CallSid":"CA00000000000000000000000000000001","event":"x"}';
  const jsonPath = '/twilio/events?bodySHA256=8a39d0eb3d7aabc83fe3449d77deb4f1773a68b59711b315d1248bd936d707c6';
  const jsonSignature = 'bgMRRykhAhF+yjFPPQ8OtcGDrRI=';

  it('is accepted for a JSON body whose hash is in the signed URL', () => {
    expect(check.ofRequest(jsonSignature, jsonPath, { kind: 'raw', bytes: Buffer.from(json) })).to.equal('valid');
  });

  it('is refused for a JSON body of which one byte was changed, and for one that nothing signs', () => {
    const changed = { kind: 'raw', bytes: Buffer.from(json.replace('x', 'y')) } as const;
    expect(check.ofRequest(jsonSignature, jsonPath, changed)).to.equal('wrong');
    const unsigned = sign(authToken, `${publicUrl}/twilio/events`);
    expect(check.ofRequest(unsigned, '/twilio/events', changed)).to.equal('wrong');
  });

  it('is refused when it is missing, empty, or made with another token', () => {
    const path = '/twilio/voice?tenant=a1';
    expect(check.ofRequest(undefined, path, form(call))).to.equal('missing');
    expect(check.ofRequest('', path, form(call))).to.equal('missing');
    const other = sign('another-token-another-token-1234', publicUrl + path, call);
    expect(check.ofRequest(other, path, form(call))).to.equal('wrong');
  });

  it('is refused for another scheme, host, path or query than the one that was signed', () => {
    const accepted = ['https://bot.example.om/twilio/voice'];
    const refused = [
      'http://bot.example.om/twilio/voice',
      'https://evil.example.om/twilio/voice',
      'https://bot.example.om/twilio/voice/',
      'https://bot.example.om/twilio/voice?a=1',
    ];
    const verdict = (url: string) => check.ofRequest(sign(authToken, url, call), '/twilio/voice', form(call));
    expect(accepted.map(verdict)).to.deep.equal(['valid']);
    expect(refused.map(verdict)).to.deep.equal(['wrong', 'wrong', 'wrong', 'wrong']);
  });

  it('covers every value of a repeated name', () => {
    const repeated = [...call, ['Media', 'b'], ['Media', 'a'], ['Media', 'b']] as const;
    const signature = sign(authToken, `${publicUrl}/twilio/sms`, repeated);
    expect(check.ofRequest(signature, '/twilio/sms', form(repeated))).to.equal('valid');
    expect(check.ofRequest(signature, '/twilio/sms', form([...call, ['Media', 'a']]))).to.equal('wrong');
  });

  it('covers any parameters, also empty, untrimmed and oddly named ones, and notices any change', () => {
    // Without U+E000 to U+FFFF, which the SDK orders after the characters beyond them, unlike their bytes.
    const letters = ['a', 'Z', '0', ' ', '+', '%', '&', '=', 'أ', 'م', 'é', '\n', '😀'];
    const text = fc.string({ unit: fc.constantFrom(...letters) });
    const name = fc.oneof(text, fc.constantFrom('__proto__', 'toString', '1'));
    const parameter = fc.tuple(name, text);
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 10 }), (parameters) => {
        const signature = sign(authToken, `${publicUrl}/twilio/voice`, parameters);
        expect(check.ofRequest(signature, '/twilio/voice', form(parameters))).to.equal('valid');
        const tampered = form([...parameters, ['Added', '1']]);
        expect(check.ofRequest(signature, '/twilio/voice', tampered)).to.equal('wrong');
      }),
    );
  });

  it('never throws, whatever the path and the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (header, path) => {
        expect(check.ofRequest(header, path, none)).to.be.oneOf(['wrong', 'missing']);
        expect(check.ofSocket(header, `/${path}`)).to.be.oneOf(['wrong', 'missing']);
      }),
    );
  });
});

describe('the signature of a socket', () => {
  it('is accepted over each of the four URLs that the carrier may have signed', () => {
    const urls = ['', '/', ':443', ':443/'].map((form4) =>
      form4.startsWith(':') ? `wss://bot.example.om:443/media${form4.slice(4)}` : `wss://bot.example.om/media${form4}`,
    );
    expect(urls.map((url) => check.ofSocket(sign(authToken, url), '/media'))).to.deep.equal(
      Array.from({ length: 4 }, () => 'valid'),
    );
    expect(check.ofSocket('EQAloOEitkSL/mZEEkzTLnuYFhQ=', '/media')).to.equal('valid');
    expect(check.ofSocket('/Jc4VbReol/TrLflXE2Rgza7+8U=', '/media')).to.equal('valid');
  });

  it('is refused over https, over ws, and without a header', () => {
    expect(check.ofSocket('e+SszQ/56Dx+wREYsanek8WNYaU=', '/media')).to.equal('wrong');
    expect(check.ofSocket(sign(authToken, 'ws://bot.example.om/media'), '/media')).to.equal('wrong');
    expect(check.ofSocket(undefined, '/media')).to.equal('missing');
  });

  it('is checked over ws and its own port when the public origin is http with a port', () => {
    const local = createSignatureCheck({ authToken, publicUrl: 'http://127.0.0.1:3000' });
    expect(local.ofSocket(sign(authToken, 'ws://127.0.0.1:3000/media'), '/media')).to.equal('valid');
    expect(local.ofSocket(sign(authToken, 'wss://127.0.0.1:3000/media'), '/media')).to.equal('wrong');
  });
});
