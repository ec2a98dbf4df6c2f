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
]);

export type ModelFaultKind = z.infer<typeof fault>;

export const vendors = ['openai', 'anthropic'] as const;
export type Vendor = (typeof vendors)[number];

export type ModelFaultPlan = FaultPlan<ModelFaultKind, Vendor>;

export const modelFaultPlan: z.ZodType<ModelFaultPlan> = z.object({ scope: z.enum(vendors), fault, ...planFields });

export type ModelFaults = FaultBoard<ModelFaultKind, Vendor>;

export function createModelFaults(): ModelFaults {
  return new FaultBoard<ModelFaultKind, Vendor>();
}

/** The fault that is planned for this vendor's next request, in the order of the plan. */
export function takeModelFault(faults: ModelFaults, vendor: Vendor): ModelFaultKind | null {
  const next = faults.remaining().find((plan) => plan.scope === vendor);
  return next === undefined ? null : (faults.take(vendor, next.fault.kind)?.fault ?? null);
}
