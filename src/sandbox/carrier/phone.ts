/**
 * What happens on a phone that the application rings, written as data: for a test's table, and for another process. Whoever
 * needs more than this writes a script (`Callee` with a `person`).
 */
import { z } from 'zod';
import type { Callee, Caller, CallerLine } from './caller.ts';
import type { Prompter } from './exchange.ts';
import { tone } from './levels.ts';

const beepMs = 500;
const ms = z.number().min(0).max(3_600_000);

const sound = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tone'),
    hertz: z.number().min(50).max(3_400),
    ms: ms.max(60_000),
    dbfs: z.number().min(-60).max(-3).default(-20),
  }),
  /** Spoken by the carrier's own voice. */
  z.strictObject({ kind: z.literal('phrase'), text: z.string().min(1).max(2_000), language: z.string().optional() }),
]);

/** `answered`: the phone was picked up. `asked`: the first `<Gather>` began. `connected`: another party can be heard. */
const moment = z.enum(['answered', 'asked', 'connected']);

const verdict = z.enum(['human', 'machine', 'fax', 'unknown']);

export const phoneBehaviour = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('busy') }),
  z.strictObject({ kind: z.literal('no-answer') }),
  z.strictObject({ kind: z.literal('failed') }),
  /** Speaks its greeting, beeps, records, hangs up. It never presses a key. */
  z.strictObject({
    kind: z.literal('voicemail'),
    answersAfterMs: ms.default(0),
    greeting: sound.default({ kind: 'tone', hertz: 220, ms: 4_000, dbfs: -20 }),
    recordsMs: ms.default(30_000),
    verdictMs: ms.default(3_000),
  }),
  z.strictObject({
    kind: z.literal('person'),
    answersAfterMs: ms.default(0),
    /** One entry for each `<Gather>` in turn; null, or none: no key. */
    keys: z
      .array(
        z
          .strictObject({
            digits: z
              .string()
              .max(20)
              .regex(/^[0-9*#]+$/),
            afterMs: ms.default(500),
          })
          .nullable(),
      )
      .max(100)
      .default([]),
    /** Said in turn, as there is one mouth; again and again when `everyMs` is given. */
    says: z
      .array(z.strictObject({ when: moment, afterMs: ms.default(0), everyMs: ms.optional(), sound }))
      .max(20)
      .default([]),
    hangsUp: z.strictObject({ when: moment, afterMs: ms }).nullable().default(null),
    /** What machine detection takes this person for, and how long it takes; people are not always recognised. */
    detectedAs: verdict.default('human'),
    verdictMs: ms.default(1_500),
  }),
]);

/** As it is written: what is left out takes its default. */
export type PhoneBehaviour = z.input<typeof phoneBehaviour>;

export type WrittenPerson = Extract<PhoneBehaviour, { kind: 'person' }>;

type Behaviour = z.output<typeof phoneBehaviour>;
type PersonBehaviour = Extract<Behaviour, { kind: 'person' }>;
type Sound = z.output<typeof sound>;

/** @throws ZodError when the behaviour is none, which is a fault of the test. */
export function calleeOf(written: PhoneBehaviour, prompter: Prompter): Callee {
  const behaviour = phoneBehaviour.parse(written);
  switch (behaviour.kind) {
    case 'busy':
    case 'no-answer':
    case 'failed':
      return { kind: behaviour.kind };
    case 'voicemail':
      return {
        kind: 'answers',
        afterMs: behaviour.answersAfterMs,
        person: voicemail(behaviour, prompter),
        detection: {
          as: 'machine',
          afterMs: behaviour.verdictMs,
          ...(behaviour.greeting.kind === 'tone' ? { messageEndsMs: behaviour.greeting.ms + beepMs } : {}),
        },
      };
    case 'person':
      return {
        kind: 'answers',
        afterMs: behaviour.answersAfterMs,
        person: (line) => live(line, behaviour, prompter),
        detection: { as: behaviour.detectedAs, afterMs: behaviour.verdictMs },
      };
  }
}

/** The same person as the one who calls. @throws ZodError as `calleeOf` does */
export function callerOf(written: WrittenPerson, prompter: Prompter): Caller {
  const behaviour = phoneBehaviour.parse(written);
  if (behaviour.kind !== 'person') {
    throw new RangeError('only a person calls');
  }
  return (line) => live(line, behaviour, prompter);
}

function voicemail({ greeting, recordsMs }: Extract<Behaviour, { kind: 'voicemail' }>, prompter: Prompter): Caller {
  return async (line) => {
    await line.say(await render(greeting, prompter));
    await line.say(tone(beepMs, 1_000, -15));
    await line.silence(recordsMs);
  };
}

/** Hands, mouth and patience go on beside each other until the call is over. */
async function live(line: CallerLine, { keys, says, hangsUp }: PersonBehaviour, prompter: Prompter): Promise<void> {
  const firstAsked = line.asked();
  const untilMoment = async (when: z.output<typeof moment>): Promise<void> => {
    if (when === 'asked') {
      await firstAsked;
    } else if (when === 'connected') {
      await line.connected();
    }
  };
  const press = async (): Promise<void> => {
    for (const [index, key] of keys.entries()) {
      await (index === 0 ? firstAsked : line.asked());
      if (key !== null) {
        await line.silence(key.afterMs);
        await line.press(key.digits);
      }
    }
  };
  let mouth = Promise.resolve();
  const speak = async ({ when, afterMs, everyMs, sound: said }: PersonBehaviour['says'][number]): Promise<void> => {
    const mulaw = await render(said, prompter);
    await untilMoment(when);
    await line.silence(afterMs);
    const sayOnce = (): Promise<void> => (mouth = mouth.then(() => line.say(mulaw)));
    await sayOnce();
    if (everyMs !== undefined) {
      for (;;) {
        await line.silence(everyMs);
        await sayOnce();
      }
    }
  };
  const leave = async (): Promise<void> => {
    if (hangsUp !== null) {
      await untilMoment(hangsUp.when);
      await line.silence(hangsUp.afterMs);
      line.hangUp();
    }
  };
  // All of them end with the call, and none may be left to fail on its own.
  await Promise.all([line.stay(), firstAsked, press(), leave(), ...says.map(speak)]);
}

async function render(wanted: Sound, prompter: Prompter): Promise<Uint8Array> {
  return wanted.kind === 'tone'
    ? tone(wanted.ms, wanted.hertz, wanted.dbfs)
    : prompter.say(wanted.text, wanted.language ?? null);
}
