import type { Server } from 'node:http';
import express from 'express';
import twilio, { type Twilio } from 'twilio';
import { startCarrier, type Carrier, type CarrierOptions } from '../../../src/sandbox/carrier/carrier.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { tone } from '../../../src/sandbox/carrier/levels.ts';

export const accountSid = `AC${'0'.repeat(31)}1`;
export const authToken = '12345678901234567890123456789012';
export const ours = '+96824000000';

export interface SignedRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly signature: string | undefined;
}

/** A string is TwiML, a number a status without a body; `$origin` in TwiML becomes the application's address. */
export type SignedRoutes = Readonly<
  Record<string, (request: SignedRequest) => string | number | Promise<string | number>>
>;

export interface SignedApplication {
  readonly origin: string;
  readonly requests: SignedRequest[];
  /** Paths of requests whose signature the vendor's SDK refused. */
  readonly refused: string[];
  readonly close: () => Promise<void>;
}

/** An Express application that takes only what the vendor's SDK finds rightly signed. */
export async function startSignedApplication(routes: SignedRoutes): Promise<SignedApplication> {
  const requests: SignedRequest[] = [];
  const refused: string[] = [];
  const app = express();
  let origin = '';
  app.use(express.urlencoded({ extended: false }));
  app.use(async (request, response) => {
    const parameters = (request.body ?? {}) as Record<string, string>;
    const signature = request.header('X-Twilio-Signature') ?? '';
    if (!twilio.validateRequest(authToken, signature, `${origin}${request.originalUrl}`, parameters)) {
      refused.push(request.path);
      response.sendStatus(403);
      return;
    }
    const query = Object.fromEntries(new URLSearchParams(request.originalUrl.split('?')[1] ?? ''));
    const token = request.header('I-Twilio-Idempotency-Token');
    const received = { path: request.path, query, parameters, token, signature };
    requests.push(received);
    const answer = await (routes[request.path] ?? (() => 404))(received);
    if (typeof answer === 'number') {
      response.status(answer).end();
    } else {
      response.type('text/xml').send(answer.replaceAll('$origin', origin));
    }
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin, requests, refused, close };
}

export interface Line {
  readonly application: SignedApplication;
  readonly carrier: Carrier;
  readonly client: Twilio;
  readonly close: () => Promise<void>;
}

/** The application, the carrier and the real SDK, on a clock that is 20 times as fast. */
export async function openLine(routes: SignedRoutes, options: Partial<CarrierOptions> = {}): Promise<Line> {
  const application = await startSignedApplication(routes);
  const carrier = await startCarrier({
    accountSid,
    authToken,
    phoneNumber: ours,
    voiceUrl: `${application.origin}/voice`,
    clock: acceleratedClock(20),
    timings: { ringExtraMs: 0 },
    prompter: { say: async (text) => tone(text.length * 20, 300, -20), play: async () => tone(200, 350, -20) },
    callsPerSecond: 1_000,
    allowPlainWs: true,
    ...options,
  });
  const client = twilio(accountSid, authToken, { timeout: 2_000 });
  client.api.baseUrl = carrier.apiBaseUrl;
  const close = async (): Promise<void> => {
    await carrier.close();
    await application.close();
  };
  return { application, carrier, client, close };
}

/** Asks every 2 ms until there is something; the test's own time limit ends it otherwise. */
export async function eventually<Found>(find: () => Found | undefined | false | null): Promise<Found> {
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false && found !== null) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** What the SDK threw, as status and code; `accepted` when it threw nothing. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'accepted',
    (error: { status?: number; code?: number | string }) => [error.status, error.code],
  );
}
