/**
 * The webhooks of people who are rung, of the room, and of Sanad's own calls back. Doubled, late and out of order as the carrier likes.
 * Whoever is on the line gets a document within a second that is safe whatever is down: nothing private, and never an error.
 */
import type { Clock } from '../clock.ts';
import type { BriefingLanguage } from '../escalation/briefing.ts';
import type { EscalationDoor, NotWanted } from '../escalation/door.ts';
import type { CallbackOutcome, CallbackStore } from '../escalation/ports.ts';
import { limits } from '../limits.ts';
import { faultOf, type Log } from '../log.ts';
import type { CallDesk } from '../session/callDesk.ts';
import { isFinal } from '../twilio/callControl.ts';
import { onCallPaths, telephoneQuery, type OnCallTwiml, type Parting, type Telephone } from '../twilio/onCallTwiml.ts';
import { carrierPaths, type Twiml } from '../twilio/twiml.ts';
import {
  answeredByOf,
  callbackOf,
  callbackParameters,
  callSidOf,
  conferenceOf,
  countOf,
  escalationOf,
  keyOf,
  roomNewsOf,
  statusReport,
  telephoneOf,
} from './escalationParameters.ts';
import { firstValues } from './parameters.ts';
import { carrierRoute, empty, type Answer, type Route, type RouteRequest } from './router.ts';

export interface EscalationWebhookDependencies {
  readonly door: EscalationDoor;
  readonly callbacks: CallbackStore;
  /** What a final status says of a call back; null: nothing. */
  readonly callbackOutcome: (status: string) => CallbackOutcome | null;
  readonly desk: Pick<CallDesk, 'admitCallback' | 'callEnded'>;
  readonly onCall: OnCallTwiml;
  readonly twiml: Twiml;
  readonly clock: Clock;
  readonly log: Log;
}

export function escalationRoutes(dependencies: EscalationWebhookDependencies): readonly Route[] {
  const route = carrierRoute(dependencies);
  return [
    route(onCallPaths.whisper, whisper),
    route(onCallPaths.key, key),
    route(onCallPaths.join, join),
    route(onCallPaths.left, left),
    route(onCallPaths.farewell, farewell),
    route(onCallPaths.status, status),
    route(onCallPaths.machine, machine),
    route(carrierPaths.roomWait, roomWait),
    route(carrierPaths.roomEvents, roomEvents),
    route(onCallPaths.callback, callback),
    route(onCallPaths.callbackStatus, callbackStatus),
    route(onCallPaths.callbackMachine, callbackMachine),
  ];
}

const document = (text: string): Answer => ({ status: 200, contentType: 'text/xml; charset=utf-8', body: text });

const farewells: Readonly<Record<NotWanted | 'declined' | 'noKey', Parting>> = {
  taken: 'taken',
  callerGone: 'callerGone',
  unknown: 'sorry',
  declined: 'thanks',
  noKey: 'noKey',
};

/** A telephone is asked to wait this often while we cannot answer, about 3 s each; then honest words. */
const mostMoments = 8;
const lastAsked = 2;

async function whisper(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { door, onCall } = dependencies;
  const [telephone, callSid] = [telephoneOf(request), callSidOf(request)];
  if (telephone === null || callSid === null) return document(onCall.parting('sorry'));
  const answer = await inTime('whisper', telephone, () => door.answered(telephone, callSid), dependencies);
  // The question is safe to ask whatever is down: nobody is accepted by it.
  if (answer === null || answer.kind === 'ask') return document(onCall.question(telephone, 1));
  if (answer.kind === 'briefing') return document(onCall.briefing(telephone, answer.sentences, answer.language));
  return document(onCall.parting(farewells[answer.why]));
}

async function key(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { door, onCall } = dependencies;
  const [telephone, callSid] = [telephoneOf(request), callSidOf(request)];
  if (telephone === null || callSid === null) return document(onCall.parting('sorry'));
  const [pressed, asked] = [keyOf(request), countOf(request, 'n')];
  const press = { callSid, key: pressed, asked: asked >= lastAsked ? 'last' : 'first' } as const;
  const answer = await inTime('key', telephone, () => door.key(telephone, press), dependencies);
  if (answer === null) return keyLater(request, telephone, dependencies);
  if (answer.kind === 'askAgain') return document(onCall.question(telephone, asked + 1));
  if (answer.kind === 'briefing') return document(onCall.briefing(telephone, answer.sentences, answer.language));
  return document(onCall.parting(farewells[answer.why]));
}

/** Who pressed 1 waits until it can be taken in; everything else needs nobody to remember it. */
function keyLater(request: RouteRequest, telephone: Telephone, { onCall }: EscalationWebhookDependencies): Answer {
  const [pressed, asked] = [keyOf(request), countOf(request, 'n')];
  if (pressed === '1') return later(request, `${onCallPaths.key}${telephoneQuery(telephone)}&n=${asked}&d=1`, onCall);
  if (pressed === '2') return document(onCall.parting('thanks'));
  return document(asked < lastAsked ? onCall.question(telephone, asked + 1) : onCall.parting('noKey'));
}

async function join(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { door, onCall } = dependencies;
  const telephone = telephoneOf(request);
  if (telephone === null) return document(onCall.parting('sorry'));
  const answer = await inTime('join', telephone, () => door.join(telephone), dependencies);
  if (answer === null) return later(request, `${onCallPaths.join}${telephoneQuery(telephone)}`, onCall);
  if (answer.kind === 'room') return document(onCall.room(telephone, answer.room, answer.language));
  return document(onCall.parting(farewells[answer.why]));
}

function later(request: RouteRequest, path: string, onCall: OnCallTwiml): Answer {
  const times = countOf(request, 'w');
  return document(times >= mostMoments ? onCall.parting('sorry') : onCall.moment(`${path}&w=${times + 1}`));
}

async function left(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { door, onCall } = dependencies;
  const telephone = telephoneOf(request);
  if (telephone === null) return document(onCall.parting('thanks'));
  await inTime('left', telephone, () => door.left(telephone), dependencies);
  // Still on the line: then it is the caller who left.
  const isOver = isFinal(firstValues(request.parameters)['CallStatus'] ?? '');
  return document(onCall.parting(isOver ? 'thanks' : 'callerGone'));
}

function farewell({ query }: RouteRequest, { onCall }: EscalationWebhookDependencies): Answer {
  return document(onCall.parting(query.get('why') === 'callerGone' ? 'callerGone' : 'taken'));
}

async function status(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const [telephone, report] = [telephoneOf(request), statusReport(request)];
  if (telephone !== null && report !== null)
    await inTime('status', telephone, () => dependencies.door.progressed(telephone, report), dependencies);
  return empty(204);
}

async function machine(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const [telephone, answeredBy] = [telephoneOf(request), answeredByOf(request)];
  if (telephone !== null && answeredBy !== null)
    await inTime('machine', telephone, () => dependencies.door.takenFor(telephone, answeredBy), dependencies);
  return empty(204);
}

/** Needs nothing but the address: the words come at once, and what it tells of the caller is noted beside. */
function roomWait(request: RouteRequest, dependencies: EscalationWebhookDependencies): Answer {
  const { door, onCall } = dependencies;
  const [escalationId, telephone, room] = [escalationOf(request), telephoneOf(request), conferenceOf(request)];
  const language: BriefingLanguage = request.query.get('l') === 'en' ? 'en' : 'ar';
  if (escalationId !== null && telephone === null && room !== null)
    void inTime('wait', { escalationId }, () => door.callerWaits(escalationId, room), dependencies);
  const turn = countOf(request, 'n');
  const ids = telephone === null ? `?e=${escalationId ?? ''}` : telephoneQuery(telephone);
  const query = `${ids}&l=${language}&n=${(turn % 98) + 1}`;
  return document(onCall.wait(query, telephone === null ? 'caller' : 'person', language, turn - 1));
}

async function roomEvents(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const [escalationId, room, news] = [escalationOf(request), conferenceOf(request), roomNewsOf(request)];
  if (escalationId !== null && room !== null && news !== null)
    await inTime('room', { escalationId }, () => dependencies.door.room(escalationId, room, news), dependencies);
  return empty(204);
}

/** The caller who was lost has picked up, or somebody at their telephone. Also with the database down: they are on the line. */
async function callback(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { callbacks, twiml, log } = dependencies;
  const task = callbackOf(request);
  const call = callbackParameters.safeParse(firstValues(request.parameters)).data;
  if (task === null || call === undefined) return document(twiml.fallback(1));
  const about = await inTime('callback', task, () => callbacks.about(task.taskId), dependencies);
  void untilDone('callback', task, () => callbacks.end(task.taskId, 'answered'), dependencies);
  try {
    const next = await dependencies.desk.admitCallback({
      callSid: call.CallSid,
      from: call.To,
      to: call.From,
      escalationId: task.escalationId,
      level: about?.level ?? 'high',
      language: about?.language ?? 'ar-OM',
    });
    return document(next.kind === 'fallback' ? twiml.fallback(1) : twiml.print(next));
  } catch (error) {
    log.error('the desk failed', { question: 'admitCallback', callSid: call.CallSid, ...faultOf(error) });
    return document(twiml.fallback(1));
  }
}

async function callbackStatus(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const { callbacks, callbackOutcome, desk } = dependencies;
  const [task, callSid] = [callbackOf(request), callSidOf(request)];
  const callStatus = firstValues(request.parameters)['CallStatus'] ?? '';
  const outcome = callbackOutcome(callStatus);
  if (callSid !== null && isFinal(callStatus)) desk.callEnded(callSid, callStatus);
  if (task !== null && outcome !== null)
    await inTime('callbackStatus', task, () => callbacks.end(task.taskId, outcome), dependencies);
  return empty(204);
}

async function callbackMachine(request: RouteRequest, dependencies: EscalationWebhookDependencies): Promise<Answer> {
  const [task, answeredBy] = [callbackOf(request), answeredByOf(request)];
  if (task !== null && answeredBy !== null && /^machine|^fax/.test(answeredBy))
    await inTime('callbackMachine', task, () => dependencies.callbacks.end(task.taskId, 'machine'), dependencies);
  return empty(204);
}

/** The carrier says only once that somebody picked up, and whoever picked up must not be called again. */
async function untilDone(
  question: string,
  about: { readonly escalationId: string },
  work: () => Promise<void>,
  dependencies: EscalationWebhookDependencies,
): Promise<void> {
  const done = async (): Promise<true> => {
    await work();
    return true;
  };
  for (let attempt = 1; attempt <= pickedUp.attempts; attempt += 1) {
    if ((await inTime(question, about, done, dependencies)) === true) return;
    await new Promise<void>((resolve) => {
      dependencies.clock.setTimeout(resolve, pickedUp.everyMs);
    });
  }
}

/** A minute: the database of a telephone line is not away for longer while the line answers. */
const pickedUp = { attempts: 30, everyMs: 2_000 } as const;

/** Null: it failed or is too slow. What is slow goes on, and is taken in when it is done. */
async function inTime<T>(
  question: string,
  about: { readonly escalationId: string },
  work: () => Promise<T>,
  { clock, log }: EscalationWebhookDependencies,
): Promise<T | null> {
  const { escalationId } = about;
  let timer: ReturnType<Clock['setTimeout']> | undefined;
  const slow = new Promise<null>((resolve) => {
    timer = clock.setTimeout(() => {
      log.error('an escalation is too slow for the carrier', { question, escalationId });
      resolve(null);
    }, limits.deskAnswerMs);
  });
  const answer = (async (): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      log.error('a webhook of an escalation failed', { question, escalationId, ...faultOf(error) });
      return null;
    }
  })();
  const first = await Promise.race([answer, slow]);
  if (timer !== undefined) clock.clearTimeout(timer);
  return first;
}
