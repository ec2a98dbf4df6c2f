import type { Meaning } from './meaning.ts';

/** Whether words said while Sanad speaks take the floor. What asks something of the line always does. */
export function takesFloor(meaning: Meaning): boolean {
  return meaning.asks !== 'nothing' || (!meaning.backchannel && meaning.wordCount > 0);
}
