import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Scope } from './faults.ts';

/** The paths of the service; `v1` recognition differs by mode, which is decided by speech.config and so ignored here. */
const paths: ReadonlyMap<string, Scope> = new Map([
  ['/speech/recognition/interactive/cognitiveservices/v1', 'recognition'],
  ['/speech/recognition/conversation/cognitiveservices/v1', 'recognition'],
  ['/speech/recognition/dictation/cognitiveservices/v1', 'recognition'],
  ['/stt/speech/universal/v2', 'recognition'],
  ['/tts/cognitiveservices/websocket/v1', 'synthesis'],
  ['/cognitiveservices/websocket/v1', 'synthesis'],
  ['/cognitiveservices/websocket/v2', 'synthesis'],
]);

export function scopeOfPath(path: string): Scope | undefined {
  return paths.get(path);
}

/** Query parameters that are, or may hold, a secret. */
const secrets = new Set(['ocp-apim-subscription-key', 'authorization']);

export function withoutSecrets(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => !secrets.has(name.toLowerCase())));
}

export type KeyPlace = 'header' | 'query';

export interface KeyCheck {
  readonly places: readonly KeyPlace[];
  readonly accepted: boolean;
}

/** The header decides when there is one; clients on Node 22 and later can only use the query. */
export function checkKey(request: IncomingMessage, query: URLSearchParams, key: string | undefined): KeyCheck {
  const inHeader = header(request, 'ocp-apim-subscription-key') ?? bearer(header(request, 'authorization'));
  const inQuery = query.get('Ocp-Apim-Subscription-Key') ?? bearer(query.get('Authorization') ?? undefined);
  const places: KeyPlace[] = [];
  if (inHeader !== undefined) places.push('header');
  if (inQuery !== undefined && inQuery !== null) places.push('query');
  const given = inHeader ?? inQuery ?? '';
  return { places, accepted: key === undefined ? given !== '' : given === key };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function refuseUpgrade(socket: Duplex, status: number, retryAfterSeconds?: number): void {
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  const head = `HTTP/1.1 ${status} ${reasons[status] ?? 'Refused'}\r\n`;
  socket.end(`${head}${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function bearer(value: string | undefined): string | undefined {
  return value?.replace(/^Bearer\s+/i, '');
}
