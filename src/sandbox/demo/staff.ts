import { messageLanguageOf, wordsOf } from '../../followUp/templates.ts';
import type { Settings } from '../../settings.ts';
import { openDatabase, type Transaction } from '../../store/database.ts';
import { bySanad } from '../../store/messageRows.ts';
import { approveMessage, draftMessage, editMessage } from '../../store/messages.ts';
import { ensureOrganisation } from '../../store/organisations.ts';
import { readRows, run } from '../../store/rows.ts';
import { createKeyKeeper } from '../../store/sealing.ts';
import { decideSummary, listSummaries, readShownSummary } from '../../store/summaries.ts';
import { readSummary } from '../../summary/summary.ts';
import { z } from 'zod';

/** What staff do in the days after the demo's one call, by the same functions as `sanad summaries` and `sanad follow-ups`. */
export interface DemoStaff {
  /** What a model, or an extract without one, wrote of the call; approved here, as a clinician would. Null: there is none yet. */
  readonly approveSummary: () => Promise<DemoSummary | null>;
  /** A draft from the first template of contact; nothing is sent by it. */
  readonly draft: () => Promise<DemoDraft>;
  /** A named person approves these very words: the message goes out, at any hour since the demo has no patience. */
  readonly approve: (draft: DemoDraft) => Promise<void>;
  /** True when people are no longer being brought to anybody, and somebody was. */
  readonly isSettled: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export interface DemoSummary {
  readonly source: string;
  readonly broughtBy: string;
}

export interface DemoDraft {
  readonly messageId: string;
  readonly body: string;
}

/** The one who sits at the machine; a real install knows them by name. */
const operator = { kind: 'localOperator', id: null } as const;

export function openStaff(settings: Settings, url: string): DemoStaff {
  const database = openDatabase({ url, connections: 1 });
  const keys = createKeyKeeper(settings.DATA_KEY);
  const language = messageLanguageOf(settings.DEFAULT_LANGUAGE);
  const inOrganisation = async <T>(work: (tx: Transaction, organisationId: string) => Promise<T>): Promise<T> => {
    const own = { name: 'Sanad', dialledNumber: settings.TWILIO_PHONE_NUMBER };
    const { id } = await ensureOrganisation(database, keys, own);
    return database.within(id, (tx) => work(tx, id));
  };
  return {
    approveSummary: () =>
      inOrganisation(async (tx, organisationId) => {
        const page = await listSummaries(tx, organisationId, { states: ['draft'], after: null, limit: 1 });
        const id = page.items[0]?.id;
        const shown = id === undefined ? null : await readShownSummary(tx, keys, id);
        const summary = shown?.body.kind === 'text' ? readSummary(shown.body.text) : null;
        if (shown === null || summary === null) return null;
        const { version, source } = shown;
        await decideSummary(tx, keys, { id: shown.id, version, staffId: null, to: 'approved' });
        return { source, broughtBy: summary.broughtBy };
      }),
    draft: () =>
      inOrganisation(async (tx, organisationId) => {
        const { callerId, callId } = await lastCall(tx);
        const body = wordsOf('caringFirst', { language });
        const at = new Date();
        const contact = { organisationId, callerId, callId, followUpId: null, kind: 'caringFirst', language };
        const drafted = await draftMessage(tx, keys, { ...contact, body, dueAt: at, by: bySanad, at });
        if (drafted.kind === 'refused') throw new Error(`the message could not be drafted: ${drafted.why}`);
        return { messageId: drafted.id, body };
      }),
    approve: ({ messageId }) =>
      inOrganisation(async (tx) => {
        await editMessage(tx, keys, messageId, { by: operator, at: new Date(), urgent: true });
        const approved = await approveMessage(tx, messageId, { by: operator, at: new Date() });
        if (approved.kind === 'refused') throw new Error(`the message could not be approved: ${approved.why}`);
      }),
    isSettled: () =>
      inOrganisation(async (tx) => {
        const result = await run(
          tx,
          `select count(*)::int as all, count(*) filter (where state <> 'closed')::int as open from escalations`,
        );
        const { all, open } = readRows(z.object({ all: z.number(), open: z.number() }), result)[0] ?? {
          all: 0,
          open: 0,
        };
        return all > 0 && open === 0;
      }),
    close: () => database.close(),
  };
}

const lastCallRow = z.object({ callId: z.string(), callerId: z.string() });

async function lastCall(tx: Transaction): Promise<z.infer<typeof lastCallRow>> {
  const result = await run(
    tx,
    `select id as "callId", caller_id as "callerId" from calls where caller_id is not null order by started_at desc limit 1`,
  );
  const found = readRows(lastCallRow, result)[0];
  if (found === undefined) throw new Error('the call of the demo was not kept');
  return found;
}
