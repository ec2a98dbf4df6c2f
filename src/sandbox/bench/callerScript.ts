import type { Caller, CallerLine } from '../carrier/caller.ts';

/** What a caller of the bench does: waits for the greeting, then speaks turn after turn until told to stop. */
export interface CallerPlan {
  /** With sharp edges; said in turn, each caller beginning elsewhere. */
  readonly phrases: readonly Uint8Array[];
  /** Said over Sanad's reply in every `bargeInEvery`-th turn. */
  readonly interruption: Uint8Array;
  readonly bargeInEvery: number;
  readonly noise: Uint8Array;
  readonly index: number;
  /** 0..1; how long this caller waits before each turn. */
  readonly random: () => number;
  readonly isOver: () => boolean;
  readonly onGreeted: () => void;
}

/** A person answers after some 200 ms and up to about a second. */
const leastWaitMs = 200;
const waitSpreadMs = 800;
/** Pauses between Sanad's sentences are shorter. */
const replyIsOverMs = 700;
const patienceMs = 15_000;
/** So much of a reply is heard before it is interrupted. */
const beforeBargeInMs = 900;
/** About −58 dBFS under everything: a line is never digitally silent, and the recogniser knows that. */
const noiseGainDb = -8;

export function benchCaller(plan: CallerPlan): Caller {
  return async (line) => {
    line.noiseBed(plan.noise, noiseGainDb);
    await line.listenUntilQuiet({ ms: replyIsOverMs, withinMs: 60_000 });
    plan.onGreeted();
    for (let turn = plan.index; !plan.isOver(); turn += 1) {
      await line.silence(leastWaitMs + plan.random() * waitSpreadMs);
      await takeTurn(line, plan, turn);
    }
    line.hangUp();
  };
}

async function takeTurn(line: CallerLine, plan: CallerPlan, turn: number): Promise<void> {
  const phrase = plan.phrases[turn % plan.phrases.length];
  if (phrase === undefined) throw new RangeError('a caller needs phrases');
  await line.say(phrase);
  if (turn % plan.bargeInEvery === 0 && (await heardSome(line))) await line.say(plan.interruption);
  await line.listenUntilQuiet({ ms: replyIsOverMs, withinMs: patienceMs });
}

async function heardSome(line: CallerLine): Promise<boolean> {
  return (await line.hears({ atLeastMs: beforeBargeInMs, withinMs: patienceMs })) === 'heard';
}
