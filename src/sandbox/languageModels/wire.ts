import { z } from 'zod';
import type { Vendor } from './faults.ts';
import type { HeardMessage } from './listener.ts';
import type { Ending, WireFormat } from './stream.ts';
import { anthropicObject, askedOfAnthropic, askedOfOpenai, openaiObject, type AskedObject } from './structured.ts';

/** The two vendors' shapes, as their public references describe them. Ids are counted, not random: the same each run. */

export interface AskedReply {
  readonly model: string;
  readonly isStream: boolean;
  readonly wantsUsage: boolean;
  readonly messages: readonly HeardMessage[];
  readonly inputCharacters: number;
  /** An object is asked for instead of words. */
  readonly object: AskedObject | null;
}

const textParts = z
  .array(z.object({ type: z.string(), text: z.string().optional() }))
  .transform((parts) => parts.map((part) => part.text ?? '').join(' '));
const content = z.union([z.string(), textParts]);

const openaiBody = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  ...openaiObject,
  messages: z.array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content })).min(1),
});

const anthropicBody = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  max_tokens: z.int().min(1),
  system: content.optional(),
  ...anthropicObject,
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content })).min(1),
});

/** The request a vendor would accept, or why not. */
export function readBody(vendor: Vendor, body: unknown): AskedReply | { readonly refused: string } {
  return vendor === 'openai' ? readOpenai(body) : readAnthropic(body);
}

function readOpenai(body: unknown): AskedReply | { readonly refused: string } {
  const parsed = openaiBody.safeParse(body);
  if (!parsed.success) return { refused: z.prettifyError(parsed.error) };
  const { model, stream, messages, stream_options: options } = parsed.data;
  const asked = askedOfOpenai(parsed.data);
  if ('refused' in asked) return asked;
  return {
    model,
    isStream: stream,
    wantsUsage: options?.include_usage === true,
    messages: messages.flatMap(({ role, content: text }) =>
      role === 'user' || role === 'assistant' ? [{ role, text }] : [],
    ),
    inputCharacters: messages.reduce((sum, message) => sum + message.content.length, 0),
    ...asked,
  };
}

function readAnthropic(body: unknown): AskedReply | { readonly refused: string } {
  const parsed = anthropicBody.safeParse(body);
  if (!parsed.success) return { refused: z.prettifyError(parsed.error) };
  const { model, stream, messages, system } = parsed.data;
  if (messages[0]?.role !== 'user') return { refused: 'messages: first message must use the "user" role' };
  const asked = askedOfAnthropic(parsed.data);
  if ('refused' in asked) return asked;
  return {
    model,
    isStream: stream,
    wantsUsage: true,
    messages: messages.map(({ role, content: text }) => ({ role, text })),
    inputCharacters: messages.reduce((sum, message) => sum + message.content.length, system?.length ?? 0),
    ...asked,
  };
}

/** About four characters a token, as both vendors say of English. */
export function inputTokens(asked: AskedReply): number {
  return Math.ceil(asked.inputCharacters / 4);
}

/** An error answer in the vendor's shape. */
export function errorBody(vendor: Vendor, status: number, message: string): unknown {
  const type = errorTypes[vendor][status] ?? (vendor === 'openai' ? 'server_error' : 'api_error');
  if (vendor === 'anthropic') return { type: 'error', error: { type, message }, request_id: 'req_sandbox' };
  return { error: { message, type, param: null, code: status === 401 ? 'invalid_api_key' : null } };
}

const errorTypes: Readonly<Record<Vendor, Readonly<Record<number, string>>>> = {
  openai: { 400: 'invalid_request_error', 401: 'invalid_request_error', 404: 'invalid_request_error', 429: 'requests' },
  anthropic: {
    400: 'invalid_request_error',
    401: 'authentication_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  },
};

export function wireFormat(vendor: Vendor, asked: AskedReply, count: number): WireFormat {
  return vendor === 'openai' ? openaiFormat(asked, count) : anthropicFormat(asked, count);
}

const openaiReasons: Readonly<Record<Ending, string>> = {
  complete: 'stop',
  length: 'length',
  refusal: 'content_filter',
};

function openaiFormat(asked: AskedReply, count: number): WireFormat {
  const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
  const head = { id: `chatcmpl-sandbox-${count}`, object: 'chat.completion.chunk', created: 0, model: asked.model };
  const chunk = (delta: unknown, reason: string | null) =>
    data({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] });
  return {
    begin: () => chunk({ role: 'assistant', content: '' }, null),
    token: (text) => chunk({ content: text }, null),
    end: (ending, tokens) => {
      const usage = usageOf(asked, tokens);
      // Who asks for an object gets a refusal in words, in a field of its own.
      const refuses = ending === 'refusal' && asked.object !== null;
      const last = refuses ? chunk({ refusal: refusal }, null) + chunk({}, 'stop') : chunk({}, openaiReasons[ending]);
      return `${last}${asked.wantsUsage ? data({ ...head, choices: [], usage }) : ''}data: [DONE]\n\n`;
    },
    keepAlive: () => ': keep-alive\n\n',
    malformed: () => 'data: {"id": "chatcmpl-sandbox", "choices": [\n\n',
    error: () => data(errorBody('openai', 500, 'The server had an error while processing your request.')),
  };
}

const refusal = 'I cannot assist with that request.';

function usageOf(asked: AskedReply, tokens: number) {
  const prompt = inputTokens(asked);
  return { prompt_tokens: prompt, completion_tokens: tokens, total_tokens: prompt + tokens };
}

const anthropicReasons: Readonly<Record<Ending, string>> = {
  complete: 'end_turn',
  length: 'max_tokens',
  refusal: 'refusal',
};

function anthropicFormat(asked: AskedReply, count: number): WireFormat {
  const event = (type: string, value: Readonly<Record<string, unknown>>) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
  const message = {
    id: `msg_sandbox_${count}`,
    type: 'message',
    role: 'assistant',
    model: asked.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: inputTokens(asked), output_tokens: 1 },
  };
  const tool = asked.object?.as === 'tool' ? asked.object : null;
  const block =
    tool === null
      ? { type: 'text', text: '' }
      : { type: 'tool_use', id: `toolu_sandbox_${count}`, name: tool.name, input: {} };
  const delta = (text: string) =>
    tool === null ? { type: 'text_delta', text } : { type: 'input_json_delta', partial_json: text };
  const reasons = tool === null ? anthropicReasons : { ...anthropicReasons, complete: 'tool_use' };
  return {
    begin: () =>
      event('message_start', { message }) +
      event('content_block_start', { index: 0, content_block: block }) +
      event('ping', {}),
    token: (text) => event('content_block_delta', { index: 0, delta: delta(text) }),
    end: (ending, tokens) =>
      event('content_block_stop', { index: 0 }) +
      event('message_delta', {
        delta: { stop_reason: reasons[ending], stop_sequence: null },
        usage: { output_tokens: tokens },
      }) +
      event('message_stop', {}),
    keepAlive: () => event('ping', {}),
    malformed: () => 'event: content_block_delta\ndata: {"type": "content_block_delta", "delta": {\n\n',
    error: () => event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  };
}

/** The whole reply at once, for clients that do not stream. */
export function wholeReply(vendor: Vendor, asked: AskedReply, count: number, text: string, tokens: number): unknown {
  if (vendor === 'anthropic') {
    const { object } = asked;
    const isTool = object?.as === 'tool';
    return {
      id: `msg_sandbox_${count}`,
      type: 'message',
      role: 'assistant',
      model: asked.model,
      content: isTool
        ? [{ type: 'tool_use', id: `toolu_sandbox_${count}`, name: object.name, input: parsedOr(text, {}) }]
        : [{ type: 'text', text }],
      stop_reason: isTool ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: inputTokens(asked), output_tokens: tokens },
    };
  }
  return {
    id: `chatcmpl-sandbox-${count}`,
    object: 'chat.completion',
    created: 0,
    model: asked.model,
    choices: [
      { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: usageOf(asked, tokens),
  };
}

/** A tool's input is printed as an object; of a broken one nothing is left. */
function parsedOr(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** `GET /v1/models` and `/v1/models/{id}`: whatever model is asked for exists here. */
export function modelsBody(vendor: Vendor, id: string | null): unknown {
  const model = (name: string) =>
    vendor === 'openai'
      ? { id: name, object: 'model', created: 0, owned_by: 'sandbox' }
      : { type: 'model', id: name, display_name: `${name} (stand-in)`, created_at: '1970-01-01T00:00:00Z' };
  if (id !== null) return model(id);
  const data = [model('stand-in')];
  return vendor === 'openai'
    ? { object: 'list', data }
    : { data, has_more: false, first_id: 'stand-in', last_id: 'stand-in' };
}
