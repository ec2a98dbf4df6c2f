/** The RIFF header with which a client opens a turn, and the decoder that it asks for. */
export type AudioEncoding = 'pcm16' | 'mulaw';

export interface AudioFormat {
  readonly encoding: AudioEncoding;
  readonly sampleRateHz: number;
  readonly bytesPerMs: number;
}

export type HeaderFault = 'not a RIFF header' | 'no format' | 'encoding not taken' | 'not mono' | 'rate not taken';

export type HeaderResult =
  | { readonly ok: true; readonly format: AudioFormat; readonly rest: Uint8Array }
  | { readonly ok: false; readonly fault: HeaderFault };

/** Telephone audio only: the phrases are compared at 8 kHz, and re-sampling would hide a wrong rate. */
const sampleRateHz = 8_000;

/** Length fields are not believed: clients that stream write 0. What follows the header is returned as `rest`. */
export function parseWavHeader(bytes: Uint8Array): HeaderResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || ascii(bytes, 0) !== 'RIFF' || ascii(bytes, 8) !== 'WAVE') {
    return { ok: false, fault: 'not a RIFF header' };
  }
  let format: AudioFormat | HeaderFault = 'no format';
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const name = ascii(bytes, at);
    if (name === 'data') {
      return typeof format === 'string'
        ? { ok: false, fault: format }
        : { ok: true, format, rest: bytes.subarray(at + 8) };
    }
    if (name === 'fmt ' && length >= 16 && at + 24 <= bytes.length) format = readFormat(view, at + 8);
    at += 8 + length + (length % 2);
  }
  return { ok: false, fault: typeof format === 'string' ? format : 'not a RIFF header' };
}

function readFormat(view: DataView, at: number): AudioFormat | HeaderFault {
  const tag = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (channels !== 1) return 'not mono';
  if (rate !== sampleRateHz) return 'rate not taken';
  if (tag === 1 && bits === 16) return { encoding: 'pcm16', sampleRateHz: rate, bytesPerMs: 16 };
  if (tag === 7 && bits === 8) return { encoding: 'mulaw', sampleRateHz: rate, bytesPerMs: 8 };
  return 'encoding not taken';
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Turns the bytes of one turn into samples; a sample split between two messages is put together. */
export function createDecoder(encoding: AudioEncoding): (bytes: Uint8Array) => Int16Array {
  if (encoding === 'mulaw') return decodeMulaw;
  let carried: number | undefined;
  return (bytes) => {
    const whole = carried === undefined ? bytes : Uint8Array.of(carried, ...bytes);
    carried = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
    const samples = new Int16Array(whole.length >> 1);
    for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(at * 2, true);
    return samples;
  };
}

function decodeMulaw(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) samples[at] = mulawSamples[bytes[at] ?? 0] ?? 0;
  return samples;
}

/** ITU-T G.711. Written out here, not taken from the application's tables, so that one fault cannot hide on both ends. */
const mulawSamples = Int16Array.from({ length: 256 }, (_, byte) => {
  const inverted = ~byte & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4);
  return inverted & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
});
