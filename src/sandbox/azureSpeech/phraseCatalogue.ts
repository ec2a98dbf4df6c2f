import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readWav } from '../../audio/wav.ts';
import type { PhraseTemplate } from './phraseMatcher.ts';

const entry = z.object({
  id: z.string().min(1),
  language: z.string().min(2),
  text: z.string().min(1),
  file: z.string().regex(/^[\w-]+(\/[\w-]+)*\.wav$/),
  words: z.array(
    z.object({ text: z.string().min(1), offsetMs: z.number().nonnegative(), durationMs: z.number().positive() }),
  ),
});

const catalogue = z.object({ phrases: z.array(entry).max(500) });

/**
 * The phrases of a folder with `phrases.json` and 8 kHz μ-law files, for instance fixtures/audio. Throws with the file's name
 * when something is missing or of another format: the folder is part of the repository, so that is our own mistake.
 */
export async function loadPhrases(directory: string): Promise<readonly PhraseTemplate[]> {
  const { phrases } = catalogue.parse(JSON.parse(await readFile(join(directory, 'phrases.json'), 'utf8')));
  return Promise.all(
    phrases.map(async ({ id, language, text, file, words }) => {
      const read = readWav(await readFile(join(directory, file)));
      if (!read.ok) throw new Error(`${file}: ${read.reason}`);
      if (read.wav.mulaw === null || read.wav.sampleRate !== 8000) throw new Error(`${file}: not 8 kHz μ-law`);
      return { id, language, text, mulaw: read.wav.mulaw, words };
    }),
  );
}
