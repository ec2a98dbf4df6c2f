import { pause } from './clock.ts';
import type { LeaveReason } from './participant.ts';
import type { ConferenceVerb } from './twiml.ts';
import { follow, nextVerb, type VerbContext, type VerbOutcome } from './verbs.ts';

/** `<Dial><Conference>`: until the party leaves, is taken out, or the conference ends. */
export async function performConference(context: VerbContext, verb: ConferenceVerb): Promise<VerbOutcome> {
  const { exchange, leg, signal } = context;
  if (signal.aborted) {
    return nextVerb;
  }
  const conference = exchange.conferences.open(exchange, verb.name);
  const joined = conference.join(context, verb);
  if ('code' in joined) {
    leg.recorder.error(joined.code, joined.message);
    conference.missed(leg);
    return action(context, verb, 'failed');
  }
  const leave = (reason: LeaveReason): void => conference.leave(joined, reason);
  const interrupted = (): void =>
    leave(
      signal.reason === 'redirect' || signal.reason === 'rest' ? 'participant_updated_via_api' : 'participant_hung_up',
    );
  const over = new AbortController();
  signal.addEventListener('abort', interrupted, { once: true });
  leg.onDigit = (digit) => (verb.hangupOnStar && digit === '*' ? leave('participant_hung_up') : undefined);
  void pause(exchange.clock, verb.timeLimitMs, over.signal).then(() => leave('participant_hung_up'));
  await joined.left;
  over.abort();
  signal.removeEventListener('abort', interrupted);
  return action(context, verb, 'answered');
}

function action(context: VerbContext, verb: ConferenceVerb, status: 'answered' | 'failed'): VerbOutcome {
  const request = follow(context, verb.action, verb.method, [['DialCallStatus', status]]);
  return request === null ? nextVerb : { kind: 'go', request };
}
