import type { Clock } from '../../clock.ts';
import { ModelError, type ModelFault, type ModelName, type RequestUsage } from '../languageModel.ts';
import { supervise, type Supervised } from '../modelStream.ts';

/** A model that answers with one JSON object of a given schema instead of with words to be spoken. */
export interface StructuredModel {
  readonly name: ModelName;
  /**
   * One answer. Never throws: a fault is a result, and `aborted` the answer when `signal` aborts. `onText` is told of the
   * answer as it grows, so that whoever waits knows that something comes. The text is not checked against the schema.
   */
  readonly ask: (
    request: StructuredRequest,
    signal: AbortSignal,
    onText?: (soFar: string) => void,
  ) => Promise<StructuredAnswer>;
}

export interface StructuredRequest {
  /** The same in every call, so that providers can cache it. */
  readonly system: string;
  /** What is to be judged: data only. */
  readonly user: string;
  /** `name` is `[a-zA-Z0-9_-]`; `json` is a JSON schema whose properties are all required, as both vendors' strict modes want it. */
  readonly schema: { readonly name: string; readonly json: Readonly<Record<string, unknown>> };
  readonly maxTokens: number;
  /** From one piece of text to the next. */
  readonly stallMs: number;
  /** The whole answer. */
  readonly limitMs: number;
  /** Told once of what it used, also when it was given up. Must not throw. */
  readonly onUsage?: ((usage: RequestUsage) => void) | undefined;
}

export type StructuredAnswer =
  | {
      readonly type: 'json';
      readonly text: string;
      readonly model: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  /** `text` is what had come until then. */
  | { readonly type: 'failed'; readonly fault: ModelFault; readonly text: string }
  | { readonly type: 'aborted' };

/** Far above the longest answer of a schema of ours, about 1,000 characters: a server may disregard the limit of tokens. */
const answerCharacters = 8_000;

/** Gathers one provider's stream under the request's limits. */
export async function gather<Event>(
  stream: Omit<Supervised<Event>, 'times' | 'signal' | 'clock' | 'inputCharacters' | 'onUsage'>,
  request: StructuredRequest,
  given: { readonly clock: Clock; readonly signal: AbortSignal; readonly onText: (soFar: string) => void },
): Promise<StructuredAnswer> {
  const { limitMs, stallMs } = request;
  const times = { firstTokenMs: limitMs, betweenTokensMs: stallMs, totalMs: limitMs, usageMs: 100 };
  let text = '';
  let fault: ModelFault | null = null;
  try {
    const metered = { inputCharacters: request.system.length + request.user.length, onUsage: request.onUsage };
    for await (const chunk of supervise({ ...stream, ...metered, times, clock: given.clock, signal: given.signal })) {
      if (chunk.type === 'fault') fault = chunk.fault;
      if (chunk.type === 'text') {
        text += chunk.text;
        if (text.length > answerCharacters) return { type: 'failed', fault: 'tooLong', text };
        given.onText(text);
      }
      if (chunk.type !== 'end') continue;
      if (fault !== null) return { type: 'failed', fault, text };
      return {
        type: 'json',
        text,
        model: chunk.model,
        inputTokens: chunk.inputTokens,
        outputTokens: chunk.outputTokens,
      };
    }
    return given.signal.aborted ? { type: 'aborted' } : { type: 'failed', fault: 'truncated', text };
  } catch (error) {
    return {
      type: 'failed',
      fault: error instanceof ModelError ? (error.faults.at(-1)?.fault ?? 'service') : 'service',
      text,
    };
  }
}
