import type { RiskLevel } from '../call/meaning.ts';

/** What the floor says of an utterance: typed and wordless, so that logs and briefings can carry it. */
export interface RiskAssessment {
  readonly level: RiskLevel;
  readonly signals: readonly RiskSignal[];
}

export type RiskDomain =
  'suicide' | 'selfHarm' | 'harmOthers' | 'abuse' | 'child' | 'psychosis' | 'overdose' | 'medical' | 'distress';

export type RiskSubject = 'self' | 'other' | 'child' | 'unknown';

/** `hypothetical` is a condition, `unknown` when nothing tells. */
export type RiskTime = 'now' | 'soon' | 'recent' | 'past' | 'hypothetical' | 'unknown';

export type RiskMeans = 'medicine' | 'poison' | 'height' | 'water' | 'vehicle' | 'firearm' | 'blade' | 'rope' | 'fire';

export type RiskKind =
  | 'hopelessness'
  | 'burden'
  | 'wish'
  | 'thoughts'
  | 'intent'
  | 'plan'
  | 'means'
  | 'attempt'
  | 'farewell'
  | 'selfInjury'
  | 'lethality'
  | 'threat'
  | 'violence'
  | 'sexualViolence'
  | 'confinement'
  | 'commands'
  | 'bodilyEmergency'
  | 'admission'
  | 'topic'
  | 'unspecified';

/** One reason for the level. */
export interface RiskSignal {
  readonly domain: RiskDomain;
  readonly subject: RiskSubject;
  readonly time: RiskTime;
  readonly kind: RiskKind;
  readonly means?: RiskMeans;
  /** Said and taken back, or about a story or a saying: it raises nothing by itself. */
  readonly reading: 'meant' | 'denied' | 'story' | 'idiom' | 'religious';
  /** Which part of the floor found it. */
  readonly source: 'rule' | 'model';
  /** Of what only the model found: `firm` where it errs once in fifty harmless lines, `fair` where once in twenty. */
  readonly certainty?: 'fair' | 'firm';
}
