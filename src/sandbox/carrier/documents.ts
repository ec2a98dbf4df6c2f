import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';
import { parseTwiml, type TwimlFault, type Verb } from './twiml.ts';
import type { DocumentRequest } from './verbs.ts';
import type { WebhookAnswer } from './webhooks.ts';

/** Where a call's document comes from: fetched, or given over REST. */
export type DocumentSource =
  { readonly kind: 'fetch'; readonly request: DocumentRequest } | { readonly kind: 'inline'; readonly twiml: string };

export interface Document {
  readonly verbs: readonly Verb[];
  /** For relative links; null for a document given over REST. */
  readonly base: string | null;
}

/** Asks the application, with the leg's standard parameters first. */
export async function fetchDocument(
  exchange: Exchange,
  leg: Leg,
  request: DocumentRequest,
): Promise<Document | TwimlFault> {
  const answer = await askFor(exchange, leg, request);
  if ('code' in answer) {
    return answer;
  }
  if (!/^(text|application)\/xml\b/i.test(answer.contentType)) {
    return { code: 12300, message: `Invalid Content-Type: ${answer.contentType}` };
  }
  return readDocument(exchange, leg, answer.body, request.url);
}

/** The answer when it is a success, or what went wrong. */
export async function askFor(
  { webhooks }: Exchange,
  leg: Leg,
  { url, method, parameters }: DocumentRequest,
): Promise<Extract<WebhookAnswer, { kind: 'answered' }> | TwimlFault> {
  const all = [...leg.parameters(), ...parameters];
  const answer = await webhooks({ url, method, parameters: all, recorder: leg.recorder });
  if (answer.kind === 'failed') {
    return { code: answer.reason === 'timeout' ? 11205 : 11200, message: `HTTP retrieval failure: ${answer.reason}` };
  }
  if (answer.status < 200 || answer.status > 299) {
    return { code: 11200, message: `HTTP retrieval failure: status ${answer.status}` };
  }
  return answer;
}

/** What cannot be performed is taken down, and left out. */
export function readDocument(
  { allowPlainWs }: Exchange,
  { recorder }: Leg,
  twiml: string,
  base: string | null,
): Document | TwimlFault {
  const parsed = parseTwiml(twiml, { allowPlainWs });
  if (!parsed.ok) {
    return parsed.fault;
  }
  for (const { code, message, level } of parsed.faults) {
    if (level === 'warning') {
      recorder.warning(code, message);
    } else {
      recorder.error(code, message);
    }
  }
  return { verbs: parsed.verbs, base };
}
