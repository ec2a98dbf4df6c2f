import type { Clock } from './clock.ts';
import { callbackOutcome } from './escalation/callbacks.ts';
import { EscalationDoor } from './escalation/door.ts';
import { createEscalations, type Escalations } from './escalation/escalations.ts';
import type { EscalationTiming } from './escalation/timing.ts';
import { WriterDoor } from './escalation/writerDoor.ts';
import { escalationRoutes } from './http/escalationWebhooks.ts';
import { writerRoutes } from './http/writerWebhooks.ts';
import type { Route } from './http/router.ts';
import { escalationJob } from './jobs/escalation.ts';
import type { JobDefinition, Queues } from './jobs/queues.ts';
import { limits } from './limits.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { CallDesk } from './session/callDesk.ts';
import type { Settings } from './settings.ts';
import type { Database } from './store/database.ts';
import { createEscalationStore } from './store/escalations.ts';
import { writerStore } from './store/replyEscalations.ts';
import type { CallRecord } from './store/records.ts';
import type { KeyKeeper } from './store/sealing.ts';
import { createCallControl } from './twilio/callControl.ts';
import { createCarrierRequest } from './twilio/carrierRequest.ts';
import { createOnCallTwiml, onCallPaths, telephoneQuery } from './twilio/onCallTwiml.ts';
import { createOutboundCalls } from './twilio/outboundCalls.ts';
import { carrierPaths, createTwiml } from './twilio/twiml.ts';
import { createWriterTwiml, writerPaths } from './twilio/writerTwiml.ts';
import type { EscalationAddresses } from './escalation/addresses.ts';

/** Escalations between settings, store and carrier; the same for the process that serves calls and the one that runs jobs. */

export type EscalationSettings = Pick<
  Settings,
  | 'PUBLIC_URL'
  | 'TWILIO_ACCOUNT_SID'
  | 'TWILIO_AUTH_TOKEN'
  | 'TWILIO_PHONE_NUMBER'
  | 'TWILIO_API_BASE_URL'
  | 'FALLBACK_PHONE_NUMBER'
> &
  Partial<Pick<Settings, 'TWILIO_CALLS_PER_SECOND'>>;

export interface EscalationParts {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The writer's `append`; a process that only runs jobs holds no calls and has none. */
  readonly keep: (record: CallRecord) => void;
  readonly timing?: Partial<EscalationTiming>;
  readonly keeperMs?: number;
  readonly pollMs?: number;
}

export interface OpenEscalations extends Escalations {
  /** The webhooks; `startHttp` takes them as `routes`. */
  readonly routes: (desk: Pick<CallDesk, 'admitCallback' | 'callEnded'>) => readonly Route[];
  readonly job: (queues: Pick<Queues, 'add'>) => JobDefinition;
}

export function openEscalations(settings: EscalationSettings, parts: EscalationParts): OpenEscalations {
  const { database, keys, clock, log, metrics, keep, timing, ...looks } = parts;
  const {
    PUBLIC_URL: publicUrl,
    TWILIO_PHONE_NUMBER: phoneNumber,
    FALLBACK_PHONE_NUMBER: lastResort = null,
    TWILIO_CALLS_PER_SECOND: callsPerSecond = 1,
  } = settings;
  const carrier = createCarrierRequest(
    {
      accountSid: settings.TWILIO_ACCOUNT_SID,
      authToken: settings.TWILIO_AUTH_TOKEN,
      apiBaseUrl: settings.TWILIO_API_BASE_URL ?? null,
      requestMs: limits.escalationRequestMs,
    },
    { clock, log, metrics },
  );
  const writers = writerStore({ database, keys });
  const escalations = createEscalations({
    store: createEscalationStore({ database, keys, lastResort }),
    carrier: {
      outbound: createOutboundCalls(carrier, phoneNumber),
      control: createCallControl(carrier, settings.TWILIO_ACCOUNT_SID),
    },
    addresses: addressesOf(publicUrl),
    writers,
    keep,
    hasLastResort: lastResort !== null,
    clock,
    log,
    metrics,
    timing: { placeEveryMs: Math.ceil(1_000 / callsPerSecond), ...timing },
    ...looks,
  });
  return {
    ...escalations,
    routes: (desk) => [
      ...writerRoutes({
        door: new WriterDoor({ drive: escalations.driver.drive, writers, log }),
        documents: createWriterTwiml(publicUrl),
        twiml: createTwiml({ publicUrl, phoneNumber, fallbackPhoneNumber: lastResort }),
        log,
      }),
      ...escalationRoutes({
        door: new EscalationDoor(escalations.driver),
        callbacks: escalations.store.callbacks,
        callbackOutcome,
        desk,
        onCall: createOnCallTwiml(publicUrl),
        twiml: createTwiml({ publicUrl, phoneNumber, fallbackPhoneNumber: lastResort }),
        clock,
        log,
      }),
    ],
    job: (queues) => escalationJob({ drive: escalations.driver.drive, queues, log }),
  };
}

function addressesOf(publicUrl: string): EscalationAddresses {
  return {
    whisper: (telephone) => publicUrl + onCallPaths.whisper + telephoneQuery(telephone),
    status: (telephone) => publicUrl + onCallPaths.status + telephoneQuery(telephone),
    machine: (telephone) => publicUrl + onCallPaths.machine + telephoneQuery(telephone),
    farewell: (why) => `${publicUrl}${onCallPaths.farewell}?why=${why}`,
    afterPerson: publicUrl + carrierPaths.afterPerson,
    callback: ({ escalationId, taskId }) => {
      const query = `?e=${escalationId}&t=${taskId}`;
      return {
        url: publicUrl + onCallPaths.callback + query,
        statusCallback: publicUrl + onCallPaths.callbackStatus + query,
        machineCallback: publicUrl + onCallPaths.callbackMachine + query,
      };
    },
    writer: (escalationId) => {
      const query = `?e=${escalationId}`;
      return {
        url: publicUrl + writerPaths.greet + query,
        statusCallback: publicUrl + writerPaths.status + query,
        machineCallback: publicUrl + writerPaths.machine + query,
      };
    },
  };
}
