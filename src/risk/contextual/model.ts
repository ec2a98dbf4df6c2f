/**
 * What a contextual stage needs of a language model. The adapters live with the other models, in `src/therapist/structured`;
 * this is their shape as seen from here, so that neither part imports the other.
 */
export interface OpinionModel {
  readonly name: ModelName;
  /** Never throws. `onText`: the answer so far, as it grows. */
  readonly ask: (
    request: OpinionRequest,
    signal: AbortSignal,
    onText?: (soFar: string) => void,
  ) => Promise<OpinionAnswer>;
}

export type ModelName = 'openai' | 'anthropic';

export interface OpinionRequest {
  readonly system: string;
  readonly user: string;
  readonly schema: { readonly name: string; readonly json: Readonly<Record<string, unknown>> };
  readonly maxTokens: number;
  readonly stallMs: number;
  readonly limitMs: number;
  /** Told once of what it used, also when it was given up. */
  readonly onUsage?: ((usage: OpinionUsage) => void) | undefined;
}

export interface OpinionUsage {
  readonly provider: ModelName;
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly source: 'vendor' | 'estimate';
}

export type OpinionAnswer =
  | { readonly type: 'json'; readonly text: string; readonly model: string }
  | { readonly type: 'failed'; readonly fault: ModelFault; readonly text: string }
  | { readonly type: 'aborted' };

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
