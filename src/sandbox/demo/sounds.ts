import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readWav } from '../../audio/wav.ts';
import type { PhraseTemplate } from '../azureSpeech/phraseMatcher.ts';

/** What callers can utter: the fixture phrases with their texts, and sounds that are no words. μ-law, 8 kHz. */
export interface Sounds {
  readonly phrases: readonly PhraseTemplate[];
  readonly noises: ReadonlyMap<string, Uint8Array>;
  /** Speech that is in no catalogue. */
  readonly voices: ReadonlyMap<string, Uint8Array>;
}

/** The files of a folder by their names without ending. Throws for a file that is no 8 kHz μ-law: ours to keep right. */
export async function readClips(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.wav'));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Uint8Array]> => {
        const read = readWav(await readFile(path.join(folder, file)));
        if (!read.ok || read.wav.mulaw === null) throw new Error(`${file} is no 8 kHz μ-law WAV file`);
        return [path.basename(file, '.wav'), read.wav.mulaw];
      }),
    ),
  );
}

export function phraseOf({ phrases }: Sounds, id: string): Uint8Array {
  const found = phrases.find((phrase) => phrase.id === id);
  if (found === undefined) throw new Error(`there is no fixture phrase ${id}`);
  return found.mulaw;
}

export function clipOf(clips: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const found = clips.get(name);
  if (found === undefined) throw new Error(`there is no fixture sound ${name}`);
  return found;
}
