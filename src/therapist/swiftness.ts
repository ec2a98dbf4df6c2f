import type Anthropic from '@anthropic-ai/sdk';

export interface Swiftness {
  readonly thinking: Anthropic.ThinkingConfigParam | null;
  readonly effort: 'low' | null;
  /** Thinking counts towards `max_tokens`. */
  readonly extraTokens: number;
}

/**
 * How a model is kept from thinking before it answers: generation 5 thinks unless told otherwise, which alone would take longer
 * than a caller or an opinion may wait, and each model is told in its own way (platform.claude.com, "Thinking", read in November 2026).
 */
export function swiftness(model: string): Swiftness {
  if (model.startsWith('claude-sonnet-5-5'))
    return { thinking: { type: 'between_tools' }, effort: null, extraTokens: 0 };
  if (/^claude-(?:opus-5-5|fable|mythos)/.test(model)) return { thinking: null, effort: 'low', extraTokens: 1_500 };
  if (/^claude-(?:haiku|sonnet|opus)-5/.test(model))
    return { thinking: { type: 'disabled' }, effort: null, extraTokens: 0 };
  return { thinking: null, effort: null, extraTokens: 0 };
}
