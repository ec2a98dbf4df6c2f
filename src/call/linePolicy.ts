import type { LineName } from './lineName.ts';
import { firstResponses } from './safetySteps.ts';
import type { After } from './state.ts';

/** What follows a fixed line once it was heard; listening, unless it is named here. */
const afterLines: Partial<Record<LineName, After>> = {
  goodbye: 'goodbye',
  silenceGoodbye: 'silence',
  lengthGoodbye: 'length',
  goodbyeAfterRisk: 'goodbye',
  connecting: 'handOver',
  fault: 'handOver',
};

/** Said to their end even when the caller speaks: they are short, and what they announce happens anyway. */
const saidToTheEnd: readonly LineName[] = [
  ...Object.values(firstResponses).flatMap(({ soon, now }) => [soon, now]),
  'bringingPerson',
  'connecting',
  'fault',
  'lengthGoodbye',
];

export function afterLine(line: LineName): After {
  return afterLines[line] ?? 'listen';
}

/** The outcome of a call that ends with this line; null for lines after which it goes on. */
export function goodbyeOf(line: LineName): Exclude<After, 'listen' | 'handOver'> | null {
  const after = afterLine(line);
  return after === 'listen' || after === 'handOver' ? null : after;
}

export function isInterruptible(line: LineName): boolean {
  return !saidToTheEnd.includes(line);
}
