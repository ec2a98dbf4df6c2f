import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { systemClock } from '../../clock.ts';
import type { Reading } from '../modelStream.ts';
import { faultOf, openaiClient, read, type OpenaiOptions } from '../openai.ts';
import { gather, type StructuredModel, type StructuredRequest } from './structuredModel.ts';

/** OpenAI's structured outputs over chat completions, streamed: `response_format` of type `json_schema`, strict. */
export function openaiStructured(options: Omit<OpenaiOptions, 'times'>): StructuredModel {
  const client = openaiClient(options);
  const { model, clock = systemClock } = options;
  return {
    name: 'openai',
    ask: (request, signal, onText = () => {}) =>
      gather(
        {
          provider: 'openai',
          model,
          open: (inner) => client.chat.completions.create(bodyOf(model, request), { signal: inner }),
          read: objectReader(),
          faultOf,
        },
        request,
        { clock, signal, onText },
      ),
  };
}

function bodyOf(model: string, request: StructuredRequest) {
  const { name, json } = request.schema;
  return {
    model,
    stream: true as const,
    stream_options: { include_usage: true },
    store: false,
    max_completion_tokens: request.maxTokens,
    messages: [
      { role: 'system' as const, content: request.system },
      { role: 'user' as const, content: request.user },
    ],
    response_format: { type: 'json_schema' as const, json_schema: { name, strict: true, schema: { ...json } } },
  };
}

/** Who asks for an object is refused in a field of its own, and then the answer ends as if it were complete. */
function objectReader(): (chunk: ChatCompletionChunk) => Reading {
  let isRefused = false;
  return (chunk) => {
    const reading = read(chunk);
    isRefused ||= reading.finish === 'refused';
    return isRefused && reading.finish !== undefined ? { ...reading, finish: 'refused' } : reading;
  };
}
