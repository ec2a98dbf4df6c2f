import { readFileSync } from 'node:fs';
import { misused, refused, type Outcome } from '../outcome.ts';

const mostBytes = 200_000;

/** What a JSON file holds, or why it cannot be had. */
export function readJsonFile(file: string): { readonly value: unknown } | Outcome {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return refused('file', `${file} cannot be read (${code}). Nothing was changed.`);
  }
  if (text.length > mostBytes)
    return misused('file', `${file} is too long to be what is asked for. Nothing was changed.`);
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the file.
    return misused('file', `${file} is not JSON. Nothing was changed.`);
  }
}
