/** Times and bounds of the two contextual stages, in one place. Milliseconds; characters are UTF-16 units. */
export interface StageSettings {
  /** The whole opinion, from being asked for, waiting in the queue included. */
  readonly limitMs: number;
  /** No text of the first provider by then starts the second. */
  readonly hedgeAfterMs: number;
  /** A provider that began and then gives nothing for so long has failed. */
  readonly stallMs: number;
  readonly maxTokens: number;
  /** Opinions that one process asks for at once, and how many more may wait. */
  readonly atOnce: number;
  readonly waiting: number;
}

export interface ContextualSettings {
  readonly classifier: StageSettings;
  readonly judge: StageSettings;
}

/**
 * A classifier's opinion is wanted before the reply is spoken; a judge's may take its time. With 200 calls to a server and a turn
 * each ten seconds, some 40 classifications run at once when each takes two seconds.
 */
export const contextualSettings: ContextualSettings = {
  classifier: { limitMs: 2_500, hedgeAfterMs: 700, stallMs: 600, maxTokens: 400, atOnce: 64, waiting: 64 },
  judge: { limitMs: 20_000, hedgeAfterMs: 4_000, stallMs: 3_000, maxTokens: 600, atOnce: 24, waiting: 100 },
};

export const contextBounds = {
  /** What the classifier sees: the newest turns, Sanad's own among them (clinical.md §3). */
  classifierTurns: 10,
  /** Of one turn; the newest may be longer, since the dangerous clause may stand anywhere in it. */
  turnCharacters: 700,
  newestTurnCharacters: 2_400,
  /** What the judge sees of a call: these newest turns as the classifier does, older ones shortened, all within the budget. */
  judgeNewestTurns: 20,
  judgeOlderCallerCharacters: 400,
  judgeOlderSanadCharacters: 160,
  judgeCharacters: 20_000,
  /** The caller's own words that a briefing may quote. */
  quoteCharacters: 120,
  quoteWords: 14,
} as const;

/** The judge looks again after so many turns of the caller. */
export const judgeEveryTurns = 4;
