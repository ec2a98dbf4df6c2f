import { isOnCall, type OnCallPerson, type PersonRole, type Shift } from '../../escalation/rota.ts';
import { addPerson, changePerson, listPeople, removePerson } from '../../store/onCallPeople.ts';
import type { Transaction } from '../../store/database.ts';
import type { Organisation } from '../../store/organisations.ts';
import type { Output } from '../output.ts';
import { concernsOf, leftBehind, refusedNumber } from './concerns.ts';
import type { GoodNumber } from './fields.ts';
import type { Rota } from './openRota.ts';
import { timeZone } from './muscatTime.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import {
  findPerson,
  personJson,
  printedShifts,
  shortId,
  shownGender,
  shownLanguages,
  shownName,
  shownNumber,
} from './people.ts';

/** The commands that change the rota. Each is one transaction. */

export interface Fields {
  readonly name: string;
  readonly number: GoodNumber;
  readonly languages: readonly string[];
  readonly gender: 'f' | 'm' | null;
  readonly shift: readonly Shift[];
  readonly priority: number;
  readonly role: PersonRole;
  readonly active: boolean;
}

const emptyRota = 'Nobody is on the rota yet. Add the first person with: npm run sanad -- on-call add --help';

export async function add(rota: Rota, fields: Fields, now: Date): Promise<Outcome> {
  const ownNumber = refusedNumber(fields.number, rota);
  if (ownNumber !== null) return ownNumber;
  const { organisation } = rota;
  const { number, shift: shifts, ...rest } = fields;
  const person = { ...rest, number: number.number, shifts };
  return rota.database.within(organisation.id, async (tx) => {
    const id = await addPerson(tx, rota.keys, organisation, person);
    const people = await listPeople(tx, rota.keys);
    if (id === null) return taken(people, number);
    await rota.noteIn(tx, 'onCallAdded', id);
    return changed('added', { ...person, id }, concernsOf(number, rota), people, now);
  });
}

export async function edit(rota: Rota, words: string, fields: Partial<Fields>, now: Date): Promise<Outcome> {
  if (Object.values(fields).every((value) => value === undefined))
    return misused(
      'nothingToChange',
      'Nothing to change: name what, for example --priority 2. All: on-call edit --help',
    );
  const ownNumber = fields.number === undefined ? null : refusedNumber(fields.number, rota);
  if (ownNumber !== null) return ownNumber;
  const { number, shift: shifts, ...rest } = fields;
  const change = {
    ...rest,
    ...(number === undefined ? {} : { number: number.number }),
    ...(shifts === undefined ? {} : { shifts }),
  };
  return onPerson(rota, words, async (tx, organisation, person) => {
    const done = await changePerson(tx, rota.keys, organisation, person.id, change);
    const people = await listPeople(tx, rota.keys);
    if (done === 'taken' && number !== undefined) return taken(people, number);
    const after = people.find(({ id }) => id === person.id);
    if (done !== 'changed' || after === undefined) return gone(person);
    await rota.noteIn(tx, 'onCallChanged', person.id);
    const concerns = [...(number === undefined ? [] : concernsOf(number, rota)), ...leftBehind(people)];
    return changed('changed', after, concerns, people, now);
  });
}

export async function remove(rota: Rota, words: string): Promise<Outcome> {
  return onPerson(rota, words, async (tx, _organisation, person) => {
    if (!(await removePerson(tx, person.id))) return gone(person);
    const warnings = leftBehind(await listPeople(tx, rota.keys));
    await rota.noteIn(tx, 'onCallRemoved', person.id);
    return {
      kind: 'done',
      json: { removed: { id: person.id, name: person.name }, warnings },
      print: (output) => {
        output.line(`Removed: ${shownName(person)} (${shortId(person)}). Name and number are forgotten for good.`);
        output.line('Which calls this person was rung for stays on record, under the id alone.');
        printWarnings(warnings, output);
      },
    };
  });
}

/** Finds one person and works on them, in one transaction. */
async function onPerson(
  { database, keys, organisation }: Rota,
  words: string,
  work: (tx: Transaction, organisation: Organisation, person: OnCallPerson) => Promise<Outcome>,
): Promise<Outcome> {
  return database.within(organisation.id, async (tx) => {
    const people = await listPeople(tx, keys);
    if (people.length === 0) return refused('unknownPerson', emptyRota);
    const found = findPerson(people, words);
    if (found.kind === 'found') return work(tx, organisation, found.person);
    return refused(found.kind === 'unknown' ? 'unknownPerson' : 'ambiguousPerson', found.message);
  });
}

function gone(person: OnCallPerson): Outcome {
  return refused('unknownPerson', `${shownName(person)} was removed by somebody else just now.`);
}

function taken(people: readonly OnCallPerson[], { number }: GoodNumber): Outcome {
  const holder = people.find((each) => each.number === number);
  const who = holder === undefined ? 'somebody else' : `${shownName(holder)} (${shortId(holder)})`;
  const off = holder?.active === false ? ', who is not active (see --active yes)' : '';
  return refused('numberTaken', `This number is on the rota already: ${who} has it${off}. Nothing was changed.`);
}

function changed(
  what: 'added' | 'changed',
  person: OnCallPerson,
  warnings: readonly string[],
  people: readonly OnCallPerson[],
  now: Date,
): Outcome {
  const onCall = people.filter((each) => isOnCall(each, now)).length;
  return {
    kind: 'done',
    json: { [what]: personJson(person, now, false), warnings },
    print: (output) => {
      output.line(`${what === 'added' ? 'Added' : 'Changed'}: ${shownName(person)} (${shortId(person)})`);
      for (const [label, text] of described(person)) output.line(`  ${label.padEnd(10)}${text}`);
      output.line(`On call now: ${onCallNow(person, now)}; ${onCall} of ${people.length} on the rota are.`);
      printWarnings(warnings, output);
    },
  };
}

function onCallNow(person: OnCallPerson, now: Date): string {
  if (!person.active) return 'no, not active';
  return isOnCall(person, now) ? 'yes' : 'no, off shift (rung only when nobody on call comes)';
}

function described(person: OnCallPerson): readonly (readonly [label: string, text: string])[] {
  const gender = shownGender(person);
  const shifts = printedShifts(person);
  return [
    ['number', shownNumber(person, false)],
    ['when', shifts === null ? 'always' : `${shifts} (${timeZone})`],
    ['speaks', shownLanguages(person)],
    ['role', `${person.role}, priority ${person.priority}${gender === null ? '' : `, ${gender}`}`],
  ];
}

function printWarnings(warnings: readonly string[], { line, colours }: Output): void {
  for (const warning of warnings) line(`${colours.yellow('!')} ${warning}`);
}
