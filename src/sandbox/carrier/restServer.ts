/** The carrier's REST interface as `twilio` speaks it: Basic authentication, forms in, JSON out, and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pause, type CarrierClock } from './clock.ts';
import { FaultRules, type FaultRule } from './faultRules.ts';

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
  readonly headers?: Readonly<Record<string, string>>;
  /** Resolves when the application has answered the first webhook that this request caused. */
  readonly firstWebhook?: Promise<void>;
}

export type RestHandler = (request: RestRequest) => RestAnswer | Promise<RestAnswer>;

/** What goes wrong with a request. The first three happen before it is carried out, the others after it was. */
export type RestFault =
  /** With `Retry-After`, 1 s when not given (the SDK does not read it). */
  | { readonly kind: 'rate-limited'; readonly retryAfterS?: number }
  | { readonly kind: 'server-error' }
  /** The connection breaks, and nothing has happened. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Carried out, and the connection breaks before the answer: nobody knows. */
  | { readonly kind: 'response-lost' }
  /** Carried out, and no answer ever comes: the client gives up, and does not know. */
  | { readonly kind: 'never-answered' }
  /** The first webhook of a new call is answered before the request that created it (seen live). */
  | { readonly kind: 'webhook-first' };

export type RestFaultRule = FaultRule<RestFault>;

export function restError(status: number, code: number, message: string): RestAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

export interface RestServerOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly clock: CarrierClock;
  readonly handle: RestHandler;
  /** What `/sandbox/…` is asked: the stand-in's own control, without credentials, as it listens on 127.0.0.1 only. */
  readonly control?: (method: string, path: string, body: string) => RestAnswer | Promise<RestAnswer>;
  /** For faults with a probability. */
  readonly random?: () => number;
}

export interface RestServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly fail: (rule: RestFaultRule) => void;
  readonly clearFaults: () => void;
  readonly close: () => Promise<void>;
}

const longestForm = 65_536;

export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const rules = new FaultRules<RestFault>(options.random ?? Math.random);
  const server = createServer((request, response) => {
    void serve(options, rules, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: addressOf(server),
    fail: (rule) => rules.add(rule),
    clearFaults: () => rules.clear(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  options: RestServerOptions,
  rules: FaultRules<RestFault>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const method = incoming.method ?? 'GET';
  const body = await readBody(incoming);
  if (body !== null && options.control !== undefined && url.pathname.startsWith('/sandbox/')) {
    respond(response, await options.control(method, url.pathname, body));
    return;
  }
  const path = accountPath(url.pathname, options.accountSid);
  const refused = body === null ? restError(413, 20413, 'Payload too large') : refuse(options, incoming, url, path);
  if (refused !== null || body === null || path === null) {
    respond(response, refused ?? notFound(url.pathname));
    return;
  }
  const request = { method, path, query: url.searchParams, form: new URLSearchParams(body) };
  const fault = rules.take({ method, path, parameter: (name) => request.form.get(name) ?? request.query.get(name) });
  const instead = fault === undefined ? null : before(fault);
  if (instead === 'reset') {
    response.destroy();
  } else if (instead === null) {
    await answer(options, response, await options.handle(request), fault);
  } else {
    respond(response, instead);
  }
}

/** What is done instead of carrying the request out; null when it is carried out. */
function before(fault: RestFault): RestAnswer | 'reset' | null {
  switch (fault.kind) {
    case 'rate-limited':
      return {
        ...restError(429, 20429, 'Too Many Requests'),
        headers: { 'Retry-After': String(fault.retryAfterS ?? 1) },
      };
    case 'server-error':
      return restError(500, 20500, 'Internal Server Error');
    case 'reset':
      return 'reset';
    case 'slow':
    case 'response-lost':
    case 'never-answered':
    case 'webhook-first':
      return null;
  }
}

async function answer(
  { clock }: RestServerOptions,
  response: ServerResponse,
  answered: RestAnswer,
  fault: RestFault | undefined,
): Promise<void> {
  if (fault?.kind === 'response-lost') {
    response.destroy();
    return;
  }
  if (fault?.kind === 'never-answered') {
    return;
  }
  if (fault?.kind === 'slow') {
    await pause(clock, fault.ms);
  } else if (fault?.kind === 'webhook-first') {
    await answered.firstWebhook;
  }
  respond(response, answered);
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

function respond(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the sandbox carrier has no port');
  }
  return `http://127.0.0.1:${address.port}`;
}
