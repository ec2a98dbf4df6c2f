import { expect } from 'chai';
import fc from 'fast-check';
import { readCallerNumber } from '../../src/callers/callerNumber.ts';

describe('the number of a caller', () => {
  it('is known when it is in E.164 form', () => {
    expect(readCallerNumber('+96891234567')).to.deep.equal({ kind: 'known', number: '+96891234567' });
    expect(readCallerNumber(' +4930123456 ')).to.deep.equal({ kind: 'known', number: '+4930123456' });
  });

  for (const from of ['', '  ', null, undefined, 'anonymous', 'Anonymous', 'RESTRICTED', 'unavailable', 'private']) {
    it(`is withheld when the carrier gives ${JSON.stringify(from)}`, () => {
      expect(readCallerNumber(from)).to.deep.equal({ kind: 'withheld' });
    });
  }

  for (const [word, number] of [
    ['ANONYMOUS', '+266696687'],
    ['RESTRICTED', '+7378742833'],
    ['UNKNOWN', '+8656696'],
    ['UNAVAILABLE', '+86282452253'],
    ['BLOCKED', '+2562533'],
    ['PRIVATE', '+7748283'],
  ]) {
    it(`is withheld when the carrier spells ${word} on the keys of a telephone (${number})`, () => {
      expect(readCallerNumber(number)).to.deep.equal({ kind: 'withheld' });
    });
  }

  for (const from of [
    'sip:someone@example.om',
    'client:browser',
    '9999',
    '+0123456789',
    '+96891234567890123',
    '96891234567',
  ]) {
    it(`is no number that could be rung back when the carrier gives ${from}`, () => {
      expect(readCallerNumber(from)).to.deep.equal({ kind: 'notANumber' });
    });
  }

  it('is read from whatever comes, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (from) => {
        expect(readCallerNumber(from).kind).to.be.oneOf(['known', 'withheld', 'notANumber']);
      }),
    );
  });
});
