/** Puts the parts of escalations together. `main.ts` gives it the world. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { CallRecord } from '../store/records.ts';
import type { EscalationAddresses } from './addresses.ts';
import { makeDueCallbacks } from './callbacks.ts';
import { FollowingDesk } from './desk.ts';
import { Driver, driveOrLog } from './drive.ts';
import { EscalationKeeper } from './keeper.ts';
import type { EscalationDesk } from './model.ts';
import { Pacer } from './pacer.ts';
import { Performer } from './perform.ts';
import type { EscalationCarrier, EscalationStore } from './ports.ts';
import { defaultTiming, type EscalationTiming } from './timing.ts';
import { ringWriters, type WriterStore } from './writers.ts';

export interface EscalationsOptions {
  readonly store: EscalationStore;
  readonly carrier: EscalationCarrier;
  readonly addresses: EscalationAddresses;
  /** The writer of calls. */
  readonly keep: (record: CallRecord) => void;
  /** Rings those who wrote of danger, once a person is ready for them. */
  readonly writers: WriterStore;
  /** There is a telephone of last resort, which is nobody's in the rota. */
  readonly hasLastResort: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly timing?: Partial<EscalationTiming>;
  /** How often open escalations are looked at; 500 ms. */
  readonly keeperMs?: number;
  /** How often facts of other processes are looked for; 250 ms. */
  readonly pollMs?: number;
}

export interface Escalations {
  readonly desk: EscalationDesk;
  readonly driver: Driver;
  readonly store: EscalationStore;
  /** The writer's `onWritten`: what a live call said is in the database. */
  readonly written: (records: readonly UrgentRecord[]) => void;
  /** Looks after all open escalations until `stop`, those from before this process included. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

type UrgentRecord = Extract<CallRecord, { readonly type: 'escalationRequested' | 'escalationNews' }>;

const committedMs = 3_000;
/** A process that stops waits so long for its last decisions to reach the audit. */
const auditedMs = 1_000;

export function createEscalations(options: EscalationsOptions): Escalations {
  const { store, carrier, addresses, keep, hasLastResort, clock, log, metrics } = options;
  const timing: EscalationTiming = { ...defaultTiming, ...options.timing };
  const desk = new FollowingDesk({
    store,
    keep,
    clock,
    log,
    pollMs: options.pollMs ?? 250,
    committedMs: Math.min(committedMs, timing.unplacedMs),
    placedMs: timing.unplacedMs,
  });
  const performer = new Performer({
    carrier,
    store,
    addresses,
    timing,
    clock,
    log,
    onPlaced: (escalationId) => desk.placed(escalationId),
  });
  const driver = new Driver({
    store,
    timing,
    hasLastResort,
    log,
    metrics,
    perform: performer.perform,
    onFacts: () => desk.wake(),
    onWaiting: () => pacer.wake(),
  });
  performer.connect(driver.drive);
  const { placeEveryMs } = timing;
  const pacer: Pacer = new Pacer({ pace: store.pace, drive: driver.drive, clock, log, placeEveryMs });
  const keeper = new EscalationKeeper({
    store,
    drive: driver.drive,
    // Side by side: what fails for the one must not keep the other from being rung.
    callBack: async () => {
      await Promise.all([
        ringWriters({ writers: options.writers, drive: driver.drive, carrier, addresses, log }),
        makeDueCallbacks({ store: store.callbacks, carrier, addresses, log }),
      ]);
    },
    onLook: pacer.wake,
    clock,
    log,
    metrics,
    everyMs: options.keeperMs ?? 500,
  });
  return {
    desk,
    driver,
    store,
    written: (records) => {
      for (const record of records) if (record.type === 'escalationRequested') desk.committed(record.escalationId);
      for (const escalationId of new Set(records.map((record) => record.escalationId)))
        void driveOrLog(driver.drive, log, escalationId);
    },
    start: () => keeper.start(),
    stop: async () => {
      desk.close();
      pacer.stop();
      await keeper.stop();
      await Promise.race([
        driver.audited(),
        new Promise<void>((resolve) => clock.setTimeout(resolve, auditedMs).unref()),
      ]);
    },
  };
}
