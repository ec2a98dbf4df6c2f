import { createRequire } from 'node:module';
import type * as Alawmulaw from 'alawmulaw';
import { expect } from 'chai';
import {
  bursts,
  encode,
  isAudible,
  levelDbfs,
  mix,
  silentByte,
  silentFrame,
  tone,
} from '../../../src/sandbox/carrier/levels.ts';

// Its entry for ES modules is broken under Node.
const alawmulaw: typeof Alawmulaw = createRequire(import.meta.url)('alawmulaw');

const silence = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(silentByte);
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('the carrier judges loudness', () => {
  it('encodes and decodes μ-law as the reference implementation does, for every sample', () => {
    const samples = Int16Array.from({ length: 65_536 }, (_zero, index) => index - 32_768);
    const reference = alawmulaw.mulaw.encode(samples);
    expect([...Uint8Array.from(samples, encode)]).to.deep.equal([...reference]);
    for (const dbfs of [-6, -20, -40]) {
      const decoded = alawmulaw.mulaw.decode(tone(500, 440, dbfs));
      const power = decoded.reduce((sum, sample) => sum + sample * sample, 0) / decoded.length;
      expect(levelDbfs(tone(500, 440, dbfs))).to.be.closeTo(10 * Math.log10(power / 32_768 ** 2), 1e-9);
    }
  });

  it('measures a tone at the level it was made with', () => {
    expect(levelDbfs(tone(1_000, 440, -20))).to.be.closeTo(-20, 0.2);
    expect(levelDbfs(silence(20))).to.equal(Number.NEGATIVE_INFINITY);
  });

  it('takes speech level for sound and line noise for quiet', () => {
    expect(isAudible(tone(20, 400, -30))).to.equal(true);
    expect(isAudible(tone(20, 400, -50))).to.equal(false);
    expect(isAudible(silentFrame)).to.equal(false);
  });

  it('finds the audible stretches, with short holes closed and clicks left out', () => {
    const voice = tone(400, 300, -20);
    const click = tone(20, 300, -20);
    const recording = join(silence(100), voice, silence(200), voice, silence(500), click, silence(500), voice);
    expect(bursts(recording)).to.deep.equal([
      { startMs: 100, endMs: 1_100 },
      { startMs: 2_120, endMs: 2_520 },
    ]);
  });

  it('mixes layers by their gains and repeats the short ones', () => {
    const mixed = mix(1_600, [
      { mulaw: tone(200, 500, -20), gainDb: 0 },
      { mulaw: tone(20, 1_000, -20), gainDb: -6 },
    ]);
    const expectedDbfs = 10 * Math.log10(10 ** -2 + 10 ** -2.6);
    expect(levelDbfs(mixed.subarray(0, 160))).to.be.closeTo(expectedDbfs, 0.4);
    expect(levelDbfs(mixed.subarray(1_440))).to.be.closeTo(expectedDbfs, 0.4);
  });
});
