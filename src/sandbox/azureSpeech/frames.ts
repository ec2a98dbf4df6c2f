/**
 * The framing of Azure's speech WebSocket, both directions.
 *
 * Text message: `Name: value` lines ended by CRLF, an empty line, the body. Binary message: header length (two bytes, big
 * endian, at most 32,767 because clients read it as signed), the same header lines without the empty one, then the payload.
 */
export interface Frame<Body> {
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly path: string;
  /** 32 hexadecimal digits as the client wrote them. */
  readonly requestId: string;
  readonly body: Body;
}

export type FrameFault =
  | 'no end of headers'
  | 'header without a colon'
  | 'frame shorter than its header'
  | 'no path'
  | 'no request id'
  | 'malformed request id';

export type FrameResult<Body> =
  { readonly ok: true; readonly frame: Frame<Body> } | { readonly ok: false; readonly fault: FrameFault };

export function parseTextFrame(message: string): FrameResult<string> {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) return { ok: false, fault: 'no end of headers' };
  return makeFrame(message.slice(0, end), message.slice(end + 4));
}

export function parseBinaryFrame(message: Uint8Array): FrameResult<Uint8Array> {
  if (message.length < 2) return { ok: false, fault: 'frame shorter than its header' };
  const length = new DataView(message.buffer, message.byteOffset, 2).getInt16(0);
  if (length < 0 || 2 + length > message.length) return { ok: false, fault: 'frame shorter than its header' };
  const head = Buffer.from(message.buffer, message.byteOffset + 2, length).toString('ascii');
  return makeFrame(head, message.subarray(2 + length));
}

/** The service's own rule for a broken message: a request id that is missing, malformed or used twice is 1002, else 1007. */
export function closeCodeOf(fault: FrameFault): 1002 | 1007 {
  return fault === 'no request id' || fault === 'malformed request id' ? 1002 : 1007;
}

/** Throws a RangeError for a body that holds an empty line: clients would keep only what follows it. */
export function printTextFrame(headers: Readonly<Record<string, string>>, body: string): string {
  if (body.includes('\r\n\r\n')) throw new RangeError('the body of a text message must not hold an empty line');
  return `${printHeaders(headers)}\r\n${body}`;
}

export function printBinaryFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const head = Buffer.from(printHeaders(headers), 'ascii');
  const frame = Buffer.alloc(2 + head.length + payload.length);
  frame.writeInt16BE(head.length, 0);
  frame.set(head, 2);
  frame.set(payload, 2 + head.length);
  return frame;
}

function printHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('');
}

function makeFrame<Body>(head: string, body: Body): FrameResult<Body> {
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon <= 0) return { ok: false, fault: 'header without a colon' };
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const path = headers.get('path');
  if (path === undefined || path === '') return { ok: false, fault: 'no path' };
  const requestId = headers.get('x-requestid');
  if (requestId === undefined || requestId === '') return { ok: false, fault: 'no request id' };
  if (!/^[0-9a-f]{32}$/i.test(requestId)) return { ok: false, fault: 'malformed request id' };
  return { ok: true, frame: { headers, path: path.toLowerCase(), requestId, body } };
}
