import { z } from 'zod';
import type { Settings } from '../../../settings.ts';
import { openDatabase, type Transaction } from '../../../store/database.ts';
import { addPerson } from '../../../store/onCallPeople.ts';
import { ensureOrganisation } from '../../../store/organisations.ts';
import { readRows, run } from '../../../store/rows.ts';
import { createKeyKeeper } from '../../../store/sealing.ts';

/** What the bench writes to the application's database before, the rota, and reads of it afterwards: how escalations ended. */

const endedShape = z.object({
  escalationId: z.string(),
  /** The carrier's id of the caller's leg. */
  callSid: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  /** How often it was closed. */
  closings: z.int(),
});

const rungShape = z.object({
  callSid: z.string(),
  escalationId: z.string(),
  round: z.int(),
  wave: z.int(),
});

export type EndedEscalation = z.infer<typeof endedShape>;
/** Whose telephone rang for whom, and in which wave; the times are the carrier's. */
export type RungTelephone = z.infer<typeof rungShape>;

export interface EscalationRecords {
  /** In this order of priority. */
  readonly addPeople: (numbers: readonly string[]) => Promise<void>;
  readonly ended: () => Promise<readonly EndedEscalation[]>;
  readonly rung: () => Promise<readonly RungTelephone[]>;
  readonly close: () => Promise<void>;
}

export function openEscalationRecords(
  { DATA_KEY, TWILIO_PHONE_NUMBER }: Pick<Settings, 'DATA_KEY' | 'TWILIO_PHONE_NUMBER'>,
  url: string,
): EscalationRecords {
  const database = openDatabase({ url, connections: 1 });
  const keys = createKeyKeeper(DATA_KEY);
  const within = async <Result>(
    work: (tx: Transaction, organisation: Awaited<ReturnType<typeof ensureOrganisation>>) => Promise<Result>,
  ): Promise<Result> => {
    const own = { name: 'Sanad', dialledNumber: TWILIO_PHONE_NUMBER };
    const organisation = await ensureOrganisation(database, keys, own);
    return database.within(organisation.id, (tx) => work(tx, organisation));
  };
  return {
    addPeople: (numbers) =>
      within(async (tx, organisation) => {
        for (const [at, number] of numbers.entries())
          await addPerson(tx, keys, organisation, {
            name: `On call ${at + 1}`,
            number,
            languages: ['ar', 'en'],
            gender: null,
            shifts: [],
            priority: at + 1,
            role: 'listener',
            active: true,
          });
      }),
    ended: () =>
      within(async (tx) =>
        readRows(
          endedShape,
          await run(
            tx,
            `select e.id as "escalationId", c.call_sid as "callSid", e.state, e.outcome,
               (select count(*)::int from escalation_events v
                where v.escalation_id = e.id and v.to_state = 'closed' and v.from_state <> 'closed') as closings
             from escalations e join calls c on c.id = e.call_id order by e.requested_at`,
            [],
          ),
        ),
      ),
    rung: () =>
      within(async (tx) =>
        readRows(
          rungShape,
          await run(
            tx,
            `select call_sid as "callSid", escalation_id as "escalationId", round, wave
             from escalation_attempts where call_sid is not null`,
            [],
          ),
        ),
      ),
    close: () => database.close(),
  };
}
