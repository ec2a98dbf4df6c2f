import { randomUUID } from 'node:crypto';
import { pause, type CarrierClock } from './clock.ts';
import type { FaultRule, FaultRules } from './faultRules.ts';
import type { Recorder } from './recorder.ts';
import { signRequest, type FormParameters } from './signature.ts';

export interface WebhookRequest {
  /** Absolute; a fragment is neither sent nor signed. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: FormParameters;
  /** Null for webhooks that belong to no call. */
  readonly recorder: Recorder | null;
}

export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: 'timeout' | 'unreachable'; readonly message: string };

export type WebhookClient = (request: WebhookRequest) => Promise<WebhookAnswer>;

/** What becomes of a request to the application on its way. */
export type WebhookFault =
  /** Never sent. A document that is not asked for counts as unreachable. */
  | { readonly kind: 'dropped' }
  /** Sent once more, with the same token, so long after the first was answered. */
  | { readonly kind: 'doubled'; readonly afterMs?: number }
  /** Sent later, by a time between the two: callbacks then arrive in another order. */
  | { readonly kind: 'delayed'; readonly leastMs: number; readonly mostMs: number };

export type WebhookFaultRule = FaultRule<WebhookFault>;

export interface WebhookTrouble {
  readonly rules: FaultRules<WebhookFault>;
  /** For delays between two times. */
  readonly random: () => number;
}

/** Twilio reads no longer answers. */
const longestBody = 65_536;

/** Signed requests to the application, as Twilio makes them: one time limit, one retry when nobody answers the door. */
export function createWebhookClient(
  authToken: string,
  clock: CarrierClock,
  timeoutMs: number,
  { rules, random }: WebhookTrouble,
): WebhookClient {
  const sendOnce = async (token: string, { url, method, parameters, recorder }: WebhookRequest) => {
    const startedMs = clock.now();
    const send = (): Promise<WebhookAnswer> => ask(authToken, clock, timeoutMs, token, { url, method, parameters });
    let answer = await send();
    if (answer.kind === 'failed' && answer.reason === 'unreachable') {
      answer = await send();
    }
    const status = answer.kind === 'answered' ? answer.status : 0;
    recorder?.webhook(pathOf(url), Object.fromEntries(parameters), clock.now() - startedMs, status);
    return answer;
  };
  return async (request) => {
    const { url, method, parameters } = request;
    const parameter = (name: string): string | null => parameters.find(([one]) => one === name)?.[1] ?? null;
    const fault = rules.take({ method, path: pathOf(url), parameter });
    const token = randomUUID();
    if (fault?.kind === 'dropped') {
      return { kind: 'failed', reason: 'unreachable', message: 'dropped on demand' };
    }
    if (fault?.kind === 'delayed') {
      await pause(clock, fault.leastMs + random() * (fault.mostMs - fault.leastMs));
    }
    const answer = await sendOnce(token, request);
    if (fault?.kind === 'doubled') {
      await pause(clock, fault.afterMs ?? 0);
      await sendOnce(token, request);
    }
    return answer;
  };
}

async function ask(
  authToken: string,
  clock: CarrierClock,
  timeoutMs: number,
  idempotencyToken: string,
  { url, method, parameters }: Omit<WebhookRequest, 'recorder'>,
): Promise<WebhookAnswer> {
  const form = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  const plain = url.replace(/#.*$/s, '');
  const asked = method === 'GET' && form !== '' ? `${plain}${plain.includes('?') ? '&' : '?'}${form}` : plain;
  const abort = new AbortController();
  const timer = clock.setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(asked, {
      method,
      redirect: 'manual',
      signal: abort.signal,
      headers: {
        'X-Twilio-Signature': signRequest(authToken, asked, method === 'POST' ? parameters : []),
        'I-Twilio-Idempotency-Token': idempotencyToken,
        'User-Agent': 'TwilioProxy/1.1',
        Accept: '*/*',
        ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' } : {}),
      },
      ...(method === 'POST' ? { body: form } : {}),
    });
    const body = (await response.text()).slice(0, longestBody);
    const contentType = response.headers.get('content-type') ?? '';
    return { kind: 'answered', status: response.status, contentType, body };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', reason: abort.signal.aborted ? 'timeout' : 'unreachable', message };
  } finally {
    clock.clearTimeout(timer);
  }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
