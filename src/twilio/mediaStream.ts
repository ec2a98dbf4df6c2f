/**
 * The media stream of one call, as the session sees it. `openMediaStream` makes one of a
 * carrier's socket; `mediaMessage` reads and prints what goes over it.
 */
import type { MediaMs } from '../call/time.ts';

export interface StreamStart {
  readonly streamSid: string;
  readonly callSid: string;
  readonly accountSid: string;
  /** `<Parameter name="ticket">`; null when it is missing. */
  readonly ticket: string | null;
}

export type MediaStreamEvent =
  /** Usually 20 ms of μ-law at 8 kHz; the length is not promised by the carrier. */
  | { readonly type: 'media'; readonly mulaw: Uint8Array; readonly timestampMs: MediaMs }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'digit'; readonly digit: string }
  /** Twilio's `stop`. Not a hang-up: it also comes on every redirect. */
  | { readonly type: 'stopped' }
  /** No audio for `limits.mediaStallMs` though the socket is open. */
  | { readonly type: 'stalled' }
  /** The socket is gone; nothing comes after it. */
  | { readonly type: 'closed'; readonly code: number };

export interface MediaStream {
  readonly streamSid: string;
  /** μ-law 8 kHz, any length; queued and played by the carrier in order. */
  readonly sendAudio: (mulaw: Uint8Array) => void;
  /** Comes back as a `mark` event once everything sent before it was played, or at once after a `clear`. */
  readonly sendMark: (name: string) => void;
  readonly clear: () => void;
  readonly close: () => void;
  /** One listener: the session that owns the call. Set within the same tick as `attach`. */
  readonly listen: (onEvent: (event: MediaStreamEvent) => void) => void;
}
