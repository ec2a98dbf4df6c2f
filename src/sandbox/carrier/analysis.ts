/** Figures from a report: how soon a caller was answered, and how soon they could interrupt. */
import { isAudible } from './levels.ts';
import type { CallReport, Utterance } from './report.ts';
import { frameBytes, frameMs } from './ticker.ts';

export interface TurnLatency {
  readonly utterance: Utterance;
  /** When the caller's last voiced frame went on the wire. */
  readonly spokenAtMs: number;
  /** When the first audio of the reply arrived; null when nothing came before the caller's next words. */
  readonly arrivedAtMs: number | null;
  /** Wire to wire: what the application and its providers took. */
  readonly latencyMs: number | null;
  /** When the caller heard the first frame of it (up to 20 ms later: the pace of playback). */
  readonly heardAtMs: number | null;
  /** Audible stretches that began in this turn, pauses of `gapMs` apart: 1 for a turn answered once. */
  readonly replies: number;
}

/**
 * One entry for each thing the caller said while the line was quiet, or with which they cut a reply short. Words over a
 * reply that went on (a listening "aha") are no turn and are left out.
 */
export function turnLatencies(report: CallReport, { gapMs = 1_500 } = {}): readonly TurnLatency[] {
  const heard = heardFrames(report);
  return report.utterances.flatMap((utterance, index) => {
    const spokenAtMs = sentAt(report, utterance.lastVoicedMs - frameMs);
    const next = report.utterances[index + 1];
    const untilMs = next ? sentAt(report, next.firstVoicedMs) : Number.POSITIVE_INFINITY;
    const clearedAtMs = clearedBetween(report, sentAt(report, utterance.firstVoicedMs), untilMs);
    if (utterance.over && clearedAtMs === null) {
      return [];
    }
    const fromMs = Math.max(spokenAtMs, clearedAtMs ?? 0);
    const inTurn = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs;
    const arrivedAtMs = report.arrivals.find(({ atMs, audible }) => audible && inTurn(atMs))?.atMs ?? null;
    const played = arrivedAtMs === null ? [] : heard.filter((atMs) => atMs >= arrivedAtMs && inTurn(atMs));
    const latencyMs = arrivedAtMs === null ? null : arrivedAtMs - spokenAtMs;
    const heardAtMs = played[0] ?? null;
    return [{ utterance, spokenAtMs, arrivedAtMs, latencyMs, heardAtMs, replies: countBursts(played, gapMs) }];
  });
}

export interface BargeIn {
  readonly utterance: Utterance;
  /** When the caller's first voiced frame went on the wire. */
  readonly startedAtMs: number;
  /** When the application's `clear` arrived. */
  readonly clearedAtMs: number;
  /** When the last frame of the reply was given to the caller. */
  readonly quietAtMs: number;
  /** From the caller's first voiced frame to the last reply frame heard. */
  readonly ms: number;
}

/** Every time the caller spoke over a reply and the application cut it. */
export function bargeIns(report: CallReport): readonly BargeIn[] {
  const heard = heardFrames(report);
  return report.utterances.flatMap((utterance, index) => {
    const startedAtMs = sentAt(report, utterance.firstVoicedMs);
    const next = report.utterances[index + 1];
    const untilMs = next ? sentAt(report, next.firstVoicedMs) : Number.POSITIVE_INFINITY;
    const clearedAtMs = utterance.over ? clearedBetween(report, startedAtMs, untilMs) : null;
    if (clearedAtMs === null) {
      return [];
    }
    const quietAtMs = heard.findLast((atMs) => atMs <= clearedAtMs) ?? startedAtMs;
    return [{ utterance, startedAtMs, clearedAtMs, quietAtMs, ms: quietAtMs - startedAtMs }];
  });
}

/** The value below which `share` (0..1) of the values lie; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** When each audible frame was given to the caller. */
function heardFrames({ downlink, downlinkHeardAtMs }: CallReport): readonly number[] {
  return [...downlinkHeardAtMs].filter((_atMs, frame) => {
    return isAudible(downlink.subarray(frame * frameBytes, (frame + 1) * frameBytes));
  });
}

/** When the frame at this place of the recording was sent; the end of the call for words that were cut off by it. */
function sentAt({ uplinkSentAtMs }: CallReport, placeMs: number): number {
  return uplinkSentAtMs[Math.floor(placeMs / frameMs)] ?? uplinkSentAtMs.at(-1) ?? 0;
}

function clearedBetween({ timeline }: CallReport, fromMs: number, untilMs: number): number | null {
  return timeline.find(({ type, atMs }) => type === 'clear-received' && atMs >= fromMs && atMs < untilMs)?.atMs ?? null;
}

function countBursts(framesAtMs: readonly number[], gapMs: number): number {
  return framesAtMs.filter((atMs, index) => index === 0 || atMs - (framesAtMs[index - 1] ?? 0) >= gapMs).length;
}
