/** How a call takes turns. Enters with the first event, so that a log replays under the settings it was made with. */
export interface CallSettings {
  readonly language: string;
  /** What Sanad opens with; the greeting when left out. */
  readonly opening?: 'greeting' | 'callbackGreeting';
  readonly turnTaking: TurnTaking;
}

/** How long a caller may pause before the turn is taken to be over, in milliseconds after the last voiced frame. */
export interface Patience {
  /** The sentence is complete and calm. */
  readonly completeMs: number;
  readonly usualMs: number;
  /** After painful content. */
  readonly painfulMs: number;
  /** In the middle of a thought. */
  readonly trailingMs: number;
}

/** A conversation's stage: patience is a setting of each. */
export type Stage = 'opening' | 'conversation' | 'distress';

export interface TurnTaking {
  readonly bargeInMs: number;
  readonly confirmWordsMs: number;
  /** After a listening word that silenced Sanad: "ايوه" may be all, or the beginning of "ايوه، بس…". */
  readonly afterBackchannelMs: number;
  readonly unconfirmedVoiceMs: number;
  /** Null: no reply is prepared before the turn is over. */
  readonly speculateAfterMs: number | null;
  readonly patience: Readonly<Record<Stage, Patience>>;
  readonly awaitFinalMs: number;
  readonly awaitWordsMs: number;
  readonly stuckVoiceMs: number;
  readonly firstSentenceMs: number;
  readonly playoutGraceMs: number;
  /** Silence before the first, the second and the closing line. */
  readonly silenceMs: readonly [number, number, number];
  /**
   * While a person is being brought to a caller in danger: silence before Sanad speaks again, time for a first sentence, and voice
   * without words. The caller hears something at least every 8 s (DESIGN §7), so each leaves room for the way to the ear.
   */
  readonly companySilenceMs: number;
  readonly companyFirstSentenceMs: number;
  readonly companyStuckVoiceMs: number;
  /** Nobody came, and nobody is being rung any more. */
  readonly ringAgainMs: number;
  /** Talk with a person that ends sooner was cut off: somebody else is rung. */
  readonly shortTalkMs: number;
  /** The line stays open so long after a goodbye: what matters most is often said last. */
  readonly closingPauseMs: number;
  readonly cannotHearMs: number;
  readonly longestCallMs: number;
  readonly lengthNoticeMs: number;
  readonly lineLostMs: number;
}

const patience: Patience = { completeMs: 400, usualMs: 700, painfulMs: 1_500, trailingMs: 2_500 };

/**
 * The defaults: DESIGN §6 where it names a figure. The others: words of a real interruption reach us within about 1.2 s
 * on Azure (hypotheses every 300 ms), its finals within 1.8 s at the 99th percentile (Pipecat's measurement), so that is
 * how long we wait for words that voice announced.
 */
export const defaultTurnTaking: TurnTaking = {
  bargeInMs: 250,
  confirmWordsMs: 1_200,
  afterBackchannelMs: 200,
  unconfirmedVoiceMs: 8_000,
  speculateAfterMs: 200,
  patience: {
    opening: { ...patience, completeMs: 500, usualMs: 900 },
    conversation: patience,
    distress: { completeMs: 700, usualMs: 1_200, painfulMs: 2_000, trailingMs: 2_500 },
  },
  awaitFinalMs: 150,
  awaitWordsMs: 1_800,
  stuckVoiceMs: 15_000,
  firstSentenceMs: 4_000,
  playoutGraceMs: 5_000,
  silenceMs: [12_000, 25_000, 45_000],
  companySilenceMs: 5_000,
  companyFirstSentenceMs: 2_500,
  companyStuckVoiceMs: 6_500,
  ringAgainMs: 20_000,
  shortTalkMs: 30_000,
  closingPauseMs: 1_500,
  cannotHearMs: 4_000,
  longestCallMs: 3_600_000,
  lengthNoticeMs: 300_000,
  lineLostMs: 60_000,
};
