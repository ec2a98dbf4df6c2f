import type { Position, TurnId } from '../call/event.ts';

/** A mark's name on the wire carries everything that tells a played one from one flushed back by a `clear`. */
export interface Mark {
  readonly generation: number;
  readonly turn: TurnId;
  readonly position: Position;
}

export function markName({ generation, turn, position }: Mark): string {
  return `g${generation}.r${turn}.s${position.sentence}.${position.ms}`;
}

/** Null for a name that is not ours. */
export function parseMark(name: string): Mark | null {
  const match = /^g(\d+)\.r(\d+)\.s(\d+)\.(\d+)$/.exec(name);
  if (match === null) return null;
  const [generation, turn, sentence, ms] = match.slice(1).map(Number);
  if (generation === undefined || turn === undefined || sentence === undefined || ms === undefined) return null;
  return { generation, turn, position: { sentence, ms } };
}
