import { z } from 'zod';
import { isAudible } from '../carrier/levels.ts';
import type { CallReport, Utterance } from '../carrier/report.ts';
import { frameBytes, frameMs } from '../carrier/ticker.ts';

/** One turn of a caller, as the caller's end of the line saw it. */
export const turnShape = z.object({
  /** When the last voiced frame was put on the wire; milliseconds since the call was answered. */
  endedAtMs: z.number(),
  /** From then until the first audible audio of the reply arrived at the caller's end of the socket; null: none came. */
  latencyMs: z.number().nullable(),
  /** `none`: the caller got no reply of its own; `more`: longer than the reply is, so some of it came twice. */
  answered: z.enum(['once', 'none', 'more', 'other']),
  /** The caller spoke this over Sanad's reply. */
  bargeIn: z
    .object({
      /** From the start of the first voiced frame until the last of the reply was played to its end. */
      silentAfterMs: z.number(),
      /** False: the reply was over by itself. */
      cut: z.boolean(),
    })
    .nullable(),
});

export type Turn = z.infer<typeof turnShape>;

/** A second hearing of a sentence is more than this; cuts between sentences change the length by less. */
const lengthTolerance = 0.1;
/** Longer than any pause inside the reply. */
const silenceFrames = 15;
/** An interruption is answered by a `clear` within this, or it was none. */
const clearWithinMs = 1_500;

/** @param replyMs how long the sandbox's reply is when it is heard whole */
export function turnsOf(report: CallReport, replyMs: number): readonly Turn[] {
  return report.utterances.map((utterance, index) => {
    const next = report.utterances[index + 1];
    const endedAtMs = sentAt(report, utterance.lastVoicedMs - frameMs);
    // A caller who interrupts ends the turn before; what still arrives of its reply is not heard.
    const untilMs = next === undefined ? Infinity : sentAt(report, next.firstVoicedMs);
    const audio = report.arrivals.filter(({ atMs, audible }) => audible && atMs > endedAtMs && atMs < untilMs);
    const lengthMs = audio.reduce((sum, arrival) => sum + arrival.lengthMs, 0);
    const first = audio[0];
    return {
      endedAtMs,
      latencyMs: first === undefined ? null : first.atMs - endedAtMs,
      answered: judge(lengthMs, replyMs, next?.over === true),
      bargeIn: utterance.over ? bargeInOf(report, utterance) : null,
    };
  });
}

function judge(lengthMs: number, replyMs: number, interrupted: boolean): Turn['answered'] {
  if (lengthMs === 0) return 'none';
  if (lengthMs > replyMs * (1 + lengthTolerance)) return 'more';
  return interrupted || lengthMs >= replyMs * (1 - lengthTolerance) ? 'once' : 'other';
}

/** When the frame at that place of the recording was put on the wire. */
function sentAt({ uplinkSentAtMs }: CallReport, placeMs: number): number {
  const at = uplinkSentAtMs[Math.max(0, Math.round(placeMs / frameMs))];
  if (at === undefined) throw new RangeError(`nothing was sent at ${placeMs} ms`);
  return at;
}

function bargeInOf(report: CallReport, utterance: Utterance): Turn['bargeIn'] {
  // A frame is sent when its 20 ms have been spoken.
  const startedAtMs = sentAt(report, utterance.firstVoicedMs) - frameMs;
  const cut = report.timeline.some(
    (entry) =>
      entry.type === 'clear-received' &&
      entry.droppedMs > 0 &&
      entry.atMs > startedAtMs &&
      entry.atMs < startedAtMs + clearWithinMs,
  );
  return { silentAfterMs: Math.max(0, lastHeardAfter(report, startedAtMs) - startedAtMs), cut };
}

/** End of the last audible frame before the line is silent; the frame that was being played then counts. */
function lastHeardAfter({ downlink, downlinkHeardAtMs }: CallReport, fromMs: number): number {
  let lastMs = fromMs;
  let quiet = 0;
  const first = downlinkHeardAtMs.findIndex((atMs) => atMs + frameMs > fromMs);
  for (let frame = Math.max(0, first); frame < downlinkHeardAtMs.length && quiet < silenceFrames; frame += 1) {
    const audible = isAudible(downlink.subarray(frame * frameBytes, (frame + 1) * frameBytes));
    quiet = audible ? 0 : quiet + 1;
    if (audible) lastMs = (downlinkHeardAtMs[frame] ?? 0) + frameMs;
  }
  return lastMs;
}
