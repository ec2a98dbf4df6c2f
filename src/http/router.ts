/**
 * Deny by default: only what is listed is served, each route names its guard, and everything else is 404. A route's answer
 * is a plain function of what the guard let through, so that no handler can read a header or skip its guard.
 */
import { BlockList } from 'node:net';
import express from 'express';
import type { NextFunction, Request, Response, Router } from 'express';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import { faultOf, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { parseForm } from '../twilio/signature.ts';
import type { FormParameters, SignatureCheck, SignedBody } from '../twilio/signature.ts';

/**
 * `carrier`: signed by the carrier, else 403. `open`: anybody. `neighbours`: a peer on this machine or its private network
 * that came without a proxy, else 404 as if it did not exist (docs/telephone-edge.md).
 */
export type Guard = 'carrier' | 'open' | 'neighbours';

export interface RouteRequest {
  /** Decoded form parameters; empty for anything but a form. */
  readonly parameters: FormParameters;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Exact: case and slashes count, no patterns. */
  readonly path: `/${string}`;
  readonly guard: Guard;
  readonly answer: (request: RouteRequest) => Answer | Promise<Answer>;
}

export interface RouterDependencies {
  readonly signature: SignatureCheck;
  /** What a caller gets when a `carrier` route throws: never an error page, which would end the call. */
  readonly onFault: (request: RouteRequest) => Answer;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Throws when a route is listed twice or has a pattern: the program shall not start with an unclear list. */
export function createRouter(routes: readonly Route[], dependencies: RouterDependencies): Router {
  checkList(routes);
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const route of routes) {
    const serve = (request: Request, response: Response) => answerRoute(route, request, response, dependencies);
    if (route.method === 'GET') router.get(route.path, timed(route.path, dependencies), serve);
    else router.post(route.path, timed(route.path, dependencies), rawBody, serve);
  }
  router.use(timed('unlisted', dependencies), (_request, response) => send(response, empty(404)));
  router.use(onRouterError);
  return router;
}

function checkList(routes: readonly Route[]): void {
  const listed = new Set<string>();
  for (const { method, path } of routes) {
    if (!/^(?:\/[a-z0-9-]+)+$/.test(path)) throw new Error(`the route ${path} is not a plain path`);
    if (listed.has(`${method} ${path}`)) throw new Error(`the route ${method} ${path} is listed twice`);
    listed.add(`${method} ${path}`);
  }
}

/** The bytes as they came, whatever their type: the signature covers them. Compressed bodies are refused with 415. */
const rawBody = express.raw({ type: () => true, limit: limits.webhookBodyBytes, inflate: false });

async function answerRoute(
  route: Route,
  request: Request,
  response: Response,
  dependencies: RouterDependencies,
): Promise<void> {
  const { log, onFault } = dependencies;
  const body = signedBody(request);
  const refusal = guardRefusal(route.guard, request, body, dependencies);
  if (refusal !== null) {
    log.warn('refused a request', { route: route.path, status: refusal.status });
    return send(response, refusal);
  }
  const query = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
  const passed = { parameters: body.kind === 'form' ? body.parameters : {}, query };
  try {
    send(response, await route.answer(passed));
  } catch (error) {
    log.error('a route failed', { route: route.path, ...faultOf(error) });
    send(response, route.guard === 'carrier' ? onFault(passed) : empty(500));
  }
}

function guardRefusal(
  guard: Guard,
  request: Request,
  body: SignedBody,
  { signature }: RouterDependencies,
): Answer | null {
  switch (guard) {
    case 'open':
      return null;
    case 'neighbours':
      return isNeighbour(request) ? null : empty(404);
    case 'carrier':
      return signature.ofRequest(request.get('x-twilio-signature'), request.originalUrl, body) === 'valid'
        ? null
        : empty(403);
    default:
      return guard satisfies never;
  }
}

function signedBody(request: Request): SignedBody {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return { kind: 'none' };
  if (request.is('application/x-www-form-urlencoded') === false) return { kind: 'raw', bytes };
  return { kind: 'form', parameters: parseForm(bytes.toString('utf8')) };
}

const privateAddresses = new BlockList();
privateAddresses.addSubnet('127.0.0.0', 8);
privateAddresses.addSubnet('10.0.0.0', 8);
privateAddresses.addSubnet('172.16.0.0', 12);
privateAddresses.addSubnet('192.168.0.0', 16);
privateAddresses.addAddress('::1', 'ipv6');
privateAddresses.addSubnet('fc00::', 7, 'ipv6');
privateAddresses.addSubnet('fe80::', 10, 'ipv6');

/** Set by proxies and tunnels. Nothing is granted for a header; these only take away. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip', 'cf-connecting-ip'];

/**
 * A reverse proxy or a tunnel on this machine is a private peer, too, but speaks for the whole world: what came through
 * one is no neighbour.
 */
function isNeighbour(request: Request): boolean {
  const address = request.socket.remoteAddress;
  if (address === undefined || proxyHeaders.some((name) => request.get(name) !== undefined)) return false;
  return privateAddresses.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

function timed(route: string, { clock, metrics }: RouterDependencies) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    const startedAtMs = clock.now();
    response.once('finish', () => metrics.requestAnswered(route, response.statusCode, clock.now() - startedAtMs));
    next();
  };
}

/** A body that is too long, compressed, cut off: the parser names the status. Four arguments make it an error handler. */
function onRouterError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  send(response, empty(status >= 400 && status < 500 ? status : 500));
}

/** Makes routes that only the carrier may ask, each answered with what they all need. */
export function carrierRoute<Dependencies>(
  dependencies: Dependencies,
): (
  path: Route['path'],
  answer: (request: RouteRequest, dependencies: Dependencies) => Answer | Promise<Answer>,
) => Route {
  return (path, answer) => ({
    method: 'POST',
    path,
    guard: 'carrier',
    answer: (request) => answer(request, dependencies),
  });
}

export function empty(status: number): Answer {
  return { status, contentType: null, body: '' };
}

function send(response: Response, { status, contentType, body }: Answer): void {
  if (response.headersSent) return;
  response.status(status).set('Cache-Control', 'no-store');
  if (contentType !== null) response.set('Content-Type', contentType);
  response.end(body);
}
