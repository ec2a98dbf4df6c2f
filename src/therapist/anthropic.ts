import Anthropic, { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { systemClock, type Clock } from '../clock.ts';
import type { ModelFault, ModelRequest, Provider } from './languageModel.ts';
import {
  charactersOf,
  faultOfStatus,
  modelTimes,
  supervise,
  warmer,
  type ModelTimes,
  type Reading,
} from './modelStream.ts';
import { callFactsHeading } from './prompt.ts';
import { swiftness } from './swiftness.ts';

export interface AnthropicOptions {
  readonly apiKey: string;
  readonly model: string;
  /** Without `/v1`; the SDK's own when left out. */
  readonly baseUrl?: string | undefined;
  readonly clock?: Clock;
  readonly times?: ModelTimes;
}

/** Anthropic's messages, streamed. Faults are typed and carry neither the conversation nor the key. */
export function anthropicModel(options: AnthropicOptions): Provider {
  const clock = options.clock ?? systemClock;
  const client = anthropicClient(options);
  return {
    name: 'anthropic',
    stream: (request, signal) =>
      supervise({
        provider: 'anthropic',
        model: options.model,
        clock,
        times: options.times ?? modelTimes,
        signal,
        inputCharacters: charactersOf(request),
        onUsage: request.onUsage,
        open: (inner) => client.messages.create(bodyOf(options.model, request), { signal: inner }),
        read: reader(),
        faultOf,
      }),
    warm: warmer(clock, (signal) => client.models.retrieve(options.model, {}, { signal }).then(() => null, warmFault)),
  };
}

/** The vendor's own client, without retries, without a log and without traces. */
export function anthropicClient({ apiKey, baseUrl }: Pick<AnthropicOptions, 'apiKey' | 'baseUrl'>): Anthropic {
  return new Anthropic({
    apiKey,
    // Also when the environment holds a token of its own: only our settings choose the account.
    authToken: null,
    baseURL: baseUrl ?? null,
    maxRetries: 0,
    logLevel: 'off',
    // Given here, the SDK does not read its own variables, one of which would put the conversation into traces.
    openTelemetry: { propagation: false },
  });
}

/** Reads one stream's events; a new one for each stream. */
export function reader(): (event: RawMessageStreamEvent) => Reading {
  // The reason to stop comes before the final event; only both together are an end.
  let stopped: NonNullable<Reading['finish']> = 'complete';
  return (event) => {
    if (event.type === 'message_delta') stopped = finishOf(event.delta.stop_reason) ?? stopped;
    return event.type === 'message_stop' ? { finish: stopped } : readEvent(event);
  };
}

function bodyOf(model: string, request: ModelRequest) {
  const { thinking, effort, extraTokens } = swiftness(model);
  return {
    model,
    stream: true as const,
    max_tokens: request.maxTokens + extraTokens,
    ...(thinking === null ? {} : { thinking }),
    ...(effort === null ? {} : { output_config: { effort } }),
    system: systemBlocks(request.system),
    messages: request.messages.map((message) => ({
      role: message.role === 'caller' ? ('user' as const) : ('assistant' as const),
      content: message.text,
    })),
  };
}

/** The pack's prompt is the same in every call and is cached; what belongs to this call stands behind it. */
function systemBlocks(system: string) {
  const facts = system.indexOf(`\n\n${callFactsHeading}\n`);
  const stable = facts < 0 ? system : system.slice(0, facts);
  const cached = { type: 'text' as const, text: stable, cache_control: { type: 'ephemeral' as const } };
  return facts < 0 ? [cached] : [cached, { type: 'text' as const, text: system.slice(facts).trim() }];
}

function readEvent(event: RawMessageStreamEvent): Reading {
  switch (event.type) {
    case 'message_start': {
      const { usage } = event.message;
      const written = usage.cache_creation_input_tokens ?? 0;
      const cached = usage.cache_read_input_tokens ?? 0;
      return {
        inputTokens: usage.input_tokens + written + cached,
        ...(cached > 0 ? { cachedTokens: cached } : {}),
        ...(written > 0 ? { cacheWriteTokens: written } : {}),
      };
    }
    case 'content_block_start':
      return event.content_block.type === 'text' ? { text: event.content_block.text } : {};
    case 'content_block_delta':
      return event.delta.type === 'text_delta' ? { text: event.delta.text } : {};
    case 'message_delta':
      return { outputTokens: event.usage.output_tokens };
    default:
      return {};
  }
}

function finishOf(reason: Anthropic.StopReason | null): Reading['finish'] {
  if (reason === null) return undefined;
  if (reason === 'refusal') return 'refused';
  return reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'length' : 'complete';
}

/** The fault that an error of this SDK stands for; `begun`: text had come before it. */
export function faultOf(error: unknown, begun: boolean): ModelFault {
  if (error instanceof APIConnectionError) return begun ? 'truncated' : 'unreachable';
  if (error instanceof APIError) {
    // An `error` event within a stream has no status; its type says the same.
    if (error.status === undefined) return error.type === 'rate_limit_error' ? 'rateLimited' : 'service';
    return faultOfStatus(Number(error.status));
  }
  if (error instanceof SyntaxError) return 'service';
  return begun ? 'truncated' : 'unreachable';
}

function warmFault(error: unknown): ModelFault | null {
  const fault = faultOf(error, false);
  return error instanceof APIError && error.status === 404 ? null : fault;
}
