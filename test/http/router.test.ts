import { createServer, request as httpRequest } from 'node:http';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { createEdge } from '../../src/http/app.ts';
import { createRouter, type Route } from '../../src/http/router.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createSignatureCheck } from '../../src/twilio/signature.ts';
import { accountSid } from '../twilio/carrierMessages.ts';
import { encode, sign } from '../twilio/signing.ts';
import { authToken, callParameters, Desk, openEdge, publicUrl, type TestEdge } from './edge.ts';

/** The list of what is served, written out: a new route has to be added here on purpose. */
const served = [
  'POST /twilio/voice carrier',
  'POST /twilio/consent carrier',
  'POST /twilio/after-stream carrier',
  'POST /twilio/after-person carrier',
  'POST /twilio/fallback carrier',
  'POST /twilio/stream-status carrier',
  'POST /twilio/call-status carrier',
  'GET /health/live open',
  'GET /health/ready open',
  'GET /metrics neighbours',
];

const carrierPaths = served.filter((line) => line.endsWith(' carrier')).map((line) => line.split(' ')[1] ?? '');

describe('the router', () => {
  let edge: TestEdge;
  beforeEach(async () => {
    edge = await openEdge();
  });
  afterEach(() => edge.server.close());

  const post = (path: string, headers: Record<string, string>, body: string | Buffer = encode(callParameters())) =>
    fetch(edge.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });

  it('serves exactly the listed routes, each behind its guard', () => {
    const { routes, app } = createEdge(createServer(), {
      settings: {
        PUBLIC_URL: publicUrl,
        TWILIO_ACCOUNT_SID: accountSid,
        TWILIO_AUTH_TOKEN: authToken,
        TWILIO_PHONE_NUMBER: '+96824000000',
        FALLBACK_PHONE_NUMBER: undefined,
      },
      desk: new Desk(),
      checks: [],
      clock: systemClock,
      log: silentLog,
      metrics: createMetrics('calls'),
    });
    expect(routes.map(({ method, path, guard }) => `${method} ${path} ${guard}`)).to.deep.equal(served);
    // And Express itself knows of no other: the list cannot be bypassed by a route put onto the application.
    const listed = served.map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(layersOf(app.router.stack)).to.deep.equal(['GET /twilio/media/.websocket', ...listed]);
  });

  it('refuses every carrier route without a signature, and changes nothing', async () => {
    for (const path of carrierPaths) {
      const response = await post(path, {});
      expect([path, response.status, await response.text()]).to.deep.equal([path, 403, '']);
    }
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('refuses every carrier route with a wrong signature, whatever the headers say of host and scheme', async () => {
    for (const path of carrierPaths) {
      const signature = sign(authToken, `${edge.url}${path}`, callParameters());
      const headers = {
        'x-twilio-signature': signature,
        'x-forwarded-proto': 'http',
        'x-forwarded-host': new URL(edge.url).host,
        'x-original-url': path,
      };
      expect([path, (await post(path, headers)).status]).to.deep.equal([path, 403]);
    }
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('takes the signature for the very body, and not for another one', async () => {
    const signature = sign(authToken, `${publicUrl}/twilio/voice`, callParameters());
    const other = encode(callParameters({ From: '+96890000000' }));
    expect((await post('/twilio/voice', { 'x-twilio-signature': signature }, other)).status).to.equal(403);
    expect((await post('/twilio/voice', { 'x-twilio-signature': signature })).status).to.equal(200);
    expect(edge.desk.asked.length).to.equal(1);
  });

  it('answers everything unlisted with 404: other paths, other methods, other spellings', async () => {
    const unlisted: readonly [string, string][] = [
      ['GET', '/'],
      ['GET', '/twilio/voice'],
      ['PUT', '/twilio/voice'],
      ['DELETE', '/health/live'],
      ['OPTIONS', '/twilio/voice'],
      ['POST', '/health/live'],
      ['POST', '/twilio/voice/'],
      ['POST', '/Twilio/Voice'],
      ['POST', '/twilio//voice'],
      ['POST', '/twilio/voice%2f'],
      ['GET', '/twilio/media'],
      ['GET', '/twilio/media/.websocket'],
      ['GET', '/health'],
      ['GET', '/metrics/'],
    ];
    for (const [method, path] of unlisted) {
      const response = await fetch(edge.url + path, { method });
      expect([method, path, response.status]).to.deep.equal([method, path, 404]);
    }
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('tells nothing about itself', async () => {
    const response = await fetch(`${edge.url}/health/live`);
    expect(response.headers.get('x-powered-by')).to.equal(null);
    expect(response.headers.get('etag')).to.equal(null);
    expect(response.headers.get('cache-control')).to.equal('no-store');
  });

  it('accepts a JSON webhook whose hash is in the signed URL, and no other JSON', async () => {
    const json = '{"a":"سلام"}';
    const path = '/twilio/voice?bodySHA256=5ff8b3387fcbd0f9ff2a1ef3e5d4e0e0';
    const send = (at: string) =>
      post(at, { 'content-type': 'application/json', 'x-twilio-signature': sign(authToken, publicUrl + at) }, json);
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(json).digest('hex');
    expect((await send(path)).status).to.equal(403);
    expect((await send('/twilio/voice')).status).to.equal(403);
    expect((await send(`/twilio/voice?bodySHA256=${hash}`)).status).to.equal(200);
  });

  it('refuses a body that is too long with 413 and a compressed one with 415', async () => {
    const long = await post('/twilio/voice', {}, 'a='.padEnd(65_537, 'x'));
    const packed = await post('/twilio/voice', { 'content-encoding': 'gzip' }, Buffer.from('x'));
    expect([long.status, packed.status]).to.deep.equal([413, 415]);
  });

  it('refuses an absolute request target, which could name another origin', async () => {
    const status = await new Promise((resolve) => {
      const sent = httpRequest(
        { port: edge.server.port, host: '127.0.0.1', method: 'POST', path: 'http://evil.example/twilio/voice' },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.end();
    });
    expect(status).to.be.oneOf([403, 404]);
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('counts requests by listed route and status, never by a path from outside', async () => {
    await post('/twilio/voice', {});
    await fetch(`${edge.url}/secret-96891234567`);
    const { text } = await edge.metrics.exposition();
    expect(text).to.include('sanad_request_seconds_count{route="/twilio/voice",status="403"} 1');
    expect(text).to.include('sanad_request_seconds_count{route="unlisted",status="404"} 1');
    expect(text).to.not.include('secret');
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string }[] } | undefined;
  readonly handle: unknown;
}

/** Every route that Express holds, in order, those of routers within included. */
function layersOf(layers: readonly Layer[]): readonly string[] {
  return layers.flatMap(({ route, handle }) => {
    if (route !== undefined) return [`${route.stack[0]?.method.toUpperCase()} ${route.path}`];
    return typeof handle === 'function' && 'stack' in handle && isLayers(handle.stack) ? layersOf(handle.stack) : [];
  });
}

function isLayers(stack: unknown): stack is readonly Layer[] {
  return Array.isArray(stack);
}

describe('a list of routes', () => {
  const build = (routes: readonly Route[]) => () =>
    createRouter(routes, {
      signature: createSignatureCheck({ authToken, publicUrl }),
      onFault: () => ({ status: 500, contentType: null, body: '' }),
      clock: systemClock,
      log: silentLog,
      metrics: createMetrics('calls'),
    });
  const route = (method: 'GET' | 'POST', path: `/${string}`, guard: Route['guard']): Route => ({
    method,
    path,
    guard,
    answer: () => ({ status: 204, contentType: null, body: '' }),
  });

  it('stops the start when a route is in it twice, even behind different guards', () => {
    expect(build([route('GET', '/a', 'open'), route('GET', '/a', 'carrier')])).to.throw('GET /a is listed twice');
  });

  it('takes the same path with another method', () => {
    expect(build([route('GET', '/a', 'open'), route('POST', '/a', 'carrier')])).to.not.throw();
  });

  it('stops the start for a pattern, which could match more than it says', () => {
    for (const path of ['/twilio/:x', '/*rest', '/a/', '/A'] as const)
      expect(build([route('GET', path, 'open')])).to.throw('is not a plain path');
  });
});
