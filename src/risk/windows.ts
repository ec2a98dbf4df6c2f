/**
 * One dangerous clause in a long ramble must not drown: what is long is read window by window, and the highest counts. The sizes
 * are those with which the model was trained.
 */
export interface Window {
  readonly from: number;
  /** The word after the last. */
  readonly to: number;
}

const wholeWords = 16;
const windowWords = 14;
const strideWords = 5;

export function windowsOf(words: number): readonly Window[] {
  if (words <= wholeWords) return [{ from: 0, to: words }];
  const windows: Window[] = [];
  for (let from = 0; from + windowWords < words; from += strideWords) windows.push({ from, to: from + windowWords });
  return [...windows, { from: words - windowWords, to: words }];
}
