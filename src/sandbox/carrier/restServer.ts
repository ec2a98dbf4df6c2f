/** The carrier's REST interface as `twilio` speaks it: Basic authentication, forms in, JSON out, and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pause, type CarrierClock } from './clock.ts';

export interface RestRequest {
  readonly method: string;
  /** Below `/2010-04-01/Accounts/{sid}`, without `.json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: object | null;
  /** Resolves when the application has answered the first webhook that this request caused. */
  readonly firstWebhook?: Promise<void>;
}

export type RestHandler = (request: RestRequest) => RestAnswer | Promise<RestAnswer>;

/** What goes wrong with a request. All but the first two happen after it was carried out. */
export type RestFault =
  | { readonly kind: 'rate-limited' }
  | { readonly kind: 'server-error' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Carried out, and the connection breaks before the answer: nobody knows. */
  | { readonly kind: 'response-lost' }
  /** The first webhook of a new call is answered before the request that created it (seen live). */
  | { readonly kind: 'webhook-first' };

export interface RestFaultRule {
  readonly fault: RestFault;
  /** All when not given. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path?: RegExp;
  /** How many requests it meets; 1 when not given. */
  readonly times?: number;
}

export function restError(status: number, code: number, message: string): RestAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

export interface RestServerOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly clock: CarrierClock;
  readonly handle: RestHandler;
}

export interface RestServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly fail: (rule: RestFaultRule) => void;
  readonly close: () => Promise<void>;
}

const longestForm = 65_536;

export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const rules: { rule: RestFaultRule; left: number }[] = [];
  const server = createServer((request, response) => {
    void serve(options, rules, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: addressOf(server),
    fail: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  options: RestServerOptions,
  rules: { rule: RestFaultRule; left: number }[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const body = await readBody(incoming);
  const path = accountPath(url.pathname, options.accountSid);
  const refused = body === null ? restError(413, 20413, 'Payload too large') : refuse(options, incoming, url, path);
  if (refused !== null || body === null || path === null) {
    respond(response, refused ?? notFound(url.pathname));
    return;
  }
  const request = { method: incoming.method ?? 'GET', path, query: url.searchParams, form: new URLSearchParams(body) };
  const fault = takeFault(rules, request);
  if (fault?.kind === 'rate-limited') {
    respond(response, restError(429, 20429, 'Too Many Requests'));
    return;
  }
  if (fault?.kind === 'server-error') {
    respond(response, restError(500, 20500, 'Internal Server Error'));
    return;
  }
  const answer = await options.handle(request);
  if (fault?.kind === 'response-lost') {
    response.destroy();
    return;
  }
  if (fault?.kind === 'slow') {
    await pause(options.clock, fault.ms);
  } else if (fault?.kind === 'webhook-first') {
    await answer.firstWebhook;
  }
  respond(response, answer);
}

function refuse(
  { accountSid, authToken }: RestServerOptions,
  incoming: IncomingMessage,
  url: URL,
  path: string | null,
): RestAnswer | null {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  if (incoming.headers.authorization !== expected) {
    return restError(401, 20003, 'Authenticate');
  }
  return path === null ? notFound(url.pathname) : null;
}

export function notFound(path: string): RestAnswer {
  return restError(404, 20404, `The requested resource ${path} was not found`);
}

function accountPath(pathname: string, accountSid: string): string | null {
  const prefix = `/2010-04-01/Accounts/${accountSid}`;
  const plain = pathname.replace(/\.json$/, '');
  return plain === prefix || plain.startsWith(`${prefix}/`) ? plain.slice(prefix.length) : null;
}

function takeFault(
  rules: { rule: RestFaultRule; left: number }[],
  { method, path }: RestRequest,
): RestFault | undefined {
  const met = rules.find(({ rule, left }) => {
    return left > 0 && (rule.method ?? method) === method && (rule.path?.test(path) ?? true);
  });
  if (met) {
    met.left -= 1;
  }
  return met?.rule.fault;
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > longestForm) {
      return null;
    }
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function respond(response: ServerResponse, { status, body }: RestAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body === null ? undefined : JSON.stringify(body));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the sandbox carrier has no port');
  }
  return `http://127.0.0.1:${address.port}`;
}
