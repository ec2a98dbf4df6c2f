/** The webhooks of calls to people who wrote of danger. Whoever has picked up gets a document that is safe whatever is down. */
import type { WriterDoor } from '../escalation/writerDoor.ts';
import type { Log } from '../log.ts';
import { isFinal } from '../twilio/callControl.ts';
import type { Twiml } from '../twilio/twiml.ts';
import { writerPaths, type WriterTwiml } from '../twilio/writerTwiml.ts';
import { answeredByOf, callSidOf, countOf, escalationOf, keyOf } from './escalationParameters.ts';
import { firstValues } from './parameters.ts';
import { carrierRoute, empty, type Answer, type Route, type RouteRequest } from './router.ts';

export interface WriterWebhookDependencies {
  readonly door: WriterDoor;
  readonly documents: WriterTwiml;
  readonly twiml: Twiml;
  readonly log: Log;
}

export function writerRoutes(dependencies: WriterWebhookDependencies): readonly Route[] {
  const route = carrierRoute(dependencies);
  return [
    route(writerPaths.greet, greet),
    route(writerPaths.key, key),
    route(writerPaths.status, status),
    route(writerPaths.machine, machine),
  ];
}

const document = (text: string): Answer => ({ status: 200, contentType: 'text/xml; charset=utf-8', body: text });

const lastAsked = 2;

async function greet(request: RouteRequest, { door, documents, twiml }: WriterWebhookDependencies): Promise<Answer> {
  const escalationId = escalationOf(request);
  // Signed by the carrier: somebody whom we rang is on the line.
  if (escalationId === null) return document(twiml.fallback(1));
  return document(documents.question(escalationId, 1, await door.asked(escalationId)));
}

async function key(request: RouteRequest, { door, documents, twiml }: WriterWebhookDependencies): Promise<Answer> {
  const escalationId = escalationOf(request);
  if (escalationId === null) return document(twiml.fallback(1));
  if (keyOf(request) === '1')
    return document(twiml.print({ kind: 'room', escalationId, ...(await door.accepted(escalationId)) }));
  const asked = countOf(request, 'n');
  const language = await door.asked(escalationId);
  return document(
    asked >= lastAsked ? documents.goodbye(language) : documents.question(escalationId, asked + 1, language),
  );
}

async function status(request: RouteRequest, { door }: WriterWebhookDependencies): Promise<Answer> {
  const [escalationId, callSid] = [escalationOf(request), callSidOf(request)];
  if (escalationId === null || callSid === null) return empty(204);
  if (isFinal(firstValues(request.parameters)['CallStatus'] ?? '')) await door.over(escalationId);
  else await door.progressed(escalationId, callSid);
  return empty(204);
}

/** A voicemail presses no key; noted, decides nothing. */
function machine(request: RouteRequest, { log }: WriterWebhookDependencies): Answer {
  log.info('who picked up for a writer', { escalationId: escalationOf(request), answeredBy: answeredByOf(request) });
  return empty(204);
}
