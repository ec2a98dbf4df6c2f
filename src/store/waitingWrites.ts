import { isSpoken, type CallRecord, type HeartbeatRecord } from './records.ts';

interface Waiting {
  record: CallRecord;
  readonly sinceMs: number;
}

/**
 * Records that wait for the database, first in, first out. Bounded: when it is full the oldest log entries without words make
 * room, then the oldest log entries with words (which the turns hold as well). A turn, or that a call began or
 * ended, is never dropped; those come no faster than people speak. Of a call's heartbeats only the latest waits, and of its usage,
 * whose totals hold what the earlier ones said.
 */
export class WaitingWrites {
  readonly #bound: number;
  /** Places of dropped entries stay empty until the head has passed them. */
  #places: (Waiting | null)[] = [];
  #head = 0;
  #size = 0;
  /** Before these places there is nothing left of the kind to drop. */
  #wordless = 0;
  #spoken = 0;
  readonly #heartbeats = new Map<string, HeartbeatRecord>();
  /** By their part. */
  readonly #usage = new Map<string, Waiting>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Records that wait, without heartbeats. */
  get size(): number {
    return this.#size;
  }

  get empty(): boolean {
    return this.#size === 0 && this.#heartbeats.size === 0;
  }

  /** When the oldest record was added; null when none waits. */
  oldestSinceMs(): number | null {
    this.#passGaps();
    return this.#places[this.#head]?.sinceMs ?? null;
  }

  /** Gives how many log entries were dropped for it: 0 or 1. */
  add(record: CallRecord, nowMs: number): 0 | 1 {
    if (record.type === 'heartbeat') {
      this.#heartbeats.set(record.callId, record);
      return 0;
    }
    const earlier = record.type === 'usageCounted' ? this.#usage.get(record.part) : undefined;
    if (earlier !== undefined) {
      earlier.record = record;
      return 0;
    }
    const waiting: Waiting = { record, sinceMs: nowMs };
    if (record.type === 'usageCounted') this.#usage.set(record.part, waiting);
    this.#places.push(waiting);
    this.#size += 1;
    const dropped = this.#size > this.#bound && this.#drop() ? 1 : 0;
    this.#compact();
    return dropped;
  }

  /** Takes out the oldest `most` records, and all heartbeats. */
  take(most: number): readonly CallRecord[] {
    const taken: CallRecord[] = [];
    while (taken.length < most && this.#head < this.#places.length) {
      const waiting = this.#places[this.#head];
      this.#places[this.#head] = null;
      this.#head += 1;
      if (!waiting) continue;
      taken.push(waiting.record);
      if (waiting.record.type === 'usageCounted') this.#usage.delete(waiting.record.part);
    }
    this.#size -= taken.length;
    this.#compact();
    taken.push(...this.#heartbeats.values());
    this.#heartbeats.clear();
    return taken;
  }

  #drop(): boolean {
    this.#wordless = this.#nextLog(this.#wordless, false);
    if (this.#dropAt(this.#wordless)) return true;
    this.#spoken = this.#nextLog(this.#spoken, true);
    return this.#dropAt(this.#spoken);
  }

  #nextLog(from: number, spoken: boolean): number {
    let place = Math.max(from, this.#head);
    for (; place < this.#places.length; place += 1) {
      const record = this.#places[place]?.record;
      if (record?.type === 'log' && isSpoken(record) === spoken) break;
    }
    return place;
  }

  #dropAt(place: number): boolean {
    if (place >= this.#places.length) return false;
    this.#places[place] = null;
    this.#size -= 1;
    return true;
  }

  #passGaps(): void {
    while (this.#head < this.#places.length && this.#places[this.#head] === null) this.#head += 1;
  }

  /** Gives empty places back: seldom enough to cost nothing, often enough that they never outnumber what waits by much. */
  #compact(): void {
    if (this.#places.length <= 2 * this.#size + 1_024) return;
    this.#places = this.#places.filter((waiting) => waiting !== null);
    this.#head = 0;
    this.#wordless = 0;
    this.#spoken = 0;
  }
}
