import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  readAccesses,
  readCallsOfCaller,
  readConsentData,
  readMessageData,
  readPlanData,
} from '../../store/callerData.ts';
import { readShownCaller, type ShownCaller } from '../../store/callerQueries.ts';
import { appointmentsOfCaller } from '../../store/appointmentQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { turnJson } from '../calls/transcript.ts';
import { fileFault, openDraft, type DraftFile } from '../draftFile.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { findCaller } from './findCaller.ts';
import { callSection, consentsSection, messagesSection, pageFoot, pageHead } from './exportHtml.ts';

export interface ExportOptions {
  readonly out: string;
  readonly reason: string;
  readonly force: boolean;
  readonly zone: string;
  readonly now: Date;
  readonly onProgress: (calls: number, of: number) => void;
}

/** All that is kept of one caller: as JSON in one file, and in another as a page to be read. Both are there whole, or none is. */
export async function exportCaller(access: StaffAccess, words: string, options: ExportOptions): Promise<Outcome> {
  access.demand('exportCaller');
  const files = filesOf(options.out);
  const taken = [files.json, files.html].find((file) => existsSync(file));
  if (taken !== undefined && !options.force)
    return misused('fileExists', `${taken} is there already. Name another file, or replace it with --force.`);
  const { database, organisationId, keys } = access;
  const found = await database.within(organisationId, async (tx) => {
    const who = await findCaller(tx, access, words);
    return who.kind === 'refused' ? who : { kind: 'found' as const, caller: await readShownCaller(tx, keys, who.id) };
  });
  if (found.kind === 'refused') return found.outcome;
  const { caller } = found;
  if (caller === null) return refused('unknownCaller', `The caller "${words}" was removed just now.`);
  if (caller.erasedAt !== null)
    return refused(
      'erased',
      'This caller was erased: words, number and key are destroyed. There is nothing to export.',
    );
  await access.note('callerExported', { kind: 'caller', id: caller.id }, options.reason);
  return writeBoth(access, caller, files, options);
}

interface Files {
  readonly json: string;
  readonly html: string;
}

function filesOf(out: string): Files {
  const { dir, name, ext } = path.parse(out);
  const base = ext === '.json' || ext === '.html' ? path.join(dir, name) : out;
  return { json: `${base}.json`, html: `${base}.html` };
}

async function writeBoth(
  access: StaffAccess,
  caller: ShownCaller,
  files: Files,
  options: ExportOptions,
): Promise<Outcome> {
  const drafts: DraftFile[] = [];
  const kept: DraftFile[] = [];
  try {
    const [json, html] = [openDraft(files.json), openDraft(files.html)];
    drafts.push(json, html);
    const calls = await writeContent(access, caller, { json, html }, options);
    for (const draft of drafts) {
      draft.keep(options.force);
      kept.push(draft);
    }
    return exported(caller, files, calls);
  } catch (error) {
    const why = fileFault(error);
    if (why === null) throw error;
    const left = kept.map(({ path: file }) => file);
    const rest = left.length === 0 ? 'Nothing was left there.' : `${left.join(', ')} was written.`;
    return refused('file', `${files.json} and ${files.html} cannot be written: ${why}. ${rest}`);
  } finally {
    for (const draft of drafts) draft.discard();
  }
}

async function writeContent(
  { database, keys, organisationId }: StaffAccess,
  caller: ShownCaller,
  { json, html }: { readonly json: DraftFile; readonly html: DraftFile },
  { zone, now, onProgress }: ExportOptions,
): Promise<number> {
  const consents = await database.within(organisationId, (tx) => readConsentData(tx, keys, caller.id));
  json.write(`{\n"madeAt": ${JSON.stringify(now)},\n"caller": ${asJson({ ...caller, number: textOf(caller) })},\n`);
  json.write(`"consents": ${asJson(consents)},\n"calls": [`);
  html.write(pageHead(caller, zone, now));
  html.write(consentsSection(consents, zone));
  let calls = 0;
  for await (const data of readCallsOfCaller(database, keys, organisationId, caller.id)) {
    json.write(`${calls === 0 ? '' : ','}\n${asJson({ ...data, turns: data.turns.map(turnJson) })}`);
    html.write(callSection(data, zone));
    calls += 1;
    onProgress(calls, caller.calls);
  }
  const written = await database.within(organisationId, async (tx) => ({
    messages: await readMessageData(tx, keys, caller.id),
    followUps: await readPlanData(tx, caller.id),
    appointments: await appointmentsOfCaller(tx, caller.id),
  }));
  html.write(messagesSection(written.messages, zone));
  const accesses = await database.within(organisationId, (tx) => readAccesses(tx, organisationId, caller.id));
  json.write(
    `\n],\n"messages": ${asJson(written.messages)},\n"followUps": ${asJson(written.followUps)},\n"appointments": ${asJson(written.appointments)},\n"accesses": ${asJson(accesses)}\n}\n`,
  );
  html.write(pageFoot(accesses, zone));
  return calls;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function textOf({ number }: ShownCaller): string | null {
  return number.kind === 'text' ? number.text : null;
}

function exported(caller: ShownCaller, files: Files, calls: number): Outcome {
  return {
    kind: 'done',
    json: { exported: caller.id, files: [files.json, files.html], calls },
    print: ({ line }) => {
      line(
        `Written: ${files.json} (data) and ${files.html} (to be read and printed), ${calls} ${calls === 1 ? 'call' : 'calls'}; only you can open them.`,
      );
      line('They hold words of a caller, no longer sealed. Delete them when they are no longer needed.');
    },
  };
}
