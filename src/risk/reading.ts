/** One finding of the rules about an utterance: what it is called, and the words it stands on. */
export interface Reading {
  /** Name of the rule with how it is meant: `killSelf`, `killSelf denied`, `idiom`. */
  readonly mark: string;
  readonly from: number;
  /** The word after the last. */
  readonly to: number;
}
