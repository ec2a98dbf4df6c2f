import { rounded, summarise, type Summary } from '../summary.ts';
import type { EscalationCallsMeasured } from './calls.ts';
import { escalatedOf, type Escalated } from './measure.ts';
import type { EndedEscalation, RungTelephone } from './records.ts';

/** What one part of the bench amounts to. Milliseconds. */

export interface PartFigures {
  readonly calls: number;
  /** Callers to whom a person came: both heard each other. */
  readonly reached: number;
  readonly ordered: Summary | null;
  readonly ring: Summary | null;
  readonly queued: Summary | null;
  readonly silence: Summary | null;
  readonly personHeard: Summary | null;
  readonly join: Summary | null;
  readonly own: Summary | null;
  readonly telephones: number;
  readonly busy: number;
  /** Calls whose escalations are not exactly one with one recorded outcome. */
  readonly withoutOutcome: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Telephones that rang once more in the same wave of the same escalation. */
  readonly rungTwice: number;
  /** Telephones that rang and of which no record knows. */
  readonly unknownTelephones: number;
  readonly each: readonly Escalated[];
  readonly faults: Readonly<Record<string, number>>;
}

export interface PartRecords {
  readonly ended: readonly EndedEscalation[];
  readonly rung: readonly RungTelephone[];
}

export function partFiguresOf({ callers, telephones }: EscalationCallsMeasured, records: PartRecords): PartFigures {
  const callerOf = new Map(records.ended.map(({ escalationId, callSid }) => [escalationId, callSid]));
  const rungFor = new Map(records.rung.map((rung) => [rung.callSid, rung]));
  const each = callers.map((caller) =>
    escalatedOf(
      caller,
      telephones.filter(({ callSid }) => callerOf.get(rungFor.get(callSid)?.escalationId ?? '') === caller.callSid),
    ),
  );
  const ended = callers.map(({ callSid }) => records.ended.filter((one) => one.callSid === callSid));
  const over = (read: (one: Escalated) => number | null): Summary | null => summarise(each.flatMap(known(read)));
  return {
    calls: callers.length,
    reached: each.filter(({ personHeardMs }) => personHeardMs !== null).length,
    ordered: over(({ orderedMs }) => orderedMs),
    ring: over(({ ringMs }) => ringMs),
    queued: over(({ queuedMs }) => queuedMs),
    silence: over(({ silenceMs }) => silenceMs),
    personHeard: over(({ personHeardMs }) => personHeardMs),
    join: over(({ joinMs }) => joinMs),
    own: over(({ ownMs }) => ownMs),
    telephones: telephones.length,
    busy: telephones.filter(({ status }) => status === 'busy').length,
    withoutOutcome: ended.filter((those) => !hasOneOutcome(those)).length,
    outcomes: counted(ended.flat().map(({ outcome }) => outcome ?? 'none')),
    rungTwice: twiceInAWave(telephones, rungFor),
    unknownTelephones: telephones.filter(({ callSid }) => !rungFor.has(callSid)).length,
    each,
    faults: counted(callers.flatMap(({ faults }) => faults)),
  };
}

function known(read: (one: Escalated) => number | null): (one: Escalated) => readonly number[] {
  return (one) => {
    const value = read(one);
    return value === null ? [] : [rounded(value, 0)];
  };
}

/** A disclosure is one escalation, however often its words come, and it is closed once. */
function hasOneOutcome(ended: readonly EndedEscalation[]): boolean {
  const [only] = ended;
  return ended.length === 1 && only?.state === 'closed' && only.outcome !== null && only.closings === 1;
}

function twiceInAWave(
  telephones: EscalationCallsMeasured['telephones'],
  rungFor: ReadonlyMap<string, RungTelephone>,
): number {
  const once = new Set<string>();
  let twice = 0;
  for (const { callSid, number, rangAtMs } of telephones) {
    const rung = rungFor.get(callSid);
    if (rung === undefined || rangAtMs === null) continue;
    const key = `${rung.escalationId} ${rung.round} ${rung.wave} ${number}`;
    if (once.has(key)) twice += 1;
    once.add(key);
  }
  return twice;
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
