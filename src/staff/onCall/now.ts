import { randomUUID } from 'node:crypto';
import type { RiskLevel } from '../../call/meaning.ts';
import { ranked, rankedOffShift, type OnCallPerson } from '../../escalation/rota.ts';
import type { Candidate } from '../../escalation/snapshot.ts';
import { defaultTiming } from '../../escalation/timing.ts';
import { peopleToRing } from '../../store/onCallPeople.ts';
import type { Column, Output } from '../output.ts';
import { languageName } from './fields.ts';
import { peopleOf, printEmpty } from './list.ts';
import { inMuscat, timeZone } from './muscatTime.ts';
import type { Rota } from './openRota.ts';
import type { Outcome } from '../outcome.ts';
import { personJson, shortId, shownNumber } from './people.ts';
import { wavesOf } from './waves.ts';

export interface NowOptions {
  /** Null: at this moment. */
  readonly at: Date | null;
  readonly language: string | null;
  readonly gender: 'f' | 'm' | null;
  readonly level: RiskLevel;
  readonly numbers: boolean;
}

interface Rung {
  readonly wave: number;
  readonly order: number;
  readonly tier: Candidate['tier'];
  /** Null: the telephone of last resort. */
  readonly person: OnCallPerson | null;
}

/** Who would be rung for such a caller, in which wave and order, if nobody came: by the rules of the escalation itself. */
export async function now(rota: Rota, options: NowOptions, clock: Date): Promise<Outcome> {
  const at = options.at ?? clock;
  const wanted = { language: options.language ?? rota.language, gender: options.gender, level: options.level };
  const everybody = await peopleOf(rota);
  // Who is busy is known of this moment only.
  const busy = options.at === null ? await busyOf(rota) : new Set<string>();
  const free = everybody.filter(({ id }) => !busy.has(id));
  const onCall = ranked(free, at, wanted);
  const candidates: readonly Candidate[] = [
    ...onCall.map(({ id, role }) => candidate(id, role)),
    ...rankedOffShift(free, at, wanted).map(({ id }) => candidate(id, 'offShift')),
    ...(isNameless(rota, everybody) ? [candidate(null, 'lastResort')] : []),
  ];
  const rung = wavesOf(candidates, wanted.level, defaultTiming).flatMap((wave) =>
    wave.people.map(({ personId, tier }, position): Rung => {
      const person = everybody.find(({ id }) => id === personId) ?? null;
      return { wave: wave.wave, order: position + 1, tier, person };
    }),
  );
  return {
    kind: 'done',
    json: {
      at: at.toISOString(),
      atMuscat: inMuscat(at),
      timeZone,
      wanted,
      onCall: onCall.length,
      busy: everybody.filter(({ id }) => busy.has(id)).map(({ id, name }) => ({ id, name })),
      rung: rung.map(({ wave, order, tier, person }) => ({
        wave,
        order,
        as: tier,
        person: person === null ? null : personJson(person, at, options.numbers),
      })),
    },
    print: (output) => print(rota, everybody, rung, { ...options, at, wanted, busy: busy.size }, output),
  };
}

/** The telephone of last resort is one more, unless it is that of somebody of the rota: the rule of the escalation. */
function isNameless({ lastResort }: Rota, everybody: readonly OnCallPerson[]): boolean {
  return lastResort !== null && !everybody.some(({ active, number }) => active && number === lastResort);
}

function candidate(personId: string | null, tier: Candidate['tier']): Candidate {
  return { attemptId: randomUUID(), personId, tier, line: 'free' };
}

async function busyOf({ database, organisation, lastResort }: Rota): Promise<ReadonlySet<string>> {
  const people = await database.within(organisation.id, (tx) =>
    peopleToRing(tx, organisation, randomUUID(), lastResort),
  );
  return new Set(people.filter(({ busy }) => busy).map(({ id }) => id));
}

interface Shown {
  readonly at: Date;
  readonly wanted: { readonly language: string; readonly gender: 'f' | 'm' | null; readonly level: RiskLevel };
  readonly busy: number;
  readonly numbers: boolean;
}

function print(rota: Rota, everybody: readonly OnCallPerson[], rung: readonly Rung[], shown: Shown, output: Output) {
  const { at, wanted, busy, numbers } = shown;
  if (!everybody.some(({ active }) => active)) return printEmpty(rota, everybody.length, output);
  const caller = wanted.gender === null ? 'a caller' : wanted.gender === 'f' ? 'a woman' : 'a man';
  output.line(`${inMuscat(at)}: ${caller} who speaks ${languageName(wanted.language)}, level ${wanted.level}`);
  output.line();
  output.table(columns(numbers), rung);
  output.line();
  if (!rung.some(({ tier }) => tier === 'listener' || tier === 'supervisor'))
    output.line(output.colours.yellow('! Nobody is on call at this time: those off shift are rung at once.'));
  if (busy > 0) output.line(`${busy} not rung: with another caller now.`);
  output.line(
    `A wave is rung when the one before brought nobody, after ${defaultTiming.waveMs / 1_000} s at the latest; then again after a pause.`,
  );
}

const why: Readonly<Record<Candidate['tier'], string>> = {
  listener: 'on call, listener',
  supervisor: 'on call, supervisor',
  offShift: 'off shift',
  lastResort: 'last resort',
};

function columns(numbers: boolean): readonly Column<Rung>[] {
  return [
    { title: 'wave', width: 4, cell: ({ wave, order }) => (order === 1 ? String(wave) : '') },
    { title: 'order', width: 5, cell: ({ order }) => String(order) },
    {
      title: 'person',
      cell: ({ person }) => (person === null ? 'FALLBACK_PHONE_NUMBER' : `${shortId(person)} ${person.name}`),
    },
    {
      title: 'number',
      width: numbers ? 17 : 14,
      cell: ({ person }) => (person === null ? '' : shownNumber(person, numbers)),
    },
    { title: 'why', width: 19, cell: ({ tier }) => why[tier] },
  ];
}
