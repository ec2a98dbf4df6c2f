import { expect } from 'chai';
import { readSmsNumber, senderFor } from '../../../src/followUp/sending/smsNumber.ts';

describe('numbers that text messages go to', () => {
  it('are mobiles in Oman, those that begin with 7 as those that begin with 9', () => {
    for (const number of ['+96891234567', '+96871234567', '+96879123456', '+96899887766'])
      expect(readSmsNumber(number), number).to.deep.equal({ ok: true, country: '968' });
  });

  it('are not landlines, which are refused without asking the carrier', () => {
    for (const number of ['+96824123456', '+96826123456', '+96880077000'])
      expect(readSmsNumber(number), number).to.deep.equal({ ok: false, code: 21614, reason: 'numberUnusable' });
  });

  it('are not what is no number at all', () => {
    for (const number of ['', '9999', '+968999', '+9689123456789', 'anonymous', '+96800000000'])
      expect(readSmsNumber(number), number).to.deep.equal({ ok: false, code: 21211, reason: 'numberUnusable' });
  });

  it('may be abroad', () => {
    expect(readSmsNumber('+447400123456')).to.deep.equal({ ok: true, country: '44' });
    expect(readSmsNumber('+12015550123')).to.deep.equal({ ok: true, country: '1' });
  });

  it('get the registered name in Oman, and the number of the line elsewhere or without a name', () => {
    const senders = { number: '+96824000000', name: 'Nasma' };
    expect(senderFor('968', senders)).to.equal('Nasma');
    expect(senderFor('44', senders)).to.equal('+96824000000');
    expect(senderFor('968', { ...senders, name: null })).to.equal('+96824000000');
  });
});
