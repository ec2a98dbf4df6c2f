import { decodeMulaw } from '../../audio/mulaw.ts';
import { activeLevelDbfs } from '../../audio/levels.ts';
import { bursts, isAudible, type Burst } from '../carrier/levels.ts';
import type { CallReport, Utterance } from '../carrier/report.ts';

/** What a call was like on the wire, from its two recordings and the carrier's notes; nothing here asks the application. */
export interface Measures {
  readonly lengthMs: number;
  /** Level of the speech, dBFS. */
  readonly callerDbfs: number;
  readonly sanadDbfs: number;
  /** Stretches in which Sanad was audible, pauses below 300 ms included. */
  readonly sanadBursts: readonly Burst[];
  /** For each thing the caller said into silence: from its last audible frame to Sanad's first. */
  readonly firstSoundsMs: readonly number[];
  /** For each time Sanad was silenced: from the caller's first audible frame to Sanad's last. */
  readonly silencedAfterMs: readonly number[];
  readonly marks: { readonly played: number; readonly cleared: number };
}

const frameMs = 20;
const frameBytes = 160;
/** After a `clear` the frame that is being played is heard to its end. */
const clearedMs = 60;
/** A sound that began longer ago did not cause the silence. */
const causeMs = 3_000;

export function measure(report: CallReport): Measures {
  const sanadBursts = bursts(report.downlink);
  const returned = report.timeline.flatMap((entry) => (entry.type === 'mark-returned' ? [entry.because] : []));
  const clears = report.timeline.flatMap((entry) =>
    entry.type === 'clear-received' && entry.droppedMs > 0 ? [entry.atMs] : [],
  );
  return {
    lengthMs: (report.downlink.length / frameBytes) * frameMs,
    callerDbfs: activeLevelDbfs(decodeMulaw(report.uplink)),
    sanadDbfs: activeLevelDbfs(decodeMulaw(report.downlink)),
    sanadBursts,
    firstSoundsMs: report.utterances.flatMap((said, index) =>
      firstSound(said, report.utterances[index + 1], sanadBursts),
    ),
    silencedAfterMs: clears.flatMap((clearMs) => silencedAfter(clearMs, report)),
    marks: {
      played: returned.filter((because) => because === 'played').length,
      cleared: returned.filter((because) => because === 'cleared').length,
    },
  };
}

/** Nothing when Sanad was audible at that moment, or not before the caller's next words. */
function firstSound(said: Utterance, next: Utterance | undefined, sanad: readonly Burst[]): readonly number[] {
  const fromMs = said.lastVoicedMs;
  if (sanad.some(({ startMs, endMs }) => startMs <= fromMs && fromMs < endMs)) return [];
  const answer = sanad.find(({ startMs }) => startMs >= fromMs);
  if (answer === undefined || (next !== undefined && answer.startMs > next.firstVoicedMs)) return [];
  return [answer.startMs - fromMs];
}

function silencedAfter(clearMs: number, { utterances, downlink }: CallReport): readonly number[] {
  const cause = utterances.findLast(({ firstVoicedMs }) => firstVoicedMs <= clearMs);
  if (cause === undefined || clearMs - cause.firstVoicedMs > causeMs) return [];
  let at = Math.floor((clearMs + clearedMs) / frameMs);
  while (at >= 0 && !isAudible(downlink.subarray(at * frameBytes, (at + 1) * frameBytes))) at -= 1;
  return [Math.max(0, (at + 1) * frameMs - cause.firstVoicedMs)];
}

/** The value that a share of them does not exceed; null for none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null;
}
