/** What is left of a call: everything said, heard, sent and received, on one time line. */

export type CallStatus =
  'queued' | 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

/** `line`: the document ended or hung up. `error`: the carrier could get no valid document. */
export type EndedBy = 'caller' | 'line' | 'rest' | 'error' | 'carrier';

/** How a stream ended; `server`: the application closed its socket; `network`: the connection broke. */
export type StreamEndedBy = 'server' | 'network' | 'caller' | 'redirect' | 'rest' | 'carrier';

export type TimelineEntry = { readonly atMs: number } & TimelineFact;

export type TimelineFact =
  | { readonly type: 'status'; readonly status: CallStatus }
  | { readonly type: 'webhook'; readonly path: string; readonly status: number; readonly ms: number }
  | { readonly type: 'verb'; readonly verb: string; readonly detail: string }
  | { readonly type: 'stream-started'; readonly streamSid: string }
  | { readonly type: 'stream-ended'; readonly streamSid: string; readonly by: StreamEndedBy; readonly code: number }
  /** The first audible frame after 300 ms of quiet that the caller hears. */
  | { readonly type: 'line-audible' }
  /** `atMs` is the end of the last audible frame; known 300 ms later. */
  | { readonly type: 'line-quiet' }
  | { readonly type: 'caller-speaks'; readonly ms: number }
  | { readonly type: 'caller-spoke' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'mark-received'; readonly name: string }
  | { readonly type: 'mark-returned'; readonly name: string; readonly because: 'played' | 'cleared' }
  | { readonly type: 'clear-received'; readonly droppedMs: number; readonly marks: number }
  | { readonly type: 'leg-rings'; readonly to: string; readonly callSid: string }
  | { readonly type: 'bridged'; readonly callSid: string }
  | { readonly type: 'unbridged'; readonly callSid: string }
  /** What happened in a conference this leg is, or was, in; `event` in Twilio's words. */
  | {
      readonly type: 'conference';
      readonly event: string;
      readonly conferenceSid: string;
      readonly name: string;
    }
  | { readonly type: 'warning'; readonly code: number; readonly message: string }
  | { readonly type: 'error'; readonly code: number; readonly message: string };

export interface Webhook {
  readonly path: string;
  readonly atMs: number;
  /** Until the whole answer was read, or the carrier gave up. */
  readonly ms: number;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One message of the application with audio in it, as it arrived (before it waited its turn to be played). */
export interface AudioArrival {
  readonly atMs: number;
  readonly lengthMs: number;
  /** False for sent silence. */
  readonly audible: boolean;
}

/** One thing the caller said; times are places in the recording (of the whole clip, also when the call ended in it). */
export interface Utterance {
  readonly startMs: number;
  readonly endMs: number;
  /** Start of its first audible frame; judged without line noise. */
  readonly firstVoicedMs: number;
  /** End of its last audible frame. */
  readonly lastVoicedMs: number;
  /** True when the line was audible as the caller began. */
  readonly over: boolean;
}

/** Twilio's own code for something that went wrong on our side of the wire. */
export interface CarrierNotice {
  readonly code: number;
  readonly message: string;
  readonly atMs: number;
}

/** All `…Ms` are milliseconds since the call was answered; what happened before is negative. */
export interface CallReport {
  readonly callSid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly endedBy: EndedBy;
  readonly statuses: readonly CallStatus[];
  readonly webhooks: readonly Webhook[];
  /** μ-law 8 kHz, what the caller spoke; as long as `downlink`, and both start when the call was answered. */
  readonly uplink: Uint8Array;
  /** μ-law 8 kHz, what the caller heard. */
  readonly downlink: Uint8Array;
  /** For each frame of `uplink`, when it was put on the wire, on the monotonic clock. */
  readonly uplinkSentAtMs: Float64Array;
  /** For each frame of `downlink`, when it was given to the caller. */
  readonly downlinkHeardAtMs: Float64Array;
  readonly utterances: readonly Utterance[];
  readonly arrivals: readonly AudioArrival[];
  readonly timeline: readonly TimelineEntry[];
  /** Texts that the carrier's own voice said (`<Say>`). */
  readonly said: readonly string[];
  readonly warnings: readonly CarrierNotice[];
  readonly errors: readonly CarrierNotice[];
  readonly streams: number;
  /** A fault in the caller's script, which is a fault of the test. */
  readonly callerFault: Error | null;
  /** Legs that this call rang with `<Dial>`. */
  readonly children: readonly CallReport[];
}
