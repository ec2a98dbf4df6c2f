import { isOnCall, printShifts, weekdays, type OnCallPerson, type Weekday } from '../../escalation/rota.ts';
import { normalise } from '../../text/normalise.ts';
import { languageName } from './fields.ts';
import { timeZone } from './muscatTime.ts';
import { maskedNumber, spacedNumber } from './telephoneNumber.ts';

/** How people of the rota are named, found and shown. */

/** A name within a sentence: what follows Arabic letters, such as a number in brackets, would else be turned around. */
export function shownName({ name }: Pick<OnCallPerson, 'name'>): string {
  return /\p{Script=Arabic}$/u.test(name) ? `${name}\u200E` : name;
}

export function shortId({ id }: Pick<OnCallPerson, 'id'>): string {
  return id.slice(0, 8);
}

export function shownNumber({ number }: Pick<OnCallPerson, 'number'>, numbers: boolean): string {
  return numbers ? spacedNumber(number) : maskedNumber(number);
}

const genders = { f: 'woman', m: 'man' } as const;

export function shownGender({ gender }: Pick<OnCallPerson, 'gender'>): string | null {
  return gender === null ? null : genders[gender];
}

/** `sun-thu 08:00-16:00; fri,sat 20:00-08:00`, as it may be typed again; null: always. */
export function printedShifts({ shifts }: Pick<OnCallPerson, 'shifts'>): string | null {
  if (shifts.length === 0) return null;
  return shifts
    .map((shift) => {
      const text = printShifts([shift]);
      return shift.days.length === weekdays.length
        ? text.replace(/^\S+ /, '')
        : text.replace(/^\S+/, shortDays(shift.days));
    })
    .join('; ');
}

/** Three days or more in a row as a range, `sun-wed,fri`. The days come in the order of the week. */
function shortDays(days: readonly Weekday[]): string {
  const runs: Weekday[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && weekdays.indexOf(day) === weekdays.indexOf(last) + 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length < 3 ? run.join(',') : `${run[0]}-${run.at(-1)}`)).join(',');
}

export function shownLanguages({ languages }: Pick<OnCallPerson, 'languages'>): string {
  return languages.map(languageName).join(', ');
}

/** For programs. The number only when it was asked for. */
export function personJson(person: OnCallPerson, now: Date, numbers: boolean): object {
  const { id, name, number, languages, gender, priority, role, active } = person;
  return {
    id,
    name,
    ...(numbers ? { number } : { numberEndsWith: number.slice(-3) }),
    languages,
    gender,
    shifts: printedShifts(person),
    timeZone,
    priority,
    role,
    active,
    onCall: isOnCall(person, now),
  };
}

export type Found =
  | { readonly kind: 'found'; readonly person: OnCallPerson }
  | { readonly kind: 'unknown' | 'ambiguous'; readonly message: string };

const shortestId = 4;
const named = { most: 10 };

/** By id (or how it begins), by name, or by a part of a name that only one has; spelling variants of Arabic are one. */
export function findPerson(people: readonly OnCallPerson[], words: string): Found {
  const wanted = words.trim().toLowerCase();
  const byId = wanted.length >= shortestId ? people.filter(({ id }) => id.startsWith(wanted)) : [];
  const name = normalise(words);
  const exact = people.filter((each) => name !== '' && normalise(each.name) === name);
  const partly = people.filter((each) => name !== '' && ` ${normalise(each.name)}`.includes(` ${name}`));
  const matches = [byId, exact, partly].find((each) => each.length > 0) ?? [];
  const [person] = matches;
  if (person !== undefined && matches.length === 1) return { kind: 'found', person };
  if (matches.length > 1)
    return { kind: 'ambiguous', message: `"${words}" fits several; give the id instead: ${listed(matches)}` };
  const known = people.length === 0 ? 'Nobody is on the rota.' : `There are: ${listed(people)}`;
  return { kind: 'unknown', message: `Nobody on the rota is "${words}". ${known}` };
}

function listed(people: readonly OnCallPerson[]): string {
  const shown = people.slice(0, named.most).map((each) => `${shownName(each)} (${shortId(each)})`);
  return [...shown, ...(people.length > named.most ? ['…'] : [])].join(', ');
}
