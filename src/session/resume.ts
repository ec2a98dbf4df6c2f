import { z } from 'zod';
import type { CallEffect } from '../call/effect.ts';
import type { CallEvent } from '../call/event.ts';
import { fold, type LogEntry } from '../call/replay.ts';
import { reduce } from '../call/reduce.ts';
import type { CallState } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import type { StoredCall } from '../store/records.ts';
import type { LanguagePack } from '../therapist/languagePack.ts';
import type { LoadedCall } from './liveDesk.ts';

/** Numbers of log entries after a gap are not known here; a call does not reach this many. */
const afterGap = 1_000_000;

/** Our own log, sealed and authenticated; only its outer shape can differ between versions. */
const entrySchema = z.object({
  event: z.custom<CallEvent>((value) => z.object({ type: z.string() }).safeParse(value).success),
  effects: z.custom<readonly CallEffect[]>((value) => Array.isArray(value)),
});

/** Folds what was kept of a call into its state, so that this server can go on with it. */
export function resumeCall(
  stored: StoredCall | null,
  packs: Readonly<Record<LanguagePack['id'], LanguagePack>>,
  now: Date,
): LoadedCall | 'ended' | 'unknown' {
  if (stored === null) return 'unknown';
  // Lost is a guess, made when nothing was heard of a call; and now somebody asks for it.
  if (stored.endedAt !== null && stored.outcome !== 'lost') return 'ended';
  const log = readLog(stored);
  const last = log.at(-1);
  if (last === undefined) return 'unknown';
  const ageMs = Math.max(0, now.getTime() - stored.startedAt.getTime(), last.at);
  // The server that held the stream is gone; had it lived it would have noticed.
  const state = stillThere(reduce(fold(log), { at: ageMs, event: { type: 'streamLost' } }).state, ageMs);
  // Its own server gave it up, so there is nothing to go on with; whoever asks gets a person.
  if (state.line.kind === 'over') return state.line.outcome === 'lost' ? 'unknown' : 'ended';
  return {
    callId: stored.callId,
    pack: packOf(stored.language, packs),
    state,
    nextLogSeq: stored.logGapAt === null ? last.seq + 1 : afterGap,
    turns: stored.turns,
    ageMs,
  };
}

/** The carrier asks what comes next, so the caller is there: the time in which the stream may come back begins anew. */
function stillThere(state: CallState, ageMs: CallMs): CallState {
  const { line, transfer, deadlines, settings } = state;
  if (line.kind !== 'down' && line.kind !== 'waiting') return state;
  const lineLost = Math.max(deadlines.lineLost ?? 0, ageMs + settings.turnTaking.lineLostMs);
  // What the carrier was to say may have been lost with the server that knew of it.
  const unexplained = line.kind === 'down' && line.openWith === null && transfer.kind !== 'handedOver';
  return {
    ...state,
    line: unexplained ? { kind: 'down', openWith: 'lineBack' } : line,
    deadlines: { ...deadlines, lineLost },
  };
}

function readLog(stored: StoredCall): readonly LogEntry[] {
  return stored.log.map(({ seq, atMs, entry }) => ({ seq, at: atMs, ...entrySchema.parse(entry) }));
}

function packOf(language: string, packs: Readonly<Record<LanguagePack['id'], LanguagePack>>): LanguagePack {
  return Object.values(packs).find((pack) => pack.id === language) ?? packs['ar-OM'];
}
