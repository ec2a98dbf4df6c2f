/**
 * Lets one telephone after the other be rung, as fast as the carrier's account may start calls. Which one is decided in the database, over
 * all escalations and for all processes at once (`pace.ts`); without any of this the deadlines of each escalation ring it, later.
 */
import type { Clock, TimerHandle } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import { driveOrLog, type Drive } from './drive.ts';
import { inOrderOfRinging } from './pace.ts';
import type { PaceStore } from './ports.ts';

export interface PacerOptions {
  readonly pace: PaceStore;
  readonly drive: Drive;
  readonly clock: Clock;
  readonly log: Log;
  readonly placeEveryMs: number;
}

/** A timer that fires a little early would find the account still taken, and ask twice. */
const leastWaitMs = 5;

export class Pacer {
  readonly #options: PacerOptions;
  #timer: TimerHandle | null = null;
  #looking: 'no' | 'yes' | 'again' = 'no';
  #faults = 0;
  #stopped = false;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** A telephone may wait to be rung, or one that was engaged may be free. Cheap, and safe to call at any time. */
  readonly wake = (): void => {
    // Until the timer the account may start no call, whoever waits.
    if (this.#stopped || this.#timer !== null) return;
    if (this.#looking !== 'no') this.#looking = 'again';
    else void this.#look();
  };

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    do {
      this.#looking = 'yes';
      const waitMs = await this.#grant();
      if (waitMs !== null) this.#wakeIn(waitMs);
    } while (this.#wantsAnother());
    this.#looking = 'no';
  }

  #wantsAnother(): boolean {
    return this.#looking === 'again' && this.#timer === null && !this.#stopped;
  }

  #wakeIn(ms: number): void {
    if (this.#stopped) return;
    const again = (): void => {
      this.#timer = null;
      this.wake();
    };
    this.#timer = this.#options.clock.setTimeout(again, Math.max(leastWaitMs, ms));
    this.#timer.unref();
  }

  /** In how many milliseconds it is worth to ask again; null: when something has changed. */
  async #grant(): Promise<number | null> {
    const { pace, drive, clock, log, placeEveryMs } = this.#options;
    try {
      const grant = await pace.grant(placeEveryMs, inOrderOfRinging);
      const grantedAt = clock.now();
      this.#faults = 0;
      if (grant.kind === 'nobodyWaits') return null;
      if (grant.kind === 'notYet') return grant.inMs;
      const { escalationId, attemptId } = grant;
      await driveOrLog(drive, log, escalationId, { type: 'granted', attemptId });
      // The account's time runs from the grant, however long the rest took.
      return grantedAt + placeEveryMs - clock.now();
    } catch (error) {
      if (this.#faults === 0) log.warn('the pace of the account could not be read', faultOf(error));
      this.#faults += 1;
      return null;
    }
  }
}
