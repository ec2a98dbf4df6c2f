import { z } from 'zod';
import type { LogEntry } from '../../call/replay.ts';
import type { ShownLogEntry } from '../../store/callQueries.ts';
import { shownBroken } from './findCall.ts';

/** A log as it was read back: entries that the core can fold, and what stands in the way of the others. */

export type ReadEntry =
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  | {
      readonly kind: 'closed';
      readonly seq: number;
      readonly atMs: number;
      readonly eventType: string;
      readonly why: string;
    };

/** The rest of its shape is the core's own, which wrote it: an event of another version is refused there. */
const shape = z.object({
  event: z.looseObject({ type: z.string() }),
  effects: z.array(z.looseObject({ type: z.string() })),
});

export function readEntries(log: readonly ShownLogEntry[]): readonly ReadEntry[] {
  return log.map(({ seq, atMs, eventType, entry }) => {
    const closed = (why: string): ReadEntry => ({ kind: 'closed', seq, atMs, eventType, why });
    if (entry.kind === 'broken') return closed(shownBroken(entry.why));
    if (entry.kind !== 'text') return closed(entry.kind === 'erased' ? 'the caller was erased' : 'it was removed');
    const parsed = shape.safeParse(parseJson(entry.text));
    if (!parsed.success) return closed('it has a shape that this version does not know');
    const { event, effects } = parsed.data;
    return { kind: 'entry', entry: { seq, at: atMs, event, effects } as unknown as LogEntry };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Up to the first entry that is closed or missing: what comes after it folds to another state. */
export function untilBroken(entries: readonly ReadEntry[]): {
  readonly log: readonly LogEntry[];
  readonly brokenAt: { readonly seq: number; readonly why: string } | null;
} {
  const log: LogEntry[] = [];
  const first = entries[0];
  let next = first === undefined || seqOf(first) > 1 ? 0 : seqOf(first);
  for (const each of entries) {
    if (seqOf(each) !== next) return { log, brokenAt: { seq: next, why: 'it is missing' } };
    if (each.kind === 'closed') return { log, brokenAt: { seq: next, why: each.why } };
    log.push(each.entry);
    next += 1;
  }
  return { log, brokenAt: null };
}

function seqOf(entry: ReadEntry): number {
  return entry.kind === 'entry' ? entry.entry.seq : entry.seq;
}
