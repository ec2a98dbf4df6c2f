import type { CallStatus } from './report.ts';

/** What one leg went through, while it is on and afterwards. All `…Ms` count from the start of the carrier. */
export interface LegReport {
  readonly callSid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  readonly from: string;
  readonly to: string;
  readonly parentCallSid: string | null;
  readonly status: CallStatus;
  /** The verdict of machine detection, when there was one. */
  readonly answeredBy: string | null;
  readonly states: readonly { readonly status: CallStatus; readonly atMs: number }[];
  /** What the carrier's voice and player gave this party, whether they listened or not. */
  readonly prompts: readonly Prompted[];
  /** What the party pressed, whether anybody asked for it or not. */
  readonly digits: readonly { readonly digit: string; readonly atMs: number }[];
  readonly hears: readonly Hearing[];
  readonly warnings: readonly number[];
  readonly errors: readonly number[];
}

export interface Prompted {
  readonly kind: 'say' | 'play';
  /** The text, or the address. */
  readonly content: string;
  readonly atMs: number;
}

/** The party could hear another one: a call's sid, or a stream's (the application). Null: it still can. */
export interface Hearing {
  readonly whom: string;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** A prompt that loops, or keys that are leant upon, must not fill the memory. */
const mostEntries = 1_000;

export class LegLog {
  readonly states: { readonly status: CallStatus; readonly atMs: number }[] = [];
  readonly prompts: Prompted[] = [];
  readonly digits: { readonly digit: string; readonly atMs: number }[] = [];
  readonly hearing: { readonly whom: string; readonly fromMs: number; untilMs: number | null }[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  state(status: CallStatus): void {
    this.states.push({ status, atMs: this.#nowMs() });
  }

  prompt(kind: Prompted['kind'], content: string): void {
    if (this.prompts.length < mostEntries) {
      this.prompts.push({ kind, content, atMs: this.#nowMs() });
    }
  }

  digit(digit: string): void {
    if (this.digits.length < mostEntries) {
      this.digits.push({ digit, atMs: this.#nowMs() });
    }
  }

  /** From now on the party hears these, and nobody else. */
  hears(whom: readonly string[]): void {
    const open = this.hearing.filter(({ untilMs }) => untilMs === null);
    for (const entry of open) {
      if (!whom.includes(entry.whom)) {
        entry.untilMs = this.#nowMs();
      }
    }
    for (const sid of whom) {
      if (!open.some((entry) => entry.whom === sid) && this.hearing.length < mostEntries) {
        this.hearing.push({ whom: sid, fromMs: this.#nowMs(), untilMs: null });
      }
    }
  }
}
