import type { CallEvent } from '../call/event.ts';
import type { CallState } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import type { EarlierCall } from '../therapist/prompt.ts';
import type { LanguagePack } from '../therapist/languagePack.ts';
import type { SessionPorts } from './ports.ts';
import type { Transcript } from './transcript.ts';

export interface CallIdentity {
  /** Ours, a UUID; the only id that appears in logs and records. */
  readonly callId: string;
  readonly callSid: string;
  readonly pack: LanguagePack;
  readonly opening?: 'greeting' | 'callbackGreeting';
}

/** What the two halves of a session's data plane have in common. */
export interface SessionParts {
  readonly ports: SessionPorts;
  readonly identity: CallIdentity;
  readonly transcript: Transcript;
  readonly now: () => CallMs;
  readonly state: () => CallState;
  /** Of the number that rings; whether it may be used is for the core to say. */
  readonly earlier: () => EarlierCall | null;
  readonly dispatch: (event: CallEvent) => void;
  /** Runs what is called from outside: whatever it throws takes this call's fault path and reaches nobody else. */
  readonly guarded: (where: string, run: () => void) => void;
}
