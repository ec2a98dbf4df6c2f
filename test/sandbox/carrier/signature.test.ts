import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import twilio from 'twilio';
import { signRequest, signStreamUpgrade, type FormParameters } from '../../../src/sandbox/carrier/signature.ts';

const token = '12345678901234567890123456789012';
const caseA: FormParameters = [
  ['CallSid', 'CA00000000000000000000000000000001'],
  ['AccountSid', 'AC00000000000000000000000000000001'],
  ['ApiVersion', '2010-04-01'],
  ['CallStatus', 'ringing'],
  ['CallerName', 'أحمد'],
  ['Direction', 'inbound'],
  ['From', '+96891234567'],
  ['To', '+96824000000'],
];

describe('the carrier signs its requests', () => {
  it('as the recorded vectors of the vendor SDK say', () => {
    expect(signRequest(token, 'https://bot.example.om/twilio/voice?tenant=a1', caseA)).to.equal(
      '0g/JtiB5pHFv56DlFqKIgqtOpBw=',
    );
    expect(signRequest(token, 'https://bot.example.om:443/twilio/voice?tenant=a1', caseA)).to.equal(
      'xjD0Q+H3X1ZGvuzqNajYjlVWcQA=',
    );
    expect(signRequest(token, 'https://bot.example.om/twilio/voice?CallSid=CA1&From=%2B96891234567', [])).to.equal(
      'tFLXxc9IANxhaA6dEITY9MKKTzU=',
    );
  });

  it('as the vendor documentation signs its own example', () => {
    const parameters: FormParameters = [
      ['Digits', '1234'],
      ['CallSid', 'CA1234567890ABCDE'],
      ['To', '+18005551212'],
      ['Caller', '+12349013030'],
      ['From', '+12349013030'],
    ];
    expect(signRequest('12345', 'https://example.com/myapp.php?foo=1&bar=2', parameters)).to.equal(
      'vNe7KK2kJwCsxc9K3OLkkKB3qqI=',
    );
  });

  it('over a JSON body by its hash in the address', () => {
    const body = '{"CallSid":"CA00000000000000000000000000000001","event":"x"}';
    const hash = createHash('sha256').update(body).digest('hex');
    expect(signRequest(token, `https://bot.example.om/twilio/events?bodySHA256=${hash}`, [])).to.equal(
      'bgMRRykhAhF+yjFPPQ8OtcGDrRI=',
    );
  });

  it('without the fragment that only configures the connection', () => {
    expect(signRequest(token, 'https://bot.example.om/twilio/voice?tenant=a1#rc=2&ct=2000', caseA)).to.equal(
      '0g/JtiB5pHFv56DlFqKIgqtOpBw=',
    );
  });

  it('on the stream upgrade over the wss address in each form that was seen', () => {
    const url = 'wss://bot.example.om/media';
    expect(signStreamUpgrade(token, url, 'plain')).to.equal('EQAloOEitkSL/mZEEkzTLnuYFhQ=');
    expect(signStreamUpgrade(token, url, 'trailing-slash')).to.equal('/Jc4VbReol/TrLflXE2Rgza7+8U=');
    expect(signStreamUpgrade(token, url, 'port')).to.equal(signRequest(token, 'wss://bot.example.om:443/media', []));
    expect(signStreamUpgrade(token, url, 'port-and-slash')).to.equal(
      signRequest(token, 'wss://bot.example.om:443/media/', []),
    );
    expect(twilio.validateRequest(token, signStreamUpgrade(token, url, 'wrong'), url, {})).to.equal(false);
  });

  it('so that the vendor SDK accepts any form', () => {
    const parameter = fc.record({
      name: fc.stringMatching(/^[A-Z][A-Za-z]{1,12}$/),
      value: fc.string({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 12 }), (given) => {
        const form: FormParameters = given.map(({ name, value }): [string, string] => [name, value]);
        const values = new Map<string, string | string[]>();
        for (const [name, value] of form) {
          const before = values.get(name);
          values.set(name, before === undefined ? value : [...[before].flat(), value]);
        }
        const url = 'https://bot.example.om/twilio/voice?x=1';
        expect(twilio.validateRequest(token, signRequest(token, url, form), url, Object.fromEntries(values))).to.equal(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});
