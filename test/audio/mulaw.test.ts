import { createRequire } from 'node:module';
import type * as Alawmulaw from 'alawmulaw';
import { expect } from 'chai';
import { decodeMulaw, encodeMulaw, mulawSilence } from '../../src/audio/mulaw.ts';

const alawmulaw: typeof Alawmulaw = createRequire(import.meta.url)('alawmulaw');

const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
const everySample = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);

describe('μ-law', () => {
  it('decodes every byte as the reference implementation does', () => {
    expect([...decodeMulaw(everyByte)]).to.deep.equal([...alawmulaw.mulaw.decode(everyByte)]);
  });

  it('encodes every sample as the reference implementation does', () => {
    const ours = encodeMulaw(everySample);
    const theirs = alawmulaw.mulaw.encode(everySample);
    expect([...everySample].filter((_, i) => ours[i] !== theirs[i])).to.deep.equal([]);
  });

  it('gives every byte back but the negative zero, which becomes the positive one', () => {
    const again = encodeMulaw(decodeMulaw(everyByte));
    expect([...everyByte].filter((byte, i) => again[i] !== byte)).to.deep.equal([0x7f]);
    expect(again[0x7f]).to.equal(mulawSilence);
  });

  it('never errs by more than half a step of the sample it encodes', () => {
    const decoded = decodeMulaw(encodeMulaw(everySample));
    const worst = everySample.filter((sample, i) => {
      const magnitude = Math.min(Math.abs(sample), 32_635);
      const step = 2 ** Math.max(3, Math.floor(Math.log2(magnitude + 132)) - 4);
      return Math.abs((decoded[i] ?? 0) - Math.sign(sample) * magnitude) > step / 2;
    });
    expect([...worst]).to.deep.equal([]);
  });

  it('writes into the given array and leaves the rest of it alone', () => {
    const into = new Int16Array(4).fill(7);
    expect(decodeMulaw(Uint8Array.of(0xff, 0x80), into)).to.equal(into);
    expect([...into]).to.deep.equal([0, 32_124, 7, 7]);
    const bytes = new Uint8Array(3).fill(7);
    expect(encodeMulaw(Int16Array.of(0, -32_124), bytes)).to.equal(bytes);
    expect([...bytes]).to.deep.equal([0xff, 0x00, 7]);
  });

  it('refuses a target that is too short', () => {
    expect(() => decodeMulaw(new Uint8Array(2), new Int16Array(1))).to.throw(RangeError);
    expect(() => encodeMulaw(new Int16Array(2), new Uint8Array(1))).to.throw(RangeError);
  });
});
