import type { BankedPhrase } from './phraseBank.ts';

/** What goes into the phrase decoder and what comes out of it. */

/** `torn`: a packet was lost or repeated in it; `ruined`: one of so many that this is no speech any more. */
export type FrameCondition = 'whole' | 'torn' | 'ruined';

export interface LiveFrame {
  readonly shape: Float32Array;
  /** Decibels below the utterance's loudest frame so far, −24..0. */
  readonly level: number;
  /** Above the line's noise. */
  readonly loud: boolean;
  /** 0..1: how far the frame stands out of the line's noise; what is buried in it has no shape. */
  readonly trust: number;
  readonly condition: FrameCondition;
}

/** A phrase that was heard; milliseconds from the utterance's first frame. */
export interface HeardPhrase {
  readonly phrase: BankedPhrase;
  readonly fromMs: number;
  readonly toMs: number;
  /** Mean price per frame, lower is surer. */
  readonly cost: number;
}

export interface PartialHearing {
  readonly heard: readonly HeardPhrase[];
  /** The phrase being spoken and how far, or null between phrases. */
  readonly open: { readonly phrase: BankedPhrase; readonly fromMs: number; readonly spokenMs: number } | null;
}
