import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import picocolors from 'picocolors';
import { z } from 'zod';
import {
  readAssessments,
  readShownLog,
  readShownTurns,
  type ShownCall,
  type ShownTurn,
} from '../../store/callQueries.ts';
import { escalationsOfCall, tasksOfCall } from '../../store/escalationQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
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
  const failed = content === null ? null : writeBoth(files, content);
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
function writeBoth(files: Pair, { json, text }: Pair): string | null {
  const draft = (file: string): string => `${file}.${process.pid}.${randomBytes(3).toString('hex')}`;
  const drafts = { json: draft(files.json), text: draft(files.text) };
  try {
    writeFileSync(drafts.json, json, { mode: 0o600, flag: 'wx' });
    writeFileSync(drafts.text, text, { mode: 0o600, flag: 'wx' });
    renameSync(drafts.json, files.json);
    renameSync(drafts.text, files.text);
    return null;
  } catch (error) {
    for (const file of [drafts.json, drafts.text]) forget(file);
    const code = z.object({ code: z.string() }).safeParse(error).data?.code ?? 'unknown';
    return `${files.json} cannot be written: ${reasons[code] ?? code}. Nothing was left there.`;
  }
}

/** What could not be made need not be removed either. */
function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The reason why it could not be written is the one that is told.
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'a folder has that name',
};

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
