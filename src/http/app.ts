/** The application behind the socket: Express for the webhooks, express-ws for the carrier's media streams. */
import type { IncomingMessage, Server } from 'node:http';
import express from 'express';
import expressWs from 'express-ws';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { CallDesk } from '../session/callDesk.ts';
import type { Settings } from '../settings.ts';
import type { MediaStream, StreamStart } from '../twilio/mediaStream.ts';
import { openMediaStream, type StreamLimits } from '../twilio/openMediaStream.ts';
import { createSignatureCheck, type SignatureCheck } from '../twilio/signature.ts';
import { carrierPaths, createTwiml } from '../twilio/twiml.ts';
import { healthRoutes, type NamedCheck } from './health.ts';
import { attemptOf } from './parameters.ts';
import { createRouter, type Route, type RouteRequest } from './router.ts';
import { document, voiceRoutes } from './voiceWebhooks.ts';

export type EdgeSettings = Pick<
  Settings,
  'PUBLIC_URL' | 'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'TWILIO_PHONE_NUMBER' | 'FALLBACK_PHONE_NUMBER'
>;

export interface EdgeDependencies {
  readonly settings: EdgeSettings;
  readonly desk: CallDesk;
  /** What must be well for `/health/ready` to say 200, besides the desk itself. */
  readonly checks: readonly NamedCheck[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Further routes of the control plane; each is guarded and listed like ours. */
  readonly routes?: readonly Route[];
  readonly streamLimits?: StreamLimits;
  /** Sockets at once; above it an upgrade is answered with 503. */
  readonly openSockets?: number;
}

export interface Edge {
  readonly app: express.Application;
  readonly sockets: ReturnType<expressWs.Instance['getWss']>;
  /** Everything that is served, for the tests: the application serves these and nothing else. */
  readonly routes: readonly Route[];
}

/** Puts the application onto the server. Throws when the list of routes is not clear. */
export function createEdge(server: Server, dependencies: EdgeDependencies): Edge {
  const { settings, desk, clock, log, metrics } = dependencies;
  const signature = createSignatureCheck({
    authToken: settings.TWILIO_AUTH_TOKEN,
    publicUrl: settings.PUBLIC_URL,
  });
  const twiml = createTwiml({
    publicUrl: settings.PUBLIC_URL,
    phoneNumber: settings.TWILIO_PHONE_NUMBER,
    fallbackPhoneNumber: settings.FALLBACK_PHONE_NUMBER ?? null,
  });
  const checks = [{ name: 'calls', check: () => desk.ready() }, ...dependencies.checks];
  const routes = [
    ...voiceRoutes({ desk, twiml, clock, log, metrics }),
    ...healthRoutes({ checks, clock, log, metrics }),
    ...(dependencies.routes ?? []),
  ];

  const app = express();
  app.disable('x-powered-by').disable('etag').disable('trust proxy').enable('strict routing');
  server.on('request', app);
  const most = dependencies.openSockets ?? limits.openSockets;
  const wsOptions = socketOptions(signature, metrics, log, () => sockets.clients.size < most);
  const withSockets = expressWs(app, server, { leaveRouterUntouched: true, wsOptions });
  const sockets = withSockets.getWss();
  withSockets.app.ws(carrierPaths.media, (socket) =>
    openMediaStream(socket, {
      clock,
      limits: dependencies.streamLimits ?? limits,
      metrics,
      log,
      onStart: (start, stream) => attach(start, stream, dependencies),
    }),
  );
  const onFault = ({ query }: RouteRequest) => document(twiml.fallback(attemptOf(query)));
  app.use(createRouter(routes, { signature, onFault, clock, log, metrics }));
  return { app, sockets, routes };
}

function attach(start: StreamStart, stream: MediaStream, { desk, log, settings }: EdgeDependencies): boolean {
  const { callSid, streamSid, accountSid } = start;
  const result = accountSid === settings.TWILIO_ACCOUNT_SID ? desk.attach(start, stream) : 'otherAccount';
  if (result === 'accepted') return true;
  log.warn('a stream was not accepted', { callSid, streamSid, reason: result });
  return false;
}

type SocketOptions = NonNullable<expressWs.Options['wsOptions']>;

/** Refusals come before the upgrade, as an HTTP status that the carrier logs (31920) and then runs the verb after. */
function socketOptions(signature: SignatureCheck, metrics: Metrics, log: Log, hasRoom: () => boolean): SocketOptions {
  const verdict = (request: IncomingMessage): 101 | 403 | 404 | 503 => {
    if (request.url !== carrierPaths.media) return 404;
    const header = request.headers['x-twilio-signature'];
    if (signature.ofSocket(typeof header === 'string' ? header : undefined, request.url) !== 'valid') return 403;
    return hasRoom() ? 101 : 503;
  };
  return {
    maxPayload: limits.socketMessageBytes,
    // Measured: five times the processor time, and the bytes are base64 of compressed speech (dependencies of the design).
    perMessageDeflate: false,
    verifyClient: ({ req }, done) => {
      const status = verdict(req);
      if (status === 101) return done(true);
      metrics.upgradeRefused(status);
      log.warn('refused a socket', { status });
      done(false, status);
    },
  };
}
