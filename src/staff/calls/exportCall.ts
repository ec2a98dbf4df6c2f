import { existsSync } from 'node:fs';
import path from 'node:path';
import picocolors from 'picocolors';
import {
  readAssessments,
  readShownLog,
  readShownTurns,
  type ShownCall,
  type ShownTurn,
} from '../../store/callQueries.ts';
import { escalationsOfCall, tasksOfCall } from '../../store/escalationQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { fileFault, openDraft, type DraftFile } from '../draftFile.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { shownDuration } from '../listing.ts';
import { withZone } from '../zonedTime.ts';
import { keyNotice, onCall } from './findCall.ts';
import { printedTurn, turnJson } from './transcript.ts';

export interface ExportOptions {
  readonly out: string;
  readonly reason: string;
  readonly force: boolean;
  readonly zone: string;
}

/** Everything that is kept of a call: as JSON in the file, and beside it, to be read by people, as text. */
export async function exportCall(access: StaffAccess, words: string, options: ExportOptions): Promise<Outcome> {
  access.demand('readWords');
  const files = filesOf(options.out);
  const taken = [files.json, files.text].find((file) => existsSync(file));
  if (taken !== undefined && !options.force)
    return misused('fileExists', `${taken} is there already. Name another file, or replace it with --force.`);
  let content: { readonly json: string; readonly text: string } | null = null;
  const outcome = await onCall(access, words, async (tx, call) => {
    const turns = await readShownTurns(tx, call.key, call.id);
    const { key, ...facts } = call;
    const everything = {
      call: facts,
      notice: keyNotice(call),
      turns: turns.map(turnJson),
      assessments: await readAssessments(tx, call.id),
      escalations: await escalationsOfCall(tx, call.id),
      tasks: await tasksOfCall(tx, call.id),
      log: await readShownLog(tx, key, call.id),
    };
    await access.noteIn(tx, 'callExported', { kind: 'call', id: call.id }, options.reason);
    content = { json: `${JSON.stringify(everything, null, 2)}\n`, text: textOf(call, turns, options.zone) };
    return {
      kind: 'done',
      json: {
        callId: call.id,
        files: [files.json, files.text],
        turns: turns.length,
        logEntries: everything.log.length,
      },
      print: ({ line }) => {
        line(`Written: ${files.json} (everything) and ${files.text} (to be read); only you can open them.`);
        line('They hold words of a caller, no longer sealed. Delete them when they are no longer needed.');
      },
    };
  });
  // Only now is the entry in the audit certain; no word may lie on a disk without one.
  const failed = content === null ? null : writeBoth(files, content, options.force);
  return failed === null ? outcome : refused('file', failed);
}

interface Pair {
  readonly json: string;
  readonly text: string;
}

function filesOf(out: string): Pair {
  const { dir, name, ext } = path.parse(out);
  const base = ext === '.json' || ext === '.txt' ? path.join(dir, name) : out;
  return { json: `${base}.json`, text: `${base}.txt` };
}

/** Both or none, and readable by their owner only. Gives what went wrong, in words. */
function writeBoth(files: Pair, { json, text }: Pair, replace: boolean): string | null {
  const drafts: DraftFile[] = [];
  try {
    for (const [file, content] of [
      [files.json, json],
      [files.text, text],
    ] as const) {
      const draft = openDraft(file);
      drafts.push(draft);
      draft.write(content);
    }
    for (const draft of drafts) draft.keep(replace);
    return null;
  } catch (error) {
    const fault = fileFault(error);
    if (fault === null) throw error;
    return `${files.json} cannot be written: ${fault}. Nothing was left there.`;
  } finally {
    for (const draft of drafts) draft.discard();
  }
}

function textOf(call: ShownCall, turns: readonly ShownTurn[], zone: string): string {
  const notice = keyNotice(call);
  return [
    `Call ${call.id}`,
    `Began ${withZone(call.startedAt, zone)}, ${shownDuration(call.seconds)} long, outcome: ${call.outcome ?? 'live'}`,
    `Highest level of danger: ${call.level}`,
    ...(notice === null ? [] : [notice]),
    '‹…› what Sanad was about to say and the caller did not hear.',
    '',
    ...turns.flatMap((turn) => printedTurn(turn, picocolors.createColors(false))),
    '',
  ].join('\n');
}
