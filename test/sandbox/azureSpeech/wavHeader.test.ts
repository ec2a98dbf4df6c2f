import { createRequire } from 'node:module';
import type * as Alawmulaw from 'alawmulaw';
import { expect } from 'chai';
import fc from 'fast-check';
import { createDecoder, parseWavHeader } from '../../../src/sandbox/azureSpeech/wavHeader.ts';

const { mulaw }: typeof Alawmulaw = createRequire(import.meta.url)('alawmulaw');

/** The header that the SDK sends for μ-law at 8 kHz: both length fields 0. */
const captured =
  '52494646000000005741564 5666d74201000000007000100401f0000401f00000100080064617461 00000000'.replaceAll(' ', '');

function header(tag: number, bits: number, rateHz = 8_000, channels = 1): Uint8Array {
  const bytes = Buffer.from(captured, 'hex');
  bytes.writeUInt16LE(tag, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt16LE(bits, 34);
  return bytes;
}

describe('the header of a turn', () => {
  it('is read for μ-law as the SDK sends it', () => {
    expect(parseWavHeader(Buffer.from(captured, 'hex'))).to.deep.equal({
      ok: true,
      format: { encoding: 'mulaw', sampleRateHz: 8_000, bytesPerMs: 8 },
      rest: Buffer.alloc(0),
    });
  });

  it('is read for PCM, and gives back the audio after it', () => {
    const parsed = parseWavHeader(Buffer.concat([header(1, 16), Buffer.from([1, 2])]));
    expect(parsed).to.deep.equal({
      ok: true,
      format: { encoding: 'pcm16', sampleRateHz: 8_000, bytesPerMs: 16 },
      rest: Buffer.from([1, 2]),
    });
  });

  for (const [fault, bytes] of [
    ['encoding not taken', header(6, 8)],
    ['encoding not taken', header(1, 8)],
    ['rate not taken', header(1, 16, 16_000)],
    ['not mono', header(1, 16, 8_000, 2)],
    ['not a RIFF header', Buffer.from('RIFX')],
    ['no format', header(1, 16).subarray(0, 30)],
  ] as const) {
    it(`is refused: ${fault}`, () => {
      expect(parseWavHeader(bytes)).to.deep.equal({ ok: false, fault });
    });
  }

  it('never throws, whatever comes in', () => {
    const riff = Buffer.from('RIFF\0\0\0\0WAVE');
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, begun) => {
        parseWavHeader(begun ? Buffer.concat([riff, bytes]) : bytes);
      }),
    );
  });
});

describe('the decoder of a turn', () => {
  it('agrees with another implementation of G.711 on every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect([...createDecoder('mulaw')(all)]).to.deep.equal([...mulaw.decode(all)]);
  });

  it('puts a sample together that two messages share', () => {
    const samples = Int16Array.from([1, -2, 300, -32_768, 32_767]);
    const bytes = new Uint8Array(samples.buffer);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
        const decode = createDecoder('pcm16');
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const decoded = edges.slice(1).flatMap((edge, index) => [...decode(bytes.slice(edges[index] ?? 0, edge))]);
        expect(decoded).to.deep.equal([...samples]);
      }),
    );
  });
});
