import { pause } from './clock.ts';
import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';

export type RingOutcome = 'answered' | 'busy' | 'no-answer' | 'failed' | 'canceled';

/**
 * Rings a leg's number and does what its phone does. `canceled` when the signal is aborted before anyone answers. On
 * `answered` the leg talks; after any other outcome it is over.
 */
export async function ring(exchange: Exchange, leg: Leg, timeoutMs: number, signal: AbortSignal): Promise<RingOutcome> {
  const callee = exchange.phones.get(leg.identity.to) ?? { kind: 'no-answer' };
  leg.setStatus('initiated');
  if (callee.kind === 'failed') {
    leg.setStatus('failed');
    return 'failed';
  }
  leg.setStatus('ringing');
  if (callee.kind === 'busy') {
    leg.setStatus('busy');
    return 'busy';
  }
  const patienceMs = timeoutMs + exchange.timings.ringExtraMs;
  const answers = callee.kind === 'answers' && callee.afterMs <= patienceMs ? callee : null;
  const gone = new AbortController();
  const stop = (): void => gone.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  leg.onHangUp = stop;
  await pause(exchange.clock, answers?.afterMs ?? patienceMs, gone.signal);
  signal.removeEventListener('abort', stop);
  leg.onHangUp = () => {};
  if (gone.signal.aborted || leg.over) {
    leg.setStatus('canceled');
    return 'canceled';
  }
  if (answers === null) {
    leg.setStatus('no-answer');
    return 'no-answer';
  }
  leg.answer(answers.person);
  return 'answered';
}
