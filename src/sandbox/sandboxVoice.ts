import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { SandboxVoice } from './azureSpeech/voice.ts';
import { speakWithEspeak } from './voice/espeak.ts';
import type { EspeakProgram } from './voice/espeak.ts';
import type { SpokenAudio } from './voice/spoken.ts';
import { cacheSpoken } from './voice/spokenCache.ts';
import { speakWithTones, toneVoiceLabel } from './voice/toneVoice.ts';

/** Programs that speak at once; a sentence takes two runs of about 20 ms, so more would only wait for the processor. */
const atOnce = 4;
/** Sentences kept: 200 calls that say the same fixed lines should not make them again. */
const keptSentences = 512;

export interface ChosenVoice {
  readonly voice: SandboxVoice;
  /** To be said at the start: what the caller will hear. */
  readonly label: string;
}

/** Tones when there is no program. */
export function chooseVoice(program: EspeakProgram | null): ChosenVoice {
  if (program === null) return { voice: async (text) => speakWithTones(text), label: toneVoiceLabel };
  const speak = cacheSpoken(atMost(atOnce, speakLike(program)), (request) => JSON.stringify(request), keptSentences);
  return {
    voice: (text, { voiceName, language }) => speak({ text, voiceName, language }),
    label: `espeak-ng (${program.command}), not the service's neural voices`,
  };
}

interface Wanted {
  readonly text: string;
  readonly voiceName: string;
  readonly language: string;
}

function speakLike(program: EspeakProgram): (wanted: Wanted) => Promise<SpokenAudio> {
  return ({ text, voiceName, language }) =>
    speakWithEspeak(program, {
      text,
      language: language.startsWith('ar') ? 'ar' : 'en',
      variant: menOfService.test(voiceName) ? 'm3' : 'steph',
    });
}

/** The male voices of the locales that the line speaks. */
const menOfService = /(Abdullah|Hamed|Hamdan|Ryan|Guy|Davis)Neural$/;

/** Null when none of the folders of `path` (as in the environment's PATH) has it. */
export function findEspeakOn(path: string): EspeakProgram | null {
  for (const folder of path.split(delimiter)) {
    const command = join(folder, 'espeak-ng');
    if (folder !== '' && isExecutable(command)) return { command };
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs no more than `limit` at a time; the others wait in the order they came. */
export function atMost<Request, Result>(
  limit: number,
  run: (request: Request) => Promise<Result>,
): (request: Request) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (request) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run(request);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
