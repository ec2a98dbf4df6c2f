import { durationSeconds, Leg, type StatusSubscription, type VoiceSink, type VoiceSource } from './leg.ts';
import { newSid } from './exchange.ts';
import { tone, silentByte } from './levels.ts';
import { ring, type RingOutcome } from './ring.ts';
import type { FormParameters } from './signature.ts';
import type { DialledNumber, DialVerb } from './twiml.ts';
import { follow, nextVerb, playTo, type VerbContext, type VerbOutcome } from './verbs.ts';

/** What a caller in Oman hears while a phone rings: 425 Hz, 1 s on, 4 s off. */
const ringback = Uint8Array.from([...tone(1_000, 425, -20), ...new Uint8Array(4_000 * 8).fill(silentByte)]);
/** More of the other's voice than this is thrown away: a bridge does not fall behind. */
const longestBridgeFrames = 10;

/** `<Dial>` with numbers: all ring together, the first to answer is bridged, the others stop ringing. */
export async function performDial(context: VerbContext, dial: DialVerb): Promise<VerbOutcome> {
  const { exchange, leg, signal } = context;
  const settled = new AbortController();
  const giveUp = (): void => settled.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) {
    giveUp();
  }
  const ringing = playRingback(context, settled.signal);
  const legs = dial.numbers.map((number) => createChild(context, dial, number));
  let winner: Leg | undefined;
  const outcomes = await Promise.all(
    legs.map(async (child): Promise<RingOutcome> => {
      leg.recorder.note({ type: 'leg-rings', to: child.identity.to, callSid: child.identity.callSid });
      const outcome = await ring(exchange, child, dial.timeoutMs, settled.signal);
      if (outcome === 'answered' && winner === undefined && !signal.aborted) {
        winner = child;
        settled.abort();
      } else if (outcome === 'answered') {
        child.setStatus('completed');
      }
      return outcome;
    }),
  );
  settled.abort();
  await ringing;
  if (winner !== undefined) {
    await bridge(context, winner);
  }
  signal.removeEventListener('abort', giveUp);
  const reports = await Promise.all(legs.map((child) => child.report(child === winner ? 'caller' : 'line')));
  leg.children.push(...reports);
  const request = follow(context, dial.action, dial.method, dialResult(winner, legs[0], outcomes));
  return request === null ? nextVerb : { kind: 'go', request };
}

function createChild({ exchange, leg, base }: VerbContext, dial: DialVerb, dialled: DialledNumber): Leg {
  const link = follow({ base, leg }, dialled.statusCallback, 'POST', []);
  const subscription: StatusSubscription | null =
    link === null ? null : { url: link.url, method: link.method, events: new Set(dialled.statusCallbackEvents) };
  const from = dial.callerId ?? leg.identity.from;
  const parentCallSid = leg.identity.callSid;
  const identity = {
    callSid: newSid('CA'),
    direction: 'outbound-dial',
    from,
    to: dialled.number,
    parentCallSid,
  } as const;
  return new Leg(exchange, identity, { subscription });
}

async function playRingback(context: VerbContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !context.leg.over) {
    await playTo({ ...context, signal }, ringback);
  }
}

/** Both hear each other until one of them leaves or the call is taken elsewhere. */
async function bridge({ leg, signal }: VerbContext, other: Leg): Promise<void> {
  const toOther = new BridgeWay();
  const toLeg = new BridgeWay();
  leg.recorder.note({ type: 'bridged', callSid: other.identity.callSid });
  leg.sink = toOther;
  other.source = toOther;
  other.sink = toLeg;
  leg.source = toLeg;
  leg.hears([other.identity.callSid]);
  other.hears([leg.identity.callSid]);
  await new Promise<void>((resolve) => {
    other.onHangUp = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted || other.over) {
      resolve();
    }
  });
  leg.sink = null;
  leg.source = null;
  leg.hears([]);
  other.setStatus('completed');
  leg.recorder.note({ type: 'unbridged', callSid: other.identity.callSid });
}

class BridgeWay implements VoiceSink, VoiceSource {
  readonly #frames: Uint8Array[] = [];

  frame(mulaw: Uint8Array, lost: boolean): void {
    if (!lost && this.#frames.push(mulaw) > longestBridgeFrames) {
      this.#frames.shift();
    }
  }

  next(): Uint8Array | null {
    return this.#frames.shift() ?? null;
  }
}

function dialResult(winner: Leg | undefined, first: Leg | undefined, outcomes: readonly RingOutcome[]): FormParameters {
  if (winner !== undefined) {
    return [
      ['DialCallStatus', 'completed'],
      ['DialCallSid', winner.identity.callSid],
      ['DialCallDuration', String(durationSeconds(winner))],
      ['DialBridged', 'true'],
    ];
  }
  // Of several that failed, the one that came nearest to a person is told.
  const status = (['no-answer', 'busy', 'canceled', 'failed'] as const).find((outcome) => outcomes.includes(outcome));
  return [
    ['DialCallStatus', status ?? 'failed'],
    ['DialCallSid', first?.identity.callSid ?? ''],
    ['DialBridged', 'false'],
  ];
}
