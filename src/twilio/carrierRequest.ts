/**
 * One way to ask the carrier's REST interface anything: the real SDK, bounded in time, every failure typed. What comes out
 * of here never contains a key, a number or a message: the SDK's errors carry all three and go no further.
 */
import twilio from 'twilio';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

export type CarrierFailure =
  /** The call is over, or not in a state for this (21220), or nobody knows the sid (20404): the caller is gone. */
  | { readonly kind: 'gone' }
  /** The carrier understood and declined. Nothing happened. `code` is Twilio's error code, null when there was none. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: number | null }
  /** Still 429 after the SDK's retries. Nothing happened. */
  | { readonly kind: 'tooManyRequests' }
  /** The request never reached the carrier, or it only asked for something. Nothing happened. */
  | { readonly kind: 'unreachable'; readonly cause: string }
  /**
   * A change was sent and no usable answer came: nobody knows whether it happened. There is no idempotency key, so look
   * before trying again.
   */
  | { readonly kind: 'unknown'; readonly cause: string };

export type CarrierResult<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: CarrierFailure };

export interface CarrierSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** Stands in for https://api.twilio.com: local carriers only. */
  readonly apiBaseUrl: string | null;
  /** Of one operation, the SDK's retries of 429 included (`limits.carrierRequestMs`). */
  readonly requestMs: number;
}

export interface CarrierDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** `change` may have happened though no answer came; `look` changes nothing. */
export type OperationKind = 'change' | 'look';

export interface CarrierRequest {
  /** Runs one operation and reads its answer with `shape`. Never throws. */
  readonly ask: <Value>(
    operation: { readonly name: string; readonly kind: OperationKind },
    send: (client: twilio.Twilio) => Promise<unknown>,
    shape: z.ZodType<Value>,
  ) => Promise<CarrierResult<Value>>;
}

/** Sends every product's requests to another origin; region and edge options cannot leave the carrier's own domain. */
function redirect(httpClient: twilio.RequestClient, base: string): void {
  const { protocol, host } = new URL(base);
  httpClient.axios.interceptors.request.use((config) => {
    const url = new URL(config.url ?? '');
    url.protocol = protocol;
    url.host = host;
    config.url = url.href;
    return config;
  });
}

export function createCarrierRequest(settings: CarrierSettings, dependencies: CarrierDependencies): CarrierRequest {
  const { accountSid, authToken, apiBaseUrl, requestMs } = settings;
  const { clock, log, metrics } = dependencies;
  const httpClient = new twilio.RequestClient({ timeout: requestMs, autoRetry: true });
  if (apiBaseUrl !== null) redirect(httpClient, apiBaseUrl);
  const client = twilio(accountSid, authToken, { httpClient });

  return {
    ask: async (operation, send, shape) => {
      const startedAtMs = clock.now();
      const result = await attempt(operation.kind, () => within(requestMs, clock, send(client)), shape);
      const ms = clock.now() - startedAtMs;
      metrics.carrierAnswered(operation.name, result.ok ? 'ok' : result.failure.kind, ms);
      if (!result.ok)
        log.warn('the carrier did not do as asked', {
          operation: operation.name,
          ...result.failure,
          ms: Math.round(ms),
        });
      return result;
    },
  };
}

async function attempt<Value>(
  kind: OperationKind,
  send: () => Promise<unknown>,
  shape: z.ZodType<Value>,
): Promise<CarrierResult<Value>> {
  try {
    const answer = shape.safeParse(await send());
    if (answer.success) return { ok: true, value: answer.data };
    return { ok: false, failure: noAnswer(kind, 'malformed') };
  } catch (error) {
    return { ok: false, failure: failureOf(error, kind) };
  }
}

class Overdue extends Error {}

/** The SDK bounds each attempt, not their sum. What comes after the bound is dropped, and its failure with it. */
async function within<Answer>(ms: number, clock: Clock, answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => {});
  let timer: ReturnType<Clock['setTimeout']> | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(() => reject(new Overdue()), ms);
  });
  try {
    return await Promise.race([answer, overdue]);
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
  }
}

/** RestException, TwilioServiceException (problem JSON) and what a proxy in between may answer all have these. */
const httpError = z.object({ status: z.number(), code: z.number().nullable().catch(null) });
const networkError = z.object({ code: z.string() });

/** Codes with which a connection fails before anything was sent. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const callNotInProgress = 21220;
const noSuchResource = 20404;

/** Exported for the tests: what an error of the SDK comes to. */
export function failureOf(error: unknown, kind: OperationKind): CarrierFailure {
  if (error instanceof Overdue) return noAnswer(kind, 'timeout');
  const network = networkError.safeParse(error);
  if (network.success) {
    const { code } = network.data;
    if (neverSent.has(code)) return { kind: 'unreachable', cause: code };
    return noAnswer(kind, code === 'ECONNABORTED' || code === 'ETIMEDOUT' ? 'timeout' : code);
  }
  if (error instanceof SyntaxError) return noAnswer(kind, 'malformed');
  const http = httpError.safeParse(error);
  if (!http.success) return noAnswer(kind, error instanceof Error ? error.name : typeof error);
  const { status, code } = http.data;
  if (status === 404 || code === callNotInProgress || code === noSuchResource) return { kind: 'gone' };
  if (status === 429) return { kind: 'tooManyRequests' };
  if (status >= 500) return noAnswer(kind, `status ${status}`);
  return { kind: 'refused', status, code };
}

function noAnswer(kind: OperationKind, cause: string): CarrierFailure {
  return kind === 'change' ? { kind: 'unknown', cause } : { kind: 'unreachable', cause };
}
