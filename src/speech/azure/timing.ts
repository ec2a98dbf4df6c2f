/**
 * The SDK has no time limit of its own anywhere: a server that accepts the connection and never answers hangs start, speak
 * and reconnect for ever (measured). Every wait on the provider is therefore ours, and every one of them is here.
 */
export interface RecogniserTiming {
  /** Upgrade answered. The provider needs three round trips, about 160 ms at 50 ms each. */
  readonly connectMs: number;
  /** First message of the service after the upgrade; it opens its turn as soon as it has the audio header. */
  readonly firstMessageMs: number;
  /** Clear speech written without anything coming back. Doubles while a new connection brings nothing either. */
  readonly unansweredSpeechMs: number;
  /** A connection is freed by then, gracefully or not. */
  readonly stopMs: number;
  /** A service connection lives ten minutes at most; from here on a silence is used to replace it. */
  readonly rotateInQuietMs: number;
  /** Replaced now, speech or not. */
  readonly rotateLatestMs: number;
  /** Between two tries to open the replacement, while the old connection still hears. */
  readonly rotateRetryMs: number;
  /** First and longest wait before a reconnect; doubles between them. */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  /** A connection that worked this long before it broke is replaced at once, with a clean slate. */
  readonly healthyMs: number;
  /** Partial results this far behind the audio: known to grow with the age of a connection, so it is replaced. */
  readonly lagMs: number;
  /** Not before this age, so that the catching up after a replay is not taken for lag. */
  readonly lagGraceMs: number;
}

export const recogniserTiming: RecogniserTiming = {
  connectMs: 3_000,
  firstMessageMs: 4_000,
  unansweredSpeechMs: 4_000,
  stopMs: 1_000,
  rotateInQuietMs: 510_000,
  rotateLatestMs: 570_000,
  rotateRetryMs: 5_000,
  retryFirstMs: 250,
  retryMaxMs: 8_000,
  healthyMs: 5_000,
  lagMs: 3_000,
  lagGraceMs: 30_000,
};

export interface SynthesiserTiming {
  readonly connectMs: number;
  /** From the text being sent over a connected socket to the first audio. */
  readonly firstByteMs: number;
  /** Between two chunks of one sentence. */
  readonly gapMs: number;
  /** A whole sentence; the service sends several times faster than it is spoken. */
  readonly totalMs: number;
  readonly stopMs: number;
  /** An idle connection that lived at least this long before the service closed it is replaced without being asked. */
  readonly idleReplaceMs: number;
}

export const synthesiserTiming: SynthesiserTiming = {
  connectMs: 3_000,
  firstByteMs: 2_500,
  gapMs: 2_000,
  totalMs: 30_000,
  stopMs: 1_000,
  idleReplaceMs: 5_000,
};
