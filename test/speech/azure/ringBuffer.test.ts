import { expect } from 'chai';
import fc from 'fast-check';
import { createRingBuffer } from '../../../src/speech/azure/ringBuffer.ts';

describe('the ring of audio that is replayed', () => {
  it('gives back what was written since a position', () => {
    const ring = createRingBuffer(10);
    ring.append(Uint8Array.of(1, 2, 3));
    ring.append(Uint8Array.of(4, 5));
    expect([...ring.since(2)]).to.deep.equal([3, 4, 5]);
  });

  it('keeps the newest audio and forgets the oldest when it is full', () => {
    const ring = createRingBuffer(1);
    ring.append(Uint8Array.of(1, 2, 3, 4, 5));
    ring.append(Uint8Array.of(6, 7, 8, 9, 10));
    expect([ring.start(), ring.end(), ...ring.since(0)]).to.deep.equal([2, 10, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('never gives back audio that was released', () => {
    const ring = createRingBuffer(1);
    ring.append(Uint8Array.of(1, 2, 3, 4));
    ring.release(3);
    expect([...ring.since(0)]).to.deep.equal([4]);
  });

  it('takes a release beyond its end for all it has', () => {
    const ring = createRingBuffer(1);
    ring.append(Uint8Array.of(1, 2));
    ring.release(99);
    expect([ring.start(), ring.end(), ring.since(0).length]).to.deep.equal([2, 2, 0]);
  });

  it('agrees with a plain list, whatever is written, released and read', () => {
    const step = fc.oneof(
      fc.record({ write: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ release: fc.nat(400) }),
      fc.record({ read: fc.nat(400) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, capacityMs) => {
        const ring = createRingBuffer(capacityMs);
        const all: number[] = [];
        let start = 0;
        for (const taken of steps) {
          if ('write' in taken) {
            ring.append(taken.write);
            all.push(...taken.write);
          } else if ('release' in taken) {
            ring.release(taken.release);
            start = Math.max(start, Math.min(taken.release, all.length));
          } else {
            const from = Math.max(start, Math.min(taken.read, all.length));
            expect([...ring.since(taken.read)]).to.deep.equal(all.slice(from));
          }
          start = Math.max(start, all.length - capacityMs * 8);
          expect([ring.start(), ring.end()]).to.deep.equal([start, all.length]);
        }
      }),
    );
  });
});
