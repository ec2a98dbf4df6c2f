import { z } from 'zod';
import type { RiskLevel } from '../call/meaning.ts';
import { systemClock, type Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import { faultCode } from './database.ts';
import { RecordRefused } from './recordRefused.ts';
import { isUrgent, type CallRecord } from './records.ts';
import { SealBroken } from './sealing.ts';
import { WaitingWrites } from './waitingWrites.ts';
import { BatchWriter, type BatchOptions } from './writeBatch.ts';

/** What someone must know of. Codes and counts, never content. */
export type WriterAlarm =
  /** The database does not take writes; they wait. Once until it is back. */
  | { readonly type: 'databaseAway'; readonly code: string }
  | { readonly type: 'databaseBack'; readonly awayMs: number; readonly dropped: number }
  /** The buffer is full: from now on the oldest log entries are dropped. Once until the database is back. */
  | { readonly type: 'full'; readonly waiting: number }
  /** One record will never be kept: the database refuses it, or its call's key is broken or destroyed. */
  | { readonly type: 'refused'; readonly record: CallRecord['type']; readonly callId: string; readonly code: string }
  /** What a call decided about danger is kept with the call, but missing in the audit. */
  | { readonly type: 'unaudited'; readonly callId: string; readonly level: RiskLevel; readonly code: string };

export type UrgentRecord = Extract<CallRecord, { readonly type: 'escalationRequested' | 'escalationNews' }>;

export interface WriterOptions extends BatchOptions {
  readonly onAlarm: (alarm: WriterAlarm) => void;
  readonly clock?: Clock;
  /** Told of urgent records as soon as they are committed; perhaps twice. */
  readonly onWritten?: (records: readonly UrgentRecord[]) => void;
  /** Records that may wait; `limits.bufferedWrites` when not given. */
  readonly bound?: number;
}

export interface WriterState {
  /** Records not yet known to be in the database. */
  readonly waiting: number;
  /** How long the oldest of them has waited; 0 when none does. */
  readonly oldestMs: number;
}

/** Short enough that another server finds a call nearly as it was left, long enough to gather a batch. */
const gatherMs = 50;
/** Sealing and sending this many takes a few milliseconds of the event loop; see docs/decisions/call-writer.md. */
const batchRecords = 200;
const firstRetryMs = 100;
const longestRetryMs = 2_000;
/** A fault of our own code counts as one of the record once it came so often. */
const attemptsToSuspect = 3;

/**
 * The only way in which a live call writes: `append` takes no time, never waits and never throws. Records are written in the
 * order in which they came, in batches, again and again while the database is away, and each exactly once.
 */
export class CallWriter {
  readonly #waiting: WaitingWrites;
  readonly #batches: BatchWriter;
  readonly #clock: Clock;
  readonly #onAlarm: (alarm: WriterAlarm) => void;
  readonly #onWritten: (records: readonly UrgentRecord[]) => void;
  #inFlight: { readonly records: readonly CallRecord[]; readonly sinceMs: number } | null = null;
  #running: Promise<void> | null = null;
  #gathering: ReturnType<Clock['setTimeout']> | null = null;
  #endPause: (() => void) | null = null;
  #awaySinceMs: number | null = null;
  #dropped = 0;
  #flushes = 0;
  /** Somebody is being brought: what waits is written without gathering first. */
  #urgent = false;
  #closed = false;

  constructor(options: WriterOptions) {
    this.#waiting = new WaitingWrites(options.bound ?? limits.bufferedWrites);
    this.#batches = new BatchWriter(options, ({ callId, level }, code) =>
      this.#alarm({ type: 'unaudited', callId, level, code }),
    );
    this.#clock = options.clock ?? systemClock;
    this.#onAlarm = options.onAlarm;
    this.#onWritten = options.onWritten ?? (() => {});
  }

  append(record: CallRecord): void {
    if (this.#closed) return;
    const dropped = this.#waiting.add(record, this.#clock.now());
    if (dropped > 0 && this.#dropped === 0) this.#alarm({ type: 'full', waiting: this.#waiting.size });
    this.#dropped += dropped;
    if (isUrgent(record)) this.#hurry();
    else this.#gather();
  }

  state(): WriterState {
    const since = this.#inFlight?.sinceMs ?? this.#waiting.oldestSinceMs();
    return {
      waiting: this.#waiting.size + (this.#inFlight?.records.length ?? 0),
      oldestMs: since === null ? 0 : Math.max(0, this.#clock.now() - since),
    };
  }

  /** Writes all that waits, at once. Resolves with how many records are still not in the database after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<number> {
    this.#flushes += 1;
    this.#run();
    this.#endPause?.();
    let timer: ReturnType<Clock['setTimeout']> | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = this.#clock.setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#written(), timeUp]);
    if (timer !== undefined) this.#clock.clearTimeout(timer);
    this.#flushes -= 1;
    return this.state().waiting;
  }

  async #written(): Promise<void> {
    await this.#running;
    await this.#batches.audited();
  }

  /** As `flush`, and takes nothing any more. What could not be written by then is lost. */
  async close(timeoutMs: number): Promise<number> {
    const left = await this.flush(timeoutMs);
    this.#closed = true;
    this.#endPause?.();
    await this.#running;
    return left;
  }

  /** Ends the pause between two batches, but not the one after a failure: the database would be asked again and again. */
  #hurry(): void {
    this.#urgent = true;
    if (this.#running) {
      if (this.#inFlight === null) this.#endPause?.();
    } else this.#run();
  }

  #gather(): void {
    if (this.#running || this.#gathering || this.#closed) return;
    this.#gathering = this.#clock.setTimeout(() => this.#run(), gatherMs);
  }

  #run(): void {
    if (this.#gathering) this.#clock.clearTimeout(this.#gathering);
    this.#gathering = null;
    if (this.#running || this.#waiting.empty) return;
    this.#running = this.#drain().finally(() => {
      this.#running = null;
      if (!this.#waiting.empty) this.#gather();
    });
  }

  async #drain(): Promise<void> {
    while (!this.#waiting.empty && !this.#closed) {
      const sinceMs = this.#waiting.oldestSinceMs() ?? this.#clock.now();
      const records = this.#waiting.take(batchRecords);
      this.#urgent = false;
      this.#inFlight = { records, sinceMs };
      const written = await this.#writeUntilDone(records);
      if (!written) return;
      this.#inFlight = null;
      const worthwhile = this.#waiting.size >= batchRecords || this.#flushes > 0 || this.#urgent;
      if (!worthwhile && !this.#waiting.empty) await this.#pause(gatherMs);
    }
  }

  /** False when the writer was closed before the database took the records. */
  async #writeUntilDone(records: readonly CallRecord[]): Promise<boolean> {
    let wait = firstRetryMs;
    for (let attempt = 1; !this.#closed; attempt += 1) {
      const fault = await this.#tryWrite(records, attempt);
      if (fault === null) return true;
      if (this.#awaySinceMs === null) {
        this.#awaySinceMs = this.#clock.now();
        this.#alarm({ type: 'databaseAway', code: faultCode(fault) });
      }
      // Whoever flushes is about to leave, and has no time for long pauses.
      await this.#pause(this.#flushes > 0 ? Math.min(wait, firstRetryMs) : wait);
      wait = Math.min(2 * wait, longestRetryMs);
    }
    return false;
  }

  /** Null when the records are written or refused for good; the fault when they shall be tried again. */
  async #tryWrite(records: readonly CallRecord[], attempt: number): Promise<unknown> {
    try {
      await this.#batches.write(records);
    } catch (fault) {
      const code = refusalCode(fault, attempt);
      if (code === null) return fault;
      // One bad record must not hold up the others, nor take them with it.
      if (records.length > 1) return this.#tryHalves(records, attempt);
      for (const { type, callId } of records) this.#alarm({ type: 'refused', record: type, callId, code });
      return null;
    }
    this.#back();
    this.#tellWritten(records.filter(isUrgent));
    return null;
  }

  async #tryHalves(records: readonly CallRecord[], attempt: number): Promise<unknown> {
    const half = Math.ceil(records.length / 2);
    const first = await this.#tryWrite(records.slice(0, half), attempt);
    return first ?? this.#tryWrite(records.slice(half), attempt);
  }

  #back(): void {
    if (this.#awaySinceMs === null && this.#dropped === 0) return;
    const awayMs = this.#awaySinceMs === null ? 0 : this.#clock.now() - this.#awaySinceMs;
    this.#alarm({ type: 'databaseBack', awayMs, dropped: this.#dropped });
    this.#awaySinceMs = null;
    this.#dropped = 0;
  }

  #tellWritten(records: readonly UrgentRecord[]): void {
    if (records.length === 0) return;
    try {
      this.#onWritten(records);
    } catch {
      // As below: the writing goes on.
    }
  }

  #alarm(alarm: WriterAlarm): void {
    try {
      this.#onAlarm(alarm);
    } catch {
      // Whoever listens may fail; the call that is being written must not.
    }
  }

  /** Ends early when a flush is asked for. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#clock.clearTimeout(timer);
        this.#endPause = null;
        resolve();
      };
      const timer = this.#clock.setTimeout(done, ms);
      this.#endPause = done;
    });
  }
}

/** Why this record can never be kept, as a code for the alarm; null when it is worth another try. */
function refusalCode(fault: unknown, attempt: number): string | null {
  if (fault instanceof RecordRefused) return fault.reason;
  // An organisation's key that does not open means a wrong data key: not the record's fault, and someone can mend it.
  if (fault instanceof SealBroken) return fault.place.table === 'organisations' ? null : fault.reason;
  // A driver whose connection was just cut may stumble as well, so faults of code are believed only when they stay.
  const ofCode = fault instanceof TypeError || fault instanceof RangeError || fault instanceof z.ZodError;
  if (ofCode) return attempt < attemptsToSuspect ? null : fault.name;
  // SQLSTATE classes 22 (data exception) and 23 (integrity constraint) are about the row; all else may pass.
  const code = faultCode(fault);
  return /^2[23][0-9A-Z]{3}$/.test(code) ? code : null;
}
