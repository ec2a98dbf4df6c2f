import { systemClock } from '../../clock.ts';
import { anthropicClient, faultOf, reader, type AnthropicOptions } from '../anthropic.ts';
import { swiftness } from '../swiftness.ts';
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
