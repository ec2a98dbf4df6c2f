import { pause } from './clock.ts';
import { newSid } from './exchange.ts';
import type { FormParameters } from './signature.ts';
import { openStream, type StreamEnd, type StreamSession } from './streamSession.ts';
import type { StreamVerb } from './twiml.ts';
import { follow, nextVerb, type Interruption, type VerbContext, type VerbOutcome } from './verbs.ts';

/** A socket that does not finish its closing handshake is torn down after this. */
const closingMs = 1_000;

/** Live streams by call, so that a test can break them. */
export const liveStreams = new WeakMap<VerbContext['leg'], StreamSession>();

/** `<Connect><Stream>`: until the application closes it, the network breaks, or the call goes elsewhere. */
export async function performStream(context: VerbContext, verb: StreamVerb): Promise<VerbOutcome> {
  const { exchange, leg, signal } = context;
  const streamSid = newSid('MZ');
  await pause(exchange.clock, exchange.timings.streamOpenMs, signal);
  if (signal.aborted) {
    return nextVerb;
  }
  const opening = await openStream({
    url: verb.url,
    identity: { accountSid: exchange.accountSid, callSid: leg.identity.callSid, streamSid },
    parameters: verb.parameters,
    authToken: exchange.authToken,
    signatureForm: exchange.streamSignature,
    clock: exchange.clock,
    recorder: leg.recorder,
    edgeDelayMs: leg.quality.edgeDelayMs,
    connectTimeoutMs: exchange.timings.streamConnectTimeoutMs,
  });
  const extra: FormParameters = [
    ['StreamSid', streamSid],
    ['StreamName', verb.name ?? streamSid],
  ];
  if (opening.kind === 'refused') {
    leg.recorder.error(opening.code, `Stream - ${opening.reason}`);
    tellStatus(context, verb, [...extra, ['StreamEvent', 'stream-error'], ['StreamError', opening.reason]]);
  } else {
    tellStatus(context, verb, [...extra, ['StreamEvent', 'stream-started']]);
    await live(context, opening.stream);
    tellStatus(context, verb, [...extra, ['StreamEvent', 'stream-stopped']]);
  }
  if (!signal.aborted) {
    await pause(exchange.clock, exchange.timings.afterStreamMs, signal);
  }
  const request = follow(context, verb.action, verb.method, extra);
  return request === null ? nextVerb : { kind: 'go', request };
}

async function live({ exchange, leg, signal }: VerbContext, stream: StreamSession): Promise<StreamEnd> {
  const stop = (): void => stream.stop(interruptionOf(signal));
  liveStreams.set(leg, stream);
  leg.sink = stream;
  leg.source = stream;
  leg.hears([stream.streamSid]);
  leg.onDigit = (digit) => stream.digit(digit);
  if (signal.aborted) {
    stop();
  }
  signal.addEventListener('abort', stop, { once: true });
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([stream.ended, aborted]);
  if (signal.aborted) {
    await Promise.race([stream.ended, pause(exchange.clock, closingMs)]);
    stream.cut();
  }
  signal.removeEventListener('abort', stop);
  leg.sink = null;
  leg.source = null;
  leg.onDigit = null;
  leg.hears([]);
  liveStreams.delete(leg);
  return stream.ended;
}

function tellStatus({ exchange, leg, base }: VerbContext, verb: StreamVerb, parameters: FormParameters): void {
  const request = follow({ base, leg }, verb.statusCallback, 'POST', parameters);
  if (request !== null) {
    const { accountSid, clock } = exchange;
    const standard: FormParameters = [
      ['AccountSid', accountSid],
      ['CallSid', leg.identity.callSid],
      ['Timestamp', clock.wall().toISOString()],
    ];
    leg.hold(exchange.webhooks({ ...request, parameters: [...standard, ...parameters], recorder: leg.recorder }));
  }
}

function interruptionOf(signal: AbortSignal): Interruption {
  const reason: unknown = signal.reason;
  return reason === 'caller' || reason === 'redirect' || reason === 'rest' ? reason : 'carrier';
}
