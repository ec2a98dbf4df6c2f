import { CancellationErrorCode } from 'microsoft-cognitiveservices-speech-sdk';
import type { SpeechFault } from '../recogniser.ts';
import type { RecogniserTiming } from './timing.ts';

/**
 * What the SDK says when it gives up. `details` is free text that may hold the connection URL, and with it the key: it is
 * read here and goes no further.
 */
export interface SdkFailure {
  readonly code: CancellationErrorCode | null;
  readonly details: string;
  readonly closeCode: number | null;
}

/** The SDK reports every refused upgrade as "1006"; the HTTP status is to be found in the text only (measured). */
export function faultOf({ code, details, closeCode }: SdkFailure): SpeechFault {
  const status = /Unexpected server response: (\d{3})/.exec(details)?.[1];
  if (status !== undefined) return faultOfStatus(Number(status));
  if (code === CancellationErrorCode.AuthenticationFailure) return 'unauthorised';
  if (code === CancellationErrorCode.Forbidden) return 'forbidden';
  if (code === CancellationErrorCode.TooManyRequests) return 'tooManyRequests';
  if (code === CancellationErrorCode.BadRequestParameters) return 'badRequest';
  if (code === CancellationErrorCode.ServiceTimeout) return 'noResult';
  if (code === CancellationErrorCode.ServiceError) return 'service';
  const closed = closeCode ?? closeCodeIn(details);
  if (closed !== null) return faultOfClose(closed);
  if (/websocket send error|Disconnected state|Connection closed/.test(details)) return 'disconnected';
  if (/\bE(CONN|NOTFOUND|AI_|HOST|NET|TIMEDOUT|PIPE)|socket hang up|certificate|TLS/.test(details))
    return 'unreachable';
  if (/Unable to contact server/.test(details)) return 'unreachable';
  return code === CancellationErrorCode.ConnectionFailure ? 'disconnected' : 'service';
}

function closeCodeIn(details: string): number | null {
  const code = /websocket error code: (\d{4})/.exec(details)?.[1];
  return code === undefined ? null : Number(code);
}

function faultOfStatus(status: number): SpeechFault {
  if (status === 401) return 'unauthorised';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'tooManyRequests';
  return status >= 500 ? 'service' : 'badRequest';
}

/** 1007 is how the service refuses what we sent; 1002, 1003 and 4000 mean that one side broke the protocol. */
export function faultOfClose(code: number): SpeechFault {
  if (code === 1007) return 'badRequest';
  if (code === 1002 || code === 1003 || code === 4000) return 'protocol';
  return 'disconnected';
}

/** Nothing that we do in this call will mend these; we go on trying, slowly, because a person may. */
const wantsAPerson: ReadonlySet<SpeechFault> = new Set(['unauthorised', 'forbidden', 'badRequest']);

export interface RetryInput {
  readonly fault: SpeechFault;
  /** Failures in a row, this one included: from 1. */
  readonly failures: number;
  /** The connection had been working: the usual case is the service's own ten-minute cut. */
  readonly wasHealthy: boolean;
  /** 0..1, so that the calls of a server do not come back in one burst. */
  readonly random: number;
}

/** Milliseconds to wait before the next connection: 250 ms to 8 s, doubling, each cut by up to half at random. */
export function retryDelayMs(input: RetryInput, timing: Pick<RecogniserTiming, 'retryFirstMs' | 'retryMaxMs'>): number {
  const { fault, failures, wasHealthy, random } = input;
  if (wasHealthy && failures <= 1) return Math.round((random * timing.retryFirstMs) / 2);
  const doubled = timing.retryFirstMs * 2 ** Math.min(16, failures - 1);
  const full = wantsAPerson.has(fault) ? timing.retryMaxMs : Math.min(timing.retryMaxMs, doubled);
  return Math.round(full * (0.5 + random / 2));
}
