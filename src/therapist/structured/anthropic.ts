import type Anthropic from '@anthropic-ai/sdk';
import { systemClock } from '../../clock.ts';
import { anthropicClient, faultOf, reader, type AnthropicOptions } from '../anthropic.ts';
import { gather, type StructuredModel, type StructuredRequest } from './structuredModel.ts';

/**
 * Anthropic's structured outputs (`output_config.format`), streamed. Not a forced tool, which the models of generation 5.5 refuse
 * with 400 (platform.claude.com, "What's new in Sonnet 5.5").
 */
export function anthropicStructured(options: Omit<AnthropicOptions, 'times'>): StructuredModel {
  const client = anthropicClient(options);
  const { model, clock = systemClock } = options;
  return {
    name: 'anthropic',
    ask: (request, signal, onText = () => {}) =>
      gather(
        {
          provider: 'anthropic',
          model,
          open: (inner) => client.messages.create(bodyOf(model, request), { signal: inner }),
          read: reader(),
          faultOf,
        },
        request,
        { clock, signal, onText },
      ),
  };
}

function bodyOf(model: string, request: StructuredRequest) {
  const { thinking, effort, extraTokens } = swiftness(model);
  return {
    model,
    stream: true as const,
    max_tokens: request.maxTokens + extraTokens,
    system: [{ type: 'text' as const, text: request.system, cache_control: { type: 'ephemeral' as const } }],
    messages: [{ role: 'user' as const, content: request.user }],
    output_config: {
      format: { type: 'json_schema' as const, schema: { ...request.schema.json } },
      ...(effort === null ? {} : { effort }),
    },
    ...(thinking === null ? {} : { thinking }),
  };
}

interface Swiftness {
  readonly thinking: Anthropic.ThinkingConfigParam | null;
  readonly effort: 'low' | null;
  /** Thinking counts towards `max_tokens`. */
  readonly extraTokens: number;
}

/**
 * How a model is kept from thinking before it answers: generation 5 thinks unless told otherwise, which alone would take longer
 * than an opinion may, and each model is told in its own way (platform.claude.com, "Thinking", read in November 2026).
 */
function swiftness(model: string): Swiftness {
  if (model.startsWith('claude-sonnet-5-5'))
    return { thinking: { type: 'between_tools' }, effort: null, extraTokens: 0 };
  if (/^claude-(?:opus-5-5|fable|mythos)/.test(model)) return { thinking: null, effort: 'low', extraTokens: 1_500 };
  if (/^claude-(?:haiku|sonnet|opus)-5/.test(model))
    return { thinking: { type: 'disabled' }, effort: null, extraTokens: 0 };
  return { thinking: null, effort: null, extraTokens: 0 };
}
