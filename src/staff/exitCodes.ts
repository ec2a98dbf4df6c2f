/** The same for every command. */
export const exitCodes = {
  good: 0,
  /** The command worked and found something, or could not do its work. */
  failed: 1,
  /** It was called in a way that it does not understand. */
  wrongUse: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
