import { z } from 'zod';
import { FaultBoard, planFields, type FaultPlan } from '../faults.ts';

/** How a stand-in for a language model can misbehave. Tokens count from the beginning of the reply. */
const afterTokens = z.int().min(0).max(10_000);

const fault = z.discriminatedUnion('kind', [
  /** The vendor's error of this status, in its own shape. */
  z.object({ kind: z.literal('status'), status: z.literal([400, 401, 403, 429, 500, 503, 529]) }),
  /** The connection breaks: before the answer, or after so many tokens. */
  z.object({ kind: z.literal('reset'), afterTokens: afterTokens.optional() }),
  /** Headers, and then nothing. */
  z.object({ kind: z.literal('hang') }),
  /** Headers and keep-alive comments (OpenAI) or pings (Anthropic), and no token. */
  z.object({ kind: z.literal('keepAlive'), everyMs: z.number().min(5).max(10_000).optional() }),
  z.object({ kind: z.literal('stall'), afterTokens }),
  /** The stream ends in good order, but without the vendor's final event. */
  z.object({ kind: z.literal('cut'), afterTokens }),
  /** `content_filter` or `refusal`. */
  z.object({ kind: z.literal('refusal'), afterTokens }),
  /** `length` or `max_tokens`. */
  z.object({ kind: z.literal('length'), afterTokens }),
  z.object({ kind: z.literal('slow'), tokenEveryMs: z.number().min(1).max(60_000) }),
  /** The first token comes late; everything after it as usual. */
  z.object({ kind: z.literal('late'), firstTokenMs: z.number().min(1).max(60_000) }),
  z.object({ kind: z.literal('malformed'), afterTokens }),
  /** The vendor's error event in the middle of the stream. */
  z.object({ kind: z.literal('errorEvent'), afterTokens }),
  z.object({ kind: z.literal('empty') }),
  /** Of an object: it is never closed, though the stream ends in good order. */
  z.object({ kind: z.literal('brokenJson') }),
  /** Of an object: valid JSON with a value that the schema does not know and a field too few. */
  z.object({ kind: z.literal('offSchema') }),
]);

export type ModelFaultKind = z.infer<typeof fault>;

export const vendors = ['openai', 'anthropic'] as const;
export type Vendor = (typeof vendors)[number];

/**
 * Requests for words to be spoken and requests for an object come mixed, in an order that depends on the caller; so each kind has
 * faults and counts of its own, and a fault that was planned for a reply never meets a classification.
 */
export const modelScopes = [...vendors, 'openaiStructured', 'anthropicStructured'] as const;
export type ModelScope = (typeof modelScopes)[number];

export type ModelFaultPlan = FaultPlan<ModelFaultKind, ModelScope>;

const objectsOnly: readonly ModelFaultKind['kind'][] = ['brokenJson', 'offSchema'];

export const modelFaultPlan: z.ZodType<ModelFaultPlan> = z
  .object({ scope: z.enum(modelScopes), fault, ...planFields })
  .refine((plan) => plan.scope.endsWith('Structured') || !objectsOnly.includes(plan.fault.kind), {
    error: 'only an object can be broken in this way: give a scope that ends in Structured',
  });

export type ModelFaults = FaultBoard<ModelFaultKind, ModelScope>;

export function createModelFaults(): ModelFaults {
  return new FaultBoard<ModelFaultKind, ModelScope>();
}

/** The fault that is planned for this kind's next request, in the order of the plan. */
export function takeModelFault(faults: ModelFaults, scope: ModelScope): ModelFaultKind | null {
  const next = faults.remaining().find((plan) => plan.scope === scope);
  return next === undefined ? null : (faults.take(scope, next.fault.kind)?.fault ?? null);
}
