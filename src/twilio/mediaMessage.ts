/**
 * The codec of Twilio Media Streams: reads the six messages that the carrier sends, prints the three that it accepts.
 *
 * Nothing here throws on outside input. A message is either exactly what the protocol says (strings where the wire has
 * strings, numbers where it has numbers; further fields are ignored, they may come any time) or a typed refusal.
 */
import { z } from 'zod';
import { limits } from '../limits.ts';

export type MediaMessage =
  | { readonly event: 'connected'; readonly protocol: string; readonly version: string }
  | {
      readonly event: 'start';
      readonly sequenceNumber: number;
      readonly streamSid: string;
      readonly accountSid: string;
      readonly callSid: string;
      readonly customParameters: Readonly<Record<string, string>>;
    }
  | {
      readonly event: 'media';
      readonly sequenceNumber: number;
      readonly streamSid: string;
      readonly chunk: number;
      /** Presentation time in ms from the start of the stream, on the carrier's clock. */
      readonly timestampMs: number;
      /** μ-law, 8 bytes a millisecond; usually 160 bytes. Not to be written to: it may share memory with its neighbours. */
      readonly mulaw: Uint8Array;
    }
  | { readonly event: 'dtmf'; readonly sequenceNumber: number; readonly streamSid: string; readonly digit: string }
  | { readonly event: 'mark'; readonly sequenceNumber: number; readonly streamSid: string; readonly name: string }
  | {
      readonly event: 'stop';
      readonly sequenceNumber: number;
      readonly streamSid: string;
      readonly accountSid: string;
      readonly callSid: string;
    };

/** Why a message was not read. `field` is the path of the first wrong field; never its value. */
export type MessageRefusal =
  | { readonly reason: 'tooLong' }
  | { readonly reason: 'notJson' }
  | { readonly reason: 'noEvent' }
  | { readonly reason: 'unknownEvent' }
  | { readonly reason: 'malformed'; readonly event: MediaMessage['event']; readonly field: string };

export type ParsedMessage =
  { readonly ok: true; readonly message: MediaMessage } | { readonly ok: false; readonly refusal: MessageRefusal };

const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i'));
const wholeNumber = /^\d{1,15}$/;
const countText = z.string().regex(wholeNumber).transform(Number);
const streamSidShape = /^MZ[0-9a-f]{32}$/i;

const onStream = { sequenceNumber: countText, streamSid: sid('MZ') };

const connected = z.object({
  event: z.literal('connected'),
  protocol: z.string().max(64),
  version: z.string().max(64),
});

const start = z
  .object({
    event: z.literal('start'),
    ...onStream,
    start: z.object({
      accountSid: sid('AC'),
      streamSid: sid('MZ'),
      callSid: sid('CA'),
      tracks: z
        .array(z.string().max(32))
        .max(4)
        .refine((tracks) => tracks.includes('inbound')),
      mediaFormat: z.object({
        encoding: z.literal('audio/x-mulaw'),
        sampleRate: z.literal(8000),
        channels: z.literal(1),
      }),
      customParameters: z
        .record(z.string().max(500), z.string().max(500))
        .refine((parameters) => Object.keys(parameters).length <= 32)
        .default({}),
    }),
  })
  .refine((message) => message.start.streamSid === message.streamSid, { path: ['start', 'streamSid'] })
  .transform(({ event, sequenceNumber, streamSid, start: { accountSid, callSid, customParameters } }) => ({
    event,
    sequenceNumber,
    streamSid,
    accountSid,
    callSid,
    customParameters,
  }));

const dtmf = z
  .object({ event: z.literal('dtmf'), ...onStream, dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/) }) })
  .transform(({ event, sequenceNumber, streamSid, dtmf: { digit } }) => ({ event, sequenceNumber, streamSid, digit }));

const mark = z
  .object({ event: z.literal('mark'), ...onStream, mark: z.object({ name: z.string().min(1).max(128) }) })
  .transform(({ event, sequenceNumber, streamSid, mark: { name } }) => ({ event, sequenceNumber, streamSid, name }));

const stop = z
  .object({
    event: z.literal('stop'),
    ...onStream,
    stop: z.object({ accountSid: sid('AC'), callSid: sid('CA') }),
  })
  .transform(({ event, sequenceNumber, streamSid, stop: { accountSid, callSid } }) => ({
    event,
    sequenceNumber,
    streamSid,
    accountSid,
    callSid,
  }));

/**
 * Reads one text message of the carrier. Never throws.
 *
 * @param text what the socket received, as text or as its UTF-8 bytes; longer than `limits.socketMessageBytes` is refused
 */
export function parseMediaMessage(text: string | Uint8Array): ParsedMessage {
  if (text.length > limits.socketMessageBytes) return refused({ reason: 'tooLong' });
  const value = parseJson(text);
  if (value === undefined) return refused({ reason: 'notJson' });
  if (!isObject(value) || typeof value['event'] !== 'string') return refused({ reason: 'noEvent' });
  switch (value['event']) {
    case 'media':
      return parseMedia(value);
    case 'connected':
      return parsed('connected', connected.safeParse(value));
    case 'start':
      return parsed('start', start.safeParse(value));
    case 'dtmf':
      return parsed('dtmf', dtmf.safeParse(value));
    case 'mark':
      return parsed('mark', mark.safeParse(value));
    case 'stop':
      return parsed('stop', stop.safeParse(value));
    default:
      return refused({ reason: 'unknownEvent' });
  }
}

/**
 * `media` comes 50 times a second and call, so it is checked by hand: 1.5 times as fast as by a schema, all told
 * (docs/telephone-edge.md). The tests hold it against the schema.
 */
function parseMedia(value: Readonly<Record<string, unknown>>): ParsedMessage {
  const { sequenceNumber, streamSid, media } = value;
  if (!isCount(sequenceNumber)) return malformedMedia('sequenceNumber');
  if (typeof streamSid !== 'string' || !streamSidShape.test(streamSid)) return malformedMedia('streamSid');
  if (!isObject(media)) return malformedMedia('media');
  const { track, chunk, timestamp, payload } = media;
  if (track !== 'inbound') return malformedMedia('media.track');
  if (!isCount(chunk)) return malformedMedia('media.chunk');
  if (!isCount(timestamp)) return malformedMedia('media.timestamp');
  const mulaw = typeof payload === 'string' ? decodeBase64(payload) : null;
  if (mulaw === null) return malformedMedia('media.payload');
  return {
    ok: true,
    message: {
      event: 'media',
      sequenceNumber: Number(sequenceNumber),
      streamSid,
      chunk: Number(chunk),
      timestampMs: Number(timestamp),
      mulaw,
    },
  };
}

/**
 * Base64 to bytes, or null. Node's decoder skips what it does not know and stops at padding, so the length tells whether
 * everything was read; the URL-safe alphabet passes, which does no harm.
 */
function decodeBase64(payload: string): Uint8Array | null {
  if (payload.length === 0 || payload.length % 4 !== 0) return null;
  const padding = payload.endsWith('==') ? 2 : payload.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.length !== (payload.length / 4) * 3 - padding) return null;
  // A plain Uint8Array: a Buffer's `slice` would quietly be a view.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function parseJson(text: string | Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(typeof text === 'string' ? text : utf8(text));
    return json;
  } catch {
    return undefined;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is string {
  return typeof value === 'string' && wholeNumber.test(value);
}

function parsed(event: MediaMessage['event'], result: z.ZodSafeParseResult<MediaMessage>): ParsedMessage {
  if (result.success) return { ok: true, message: result.data };
  const field = result.error.issues[0]?.path.map(String).join('.') ?? '';
  return refused({ reason: 'malformed', event, field: knownField(field) });
}

/** A parameter's name is outside input, too, and a refusal is logged: it is named by its parent. */
function knownField(field: string): string {
  return field.startsWith('start.customParameters') ? 'start.customParameters' : field;
}

function malformedMedia(field: string): ParsedMessage {
  return refused({ reason: 'malformed', event: 'media', field });
}

function refused(refusal: MessageRefusal): ParsedMessage {
  return { ok: false, refusal };
}

/** Mark names go into a template without escaping and come back from outside: short ASCII without quotes. */
const markName = /^[A-Za-z0-9._:/-]{1,64}$/;

/** Prints the carrier's messages for one stream. Sids are checked when the stream starts, so nothing needs escaping. */
export interface MediaPrinter {
  /** μ-law 8 kHz of any length. */
  readonly media: (mulaw: Uint8Array) => string;
  /** Throws RangeError for a name that is not 1..64 of `A-Za-z0-9._:/-`: that is our own mistake. */
  readonly mark: (name: string) => string;
  readonly clear: () => string;
}

/** @param streamSid as it came in `start`; throws RangeError for anything else, before it can reach the wire */
export function mediaPrinter(streamSid: string): MediaPrinter {
  if (!streamSidShape.test(streamSid)) throw new RangeError('not the sid of a stream');
  const mediaHead = `{"event":"media","streamSid":"${streamSid}","media":{"payload":"`;
  const markHead = `{"event":"mark","streamSid":"${streamSid}","mark":{"name":"`;
  const clear = `{"event":"clear","streamSid":"${streamSid}"}`;
  return {
    media: (mulaw) =>
      `${mediaHead}${Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.byteLength).toString('base64')}"}}`,
    mark: (name) => {
      if (!markName.test(name)) throw new RangeError('a mark name is 1 to 64 of A-Z a-z 0-9 . _ : / -');
      return `${markHead}${name}"}}`;
    },
    clear: () => clear,
  };
}
