/** The webhooks of calls to people who wrote of danger. Whoever has picked up gets a document that is safe whatever is down. */
import { spokenLanguage } from '../escalation/briefing.ts';
import { driveOrLog, type Drive } from '../escalation/drive.ts';
import { roomOf } from '../escalation/ids.ts';
import type { WriterStore } from '../escalation/writers.ts';
import { faultOf, type Log } from '../log.ts';
import { isFinal } from '../twilio/callControl.ts';
import type { CarrierLanguage } from '../twilio/spokenLines.ts';
import type { Twiml } from '../twilio/twiml.ts';
import { writerPaths, type WriterTwiml } from '../twilio/writerTwiml.ts';
import { answeredByOf, callSidOf, countOf, escalationOf, keyOf } from './escalationParameters.ts';
import { firstValues } from './parameters.ts';
import { empty, type Answer, type Route, type RouteRequest } from './router.ts';

export interface WriterWebhookDependencies {
  readonly drive: Drive;
  readonly writers: Pick<WriterStore, 'language' | 'placed'>;
  readonly documents: WriterTwiml;
  readonly twiml: Twiml;
  readonly log: Log;
}

type Handler = (request: RouteRequest, dependencies: WriterWebhookDependencies) => Answer | Promise<Answer>;

export function writerRoutes(dependencies: WriterWebhookDependencies): readonly Route[] {
  const route = (path: Route['path'], answer: Handler): Route => ({
    method: 'POST',
    path,
    guard: 'carrier',
    answer: (request) => answer(request, dependencies),
  });
  return [
    route(writerPaths.greet, greet),
    route(writerPaths.key, key),
    route(writerPaths.status, status),
    route(writerPaths.machine, machine),
  ];
}

const document = (text: string): Answer => ({ status: 200, contentType: 'text/xml; charset=utf-8', body: text });

const lastAsked = 2;

async function greet(request: RouteRequest, dependencies: WriterWebhookDependencies): Promise<Answer> {
  const { documents, twiml } = dependencies;
  const escalationId = escalationOf(request);
  // Signed by the carrier: somebody whom we rang is on the line.
  if (escalationId === null) return document(twiml.fallback(1));
  void stillComing(escalationId, dependencies);
  return document(documents.question(escalationId, 1, await languageOf(escalationId, dependencies)));
}

async function key(request: RouteRequest, dependencies: WriterWebhookDependencies): Promise<Answer> {
  const { documents, twiml } = dependencies;
  const escalationId = escalationOf(request);
  if (escalationId === null) return document(twiml.fallback(1));
  const language = await languageOf(escalationId, dependencies);
  if (keyOf(request) === '1') {
    await stillComing(escalationId, dependencies);
    const room = roomOf(escalationId);
    return document(twiml.print({ kind: 'room', room, escalationId, language: language ?? 'ar' }));
  }
  const asked = countOf(request, 'n');
  if (asked >= lastAsked) return document(documents.goodbye(language));
  void stillComing(escalationId, dependencies);
  return document(documents.question(escalationId, asked + 1, language));
}

/** The person in the room waits on, as long as there is somebody to wait for. */
async function stillComing(escalationId: string, { drive, log }: WriterWebhookDependencies): Promise<void> {
  await driveOrLog(drive, log, escalationId, { type: 'callerJoining' });
}

async function status(request: RouteRequest, dependencies: WriterWebhookDependencies): Promise<Answer> {
  const { drive, writers, log } = dependencies;
  const [escalationId, callSid] = [escalationOf(request), callSidOf(request)];
  const callStatus = firstValues(request.parameters)['CallStatus'] ?? '';
  if (escalationId === null || callSid === null) return empty(204);
  if (isFinal(callStatus)) {
    await driveOrLog(drive, log, escalationId, { type: 'callerGone' });
    return empty(204);
  }
  try {
    await writers.placed(escalationId, callSid);
  } catch (error) {
    log.warn('a call to somebody who wrote could not be noted', { escalationId, ...faultOf(error) });
  }
  await stillComing(escalationId, dependencies);
  return empty(204);
}

/** A voicemail presses no key; noted, decides nothing. */
function machine(request: RouteRequest, { log }: WriterWebhookDependencies): Answer {
  log.info('who picked up for a writer', { escalationId: escalationOf(request), answeredBy: answeredByOf(request) });
  return empty(204);
}

/** Null: not known, or the database is away; then both languages are spoken. */
async function languageOf(
  escalationId: string,
  { writers, log }: WriterWebhookDependencies,
): Promise<CarrierLanguage | null> {
  try {
    const language = await writers.language(escalationId);
    return language === null ? null : spokenLanguage(language);
  } catch (error) {
    log.warn('the language of a writer is not known', { escalationId, ...faultOf(error) });
    return null;
  }
}
