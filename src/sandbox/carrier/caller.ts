/**
 * A person on the telephone, written as a script: what they say, when, and how long they wait. They know only what they
 * hear on the line.
 */

export type Caller = (line: CallerLine) => Promise<void>;

/** Someone the line may ring (`<Dial>`, REST): what their phone does. Times from the moment it starts ringing. */
export type Callee =
  | {
      readonly kind: 'answers';
      readonly afterMs: number;
      readonly person: Caller;
      /** What machine detection takes it for, so long after the answer; a human after 1.5 s when not given. */
      readonly detection?: MachineVerdict;
    }
  | { readonly kind: 'busy' }
  | { readonly kind: 'no-answer' }
  /** The network cannot reach the number (SIP 404). */
  | { readonly kind: 'failed' };

export interface MachineVerdict {
  readonly as: 'human' | 'machine' | 'fax' | 'unknown';
  readonly afterMs: number;
  /** When a machine has spoken its greeting and beeped; what `DetectMessageEnd` waits for. */
  readonly messageEndsMs?: number;
}

export interface Delivery {
  /** Louder or softer than the clip; 0 when not given. */
  readonly gainDb?: number;
  /** Mixed under this utterance only, repeated when shorter. */
  readonly noise?: { readonly mulaw: Uint8Array; readonly gainDb: number };
}

/**
 * The caller's handset. Every promise is rejected with `CallOver` when the call ends first, which ends the script; a script
 * that runs to its end hangs up.
 */
export interface CallerLine {
  /** Milliseconds since the call was answered, by the audio that passed. */
  readonly nowMs: () => number;
  /**
   * Waits as a polite person: until the line was audible after the caller's own last words and has now been quiet for `ms`
   * (at most `withinMs`, 30 s when not given).
   */
  readonly listenUntilQuiet: (wait: {
    readonly ms: number;
    readonly withinMs?: number;
  }) => Promise<'quiet' | 'nothing-heard' | 'still-speaking'>;
  /** Until the line has been audible for `atLeastMs` without a pause of 300 ms (at most `withinMs`, 30 s when not given). */
  readonly hears: (wait: {
    readonly atLeastMs: number;
    readonly withinMs?: number;
  }) => Promise<'heard' | 'nothing-heard'>;
  /** Resolves when the last frame was spoken. μ-law 8 kHz. */
  readonly say: (mulaw: Uint8Array, delivery?: Delivery) => Promise<void>;
  /** Interrupts: waits until the line has been audible for `afterMs` (600 when not given), then speaks. */
  readonly sayOver: (mulaw: Uint8Array, delivery?: Delivery & { readonly afterMs?: number }) => Promise<void>;
  readonly silence: (ms: number) => Promise<void>;
  /** Until the line asks for keys: each `<Gather>` counts once, in turn, from its first word. */
  readonly asked: () => Promise<void>;
  /** Until another party can be heard (bridged, or in a conference that has started). */
  readonly connected: () => Promise<void>;
  /** One or more keys, 250 ms apart. */
  readonly press: (digits: string) => Promise<void>;
  /** Plays under everything from now on, repeated without end; replaces the one before. */
  readonly noiseBed: (mulaw: Uint8Array, gainDb: number) => void;
  readonly hangUp: () => void;
  /** Says nothing until the other side ends the call. Never resolves: the script ends with the call. */
  readonly stay: () => Promise<never>;
}

export class CallOver extends Error {
  constructor() {
    super('the call is over');
    this.name = 'CallOver';
  }
}
