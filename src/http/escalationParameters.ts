/** What the carrier sends about people who are rung and the room, read at the edge. Our own ids come in the query of our own addresses. */
import { z } from 'zod';
import type { Key, RoomNews } from '../escalation/door.ts';
import type { Progress } from '../escalation/snapshot.ts';
import { firstValues } from './parameters.ts';
import type { RouteRequest } from './router.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
const callSid = z.string().regex(/^CA[0-9a-f]{32}$/i);
const label = z.string().max(128);

const telephoneQuery = z.object({ e: uuid, a: uuid }).transform(({ e, a }) => ({ escalationId: e, attemptId: a }));
const callbackQuery = z.object({ e: uuid, t: uuid }).transform(({ e, t }) => ({ escalationId: e, taskId: t }));

const queryOf = ({ query }: RouteRequest) => Object.fromEntries(query);

export function telephoneOf(request: RouteRequest) {
  return telephoneQuery.safeParse(queryOf(request)).data ?? null;
}

export function callbackOf(request: RouteRequest) {
  return callbackQuery.safeParse(queryOf(request)).data ?? null;
}

export function escalationOf(request: RouteRequest): string | null {
  return uuid.safeParse(request.query.get('e')).data ?? null;
}

export function callSidOf(request: RouteRequest): string | null {
  return callSid.safeParse(firstValues(request.parameters)['CallSid']).data ?? null;
}

/** A counter that we put into our own address; 1 when it is not there. */
export function countOf({ query }: RouteRequest, name: string): number {
  return z.coerce.number().int().min(1).max(99).catch(1).parse(query.get(name));
}

/** The key as pressed, or as we noted it in our own address while we could not take it in. */
export function keyOf({ parameters, query }: RouteRequest): Key {
  const pressed = firstValues(parameters)['Digits'];
  const digits = pressed === undefined || pressed === '' ? (query.get('d') ?? '') : pressed;
  if (digits === '1' || digits === '2') return digits;
  return digits === '' ? 'none' : 'other';
}

const progressOf: Readonly<Record<string, Progress>> = {
  ringing: 'ringing',
  'in-progress': 'answered',
  busy: 'busy',
  'no-answer': 'noAnswer',
  failed: 'failed',
  canceled: 'failed',
  completed: 'completed',
};

/** Null: a status that says nothing new (`queued`, `initiated`), or none that we know. */
export function statusReport(request: RouteRequest): { callSid: string; progress: Progress } | null {
  const sid = callSidOf(request);
  const progress = progressOf[firstValues(request.parameters)['CallStatus'] ?? ''];
  return sid === null || progress === undefined ? null : { callSid: sid, progress };
}

/** Closed set: what the carrier may call whoever answered. */
const answeredBy = z.enum([
  'human',
  'machine_start',
  'machine_end_beep',
  'machine_end_silence',
  'machine_end_other',
  'fax',
  'unknown',
]);

export function answeredByOf({ parameters }: RouteRequest): string | null {
  return answeredBy.safeParse(firstValues(parameters)['AnsweredBy']).data ?? null;
}

export const callbackParameters = z.object({
  CallSid: callSid,
  From: z.string().min(1).max(256),
  To: z.string().min(1).max(256),
});

const room = z.string().regex(/^CF[0-9a-f]{32}$/i);

export function conferenceOf({ parameters }: RouteRequest): string | null {
  return room.safeParse(firstValues(parameters)['ConferenceSid']).data ?? null;
}

/** Null: an event that says nothing about who is in the room. */
export function roomNewsOf({ parameters }: RouteRequest): RoomNews | null {
  const values = firstValues(parameters);
  const event = values['StatusCallbackEvent'];
  if (event === 'conference-start') return { kind: 'started' };
  if (event !== 'participant-join' && event !== 'participant-leave') return null;
  const who = whoIs(label.safeParse(values['ParticipantLabel']).data ?? '');
  if (who === null) return null;
  if (event === 'participant-join') return { kind: 'joined', who };
  return {
    kind: 'left',
    who,
    leaving: values['ReasonParticipantLeft'] === 'participant_hung_up' ? 'hungUp' : 'roomEnded',
  };
}

function whoIs(participant: string): 'caller' | { readonly attemptId: string } | null {
  if (participant === 'caller') return 'caller';
  const attemptId = uuid.safeParse(/^oncall-(.*)$/.exec(participant)?.[1]).data;
  return attemptId === undefined ? null : { attemptId };
}
