import type { LegReport } from '../../carrier/legLog.ts';
import type { Utterance } from '../../carrier/report.ts';
import type { Expectation } from '../expectations.ts';
import type { PlayedCall } from '../scenario.ts';
import { duration } from '../terminalText.ts';

/** What the scenarios of danger ask of a call that is over, besides what any call must be. Times are those of the two recordings. */

/** From the last voiced frame of the words of danger to the first telephone that rings; a partial word may ring it earlier. */
export function ringingSoon(withinMs: number): Expectation {
  return (call) => {
    const rangMs = firstRingMs(call);
    const disclosure = rangMs === null ? null : disclosureBefore(call, rangMs);
    if (rangMs === null || disclosure === null) return ['no telephone rang'];
    const tookMs = rangMs - disclosure.lastVoicedMs;
    return tookMs <= withinMs ? [] : [`the first telephone rang ${duration(tookMs)} after the words of danger`];
  };
}

/** From the words of danger until a person could be heard, or the call's end, nobody sat in silence for longer. */
export function keptCompany(longestMs: number): Expectation {
  return (call) => {
    const rangMs = firstRingMs(call);
    const from = rangMs === null ? null : disclosureBefore(call, rangMs);
    if (from === null) return ['nobody was rung'];
    const until = joinedMs(call) ?? call.measures.lengthMs;
    const sounds = [
      ...call.measures.sanadBursts,
      ...call.report.utterances.map(({ firstVoicedMs, lastVoicedMs }) => ({
        startMs: firstVoicedMs,
        endMs: lastVoicedMs,
      })),
    ].toSorted((a, b) => a.startMs - b.startMs);
    let quietSince = from.lastVoicedMs;
    let longest = 0;
    for (const { startMs, endMs } of sounds) {
      if (endMs <= quietSince || startMs >= until) continue;
      longest = Math.max(longest, startMs - quietSince);
      quietSince = Math.max(quietSince, endMs);
    }
    longest = Math.max(longest, until - quietSince);
    return longest <= longestMs ? [] : [`the caller heard nothing for ${duration(longest)}`];
  };
}

/** This person pressed the key and was heard by the caller. */
export function personJoined(number: string): Expectation {
  return (call) => {
    const leg = call.legs.find(({ to }) => to === number);
    const faults: string[] = [];
    if (!leg?.digits.some(({ digit }) => digit === '1')) faults.push(`${number} never pressed the key`);
    if (!leg?.hears.some(({ whom }) => whom === call.report.callSid)) faults.push(`${number} never heard the caller`);
    return faults;
  };
}

/** Voicemail, busy lines and telephones that nobody picks up never count as a person. */
export const nobodyJoined: Expectation = (call) =>
  joinedMs(call) === null ? [] : ['somebody was taken to have joined, though nobody pressed a key'];

function callerLeg({ legs, report }: PlayedCall): LegReport | undefined {
  return legs.find(({ callSid }) => callSid === report.callSid);
}

/** The carrier's time at which the caller's recordings begin. */
function answeredAtMs(call: PlayedCall): number {
  return callerLeg(call)?.states.find(({ status }) => status === 'in-progress')?.atMs ?? 0;
}

function rungLegs({ legs }: PlayedCall): readonly LegReport[] {
  return legs.filter(({ direction }) => direction === 'outbound-api');
}

function firstRingMs(call: PlayedCall): number | null {
  const rings = rungLegs(call).flatMap(({ states }) => states.filter(({ status }) => status === 'ringing'));
  return rings.length === 0 ? null : Math.min(...rings.map(({ atMs }) => atMs)) - answeredAtMs(call);
}

function joinedMs(call: PlayedCall): number | null {
  const joins = rungLegs(call).flatMap(({ hears }) => hears.filter(({ whom }) => whom === call.report.callSid));
  return joins.length === 0 ? null : Math.min(...joins.map(({ fromMs }) => fromMs)) - answeredAtMs(call);
}

function disclosureBefore({ report }: PlayedCall, rangMs: number): Utterance | null {
  return report.utterances.findLast(({ firstVoicedMs }) => firstVoicedMs <= rangMs) ?? null;
}
