import { randomUUID } from 'node:crypto';
import { spokenLanguage } from './briefing.ts';
import type { Briefing } from './model.ts';
import type { LockedEscalation, RingablePerson } from './ports.ts';
import { ranked, rankedOffShift, type Wanted } from './rota.ts';
import type { Candidate, TelephoneLine } from './snapshot.ts';

const genders = { feminine: 'f', masculine: 'm', unknown: null } as const;

/**
 * Everybody who can be rung now, in the order of ringing: on call, then off shift, then the telephone of last resort unless it is
 * somebody's of the rota; at the end those whose telephone rings for another caller now. Who talks in another escalation is left out.
 */
export async function candidatesOf(
  locked: LockedEscalation,
  briefing: Briefing | null,
  hasLastResort: boolean,
): Promise<readonly Candidate[]> {
  const people = await locked.people();
  const wanted: Wanted = {
    language: spokenLanguage(locked.language),
    gender: genders[briefing?.callerGender ?? 'unknown'],
    level: locked.escalation.level,
  };
  const now = new Date(locked.now);
  const free = people.filter(({ busy }) => !busy);
  const of = (personId: string | null, tier: Candidate['tier'], line: TelephoneLine): Candidate => ({
    attemptId: randomUUID(),
    personId,
    tier,
    line,
  });
  const isNameless = hasLastResort && !people.some(({ isLastResort }) => isLastResort);
  const inOrder = [
    ...unwantedFirst(ranked(free, now, wanted), wanted).map(({ id, role, line }) => of(id, role, line)),
    ...unwantedFirst(rankedOffShift(free, now, wanted), wanted).map(({ id, line }) => of(id, 'offShift', line)),
    ...(isNameless ? [of(null, 'lastResort', 'free')] : []),
  ];
  const isEngaged = ({ line }: Candidate): boolean => line === 'engaged';
  return [...inOrder.filter((one) => !isEngaged(one)), ...inOrder.filter(isEngaged)];
}

/**
 * Among those who speak the caller's language, and among those who do not, first who waits to be rung for nobody else: so callers who come
 * together get different people. Otherwise the order stays.
 */
function unwantedFirst(people: readonly RingablePerson[], { language }: Wanted): readonly RingablePerson[] {
  const rank = ({ languages, line }: RingablePerson): number =>
    (languages.includes(language) ? 0 : 2) + (line === 'free' ? 0 : 1);
  return people.toSorted((a, b) => rank(a) - rank(b));
}
