import type { LineName } from '../../call/lineName.ts';

/** What a viewer reads of a call, piece by piece. */

export type Mood = 'plain' | 'barge' | 'fault' | 'good' | 'risk';

export type Block =
  | {
      readonly kind: 'caller';
      readonly atMs: number;
      readonly as: 'turn' | 'backchannel' | 'speaking';
      readonly text: string;
      /** Why Sanad waits longer than usual before it answers; null when it does not. */
      readonly patience: 'unfinished' | 'painful' | null;
    }
  | {
      readonly kind: 'sanad';
      readonly atMs: number;
      readonly line: LineName | null;
      readonly heard: string;
      /** Still to be heard while `speaking`; never heard once it is not. */
      readonly rest: string;
      readonly speaking: boolean;
      readonly firstSoundMs: number | null;
    }
  /** What the carrier's own voice says, when ours is not on the line. */
  | { readonly kind: 'carrier'; readonly atMs: number; readonly text: string }
  /** What the carrier's voice says to a person who was rung. */
  | { readonly kind: 'phone'; readonly atMs: number; readonly whose: string; readonly text: string }
  /** A text message on a screen or a telephone. */
  | { readonly kind: 'message'; readonly atMs: number; readonly whose: string; readonly text: string }
  | {
      readonly kind: 'remark';
      readonly atMs: number;
      readonly mood: Mood;
      readonly sign: string;
      readonly text: string;
    };

export type Remark = Extract<Block, { kind: 'remark' }>;

export function remark(atMs: number, mood: Mood, sign: string, text: string): Remark {
  return { kind: 'remark', atMs, mood, sign, text };
}
