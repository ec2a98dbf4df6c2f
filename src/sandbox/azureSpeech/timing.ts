/** How fast the stand-in is. All in milliseconds unless the name says otherwise. */
export interface Timing {
  /** From the moment the matcher has words until they are sent. */
  hypothesisDelayMs: number;
  /** Hypotheses come at most this often. The real service: about 300 ms. */
  hypothesisEveryMs: number;
  /** From the end of the segmentation silence until the phrase is sent. */
  finalDelayMs: number;
  /** The silence that ends a phrase, when the client does not ask for another. The real service: 500. */
  segmentationSilenceMs: number;
  /** Silence after which a phrase without words is sent, when the client does not ask for another; 0: never. */
  initialSilenceMs: number;
  /** A turn is ended by the server after the first phrase beyond this much audio; null: never. */
  turnLifeMs: number | null;
  /** From the arrival of a sentence to its first audio; later only if the voice itself takes longer. */
  firstAudioDelayMs: number;
  /** Audio in one message. */
  audioChunkMs: number;
  /** Speed of sending audio, as a multiple of real time; null: all at once. */
  pacing: number | null;
  /** The real service: ten minutes. */
  connectionLifeMs: number;
  /** Without any message from the client. The real service: 180 s. */
  connectionIdleMs: number;
}

/** Until a session on the real service has been recorded these are estimates, not figures of Microsoft's. */
export const defaultTiming: Timing = {
  hypothesisDelayMs: 100,
  hypothesisEveryMs: 300,
  finalDelayMs: 150,
  segmentationSilenceMs: 500,
  initialSilenceMs: 15_000,
  turnLifeMs: null,
  firstAudioDelayMs: 120,
  audioChunkMs: 100,
  pacing: 10,
  connectionLifeMs: 600_000,
  connectionIdleMs: 180_000,
};
