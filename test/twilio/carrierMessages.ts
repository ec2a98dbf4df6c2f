/** What the carrier sends, written out by hand from its documentation (not by our own printer). */
export const streamSid = `MZ${'0'.repeat(31)}1`;
export const callSid = `CA${'0'.repeat(31)}1`;
export const accountSid = `AC${'0'.repeat(31)}1`;

type Json = Record<string, unknown>;

export const wire = {
  connected: (): Json => ({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
  start: (customParameters: Json = { ticket: 'one-time' }, sequenceNumber = '1'): Json => ({
    event: 'start',
    sequenceNumber,
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters,
    },
    streamSid,
  }),
  media: (sequence: number, bytes: Uint8Array = new Uint8Array(160).fill(0x7f)): Json => ({
    event: 'media',
    sequenceNumber: String(sequence),
    media: {
      track: 'inbound',
      chunk: String(sequence - 1),
      timestamp: String((sequence - 2) * 20 + 5),
      payload: Buffer.from(bytes).toString('base64'),
    },
    streamSid,
  }),
  dtmf: (sequence: number, digit = '0'): Json => ({
    event: 'dtmf',
    streamSid,
    sequenceNumber: String(sequence),
    dtmf: { track: 'inbound_track', digit },
  }),
  mark: (sequence: number, name = 'u3'): Json => ({
    event: 'mark',
    sequenceNumber: String(sequence),
    streamSid,
    mark: { name },
  }),
  stop: (sequence: number): Json => ({
    event: 'stop',
    sequenceNumber: String(sequence),
    stop: { accountSid, callSid },
    streamSid,
  }),
};
