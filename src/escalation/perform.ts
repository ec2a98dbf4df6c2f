/** Performs the orders of an escalation at the carrier. Every result, the lack of one included, goes back as an event. */
import type { Clock } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import type { CarrierResult } from '../twilio/carrierRequest.ts';
import type { Drive, Driven, Place, PlacedOrder } from './drive.ts';
import type { EscalationAddresses } from './addresses.ts';
import type { EscalationCarrier, EscalationStore } from './ports.ts';
import type { EscalationEvent, Found, Order } from './snapshot.ts';
import type { EscalationTiming } from './timing.ts';

export interface PerformOptions {
  readonly carrier: EscalationCarrier;
  readonly store: EscalationStore;
  readonly addresses: EscalationAddresses;
  readonly timing: EscalationTiming;
  readonly clock: Clock;
  readonly log: Log;
  /** The carrier took a request to ring: known here before it is in the database. */
  readonly onPlaced: (escalationId: string) => void;
}

/** The carrier's times are in whole seconds, and its clock is not ours. */
const clockSkewMs = 5_000;
/** A result that cannot be written now is not lost for good: the deadlines look it up. A short absence is worth waiting for. */
const resultRetriesMs = [0, 300, 1_500];

export class Performer {
  readonly #options: PerformOptions;
  #drive: Drive = () => Promise.resolve(null);
  /** One request to ring after another, the best first: the carrier's queue keeps the order in which they come. */
  #placing: Promise<void> = Promise.resolve();

  constructor(options: PerformOptions) {
    this.#options = options;
  }

  /** The drive orders and is told: it comes after. */
  connect(drive: Drive): void {
    this.#drive = drive;
  }

  readonly perform = (orders: readonly PlacedOrder[], driven: Driven): void => {
    for (const order of orders) {
      if (order.type === 'place')
        this.#placing = this.#guarded(
          driven,
          this.#placing.then(() => this.#place(order, driven)),
        );
      else void this.#guarded(driven, this.#other(order, driven));
    }
  };

  async #guarded({ escalation }: Driven, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.log.error('an order of an escalation failed', { escalationId: escalation.id, ...faultOf(error) });
    }
  }

  #other(order: Exclude<PlacedOrder, Place>, driven: Driven): Promise<void> {
    switch (order.type) {
      case 'lookUp':
        return this.#lookUp(order.attemptId, driven);
      case 'release':
        return this.#release(order);
      case 'fetchCaller':
        return this.#fetchCaller(driven);
      case 'checkCaller':
        return this.#check(driven.callSid, driven, { type: 'callerGone' });
      case 'checkPerson':
        return this.#check(order.callSid, driven, { type: 'personLeftRoom', attemptId: order.attemptId });
    }
  }

  async #place({ attemptId, to }: Place, { escalation }: Driven): Promise<void> {
    const { carrier, addresses, timing, onPlaced } = this.#options;
    if (to === null) return this.#tell(escalation.id, { type: 'attemptRefused', attemptId });
    const telephone = { escalationId: escalation.id, attemptId };
    const result = await carrier.outbound.place({
      to,
      url: addresses.whisper(telephone),
      statusCallback: addresses.status(telephone),
      machineCallback: addresses.machine(telephone),
      ringSeconds: timing.ringSeconds,
    });
    if (result.ok) {
      onPlaced(escalation.id);
      return this.#tell(escalation.id, { type: 'attemptPlaced', attemptId, callSid: result.value.callSid });
    }
    const type = result.failure.kind === 'unknown' ? 'placeUnknown' : 'attemptRefused';
    await this.#tell(escalation.id, { type, attemptId });
  }

  async #lookUp(attemptId: string, { escalation }: Driven): Promise<void> {
    const { store } = this.#options;
    const attempt = escalation.attempts.find(({ id }) => id === attemptId);
    if (!attempt) return;
    const to = await store.change(escalation.id, (locked) => locked.numberOf(attempt.personId));
    const found =
      to === null
        ? { kind: 'nothing' as const }
        : await this.#findCall(to, attempt.dialledAt ?? attempt.dueAt, escalation.id);
    await this.#tell(escalation.id, { type: 'lookedUp', attemptId, found });
  }

  async #findCall(to: string, sinceMs: number, escalationId: string): Promise<Found> {
    const { carrier, store } = this.#options;
    const listed = await carrier.outbound.placedSince(to, sinceMs - clockSkewMs);
    if (!listed.ok) return { kind: 'unknown' };
    const sids = listed.value.map(({ callSid }) => callSid);
    const known = (await store.change(escalationId, (locked) => locked.knownSids(sids))) ?? new Set();
    const callSid = sids.find((sid) => !known.has(sid));
    return callSid === undefined ? { kind: 'nothing' } : { kind: 'rings', callSid };
  }

  async #release({ callSid, farewell }: Extract<Order, { type: 'release' }>): Promise<void> {
    const { carrier, addresses } = this.#options;
    if (farewell !== 'hangUp') {
      const told = await carrier.control.update(callSid, { kind: 'url', url: addresses.farewell(farewell) });
      if (told.ok || told.failure.kind === 'gone') return;
    }
    // A telephone that rings on would be answered for nothing; the question itself says then that somebody has taken it.
    const ended = await carrier.control.update(callSid, { kind: 'complete' });
    if (isUncertain(ended)) await carrier.control.update(callSid, { kind: 'complete' });
  }

  async #fetchCaller({ escalation, callSid }: Driven): Promise<void> {
    const { carrier, addresses } = this.#options;
    const result = await carrier.control.update(callSid, { kind: 'url', url: addresses.afterPerson });
    if (result.ok) return this.#tell(escalation.id, { type: 'callerFetched' });
    if (result.failure.kind === 'gone') return this.#tell(escalation.id, { type: 'callerGone' });
  }

  async #check(callSid: string, { escalation }: Driven, whenOver: EscalationEvent): Promise<void> {
    const result = await this.#options.carrier.control.fetch(callSid);
    const isOver = result.ok ? over.has(result.value) : result.failure.kind === 'gone';
    if (isOver) await this.#tell(escalation.id, whenOver);
  }

  async #tell(escalationId: string, event: EscalationEvent): Promise<void> {
    const { clock, log } = this.#options;
    for (const waitMs of resultRetriesMs) {
      if (waitMs > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, waitMs));
      try {
        await this.#drive(escalationId, event);
        return;
      } catch (error) {
        log.warn('a result of the carrier could not be taken in', {
          escalationId,
          event: event.type,
          ...faultOf(error),
        });
      }
    }
  }
}

const over: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

function isUncertain(result: CarrierResult<unknown>): boolean {
  return !result.ok && result.failure.kind !== 'gone' && result.failure.kind !== 'refused';
}
