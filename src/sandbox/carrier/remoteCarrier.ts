/** A carrier that runs in another process, told and asked over HTTP. */
import type { CallPlan, PhonePlan, RestFaultPlan, WebhookFaultPlan } from './controlRoutes.ts';
import type { LegReport } from './legLog.ts';

export interface RemoteCarrier {
  readonly setPhones: (phones: PhonePlan) => Promise<void>;
  readonly failRest: (plans: readonly RestFaultPlan[]) => Promise<void>;
  readonly failWebhooks: (plans: readonly WebhookFaultPlan[]) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  /** Someone calls the application's number; the call's sid. */
  readonly placeCall: (call: CallPlan) => Promise<string>;
  /** Every leg so far, oldest first, as things stand. */
  readonly legs: () => Promise<readonly LegReport[]>;
}

/** @param apiBaseUrl the carrier's. Each call throws when the carrier does not take it. */
export function remoteCarrier(apiBaseUrl: string): RemoteCarrier {
  const ask = async (method: string, path: string, plan?: unknown): Promise<unknown> => {
    const body = plan === undefined ? {} : { body: JSON.stringify(plan) };
    const response = await fetch(`${apiBaseUrl}/sandbox/${path}`, { method, ...body });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    setPhones: async (phones) => void (await ask('PUT', 'phones', phones)),
    failRest: async (plans) => void (await ask('POST', 'rest-faults', plans)),
    failWebhooks: async (plans) => void (await ask('POST', 'webhook-faults', plans)),
    clearFaults: async () => void (await ask('DELETE', 'faults')),
    placeCall: async (call) => ((await ask('POST', 'calls', call)) as { callSid: string }).callSid,
    legs: async () => (await ask('GET', 'legs')) as readonly LegReport[],
  };
}
