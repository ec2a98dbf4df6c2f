import { expect } from 'chai';
import fc from 'fast-check';
import { decodeMulaw } from '../../src/audio/mulaw.ts';
import { largestWavBytes, readWav, writeMulawWav, writePcmWav } from '../../src/audio/wav.ts';

const caller = Int16Array.of(1, -2, 32_767, -32_768);
const sanad = Int16Array.of(5, 6);

describe('WAV files', () => {
  it('keep the caller left and Sanad right, the shorter one ending in silence', () => {
    expect(readWav(writePcmWav([caller, sanad]))).to.deep.equal({
      ok: true,
      wav: {
        sampleRate: 8000,
        encoding: 'pcm16',
        channels: [caller, Int16Array.of(5, 6, 0, 0)],
        mulaw: null,
      },
    });
  });

  it('have the header that players expect: RIFF, PCM, two channels, 8 kHz, 16 bits', () => {
    const bytes = Buffer.from(writePcmWav([caller, sanad]));
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).to.equal('RIFFWAVEfmt ');
    expect([bytes.readUInt16LE(20), bytes.readUInt16LE(22), bytes.readUInt32LE(24)]).to.deep.equal([1, 2, 8000]);
    expect([bytes.readUInt32LE(28), bytes.readUInt16LE(32), bytes.readUInt16LE(34)]).to.deep.equal([32_000, 4, 16]);
    expect([...new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44))].slice(0, 4)).to.deep.equal([1, 5, -2, 6]);
  });

  it('give μ-law back byte for byte, of odd and even length', () => {
    for (const length of [0, 1, 2, 161]) {
      const mulaw = Uint8Array.from({ length }, (_, i) => i);
      const result = readWav(writeMulawWav(mulaw));
      expect(result).to.deep.equal({
        ok: true,
        wav: { sampleRate: 8000, encoding: 'mulaw', channels: [decodeMulaw(mulaw)], mulaw },
      });
    }
  });

  it('are refused when they are no WAV, too large, or of a kind we do not use', () => {
    expect(readWav(new TextEncoder().encode('hello, this is no sound'))).to.deep.equal({ ok: false, reason: 'notWav' });
    expect(readWav(new Uint8Array(largestWavBytes + 1))).to.deep.equal({ ok: false, reason: 'tooLarge' });
    const floats = Buffer.from(writePcmWav([caller]));
    floats.writeUInt16LE(6, 20);
    floats.writeUInt16LE(8, 34);
    expect(readWav(floats)).to.deep.equal({ ok: false, reason: 'unsupportedFormat' });
  });

  it('never throw when broken anywhere', () => {
    const whole = writePcmWav([caller, sanad]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const broken = Uint8Array.from(whole);
        broken[at] = byte;
        expect(readWav(broken.subarray(0, length)).ok).to.be.a('boolean');
      }),
      { numRuns: 300 },
    );
  });
});
