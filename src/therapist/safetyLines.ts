import type { AskingLineName, ConsentLineName, LineName } from '../call/lineName.ts';

/** The fixed lines of every pack that have nothing to do with danger or with bringing a person. */
type EverydayLine =
  | 'greeting'
  | 'identity'
  | 'lineBack'
  | 'silenceFirst'
  | 'silenceSecond'
  | 'silenceGoodbye'
  | 'goodbye'
  | 'cannotHear'
  | 'thinkingTrouble'
  | 'offerPerson'
  | 'personLeft'
  | 'voiceTrouble'
  | 'lengthNotice'
  | 'lengthGoodbye'
  | 'fault';

/** `{، emergency}` is where a verified number is spoken, with what stands before it; without one it is left out. */
export type SafetyLines = Readonly<
  Record<Exclude<LineName, EverydayLine | ConsentLineName | AskingLineName>, readonly string[]>
>;

/** Small questions of the organisation. */
export type AskingLines = Readonly<Record<AskingLineName, readonly string[]>>;

/** What is said of consent. */
export type ConsentLines = Readonly<Record<ConsentLineName, readonly string[]>>;
