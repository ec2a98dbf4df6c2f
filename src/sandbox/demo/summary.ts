import type { ObservedStep } from '../../session/ports.ts';
import { percentile, type Measures } from './measure.ts';
import type { Performance } from './perform.ts';
import { clockTime, duration } from './terminalText.ts';

export interface Summary {
  readonly lengthMs: number;
  readonly callerTurns: number;
  readonly backchannels: number;
  readonly replies: number;
  readonly firstSoundP50Ms: number | null;
  readonly firstSoundMaxMs: number | null;
  readonly firstSounds: number;
  /** Interruptions that were: Sanad's reply was dropped. */
  readonly bargeIns: number;
  readonly slowestSilenceMs: number | null;
  readonly falseAlarms: number;
  readonly marks: Measures['marks'];
}

export function summarise({ steps, turns, measures }: Pick<Performance, 'steps' | 'turns' | 'measures'>): Summary {
  const effects = steps.flatMap((step: ObservedStep) => step.effects);
  return {
    lengthMs: measures.lengthMs,
    callerTurns: turns.filter(({ speaker, kind }) => speaker === 'caller' && kind === 'turn').length,
    backchannels: turns.filter(({ kind }) => kind === 'backchannel').length,
    replies: turns.filter(({ speaker }) => speaker === 'sanad').length,
    firstSoundP50Ms: percentile(measures.firstSoundsMs, 0.5),
    firstSoundMaxMs: percentile(measures.firstSoundsMs, 1),
    firstSounds: measures.firstSoundsMs.length,
    bargeIns: effects.filter((effect) => effect.type === 'recordReply' && effect.interrupted).length,
    slowestSilenceMs: percentile(measures.silencedAfterMs, 1),
    falseAlarms: effects.filter(({ type }) => type === 'resumeReply').length,
    marks: measures.marks,
  };
}

export function printSummary(summary: Summary): readonly string[] {
  const { firstSoundP50Ms, firstSoundMaxMs, slowestSilenceMs, marks } = summary;
  const listening = summary.backchannels === 0 ? '' : `, and ${count(summary.backchannels, 'listening word')}`;
  const sounds =
    firstSoundP50Ms === null || firstSoundMaxMs === null
      ? 'nothing was said into silence'
      : `p50 ${duration(firstSoundP50Ms)}, max ${duration(firstSoundMaxMs)} over ${count(summary.firstSounds, 'turn')}`;
  const silence =
    slowestSilenceMs === null ? '' : `; Sanad silent at most ${duration(slowestSilenceMs)} after the voice began`;
  return [
    `length        ${clockTime(summary.lengthMs)}`,
    `turns         ${summary.callerTurns} of the caller${listening}; ${summary.replies} of Sanad`,
    `first sound   ${sounds} (last voiced frame to first audible frame, in the recording)`,
    `barge-ins     ${count(summary.bargeIns, 'interruption')}, ${count(summary.falseAlarms, 'false alarm')} resumed${silence}`,
    `marks         ${marks.played} came back played, ${marks.cleared} cleared`,
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
