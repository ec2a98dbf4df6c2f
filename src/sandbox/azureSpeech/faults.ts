import { z } from 'zod';
import { FaultBoard, planFields } from '../faults.ts';
import type { FaultPlan } from '../faults.ts';

/**
 * What the speech stand-in can be told to do wrong. `afterMs` of a plan counts from the moment the fault names.
 *
 * `open`: the socket is up. `turnStart`: a turn has been opened (`turn.start` is sent). `phrase`: a phrase has been sent.
 * `midSynthesis`: half of a sentence's audio has been sent.
 */
const moment = z.enum(['open', 'turnStart', 'phrase', 'midSynthesis']);
export type Moment = z.infer<typeof moment>;

export const recognitionStatus = z.enum([
  'Success',
  'NoMatch',
  'InitialSilenceTimeout',
  'BabbleTimeout',
  'EndOfDictation',
  'Error',
  'TooManyRequests',
  'BadRequest',
  'Forbidden',
]);

const closeCode = z
  .int()
  .refine(
    (code) => (code >= 1000 && code <= 1014 && code !== 1004) || (code >= 3000 && code <= 4999),
    'a WebSocket close code; 1005 closes without a code, 1006 without a close message',
  );

/** The path of a message of ours, as in `speech.phrase`. */
const messagePath = z.enum([
  'turn.start',
  'speech.startDetected',
  'speech.hypothesis',
  'speech.endDetected',
  'speech.phrase',
  'turn.end',
  'response',
  'audio.metadata',
]);

export const azureSpeechFault = z.discriminatedUnion('kind', [
  /** The upgrade is answered with this status. */
  z.object({
    kind: z.literal('http'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.int().min(0).max(3600).optional(),
  }),
  /** The TCP connection is reset. */
  z.object({ kind: z.literal('reset'), at: z.union([z.literal('upgrade'), moment]) }),
  /** TCP is accepted, the upgrade is never answered. */
  z.object({ kind: z.literal('hangUpgrade') }),
  z.object({
    kind: z.literal('close'),
    at: moment,
    code: closeCode,
    reason: z.string().max(100).optional(),
  }),
  /** Takes everything and says nothing more on this connection. */
  z.object({ kind: z.literal('silent'), at: moment }),
  /** A turn that is over is never said to be over. */
  z.object({ kind: z.literal('noTurnEnd') }),
  /** The body of the next message of this path is not JSON. */
  z.object({ kind: z.literal('badJson'), path: messagePath }),
  z.object({ kind: z.literal('missingRequestId'), path: messagePath }),
  /** At `phrase`: the next phrase has this status instead of its own. At `turnStart`: it comes at once. */
  z.object({
    kind: z.literal('status'),
    at: z.enum(['turnStart', 'phrase']),
    status: z.union([recognitionStatus, z.string().min(1).max(40)]),
  }),
  /** The next phrase comes this much later than it would. */
  z.object({ kind: z.literal('lateFinal'), delayMs: z.number().min(0).max(600_000) }),
  /** This connection is closed after so much of its life (the real service: ten minutes). */
  z.object({ kind: z.literal('cut'), lifeMs: z.number().min(0).max(3_600_000), code: closeCode.optional() }),
  /** The next sentence is sent at this multiple of real time. */
  z.object({ kind: z.literal('slowAudio'), pacing: z.number().positive().max(1_000) }),
  /** The next sentence comes in bursts of so much audio, one burst every `everyMs`. */
  z.object({
    kind: z.literal('burstyAudio'),
    burstMs: z.number().min(20).max(60_000),
    everyMs: z.number().min(0).max(60_000),
  }),
  /** The next sentence stops after this share of its audio and never ends. */
  z.object({ kind: z.literal('stall'), share: z.number().min(0).max(1) }),
]);

export type AzureSpeechFault = z.infer<typeof azureSpeechFault>;

const scope = z.enum(['recognition', 'synthesis']);
export type Scope = z.infer<typeof scope>;

export const azureSpeechFaultPlan = z.object({ scope, fault: azureSpeechFault, ...planFields });

export type AzureSpeechFaultPlan = FaultPlan<AzureSpeechFault, Scope>;
export type AzureSpeechFaults = FaultBoard<AzureSpeechFault, Scope>;

export function createAzureSpeechFaults(): AzureSpeechFaults {
  return new FaultBoard<AzureSpeechFault, Scope>();
}
