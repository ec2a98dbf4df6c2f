import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { createKeyKeeper, open, phoneHmac, seal, SealBroken, type Place } from '../../src/store/sealing.ts';
import { freshDataKey } from './keeping.ts';

const place: Place = { table: 'turns', column: 'words', row: 'call-1/1' };
const keyPlace: Place = { table: 'callers', column: 'wrapped_key', row: 'caller-1' };

function brokenBy(act: () => unknown): string {
  try {
    act();
  } catch (fault) {
    if (fault instanceof SealBroken) return fault.reason;
    throw fault;
  }
  return 'opened';
}

describe('a sealed value', () => {
  const { key } = createKeyKeeper(freshDataKey()).create(keyPlace);

  it('opens in its place to the same text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(open(key, place, seal(key, place, text))).to.equal(text);
      }),
    );
    expect(open(key, place, seal(key, place, 'ضايق صدري'))).to.equal('ضايق صدري');
  });

  it('never looks the same twice', () => {
    const sealed = new Set(Array.from({ length: 1_000 }, () => seal(key, place, 'same').toString('hex')));
    expect(sealed.size).to.equal(1_000);
  });

  it('is refused when any one bit of it was changed', () => {
    const sealed = seal(key, place, 'words');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(brokenBy(() => open(key, place, changed))).to.equal(bit < 8 ? 'malformed' : 'tampered');
    }
  });

  it('is refused in another row, column or table', () => {
    const sealed = seal(key, place, 'words');
    for (const other of [{ row: 'call-1/2' }, { column: 'heard' }, { table: 'call_log' }])
      expect(brokenBy(() => open(key, { ...place, ...other }, sealed))).to.equal('tampered');
  });

  it('is refused under the key of another caller', () => {
    const other = createKeyKeeper(freshDataKey()).create(keyPlace).key;
    expect(brokenBy(() => open(other, place, seal(key, place, 'words')))).to.equal('tampered');
  });

  it('is refused when it was cut short', () => {
    const sealed = seal(key, place, 'words');
    for (let length = 0; length < sealed.length; length += 1)
      expect(brokenBy(() => open(key, place, sealed.subarray(0, length)))).to.equal(
        length < 29 ? 'malformed' : 'tampered',
      );
  });

  it('says in its refusal where it stood and not what it held', () => {
    const fault = new SealBroken('tampered', place);
    expect(fault.message).to.equal('sealed value in turns.words of call-1/1 is tampered');
  });
});

describe('a wrapped key', () => {
  it('unwraps to a key that opens what was sealed before', () => {
    const keeper = createKeyKeeper(freshDataKey());
    const { key, wrapped } = keeper.create(keyPlace);
    expect(open(keeper.unwrap(wrapped, keyPlace), place, seal(key, place, 'words'))).to.equal('words');
  });

  it('unwraps with the previous data key while keys are rotated, and with the new one once it was wrapped again', () => {
    const [before, after] = [freshDataKey(), freshDataKey()];
    const { key, wrapped, dataKeyId } = createKeyKeeper(before).create(keyPlace);
    const rotating = createKeyKeeper(after, before);
    const again = rotating.rewrap(wrapped, keyPlace);
    const sealed = seal(key, place, 'words');
    expect(open(rotating.unwrap(wrapped, keyPlace), place, sealed)).to.equal('words');
    expect(again.dataKeyId).to.equal(rotating.dataKeyId).and.not.equal(dataKeyId);
    expect(open(createKeyKeeper(after).unwrap(again.wrapped, keyPlace), place, sealed)).to.equal('words');
    expect(brokenBy(() => createKeyKeeper(after).unwrap(wrapped, keyPlace))).to.equal('unknownDataKey');
  });

  it('is refused in the row of another caller, changed, or cut short', () => {
    const keeper = createKeyKeeper(freshDataKey());
    const { wrapped } = keeper.create(keyPlace);
    const changed = Buffer.from(wrapped);
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    expect(brokenBy(() => keeper.unwrap(wrapped, { ...keyPlace, row: 'caller-2' }))).to.equal('tampered');
    expect(brokenBy(() => keeper.unwrap(changed, keyPlace))).to.equal('tampered');
    expect(brokenBy(() => keeper.unwrap(wrapped.subarray(0, 20), keyPlace))).to.equal('malformed');
  });

  it('does not print its secret', () => {
    const dataKey = freshDataKey();
    const keeper = createKeyKeeper(dataKey);
    const printed = inspect([keeper, keeper.create(keyPlace).key], { depth: 9, showHidden: true });
    expect(printed)
      .to.not.contain(dataKey)
      .and.not.match(/Buffer [0-9a-f ]{60,}/);
  });

  it('is not made from a data key of the wrong length', () => {
    expect(() => createKeyKeeper(Buffer.alloc(16).toString('base64'))).to.throw(RangeError, 'a data key has 32 bytes');
  });
});

describe('the look-up of a number', () => {
  it('gives the same 32 bytes for the same number, and others for another number or organisation', () => {
    const keeper = createKeyKeeper(freshDataKey());
    const [one, other] = [keeper.create(keyPlace).key, keeper.create(keyPlace).key];
    const hmac = phoneHmac(one, '+96891234567');
    expect(hmac).to.have.length(32).and.to.deep.equal(phoneHmac(one, '+96891234567'));
    expect(phoneHmac(one, '+96891234568').equals(hmac)).to.equal(false);
    expect(phoneHmac(other, '+96891234567').equals(hmac)).to.equal(false);
  });
});
