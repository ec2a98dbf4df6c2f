import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
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

export interface OpenaiOptions {
  readonly apiKey: string;
  readonly model: string;
  /** With `/v1` in it; the SDK's own when left out. */
  readonly baseUrl?: string | undefined;
  readonly clock?: Clock;
  readonly times?: ModelTimes;
}

/** OpenAI's chat completions, streamed. Faults are typed and carry neither the conversation nor the key. */
export function openaiModel(options: OpenaiOptions): Provider {
  const clock = options.clock ?? systemClock;
  const client = openaiClient(options);
  return {
    name: 'openai',
    stream: (request, signal) =>
      supervise({
        provider: 'openai',
        model: options.model,
        clock,
        times: options.times ?? modelTimes,
        signal,
        inputCharacters: charactersOf(request),
        onUsage: request.onUsage,
        open: (inner) => client.chat.completions.create(bodyOf(options.model, request), { signal: inner }),
        read,
        faultOf,
      }),
    warm: warmer(clock, (signal) => client.models.retrieve(options.model, { signal }).then(() => null, warmFault)),
  };
}

/** The vendor's own client, without retries and without a log. */
export function openaiClient({ apiKey, baseUrl }: Pick<OpenaiOptions, 'apiKey' | 'baseUrl'>): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl ?? null,
    // Retrying is the hedge's affair: the SDK's waits would be heard as silence.
    maxRetries: 0,
    // The SDK's log would print chunks that it cannot parse, and with them words of the conversation.
    logLevel: 'off',
  });
}

function bodyOf(model: string, request: ModelRequest) {
  return {
    model,
    stream: true as const,
    stream_options: { include_usage: true },
    store: false,
    max_completion_tokens: request.maxTokens,
    messages: [
      { role: 'system' as const, content: request.system },
      ...request.messages.map((message) =>
        message.role === 'caller'
          ? { role: 'user' as const, content: message.text }
          : { role: 'assistant' as const, content: message.text },
      ),
    ],
  };
}

/** Compatible servers leave fields out that the SDK's types promise, hence the care. */
export function read(chunk: ChatCompletionChunk): Reading {
  const choice = chunk.choices?.[0];
  const usage = chunk.usage;
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  const counts = usage
    ? {
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        ...(cached > 0 ? { cachedTokens: cached } : {}),
      }
    : {};
  const refused = typeof choice?.delta?.refusal === 'string' && choice.delta.refusal !== '';
  const finish = refused ? 'refused' : finishOf(choice?.finish_reason ?? null);
  const text = choice?.delta?.content;
  return {
    ...(typeof text === 'string' && text !== '' ? { text } : {}),
    ...(finish === null ? {} : { finish }),
    ...counts,
  };
}

function finishOf(reason: ChatCompletionChunk.Choice['finish_reason']): NonNullable<Reading['finish']> | null {
  if (reason === null) return null;
  if (reason === 'content_filter') return 'refused';
  return reason === 'length' ? 'length' : 'complete';
}

/** The fault that an error of this SDK stands for; `begun`: text had come before it. */
export function faultOf(error: unknown, begun: boolean): ModelFault {
  if (error instanceof APIConnectionError) return begun ? 'truncated' : 'unreachable';
  if (error instanceof APIError) return faultOfStatus(Number(error.status ?? 500));
  if (error instanceof SyntaxError) return 'service';
  // Node's fetch says "terminated" when the connection breaks in the middle of a body.
  return begun ? 'truncated' : 'unreachable';
}

/** A model that cannot be looked up is no sign that it would not answer; a refused key is. */
function warmFault(error: unknown): ModelFault | null {
  const fault = faultOf(error, false);
  return error instanceof APIError && error.status === 404 ? null : fault;
}
