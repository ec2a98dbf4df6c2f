import { randomUUID } from 'node:crypto';
import { spokenLanguage } from './briefing.ts';
import type { Briefing } from './model.ts';
import type { LockedEscalation, RingablePerson } from './ports.ts';
import { ranked, rankedOffShift, type Wanted } from './rota.ts';
import type { Candidate } from './snapshot.ts';

const genders = { feminine: 'f', masculine: 'm', unknown: null } as const;

/**
 * Everybody who can be rung now, in the order of ringing: on call, then off shift, then the telephone of last resort unless it is
 * somebody's of the rota. Who talks in another escalation is left out.
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
  const of = ({ id }: RingablePerson, tier: Candidate['tier']): Candidate => ({
    attemptId: randomUUID(),
    personId: id,
    tier,
  });
  const known = [
    ...ranked(free, now, wanted).map((person) => of(person, person.role)),
    ...rankedOffShift(free, now, wanted).map((person) => of(person, 'offShift')),
  ];
  const isNameless = hasLastResort && !people.some(({ isLastResort }) => isLastResort);
  return isNameless ? [...known, { attemptId: randomUUID(), personId: null, tier: 'lastResort' }] : known;
}
