import type { SpokenAudio } from './spoken.ts';

/**
 * Keeps what was spoken lately, so that fixed lines are made once. Simultaneous requests for one text share one making; a
 * failed making is forgotten, so that the next request tries again.
 */
export function cacheSpoken<Request>(
  speak: (request: Request) => Promise<SpokenAudio>,
  keyOf: (request: Request) => string,
  entries = 64,
): (request: Request) => Promise<SpokenAudio> {
  const kept = new Map<string, Promise<SpokenAudio>>();
  return (request) => {
    const key = keyOf(request);
    const found = kept.get(key);
    // A Map keeps the order of insertion: putting an entry in again makes it the youngest.
    kept.delete(key);
    const spoken = found ?? speak(request);
    kept.set(key, spoken);
    if (found === undefined) spoken.catch(() => kept.get(key) === spoken && kept.delete(key));
    const oldest = kept.size > entries ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return spoken;
  };
}
