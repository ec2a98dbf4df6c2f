import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Voice } from './synthesiser.ts';

/**
 * One spoken line on disk: 32 bytes SHA-256 of all that follows, 4 bytes length of the words, the words as JSON, 8 kHz
 * μ-law. Only fixed public lines are kept this way, so nothing is sealed; the hash finds files that were cut or damaged.
 */
export interface SpokenLine {
  readonly mulaw: Uint8Array;
  readonly words: readonly LineWord[];
}

export interface LineWord {
  readonly text: string;
  readonly offsetMs: number;
  readonly durationMs: number;
}

/** A new format, voice, speed or text is another file: nothing is ever converted. */
const formatVersion = 1;
const hashBytes = 32;
const headBytes = hashBytes + 4;

const storedWords = z.array(z.object({ text: z.string(), offsetMs: z.number(), durationMs: z.number() }));

/** `variant` names what else changes the sound, such as the speed. */
export function lineKey(voice: Voice, text: string, variant: string): string {
  const parts = [String(formatVersion), voice.name, voice.language, variant, text];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export function packLine(line: SpokenLine): Uint8Array {
  const words = Buffer.from(JSON.stringify(line.words));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(words.length);
  const rest = Buffer.concat([length, words, line.mulaw]);
  return new Uint8Array(Buffer.concat([createHash('sha256').update(rest).digest(), rest]));
}

/** Null for anything that is not exactly what `packLine` makes. */
export function unpackLine(file: Uint8Array): SpokenLine | null {
  const bytes = Buffer.from(file);
  if (bytes.length <= headBytes) return null;
  const rest = bytes.subarray(hashBytes);
  if (!createHash('sha256').update(rest).digest().equals(bytes.subarray(0, hashBytes))) return null;
  const wordsEnd = 4 + rest.readUInt32BE(0);
  if (wordsEnd >= rest.length) return null;
  const words = storedWords.safeParse(parseJson(rest.subarray(4, wordsEnd).toString('utf8')));
  return words.success ? { mulaw: new Uint8Array(rest.subarray(wordsEnd)), words: words.data } : null;
}

export type ReadLine = { readonly type: 'line'; readonly line: SpokenLine } | { readonly type: 'none' | 'damaged' };

/** A damaged file is removed, so that it is made anew. */
export async function readLine(directory: string, key: string): Promise<ReadLine> {
  const file = path.join(directory, `${key}.line`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch {
    return { type: 'none' };
  }
  const line = unpackLine(bytes);
  if (line !== null) return { type: 'line', line };
  await rm(file, { force: true }).catch(() => {});
  return { type: 'damaged' };
}

/** Appears whole or not at all. Rejects when the disk refuses. */
export async function writeLine(directory: string, key: string, line: SpokenLine): Promise<void> {
  await mkdir(directory, { recursive: true });
  const partial = path.join(directory, `${key}.${randomUUID()}.part`);
  try {
    await writeFile(partial, packLine(line));
    await rename(partial, path.join(directory, `${key}.line`));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
