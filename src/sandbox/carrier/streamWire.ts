/** Twilio's Media Streams messages: printed as Twilio prints them (numbers as strings where it does), read strictly. */
import { z } from 'zod';

export interface StreamIdentity {
  readonly accountSid: string;
  readonly callSid: string;
  readonly streamSid: string;
}

export function printConnected(): string {
  return JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' });
}

export function printStart(
  sequence: number,
  { accountSid, callSid, streamSid }: StreamIdentity,
  customParameters: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    event: 'start',
    sequenceNumber: String(sequence),
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters,
    },
    streamSid,
  });
}

/** @param timestampMs presentation time since the start of the stream. */
export function printMedia(
  sequence: number,
  streamSid: string,
  chunk: number,
  timestampMs: number,
  mulaw: Uint8Array,
): string {
  const payload = Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.byteLength).toString('base64');
  return JSON.stringify({
    event: 'media',
    sequenceNumber: String(sequence),
    media: { track: 'inbound', chunk: String(chunk), timestamp: String(timestampMs), payload },
    streamSid,
  });
}

export function printDigit(sequence: number, streamSid: string, digit: string): string {
  return JSON.stringify({
    event: 'dtmf',
    streamSid,
    sequenceNumber: String(sequence),
    dtmf: { track: 'inbound_track', digit },
  });
}

export function printMark(sequence: number, streamSid: string, name: string): string {
  return JSON.stringify({ event: 'mark', sequenceNumber: String(sequence), streamSid, mark: { name } });
}

export function printStop(sequence: number, { accountSid, callSid, streamSid }: StreamIdentity): string {
  return JSON.stringify({ event: 'stop', sequenceNumber: String(sequence), stop: { accountSid, callSid }, streamSid });
}

/** Without groups: a payload may be minutes long, and a repeated group would exhaust the stack. */
const base64Characters = /^[A-Za-z0-9+/]*={0,2}$/;
const base64 = z.string().refine((text) => text.length % 4 === 0 && base64Characters.test(text), 'not base64');

const serverMessage = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('media'),
    streamSid: z.string(),
    media: z.strictObject({ payload: base64 }),
  }),
  z.strictObject({
    event: z.literal('mark'),
    streamSid: z.string(),
    mark: z.strictObject({ name: z.string().min(1) }),
  }),
  z.strictObject({ event: z.literal('clear'), streamSid: z.string() }),
]);

export type ServerMessage =
  | { readonly event: 'media'; readonly mulaw: Uint8Array }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }
  /** Anything else: Twilio ignores it and warns once per stream (31951). */
  | { readonly event: 'violation'; readonly reason: string };

/** What the application sent. Twilio accepts these three messages, exactly so, as text, with the stream's own sid. */
export function readServerMessage(text: string, streamSid: string): ServerMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { event: 'violation', reason: 'not JSON' };
  }
  const parsed = serverMessage.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { event: 'violation', reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
  }
  if (parsed.data.streamSid !== streamSid) {
    return { event: 'violation', reason: 'the streamSid of another stream' };
  }
  switch (parsed.data.event) {
    case 'media':
      return { event: 'media', mulaw: Buffer.from(parsed.data.media.payload, 'base64') };
    case 'mark':
      return { event: 'mark', name: parsed.data.mark.name };
    case 'clear':
      return { event: 'clear' };
  }
}
