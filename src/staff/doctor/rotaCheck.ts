import { isOnCall, type OnCallPerson } from '../../escalation/rota.ts';
import { systemClock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import { openDatabase } from '../../store/database.ts';
import { listPeople } from '../../store/onCallPeople.ts';
import { organisationOf } from '../../store/organisations.ts';
import { createKeyKeeper, SealBroken } from '../../store/sealing.ts';
import { printedGaps } from '../onCall/gaps.ts';
import { shortId } from '../onCall/people.ts';
import { defineCheck } from './check.ts';
import { fault, type Finding, ok, rowTitles, skipped, warning } from './finding.ts';
import { codeOf } from './networkReason.ts';

const uses = ['DATABASE_URL', 'DATA_KEY', 'DATA_KEY_PREVIOUS', 'TWILIO_PHONE_NUMBER', 'FALLBACK_PHONE_NUMBER'] as const;

type RotaSettings = Pick<Settings, (typeof uses)[number]>;

/** Whom callers in danger get: enough people, at every hour, and not Sanad itself. */
export const rotaCheck = defineCheck({
  rows: ['rota', 'rotaHours'],
  uses,
  late: { state: 'warning', fix: 'See the row of the database.' },
  run: async (settings, { report, timeoutMs }) => {
    const people = await peopleOf(settings, timeoutMs);
    if (!Array.isArray(people)) {
      report('rota', people);
      return report('rotaHours', skipped(`needs: ${rowTitles.rota}`));
    }
    report('rota', rotaFinding(people, settings));
    return report('rotaHours', hoursFinding(people, systemClock.wall()));
  },
});

/** The people of the rota, or why they cannot be told; what is wrong with the database is said in its own rows. */
async function peopleOf(settings: RotaSettings, timeoutMs: number): Promise<OnCallPerson[] | Finding> {
  const { DATABASE_URL: url, DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: number } = settings;
  if (url === undefined) return skipped('in the embedded database; see: npm run sanad -- on-call list');
  const keys = createKeyKeeper(dataKey, settings.DATA_KEY_PREVIOUS);
  const limit = { connectMs: timeoutMs, statementMs: timeoutMs, transactionMs: timeoutMs };
  const database = openDatabase({ url, connections: 1, ...limit });
  try {
    const organisation = await organisationOf(database, keys, number);
    if (organisation === null) return [];
    return [...(await database.within(organisation.id, (tx) => listPeople(tx, keys)))];
  } catch (error) {
    if (error instanceof SealBroken) return sealed(error);
    const code = codeOf(error);
    if (code === '42P01' || code === '42703') return skipped(`needs: ${rowTitles.migrations}`);
    return skipped(`needs: ${code === '42501' ? rowTitles.roles : rowTitles.database}`);
  } finally {
    await database.close();
  }
}

function sealed({ reason }: SealBroken): Finding {
  return reason === 'unknownDataKey'
    ? fault(
        'the rota was sealed with another DATA_KEY: nobody on it can be rung',
        'Set the DATA_KEY with which it was sealed, or give that one as DATA_KEY_PREVIOUS.',
      )
    : fault(
        `a sealed value of the rota is ${reason}: it was changed outside of Sanad`,
        'Restore the database from a backup, or add the person anew.',
      );
}

const addHelp = 'npm run sanad -- on-call add --help';

export function rotaFinding(
  everybody: readonly OnCallPerson[],
  settings: Pick<Settings, 'TWILIO_PHONE_NUMBER' | 'FALLBACK_PHONE_NUMBER'>,
): Finding {
  const { TWILIO_PHONE_NUMBER: own, FALLBACK_PHONE_NUMBER: lastResort } = settings;
  const people = everybody.filter(({ active }) => active);
  if (people.length === 0)
    return warning(
      lastResort === undefined
        ? 'nobody is on the rota, and there is no FALLBACK_PHONE_NUMBER: a caller in danger gets no person'
        : 'nobody is on the rota: a caller in danger gets FALLBACK_PHONE_NUMBER only',
      `Add people: ${addHelp}`,
    );
  const concerns: { readonly what: string; readonly fix: string }[] = [];
  if (people.length === 1) concerns.push({ what: 'only one person is on the rota', fix: `Add others: ${addHelp}` });
  if (!people.some(({ role }) => role === 'supervisor'))
    concerns.push({
      what: 'nobody on it is a supervisor',
      fix: 'Make one: npm run sanad -- on-call edit PERSON --role supervisor',
    });
  for (const person of people.filter(({ number }) => number === own))
    concerns.push({
      what: `${shortId(person)} has Sanad's own number`,
      fix: `Correct it: npm run sanad -- on-call edit ${shortId(person)} --number …`,
    });
  for (const person of people.filter(({ number }) => number === lastResort))
    concerns.push({
      what: `${shortId(person)} has the number of FALLBACK_PHONE_NUMBER`,
      fix: 'Give FALLBACK_PHONE_NUMBER a telephone of its own: it is rung when nobody of the rota answers.',
    });
  if (concerns.length === 0) return ok(`${people.length} people can be rung, a supervisor among them`);
  return warning(concerns.map(({ what }) => what).join('; '), concerns.map(({ fix }) => fix).join('\n'));
}

export function hoursFinding(everybody: readonly OnCallPerson[], now: Date): Finding {
  const people = everybody.filter(({ active }) => active);
  if (people.length === 0) return skipped(`needs: ${rowTitles.rota}`);
  const gaps = printedGaps(people);
  const absent = people.some((person) => isOnCall(person, now)) ? '' : 'nobody is on call now; ';
  if (gaps === null) return ok('somebody is on call at every hour of the week');
  return warning(
    `${absent}without anybody (time of Muscat): ${gaps}`,
    'In those hours people off shift are rung. Add shifts: npm run sanad -- on-call edit PERSON --shift …',
  );
}
