/** What a call used of the providers, as it is kept. Counts and times: no words, nobody's number. */

export const usageKinds = [
  'reply',
  'classifier',
  'judge',
  'recognition',
  'synthesis',
  'callerLeg',
  'personLeg',
  'message',
] as const;

export type UsageKind = (typeof usageKinds)[number];

/** Totals since the part began; whole numbers. */
export interface ProviderUse {
  readonly provider: string;
  readonly kind: UsageKind;
  /** Of a language model; empty otherwise. */
  readonly model: string;
  readonly requests: number;
  /** Without those that a cache gave or took. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** Recognition: milliseconds of audio; synthesis: characters; legs: minutes begun; messages: segments. */
  readonly amount: number;
  /** Requests whose tokens the provider did not tell, so that they are guessed. */
  readonly estimated: number;
  readonly failures: number;
  /** Times another provider took its place. */
  readonly failovers: number;
}

export interface StageTimes {
  readonly stage: string;
  /** In the order in which they were measured; milliseconds. */
  readonly tookMs: readonly number[];
}

/**
 * One part's totals so far. Written again whenever they have grown, also out of order: the larger stands, so that a repeated write
 * counts once and a server that dies takes only the last seconds with it.
 */
export interface UsageCounted {
  readonly type: 'usageCounted';
  readonly callId: string;
  /** UUID of one holding of the call by one server. */
  readonly part: string;
  readonly uses: readonly ProviderUse[];
  readonly stages: readonly StageTimes[];
}
