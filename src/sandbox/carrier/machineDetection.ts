import type { MachineVerdict } from './caller.ts';
import { pause } from './clock.ts';
import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';
import type { FormParameters } from './signature.ts';

/** `MachineDetection` of a call that is placed (twilio.md §2.7). */
export interface MachineDetection {
  readonly until: 'verdict' | 'message-end';
  readonly timeoutMs: number;
  /** Null: the call's first document waits for the verdict and is asked for with it. */
  readonly callback: { readonly url: string; readonly method: 'GET' | 'POST' } | 'none' | null;
}

const usualHuman: MachineVerdict = { as: 'human', afterMs: 1_500 };

/** The verdict as request parameters; empty when the party hung up first. */
export async function detect(
  { clock, phones }: Exchange,
  leg: Leg,
  detection: MachineDetection,
  signal: AbortSignal,
): Promise<FormParameters> {
  const callee = phones.get(leg.identity.to);
  const verdict = (callee?.kind === 'answers' ? callee.detection : undefined) ?? usualHuman;
  const { as } = verdict;
  const afterMs = detection.until === 'message-end' ? (verdict.messageEndsMs ?? verdict.afterMs) : verdict.afterMs;
  const takesMs = Math.min(afterMs, detection.timeoutMs);
  await pause(clock, takesMs, AbortSignal.any([signal, leg.gone]));
  if (signal.aborted || leg.over) {
    return [];
  }
  const known = afterMs <= detection.timeoutMs ? as : 'unknown';
  const machine = detection.until === 'verdict' ? 'machine_start' : 'machine_end_beep';
  leg.answeredBy = known === 'machine' ? machine : known;
  return [
    ['AnsweredBy', leg.answeredBy],
    ['MachineDetectionDuration', String(Math.round(takesMs))],
  ];
}

/** Detection beside the call, which goes on meanwhile; tells the callback when there is a verdict. */
export async function detectBeside(exchange: Exchange, leg: Leg, detection: MachineDetection): Promise<void> {
  const verdict = await detect(exchange, leg, detection, leg.gone);
  const { callback } = detection;
  if (verdict.length > 0 && callback !== null && callback !== 'none') {
    const parameters: FormParameters = [
      ['AccountSid', exchange.accountSid],
      ['CallSid', leg.identity.callSid],
      ...verdict,
    ];
    await exchange.webhooks({ ...callback, parameters, recorder: leg.recorder });
  }
}

/** Null when the request asks for none. */
export function detectionOf(form: URLSearchParams): MachineDetection | null {
  const wanted = form.get('MachineDetection');
  if (wanted !== 'Enable' && wanted !== 'DetectMessageEnd') {
    return null;
  }
  const url = form.get('AsyncAmdStatusCallback');
  const method = form.get('AsyncAmdStatusCallbackMethod') === 'GET' ? 'GET' : 'POST';
  return {
    until: wanted === 'Enable' ? 'verdict' : 'message-end',
    timeoutMs: (Number(form.get('MachineDetectionTimeout') ?? 30) || 30) * 1_000,
    callback: form.get('AsyncAmd') !== 'true' ? null : url === null ? 'none' : { url, method },
  };
}
