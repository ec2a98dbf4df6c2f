import type { Caller, CallerLine } from '../../src/sandbox/carrier/caller.ts';
import type { PlacedCall } from '../../src/sandbox/carrier/carrier.ts';

/** What callers of `playCalls.ts` do: each story is a person on the telephone, who knows only what they hear. */

export interface Told {
  /** A phrase of fixtures/audio, as μ-law. */
  readonly phrase: (id: string) => Uint8Array;
  /** 0 up to and without 1; the same for the same call. */
  readonly random: () => number;
  /** What the story is told of its own call, for what only the network can do. */
  readonly placed: () => PlacedCall | null;
}

export interface Story {
  readonly name: string;
  /** How many of a hundred calls of this language. */
  readonly share: number;
  readonly caller: (told: Told) => Caller;
}

const quiet = { ms: 600, withinMs: 6_000 } as const;

function pick(told: Told, ids: readonly string[]): Uint8Array {
  return told.phrase(ids[Math.floor(told.random() * ids.length)] ?? ids[0] ?? 'hello');
}

/** Most speak over what Sanad says: whoever waits for the end of everything makes a long call, and these are to be many. */
async function turn(line: CallerLine, told: Told, ids: readonly string[]): Promise<void> {
  if (told.random() < 0.75) await line.sayOver(pick(told, ids), { afterMs: 400 + told.random() * 1_200 });
  else {
    await line.listenUntilQuiet(quiet);
    await line.say(pick(told, ids));
  }
}

interface Words {
  readonly everyday: readonly string[];
  readonly goodbye: readonly string[];
}

/** Of every language that has words for it. */
function plainStories({ everyday, goodbye }: Words): readonly Story[] {
  return [
    {
      name: 'talks and says goodbye',
      share: 25,
      caller: (told) => async (line) => {
        for (let turns = told.random() < 0.7 ? 1 : 2; turns > 0; turns -= 1) await turn(line, told, everyday);
        await line.listenUntilQuiet(quiet);
        await line.say(pick(told, goodbye));
        await line.listenUntilQuiet({ ms: 1_500, withinMs: 6_000 });
      },
    },
    {
      name: 'hangs up in the middle of an answer',
      share: 15,
      caller: (told) => async (line) => {
        await turn(line, told, everyday);
        await line.hears({ atLeastMs: 300, withinMs: 6_000 });
        line.hangUp();
      },
    },
    {
      name: 'is gone before anything was said',
      share: 8,
      caller: (told) => async (line) => {
        await line.silence(told.random() * 250);
        line.hangUp();
      },
    },
    {
      name: 'listens to the greeting and leaves',
      share: 6,
      caller: () => async (line) => {
        await line.hears({ atLeastMs: 1_500, withinMs: 8_000 });
        line.hangUp();
      },
    },
    {
      name: 'loses the stream and is back',
      share: 5,
      caller: (told) => async (line) => {
        await turn(line, told, everyday);
        told.placed()?.cutStream();
        await line.listenUntilQuiet(quiet);
        await line.say(pick(told, everyday));
        await line.hears({ atLeastMs: 300, withinMs: 6_000 });
      },
    },
    {
      name: 'says nothing',
      share: 3,
      caller: () => async (line) => {
        await line.silence(16_000);
      },
    },
  ];
}

/** Danger is spoken in Omani Arabic, whose phrases there are; it needs people who come. */
const omaniStories: readonly Story[] = [
  {
    name: 'gives a sign, is asked, and answers',
    share: 10,
    caller: (told) => async (line) => {
      await turn(line, told, ['wish-not-to-wake', 'worn-out']);
      // Only a question that was heard to its end was asked.
      await line.listenUntilQuiet({ ms: 900, withinMs: 15_000 });
      await line.say(pick(told, ['no', 'yes', 'better-now']));
      await line.listenUntilQuiet(quiet);
    },
  },
  {
    name: 'is in danger, and a person comes',
    share: 14,
    caller: (told) => async (line) => {
      await turn(line, told, ['kill-myself', 'kill-myself-tonight']);
      if (told.random() < 0.5) await turn(line, told, ['pills-near', 'alone-at-home', 'in-seeb']);
      await line.connected();
      await line.say(told.phrase('will-stay'));
      await line.silence(1_500);
    },
  },
  {
    name: 'is in danger and hangs up',
    share: 6,
    caller: (told) => async (line) => {
      await turn(line, told, ['kill-myself', 'kill-myself-tonight']);
      await line.hears({ atLeastMs: 1_000, withinMs: 6_000 });
      line.hangUp();
    },
  },
  {
    name: 'wants a person, by words or by key',
    share: 6,
    caller: (told) => async (line) => {
      if (told.random() < 0.5) await turn(line, told, ['want-human']);
      else {
        await line.hears({ atLeastMs: 800, withinMs: 8_000 });
        await line.press('0');
      }
      await line.connected();
      await line.silence(2_000);
    },
  },
  {
    name: 'stops Sanad, and is understood',
    share: 2,
    caller: (told) => async (line) => {
      await turn(line, told, ['long-story']);
      await line.sayOver(pick(told, ['stop', 'stop-please', 'interrupts']), { afterMs: 500 });
      await line.listenUntilQuiet(quiet);
    },
  },
];

export interface PlayedLanguage {
  readonly id: 'ar-OM' | 'ar' | 'en';
  /** Of a hundred calls. */
  readonly share: number;
  readonly stories: readonly Story[];
}

export const playedLanguages: readonly PlayedLanguage[] = [
  {
    id: 'ar-OM',
    share: 70,
    stories: [
      ...omaniStories,
      ...plainStories({
        everyday: ['cannot-sleep', 'work-pressure', 'exam', 'lonely', 'debts', 'mother-ill', 'quarrel-home'],
        goodbye: ['goodbye', 'thanks'],
      }),
    ],
  },
  {
    id: 'en',
    share: 20,
    stories: plainStories({ everyday: ['en-sleep', 'en-work'], goodbye: ['en-goodbye'] }),
  },
  {
    id: 'ar',
    share: 10,
    stories: plainStories({ everyday: ['msa-cannot-sleep', 'msa-anxious'], goodbye: ['goodbye'] }),
  },
];

/** Of what has shares, the one that lies at `at`, 0 up to and without 1. */
export function drawn<T extends { readonly share: number }>(of: readonly T[], at: number): T {
  let left = at * of.reduce((sum, { share }) => sum + share, 0);
  for (const each of of) {
    left -= each.share;
    if (left < 0) return each;
  }
  throw new RangeError('nothing can be drawn from an empty list');
}
