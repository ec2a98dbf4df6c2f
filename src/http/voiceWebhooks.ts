/**
 * The carrier's webhooks. Whatever goes wrong on our side, whoever is on the line gets a document that reaches a person,
 * and gets it within a second: a late or failing answer would end the call with the carrier's error message.
 */
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import { faultOf, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { CallDesk, NextStep } from '../session/callDesk.ts';
import { isFinal } from '../twilio/callControl.ts';
import { carrierPaths, type Twiml } from '../twilio/twiml.ts';
import {
  askedOf,
  attemptOf,
  callParameters,
  consentParameters,
  firstValues,
  streamStatusParameters,
  voiceParameters,
} from './parameters.ts';
import { empty, type Answer, type Route, type RouteRequest } from './router.ts';

export interface WebhookDependencies {
  readonly desk: CallDesk;
  readonly twiml: Twiml;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function voiceRoutes(dependencies: WebhookDependencies): readonly Route[] {
  const route = (
    path: Route['path'],
    answer: (request: RouteRequest, dependencies: WebhookDependencies) => Answer | Promise<Answer>,
  ): Route => ({ method: 'POST', path, guard: 'carrier', answer: (request) => answer(request, dependencies) });
  return [
    route(carrierPaths.voice, voice),
    route(carrierPaths.consent, keyForConsent),
    route(carrierPaths.afterStream, afterStream),
    route(carrierPaths.afterPerson, afterPerson),
    route(carrierPaths.fallback, fallback),
    route(carrierPaths.streamStatus, streamStatus),
    route(carrierPaths.callStatus, callStatus),
  ];
}

export function document(text: string): Answer {
  return { status: 200, contentType: 'text/xml; charset=utf-8', body: text };
}

async function voice(request: RouteRequest, dependencies: WebhookDependencies): Promise<Answer> {
  const call = read(voiceParameters, request, carrierPaths.voice, dependencies);
  // Signed by the carrier, so somebody is on the line, even though we cannot read who.
  if (call === null) return document(dependencies.twiml.fallback(attemptOf(request.query)));
  if (noteEnd(call, dependencies)) return document(dependencies.twiml.nothing());
  const { CallSid, From, To } = call;
  const admit = () => dependencies.desk.admit({ callSid: CallSid, from: From, to: To });
  return ask('admit', CallSid, admit, request, dependencies);
}

/** The key pressed before any audio, or none. Whatever else it is counts as none. */
async function keyForConsent(request: RouteRequest, dependencies: WebhookDependencies): Promise<Answer> {
  const call = read(consentParameters, request, carrierPaths.consent, dependencies);
  if (call === null) return document(dependencies.twiml.fallback(attemptOf(request.query)));
  if (noteEnd(call, dependencies)) return document(dependencies.twiml.nothing());
  const consent = { asked: askedOf(request.query), digit: call.Digits };
  const admit = () => dependencies.desk.admit({ callSid: call.CallSid, from: call.From, to: call.To, consent });
  return ask('admit', call.CallSid, admit, request, dependencies);
}

async function afterStream(request: RouteRequest, dependencies: WebhookDependencies): Promise<Answer> {
  const call = read(callParameters, request, carrierPaths.afterStream, dependencies);
  if (call === null) return document(dependencies.twiml.fallback(attemptOf(request.query)));
  if (noteEnd(call, dependencies)) return document(dependencies.twiml.nothing());
  return ask('afterStream', call.CallSid, () => dependencies.desk.afterStream(call.CallSid), request, dependencies);
}

async function afterPerson(request: RouteRequest, dependencies: WebhookDependencies): Promise<Answer> {
  const call = read(callParameters, request, carrierPaths.afterPerson, dependencies);
  if (call === null) return document(dependencies.twiml.fallback(attemptOf(request.query)));
  if (noteEnd(call, dependencies)) return document(dependencies.twiml.nothing());
  const spoke = call.DialCallStatus === 'completed' || call.DialCallStatus === 'answered';
  const next = () => dependencies.desk.afterPerson(call.CallSid, spoke ? 'spoke' : 'nobody');
  return ask('afterPerson', call.CallSid, next, request, dependencies);
}

/** Reached when the carrier could not use our answers. Asks nobody, so nothing that is down can stop it. */
function fallback(request: RouteRequest, { twiml, log }: WebhookDependencies): Answer {
  const { CallSid, ErrorCode } = firstValues(request.parameters);
  log.error('a call came to the fallback', { callSid: CallSid?.slice(0, 34), errorCode: ErrorCode?.slice(0, 8) });
  return document(twiml.fallback(attemptOf(request.query)));
}

function streamStatus(request: RouteRequest, dependencies: WebhookDependencies): Answer {
  const status = read(streamStatusParameters, request, carrierPaths.streamStatus, dependencies);
  if (status === null) return empty(400);
  const { CallSid, StreamSid, StreamEvent, StreamError } = status;
  const fields = { callSid: CallSid, streamSid: StreamSid, event: StreamEvent, error: StreamError };
  if (StreamEvent === 'stream-error') dependencies.log.warn('the carrier reports a stream error', fields);
  else dependencies.log.debug('the carrier reports on a stream', fields);
  return empty(204);
}

function callStatus(request: RouteRequest, dependencies: WebhookDependencies): Answer {
  const call = read(callParameters, request, carrierPaths.callStatus, dependencies);
  if (call === null) return empty(400);
  noteEnd(call, dependencies);
  return empty(204);
}

function read<Shape extends z.ZodType>(
  shape: Shape,
  { parameters }: RouteRequest,
  route: string,
  { log }: WebhookDependencies,
): z.output<Shape> | null {
  const result = shape.safeParse(firstValues(parameters));
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.map(String).join('.');
  log.error('cannot read a webhook of the carrier', { route, field });
  return null;
}

/** A final status may come on any webhook: whatever it asks, the call is over. True when it is. */
function noteEnd(
  call: { readonly CallSid: string; readonly CallStatus?: string | undefined },
  { desk, log }: WebhookDependencies,
): boolean {
  if (call.CallStatus === undefined || !isFinal(call.CallStatus)) return false;
  try {
    desk.callEnded(call.CallSid, call.CallStatus);
  } catch (error) {
    log.error('the desk failed to end a call', { callSid: call.CallSid, ...faultOf(error) });
  }
  return true;
}

type Question = 'admit' | 'afterStream' | 'afterPerson';
type Reply =
  { readonly kind: 'step'; readonly step: NextStep } | { readonly kind: 'threw' } | { readonly kind: 'slow' };

async function ask(
  question: Question,
  callSid: string,
  next: () => Promise<NextStep>,
  request: RouteRequest,
  dependencies: WebhookDependencies,
): Promise<Answer> {
  const { log, metrics, twiml } = dependencies;
  const reply = await inTime(question, callSid, next, dependencies);
  if (reply.kind === 'step') {
    try {
      const { step } = reply;
      return document(step.kind === 'fallback' ? twiml.fallback(attemptOf(request.query)) : twiml.print(step));
    } catch (error) {
      log.error('cannot print what comes next', { question, callSid, ...faultOf(error) });
    }
  }
  metrics.deskFailed(question, reply.kind === 'slow' ? 'slow' : 'threw');
  return document(twiml.fallback(attemptOf(request.query)));
}

async function inTime(
  question: Question,
  callSid: string,
  next: () => Promise<NextStep>,
  { clock, log }: WebhookDependencies,
): Promise<Reply> {
  let timer: ReturnType<Clock['setTimeout']> | undefined;
  const slow = new Promise<Reply>((resolve) => {
    timer = clock.setTimeout(() => {
      log.error('the desk is too slow', { question, callSid });
      resolve({ kind: 'slow' });
    }, limits.deskAnswerMs);
  });
  const answer = (async (): Promise<Reply> => {
    try {
      return { kind: 'step', step: await next() };
    } catch (error) {
      log.error('the desk failed', { question, callSid, ...faultOf(error) });
      return { kind: 'threw' };
    }
  })();
  const reply = await Promise.race([answer, slow]);
  if (timer !== undefined) clock.clearTimeout(timer);
  return reply;
}
