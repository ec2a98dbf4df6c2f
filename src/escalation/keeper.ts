/** Looks after every open escalation of all calls, whoever asked for it: with the queue down and after any crash, this is what moves on. */
import type { Clock, TimerHandle } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { driveOrLog, type Drive } from './drive.ts';
import type { EscalationStore } from './ports.ts';

export interface KeeperOptions {
  readonly store: EscalationStore;
  readonly drive: Drive;
  /** Calls back those whose time has come. */
  readonly callBack: () => Promise<void>;
  /** Other processes may have left telephones that wait to be rung. */
  readonly onLook: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'escalationsOpen'>;
  readonly everyMs: number;
}

/** Driven in one look; the rest is due at the next as well. */
const drivenAtOnce = 50;
const countEveryLooks = 20;

export class EscalationKeeper {
  readonly #options: KeeperOptions;
  #timer: TimerHandle | null = null;
  #looking: Promise<void> = Promise.resolve();
  /** Under way: by escalation, and the calls back. */
  readonly #driving = new Map<string, Promise<unknown>>();
  #callingBack: Promise<void> | null = null;
  #looks = 0;
  #faults = 0;
  #stopped = true;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#next(0);
  }

  /** Resolves when the look under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all([...this.#driving.values(), this.#callingBack]);
  }

  #next(inMs: number): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#looking = this.#look().finally(() => {
        if (!this.#stopped) this.#next(this.#options.everyMs);
      });
    }, inMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { store, onLook, metrics, log } = this.#options;
    try {
      for (const escalationId of await store.due(drivenAtOnce)) this.#drive(escalationId);
      onLook();
      this.#callBack();
      if (this.#looks % countEveryLooks === 0) {
        const { count, oldestMs } = await store.open();
        metrics.escalationsOpen(count, oldestMs);
      }
      this.#looks += 1;
      this.#faults = 0;
    } catch (error) {
      // Once for each absence: twice a second would bury everything else.
      if (this.#faults === 0) log.warn('escalations could not be looked after', faultOf(error));
      this.#faults += 1;
    }
  }

  /** Not waited for: one that somebody holds, or a carrier that is slow to answer, must not keep the deadlines of all others. */
  #drive(escalationId: string): void {
    if (this.#driving.has(escalationId) || this.#driving.size >= drivenAtOnce) return;
    const { drive, log } = this.#options;
    const driving = driveOrLog(drive, log, escalationId).finally(() => this.#driving.delete(escalationId));
    this.#driving.set(escalationId, driving);
  }

  #callBack(): void {
    if (this.#callingBack !== null) return;
    const { callBack, log } = this.#options;
    this.#callingBack = callBack()
      .catch((error: unknown) => log.warn('calls back could not be made', faultOf(error)))
      .finally(() => {
        this.#callingBack = null;
      });
  }
}
