import { isOnCall, type OnCallPerson } from '../../escalation/rota.ts';
import { listPeople } from '../../store/onCallPeople.ts';
import type { Column, Colours, Output } from '../output.ts';
import { inMuscat, timeZone } from './muscatTime.ts';
import type { Rota } from './openRota.ts';
import type { Outcome } from '../outcome.ts';
import { personJson, printedShifts, shortId, shownGender, shownNumber } from './people.ts';

export interface ListOptions {
  /** Also those who are not active. */
  readonly all: boolean;
  readonly numbers: boolean;
}

export async function list(rota: Rota, { all, numbers }: ListOptions, now: Date): Promise<Outcome> {
  const everybody = await peopleOf(rota);
  const people = everybody.filter(({ active }) => all || active);
  return {
    kind: 'done',
    json: {
      at: now.toISOString(),
      timeZone,
      lastResort: rota.lastResort === null ? 'notSet' : 'set',
      people: people.map((person) => personJson(person, now, numbers)),
    },
    print: (output) => {
      if (people.length === 0) return printEmpty(rota, everybody.length, output);
      output.table(columns(now, numbers), people);
      output.line();
      output.line(summary(people, now));
      if (people.length < everybody.length)
        output.line(`${everybody.length - people.length} not active and not shown; --all shows them.`);
      if (!numbers) output.line('Numbers are masked; --numbers shows them.');
    },
  };
}

/** Everybody who was not removed, by priority. */
export async function peopleOf({ database, keys, organisation }: Rota): Promise<readonly OnCallPerson[]> {
  return database.within(organisation.id, (tx) => listPeople(tx, keys));
}

/** What an empty rota means for a caller, and the way out of it. */
export function printEmpty({ lastResort }: Rota, hidden: number, { line, colours }: Output): void {
  line(hidden === 0 ? colours.bold('Nobody is on the rota.') : colours.bold('Nobody on the rota is active.'));
  line(
    lastResort === null
      ? colours.red('FALLBACK_PHONE_NUMBER is not set either: a caller who needs a person would get nobody.')
      : 'A caller who needs a person gets FALLBACK_PHONE_NUMBER: that one telephone is rung, and nobody else.',
  );
  if (hidden > 0) line(`${hidden} not active and not shown; on-call list --all shows them.`);
  line();
  line(hidden === 0 ? 'Add the first person:' : 'Add somebody:');
  line('  npm run sanad -- on-call add --name "Aisha" --number 91234567 --languages ar,en');
}

function columns(now: Date, numbers: boolean): readonly Column<OnCallPerson>[] {
  return [
    { title: '#', width: 2, cell: ({ priority }) => String(priority) },
    { title: 'person', cell: (person, colours) => `${person.name}\n${colours.dim(about(person))}` },
    { title: 'number', width: numbers ? 17 : 14, cell: (person) => shownNumber(person, numbers) },
    { title: 'speaks', width: 6, cell: ({ languages }) => languages.join(', ') },
    { title: 'when (Muscat)', width: 20, cell: (person) => (printedShifts(person) ?? 'always').replaceAll('; ', '\n') },
    { title: 'now', width: 8, cell: (person, colours) => standing(person, now, colours) },
  ];
}

function about(person: OnCallPerson): string {
  return [shortId(person), person.role, shownGender(person)].filter((each) => each !== null).join(' · ');
}

function standing(person: OnCallPerson, now: Date, colours: Colours): string {
  if (!person.active) return colours.dim('inactive');
  return isOnCall(person, now) ? colours.green('on call') : 'off';
}

function summary(people: readonly OnCallPerson[], now: Date): string {
  const onCall = people.filter((person) => isOnCall(person, now)).length;
  return `${people.length} on the rota, ${onCall} on call at ${inMuscat(now)}.`;
}
