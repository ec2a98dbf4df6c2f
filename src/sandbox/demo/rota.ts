import type { OnCallPerson } from '../../escalation/rota.ts';
import type { Settings } from '../../settings.ts';
import { openDatabase } from '../../store/database.ts';
import { escalationsOfCall, readBriefing, readShownEscalation, tasksOfCall } from '../../store/escalationQueries.ts';
import { addPerson, listPeople } from '../../store/onCallPeople.ts';
import { ensureOrganisation } from '../../store/organisations.ts';
import { createKeyKeeper } from '../../store/sealing.ts';
import { readRows, run } from '../../store/rows.ts';
import { z } from 'zod';
import type { KeptEscalation, KeptRecord, KeptTask } from './record.ts';

/** In the record and on the screen, the telephone that is nobody's of the rota. */
export const lastResortName = 'last resort';

/** Who is on call in a scenario: as `sanad on-call add` would have it. */
export type DemoPerson = Pick<OnCallPerson, 'name' | 'number' | 'gender' | 'role'>;

/** What the database holds of the demo's one call. */
export interface DemoRecords {
  readonly addPeople: (people: readonly DemoPerson[]) => Promise<void>;
  readonly kept: () => Promise<KeptRecord>;
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
    kept: async () => {
      const organisation = await ensureOrganisation(database, keys, own);
      return database.within(organisation.id, async (tx) => {
        const names = new Map((await listPeople(tx, keys)).map(({ id, name }) => [id, name]));
        const calls = readRows(
          z.object({ id: z.string() }),
          await run(tx, 'select id from calls order by started_at', []),
        );
        const record: { escalations: KeptEscalation[]; tasks: KeptTask[] } = { escalations: [], tasks: [] };
        for (const { id: callId } of calls) {
          for (const { id } of await escalationsOfCall(tx, callId)) {
            const shown = await readShownEscalation(tx, id);
            if (shown !== null) record.escalations.push(keptOf(shown, names, await readBriefing(tx, keys, id)));
          }
          record.tasks.push(...(await tasksOfCall(tx, callId)));
        }
        return record;
      });
    },
    close: () => database.close(),
  };
}

type Shown = NonNullable<Awaited<ReturnType<typeof readShownEscalation>>>;

function keptOf(
  { escalation, attempts, events }: Shown,
  names: ReadonlyMap<string, string>,
  briefing: Awaited<ReturnType<typeof readBriefing>>,
): KeptEscalation {
  const { id, reason, level, outcome, requestedAt } = escalation;
  const after = (date: Date | null): number | null => (date === null ? null : date.getTime() - requestedAt.getTime());
  const moves = events.filter(({ fromState, toState }) => fromState !== toState);
  return {
    id,
    reason,
    level,
    outcome,
    moves: moves.map(({ at, fromState, toState }) => ({ afterMs: after(at) ?? 0, from: fromState, to: toState })),
    telephones: attempts.map(({ personId, round, wave, state, ringingAt, answeredAt, acceptedAt }) => ({
      name: personId === null ? lastResortName : (names.get(personId) ?? 'removed'),
      round,
      wave,
      state,
      rangMs: after(ringingAt),
      answeredMs: after(answeredAt),
      acceptedMs: after(acceptedAt),
    })),
    briefing: briefing === null ? 'none' : 'kept',
  };
}
