/** The language-model port: two providers stand behind it, and the hedge of both looks the same from outside. */

export interface ChatMessage {
  readonly role: 'caller' | 'sanad';
  /** What was said, and of Sanad only what the caller heard. */
  readonly text: string;
}

export interface ModelRequest {
  /** The language pack's system prompt, and facts of this call (gender of address, time of day, resumed…). */
  readonly system: string;
  /** Oldest first; the last is the caller's. */
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Told once of each request to a vendor that was made for this one, also of those that were given up. Must not throw. */
  readonly onUsage?: ((usage: RequestUsage) => void) | undefined;
}

/** What one request used. */
export interface RequestUsage {
  readonly provider: ModelName;
  readonly model: string;
  /** Without those that a cache gave or took. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** A vendor that is broken off does not tell all: then the rest is guessed from the length of the text. */
  readonly source: 'vendor' | 'estimate';
}

export type ModelName = 'openai' | 'anthropic';

export type ModelFault =
  | 'noFirstToken'
  | 'stalled'
  | 'truncated'
  | 'refused'
  | 'unauthorised'
  | 'rateLimited'
  | 'unreachable'
  | 'service'
  | 'tooLong'
  | 'empty';

export type ModelChunk =
  | { readonly type: 'text'; readonly text: string }
  /** Comes last, once, only when the provider said that it had finished. */
  | {
      readonly type: 'end';
      readonly provider: ModelName;
      readonly model: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  /** A provider was given up; for records and metrics. The text that follows never contradicts text already given. */
  | { readonly type: 'fault'; readonly provider: ModelName; readonly fault: ModelFault; readonly afterMs: number };

/** Thrown when no provider could answer; never contains the conversation or a key. */
export class ModelError extends Error {
  readonly faults: readonly { readonly provider: ModelName; readonly fault: ModelFault }[];
  constructor(faults: readonly { readonly provider: ModelName; readonly fault: ModelFault }[]) {
    super(`no language model answered: ${faults.map((f) => `${f.provider} ${f.fault}`).join(', ')}`);
    this.name = 'ModelError';
    this.faults = faults;
  }
}

export interface LanguageModel {
  readonly name: ModelName | 'hedged';
  /** Streams a reply. Ends quietly, at once, when `signal` aborts; a missing final event throws `ModelError` (truncated). */
  readonly stream: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelChunk>;
  /**
   * Opens a connection ahead of need, and tells whether the provider would answer: null, or its fault. Never throws.
   * Node keeps an idle connection for about 4 s, so call it when the caller begins to speak; often is harmless.
   */
  readonly warm?: () => Promise<ModelFault | null>;
}

/** One vendor's model, as the hedge takes it. */
export type Provider = LanguageModel & { readonly name: ModelName };
