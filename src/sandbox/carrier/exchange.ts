import { randomBytes } from 'node:crypto';
import type { CallRun } from './callRun.ts';
import type { Callee } from './caller.ts';
import type { CarrierClock } from './clock.ts';
import type { Conferences } from './conferences.ts';
import type { Leg, LegIdentity } from './leg.ts';
import type { TimelineEntry } from './report.ts';
import type { StreamSignatureForm } from './signature.ts';
import type { Ticker } from './ticker.ts';
import type { WebhookClient } from './webhooks.ts';

/** The application's log fits this shape. */
export interface CarrierLog {
  readonly info: (message: string, fields?: Readonly<Record<string, string | number>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, string | number>>) => void;
}

/** Waiting times of the carrier itself; the defaults are short so that tests are; real ones in twilio.md's words beside them. */
export interface CarrierTimings {
  /** A document was read until the stream's socket is opened (real: 365 ms). */
  readonly streamOpenMs: number;
  /** The application closed the stream's socket until the action or the next verb (real: 730 ms to the next stream). */
  readonly afterStreamMs: number;
  readonly streamConnectTimeoutMs: number;
  /** Documents and callbacks must be answered within this; Twilio's hard limit for voice is 15 s. */
  readonly webhookTimeoutMs: number;
  /** Twilio lets a phone ring about this much longer than asked. */
  readonly ringExtraMs: number;
  /** Between the statuses of a text message. */
  readonly messageStepMs: number;
}

export const shortTimings: CarrierTimings = {
  streamOpenMs: 0,
  afterStreamMs: 50,
  streamConnectTimeoutMs: 5_000,
  webhookTimeoutMs: 15_000,
  ringExtraMs: 5_000,
  messageStepMs: 20,
};

/** As measured on live calls. */
export const realTimings: CarrierTimings = {
  ...shortTimings,
  streamOpenMs: 365,
  afterStreamMs: 730,
  messageStepMs: 800,
};

/** The caller's side of the network, and the carrier's. */
export interface LineQuality {
  /** Between the caller's mouth and the carrier. */
  readonly uplink: { readonly delayMs: number; readonly jitterMs: number; readonly lossRate: number };
  /** On every stream message in both directions: the way between the carrier's edge and the application. */
  readonly edgeDelayMs: number;
}

export const perfectLine: LineQuality = { uplink: { delayMs: 0, jitterMs: 0, lossRate: 0 }, edgeDelayMs: 0 };

/** The carrier's own voice and its player: μ-law 8 kHz for a text or an address. */
export interface Prompter {
  readonly say: (text: string, language: string | null) => Promise<Uint8Array>;
  readonly play: (url: string) => Promise<Uint8Array>;
}

/** What all calls of one carrier share. */
export interface Exchange {
  readonly accountSid: string;
  readonly authToken: string;
  readonly allowPlainWs: boolean;
  readonly streamSignature: StreamSignatureForm;
  /** Twilio asks some action addresses even after the caller hung up; an application must bear both. */
  readonly actionAfterHangUp: boolean;
  readonly timings: CarrierTimings;
  readonly clock: CarrierClock;
  readonly log: CarrierLog;
  readonly ticker: Ticker;
  readonly webhooks: WebhookClient;
  readonly prompter: Prompter;
  readonly random: () => number;
  /** Milliseconds since the carrier was started. */
  readonly sinceStartMs: () => number;
  /** Told each entry of every leg's time line. */
  readonly observe: (leg: LegIdentity, entry: TimelineEntry) => void;
  readonly legs: Map<string, Leg>;
  readonly conferences: Conferences;
  readonly runs: Map<string, CallRun>;
  /** A number nobody set up does not answer. */
  readonly phones: Map<string, Callee>;
}

/** Two letters and 32 hexadecimal digits. */
export function newSid(kind: 'CA' | 'CF' | 'MZ' | 'SM'): string {
  return kind + randomBytes(16).toString('hex');
}

/** Recordings are large: a long bench keeps the reports it asked for, and the carrier only so many calls for REST. */
const mostCalls = 1_000;

export function forgetOldCalls({ legs, runs }: Exchange): void {
  for (const [callSid, leg] of legs) {
    if (legs.size <= mostCalls) {
      return;
    }
    if (leg.over) {
      legs.delete(callSid);
      runs.delete(callSid);
    }
  }
}
