import { z } from 'zod';
import type { LegReport } from '../../carrier/legLog.ts';
import { bursts, isAudible } from '../../carrier/levels.ts';
import type { CallReport } from '../../carrier/report.ts';
import { frameBytes, frameMs } from '../../carrier/ticker.ts';

/**
 * What a disclosure brought about, as the carrier saw it: from its recordings and its notes of each leg. Nothing is asked of
 * the application. All `…AtMs` count from the start of the carrier, milliseconds.
 */

/** A caller's side. */
export const callerShape = z.object({
  callSid: z.string(),
  /** The last voiced frame of the words of danger was put on the wire; null: they were never said. */
  disclosedAtMs: z.number().nullable(),
  /** What the caller heard, whoever it came from; pauses below 300 ms included. */
  sounds: z.array(z.object({ startMs: z.number(), endMs: z.number() })),
  hears: z.array(z.object({ whom: z.string(), fromMs: z.number() })),
  /** Starts of the audible frames from the moment on at which a party was first heard. */
  audibleAtMs: z.array(z.number()),
  endedAtMs: z.number(),
  /** Anything that should not have happened, in words. */
  faults: z.array(z.string()),
});

/** One telephone that the application rang, once. */
export const telephoneShape = z.object({
  callSid: z.string(),
  number: z.string(),
  /** The application's request for it was accepted. */
  orderedAtMs: z.number(),
  /** Null: it never rang, or was busy. */
  rangAtMs: z.number().nullable(),
  /** How long the account's calls per second made it wait; null when it never left the queue. */
  queuedMs: z.number().nullable(),
  status: z.string(),
  /** The key that accepts. */
  acceptedAtMs: z.number().nullable(),
  /** Of the time after that key, the carrier's voice spoke so long before the person entered the room. */
  briefingMs: z.number(),
  hears: z.array(z.object({ whom: z.string(), fromMs: z.number() })),
  /** The person's first voiced frame was put on the wire. */
  spokeAtMs: z.number().nullable(),
});

export type MeasuredCaller = z.infer<typeof callerShape>;
export type MeasuredTelephone = z.infer<typeof telephoneShape>;

/** One escalated call. Milliseconds; null where it did not come to that. */
export interface Escalated {
  /** Last voiced frame of the disclosure → the carrier is asked to ring somebody. */
  readonly orderedMs: number | null;
  /** Last voiced frame of the disclosure → first telephone ringing; negative when a partial word rang it. */
  readonly ringMs: number | null;
  /** Of it the wait of that telephone for the account's calls per second. */
  readonly queuedMs: number | null;
  /** Longest time without a sound for the caller, from the disclosure until the person is heard, or the call's end. */
  readonly silenceMs: number | null;
  /** Disclosure → the person's voice at the caller's ear. */
  readonly personHeardMs: number | null;
  /** Accept key → both hear each other. */
  readonly joinMs: number | null;
  /** The same without the time the carrier's voice speaks the briefing. */
  readonly ownMs: number | null;
}

const acceptKey = '1';
/** A click is no voice. */
const leastVoiceMs = 40;

/** @param disclosure index of the utterance with the words of danger */
export function callerOf(report: CallReport, leg: LegReport, disclosure: number): MeasuredCaller {
  const answeredAtMs = atOf(leg, 'in-progress') ?? 0;
  const heardAt = (placeMs: number): number =>
    answeredAtMs + stampAt(report.downlinkHeardAtMs, placeMs, 'nothing was heard');
  const said = report.utterances[disclosure];
  const hears = leg.hears.filter(({ whom }) => whom.startsWith('CA')).map(({ whom, fromMs }) => ({ whom, fromMs }));
  const firstMs = Math.min(...hears.map(({ fromMs }) => fromMs));
  return {
    callSid: report.callSid,
    disclosedAtMs:
      said === undefined
        ? null
        : answeredAtMs + stampAt(report.uplinkSentAtMs, said.lastVoicedMs - frameMs, 'nothing was sent'),
    sounds: bursts(report.downlink, { leastMs: leastVoiceMs }).map(({ startMs, endMs }) => ({
      startMs: heardAt(startMs),
      endMs: heardAt(endMs - frameMs) + frameMs,
    })),
    hears,
    audibleAtMs: Number.isFinite(firstMs) ? audibleFrom(report, firstMs - answeredAtMs).map(heardAt) : [],
    endedAtMs: leg.states.at(-1)?.atMs ?? answeredAtMs,
    faults: faultsOf(report),
  };
}

/**
 * @param spokenMs how long the carrier's voice takes for a text
 * @param orderedAtMs when the application's request for this call was accepted
 */
export function telephoneOf(
  report: CallReport,
  leg: LegReport,
  { spokenMs, orderedAtMs }: { readonly spokenMs: (text: string) => number; readonly orderedAtMs: number },
): MeasuredTelephone {
  const answeredAtMs = atOf(leg, 'in-progress');
  const acceptedAtMs = leg.digits.find(({ digit }) => digit === acceptKey)?.atMs ?? null;
  const dialledAtMs = atOf(leg, 'initiated');
  const voice = report.utterances[0];
  return {
    callSid: report.callSid,
    number: leg.to,
    orderedAtMs,
    // The network says "busy" after it has tried to ring; nothing was to be heard where the telephone lies.
    rangAtMs: leg.status === 'busy' || leg.status === 'failed' ? null : atOf(leg, 'ringing'),
    queuedMs: dialledAtMs === null ? null : Math.max(0, dialledAtMs - orderedAtMs),
    status: leg.status,
    acceptedAtMs,
    briefingMs: acceptedAtMs === null ? 0 : briefingOf(report, leg, { spokenMs, acceptedAtMs }),
    hears: leg.hears.map(({ whom, fromMs }) => ({ whom, fromMs })),
    spokeAtMs:
      voice === undefined || answeredAtMs === null
        ? null
        : answeredAtMs + stampAt(report.uplinkSentAtMs, voice.firstVoicedMs, 'nothing was sent'),
  };
}

/** Only what was spoken before the room, and of a text that was cut short only what was spoken of it. */
function briefingOf(
  report: CallReport,
  leg: LegReport,
  { spokenMs, acceptedAtMs }: { readonly spokenMs: (text: string) => number; readonly acceptedAtMs: number },
): number {
  const answeredAtMs = atOf(leg, 'in-progress') ?? 0;
  const entered = report.timeline.find((entry) => entry.type === 'conference' && entry.event === 'participant-join');
  const untilMs = entered === undefined ? Infinity : answeredAtMs + entered.atMs;
  const briefing = leg.prompts.filter(({ atMs }) => atMs >= acceptedAtMs && atMs < untilMs);
  return briefing.reduce((sum, { content, atMs }, index) => {
    const next = Math.min(briefing[index + 1]?.atMs ?? Infinity, untilMs);
    return sum + Math.min(spokenMs(content), next - atMs);
  }, 0);
}

/** @param telephones those that were rung for this caller */
export function escalatedOf(caller: MeasuredCaller, telephones: readonly MeasuredTelephone[]): Escalated {
  const { disclosedAtMs, callSid } = caller;
  const rung = telephones.filter(({ rangAtMs }) => rangAtMs !== null);
  const first = rung.toSorted((a, b) => (a.rangAtMs ?? 0) - (b.rangAtMs ?? 0))[0];
  const since = (atMs: number | null | undefined): number | null =>
    disclosedAtMs === null || atMs === null || atMs === undefined ? null : atMs - disclosedAtMs;
  const person = telephones.find(
    ({ acceptedAtMs, hears }) => acceptedAtMs !== null && hears.some(({ whom }) => whom === callSid),
  );
  const heardAtMs = person === undefined ? null : personHeardAt(caller, person);
  const joinMs = person === undefined ? null : joinOf(caller, person);
  return {
    orderedMs: telephones.length === 0 ? null : since(Math.min(...telephones.map(({ orderedAtMs }) => orderedAtMs))),
    ringMs: since(first?.rangAtMs),
    queuedMs: first?.queuedMs ?? null,
    silenceMs: disclosedAtMs === null ? null : longestSilence(caller, disclosedAtMs, heardAtMs ?? caller.endedAtMs),
    personHeardMs: since(heardAtMs),
    joinMs,
    ownMs: joinMs === null ? null : joinMs - (person?.briefingMs ?? 0),
  };
}

/** The first frame the caller hears once the person has begun to speak. */
function personHeardAt({ hears, audibleAtMs }: MeasuredCaller, person: MeasuredTelephone): number | null {
  const { spokeAtMs } = person;
  if (spokeAtMs === null || !hears.some(({ whom }) => whom === person.callSid)) return null;
  return audibleAtMs.find((atMs) => atMs >= spokeAtMs) ?? null;
}

function joinOf(caller: MeasuredCaller, person: MeasuredTelephone): number | null {
  const one = person.hears.find(({ whom }) => whom === caller.callSid)?.fromMs;
  const other = caller.hears.find(({ whom }) => whom === person.callSid)?.fromMs;
  if (one === undefined || other === undefined || person.acceptedAtMs === null) return null;
  return Math.max(one, other) - person.acceptedAtMs;
}

function longestSilence({ sounds }: MeasuredCaller, fromMs: number, untilMs: number): number {
  let quietSinceMs = fromMs;
  let longestMs = 0;
  for (const { startMs, endMs } of sounds) {
    if (startMs >= untilMs) break;
    longestMs = Math.max(longestMs, startMs - quietSinceMs);
    quietSinceMs = Math.max(quietSinceMs, endMs);
  }
  return Math.max(longestMs, untilMs - quietSinceMs);
}

function atOf({ states }: LegReport, wanted: LegReport['status']): number | null {
  return states.find(({ status }) => status === wanted)?.atMs ?? null;
}

/** Places of the audible frames that were heard from then on. */
function audibleFrom({ downlink, downlinkHeardAtMs }: CallReport, fromMs: number): readonly number[] {
  const places: number[] = [];
  for (let frame = 0; frame < downlinkHeardAtMs.length; frame += 1) {
    if ((downlinkHeardAtMs[frame] ?? 0) < fromMs) continue;
    if (isAudible(downlink.subarray(frame * frameBytes, (frame + 1) * frameBytes))) places.push(frame * frameMs);
  }
  return places;
}

/** When the frame at that place of a recording passed. */
function stampAt(stamps: Float64Array, placeMs: number, otherwise: string): number {
  const at = stamps[Math.max(0, Math.round(placeMs / frameMs))];
  if (at === undefined) throw new RangeError(`${otherwise} at ${placeMs} ms`);
  return at;
}

function faultsOf({ errors, warnings, callerFault, endedBy }: CallReport): string[] {
  return [
    ...errors.map(({ code, message }) => `error ${code}: ${message}`),
    ...warnings.map(({ code, message }) => `warning ${code}: ${message}`),
    ...(callerFault === null ? [] : [`caller's script: ${callerFault.message}`]),
    ...(endedBy === 'caller' ? [] : [`ended by ${endedBy}`]),
  ];
}
