import type { OnCallPerson } from '../../escalation/rota.ts';
import type { Settings } from '../../settings.ts';
import { openDatabase } from '../../store/database.ts';
import { escalationsOfCall, readBriefing, readShownEscalation, tasksOfCall } from '../../store/escalationQueries.ts';
import { addPerson, listPeople } from '../../store/onCallPeople.ts';
import { ensureOrganisation } from '../../store/organisations.ts';
import { createKeyKeeper } from '../../store/sealing.ts';
import { readRows, run } from '../../store/rows.ts';
import { z } from 'zod';

/** Who is on call in a scenario: as `sanad on-call add` would have it. */
export type DemoPerson = Pick<OnCallPerson, 'name' | 'number' | 'gender' | 'role'>;

/** What the database holds of the escalations of the demo's one call, as lines to be read. */
export interface DemoRecords {
  readonly addPeople: (people: readonly DemoPerson[]) => Promise<void>;
  readonly escalationLines: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export function openRecords(settings: Settings, url: string): DemoRecords {
  const database = openDatabase({ url, connections: 1 });
  const keys = createKeyKeeper(settings.DATA_KEY);
  const own = { name: 'Sanad', dialledNumber: settings.TWILIO_PHONE_NUMBER };
  return {
    addPeople: async (people) => {
      const organisation = await ensureOrganisation(database, keys, own);
      await database.within(organisation.id, async (tx) => {
        for (const [at, person] of people.entries())
          await addPerson(tx, keys, organisation, {
            ...person,
            languages: ['ar', 'en'],
            shifts: [],
            priority: at + 1,
            active: true,
          });
      });
    },
    escalationLines: async () => {
      const organisation = await ensureOrganisation(database, keys, own);
      return database.within(organisation.id, async (tx) => {
        const names = new Map((await listPeople(tx, keys)).map(({ id, name }) => [id, name]));
        const calls = readRows(
          z.object({ id: z.string() }),
          await run(tx, 'select id from calls order by started_at', []),
        );
        const lines: string[] = [];
        for (const { id: callId } of calls) {
          for (const { id } of await escalationsOfCall(tx, callId)) {
            const shown = await readShownEscalation(tx, id);
            if (shown === null) continue;
            lines.push(...escalationText(shown, names, await readBriefing(tx, keys, id)));
          }
          for (const task of await tasksOfCall(tx, callId))
            lines.push(`  task       ${taskWords[task.kind]}, due ${muscat(task.dueAt)}, ${task.state}`);
        }
        return lines;
      });
    },
    close: () => database.close(),
  };
}

const taskWords = {
  automaticCallback: 'Sanad calls back',
  humanCallback: 'a person calls back',
  supervisor: 'the supervisor follows it up',
} as const;

const clockTime = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Muscat', timeStyle: 'medium' });
const muscat = (date: Date): string => clockTime.format(date);

type Shown = NonNullable<Awaited<ReturnType<typeof readShownEscalation>>>;

function escalationText(
  { escalation, attempts, events }: Shown,
  names: ReadonlyMap<string, string>,
  briefing: Awaited<ReturnType<typeof readBriefing>>,
): readonly string[] {
  const start = escalation.requestedAt.getTime();
  const after = (date: Date | null): string =>
    date === null ? '' : `+${((date.getTime() - start) / 1000).toFixed(1)} s`;
  const moves = events.filter(({ fromState, toState }) => fromState !== toState);
  return [
    `escalation ${escalation.id.slice(0, 8)}: ${escalation.reason}, level ${escalation.level}, ended: ${escalation.outcome ?? 'not yet'}`,
    ...moves.map(({ at, fromState, toState }) => `  ${after(at).padEnd(9)}  ${fromState} → ${toState}`),
    ...attempts.map(
      ({ personId, wave, round, state, ringingAt, answeredAt, acceptedAt }) =>
        `  telephone  ${personId === null ? 'last resort' : (names.get(personId) ?? 'removed')} (round ${round}, wave ${wave}): ${state}` +
        [
          ringingAt && `, rang ${after(ringingAt)}`,
          answeredAt && `, answered ${after(answeredAt)}`,
          acceptedAt && `, took it ${after(acceptedAt)}`,
        ]
          .filter(Boolean)
          .join(''),
    ),
    `  briefing   sealed under the caller's key: ${briefing === null ? 'none' : 'kept'}`,
  ];
}
