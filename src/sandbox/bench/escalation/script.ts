import { CallOver, type Callee, type Caller, type CallerLine } from '../../carrier/caller.ts';

/** What the two people of an escalation do: the one who is in danger, and the one who comes. */

export interface DiscloserPlan {
  readonly disclosure: Uint8Array;
  readonly answer: Uint8Array;
  readonly noise: Uint8Array;
  /** 0..1, for how long this caller hesitates. */
  readonly random: () => number;
}

/** Index of the disclosure among the caller's utterances: they say nothing before it. */
export const disclosureIndex = 0;

/** Callers that were placed together do not speak in the same instant. */
const hesitationMs = 3_000;
const politeMs = 700;
/** Longer than a person needs to come, and much shorter than anybody would stay: the bench must end. */
const patienceMs = 90_000;
const afterTalkMs = 1_200;
/** About −58 dBFS under everything, as in the other bench. */
const noiseGainDb = -8;

/** Says it after the greeting, and then nothing at all until somebody has come: the silence is Sanad's to fill. */
export function discloser({ disclosure, answer, noise, random }: DiscloserPlan): Caller {
  return async (line) => {
    line.noiseBed(noise, noiseGainDb);
    await line.listenUntilQuiet({ ms: politeMs });
    await line.silence(random() * hesitationMs);
    await line.say(disclosure);
    if (await connectedWithin(line, patienceMs)) {
      await line.listenUntilQuiet({ ms: politeMs, withinMs: 10_000 });
      await line.say(answer);
      await line.silence(afterTalkMs);
    }
    line.hangUp();
  };
}

async function connectedWithin(line: CallerLine, ms: number): Promise<boolean> {
  // The loser of the race is rejected with the call's end, when nobody listens to it any more.
  const over = (error: unknown): false => {
    if (error instanceof CallOver) return false;
    throw error;
  };
  return Promise.race([line.connected().then(() => true, over), line.silence(ms).then(() => false, over)]);
}

export interface PersonPlan {
  readonly answersAfterMs: number;
  /** From the question to the key. */
  readonly thinksMs: number;
  readonly hello: Uint8Array;
}

const beforeHelloMs = 200;

/** Takes the call with a key, listens to what it is about, greets the caller, and stays until they hang up. */
export function personOnCall({ answersAfterMs, thinksMs, hello }: PersonPlan): Callee {
  return {
    kind: 'answers',
    afterMs: answersAfterMs,
    person: async (line) => {
      await line.asked();
      await line.silence(thinksMs);
      await line.press('1');
      await line.connected();
      await line.silence(beforeHelloMs);
      await line.say(hello);
      await line.stay();
    },
  };
}
