/** The carrier and a desk of our own around the real server on a free port. */
import { WebSocket } from 'ws';
import { systemClock, type Clock } from '../../src/clock.ts';
import { startHttp, type HttpServer } from '../../src/http/server.ts';
import type { NamedCheck } from '../../src/http/health.ts';
import type { Route } from '../../src/http/router.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import type { AttachResult, CallbackCall, CallDesk, IncomingCall, NextStep } from '../../src/session/callDesk.ts';
import type { MediaStream, MediaStreamEvent, StreamStart } from '../../src/twilio/mediaStream.ts';
import { accountSid, callSid } from '../twilio/carrierMessages.ts';
import { encode, sign, type Parameters } from '../twilio/signing.ts';

export const authToken = 'token-0123456789abcdef0123456789';
/** Not where the server listens: proof that no header and no address of the connection has a say. */
export const publicUrl = 'https://sanad.example.om';

/** The port's double: notes what it was asked and answers as told. */
export class Desk implements CallDesk {
  step: () => Promise<NextStep> = () => Promise.resolve({ kind: 'stream', ticket: 't-1' });
  attachResult: AttachResult = 'accepted';
  isReady = true;
  readonly asked: (readonly unknown[])[] = [];
  readonly events: MediaStreamEvent[] = [];
  readonly streams: MediaStream[] = [];

  readonly admit = (call: IncomingCall) => this.#note('admit', call);
  readonly admitCallback = (call: CallbackCall) => this.#note('admitCallback', call);
  readonly afterStream = (sid: string) => this.#note('afterStream', sid);
  readonly afterPerson = (sid: string, outcome: string) => this.#note('afterPerson', sid, outcome);
  readonly callEnded = (sid: string, status: string): void => void this.asked.push(['callEnded', sid, status]);
  readonly ready = (): boolean => this.isReady;
  readonly attach = (start: StreamStart, stream: MediaStream): AttachResult => {
    this.asked.push(['attach', start.callSid, start.ticket]);
    if (this.attachResult !== 'accepted') return this.attachResult;
    this.streams.push(stream);
    stream.listen((event) => this.events.push(event));
    return 'accepted';
  };

  #note(...question: readonly unknown[]): Promise<NextStep> {
    this.asked.push(question);
    return this.step();
  }
}

export interface EdgeOptions {
  readonly fallbackPhoneNumber?: string | undefined;
  readonly checks?: readonly NamedCheck[];
  readonly routes?: readonly Route[];
  readonly clock?: Clock;
  readonly log?: Log;
  readonly openSockets?: number;
}

export interface TestEdge {
  readonly desk: Desk;
  readonly metrics: Metrics;
  readonly server: HttpServer;
  readonly url: string;
  /** A webhook as the carrier sends it: signed over the public URL. */
  readonly webhook: (
    path: string,
    parameters: Parameters,
    changes?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  /** A socket as the carrier opens it. */
  readonly socket: (options?: { readonly path?: string; readonly signature?: string | null }) => WebSocket;
}

export async function openEdge(options: EdgeOptions = {}): Promise<TestEdge> {
  const desk = new Desk();
  const metrics = createMetrics('calls');
  const server = await startHttp({
    settings: {
      HOST: '127.0.0.1',
      PORT: 0,
      PUBLIC_URL: publicUrl,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_PHONE_NUMBER: '+96824000000',
      FALLBACK_PHONE_NUMBER: 'fallbackPhoneNumber' in options ? options.fallbackPhoneNumber : '+96891234567',
    },
    desk,
    checks: options.checks ?? [],
    routes: options.routes ?? [],
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLog,
    metrics,
    ...(options.openSockets === undefined ? {} : { openSockets: options.openSockets }),
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    desk,
    metrics,
    server,
    url,
    webhook: (path, parameters, changes = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'x-twilio-signature': sign(authToken, publicUrl + path, parameters),
          ...changes,
        },
        body: encode(parameters),
      }),
    socket: ({ path = '/twilio/media', signature = sign(authToken, `wss://sanad.example.om${path}`) } = {}) =>
      new WebSocket(`ws://127.0.0.1:${server.port}${path}`, {
        headers: signature === null ? {} : { 'x-twilio-signature': signature },
      }),
  };
}

/** What the carrier sends for an incoming call, changed and added to as told; null leaves a parameter out. */
export function callParameters(changes: Readonly<Record<string, string | null>> = {}): Parameters {
  const all: Readonly<Record<string, string | null>> = {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: 'ringing',
    CallerCity: '',
    Direction: 'inbound',
    From: '+96891112222',
    To: '+96824000000',
    ...changes,
  };
  return Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

/** 101 when the socket opened, else the status it was answered with. */
export function upgradeStatus(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
  });
}

export function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('close', resolve);
  });
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition())
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 1);
    });
}
