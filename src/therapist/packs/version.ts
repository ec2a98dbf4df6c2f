import { createHash } from 'node:crypto';

/**
 * The version of a pack: its name, an edition that a person raises for a change of meaning, and eight hex digits of its
 * texts, so that no text can change under an old version.
 */
export function versionOf(name: string, edition: number, texts: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  return `${name}-${edition}-${digest.slice(0, 8)}`;
}
