import type { StaffAccess } from '../access/staffAccess.ts';
import { findCaller } from '../callers/findCaller.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import { followUpsNamed, listFollowUps, type FollowUpFilter, type ShownFollowUp } from '../../store/followUpQueries.ts';

import { openedText } from './text.ts';

export interface FollowUpListOptions extends ListOptions {
  readonly which: FollowUpFilter['which'];
  readonly caller?: string;
}

/** With the text of each: it is ours, and whoever approves must see it. */
export async function list(access: StaffAccess, options: FollowUpListOptions, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  const { which, caller, after, limit, zone } = options;
  await access.note('followUpsSeen', { kind: 'message', id: null }, undefined, { which, limit });
  return access.database.within(access.organisationId, async (tx) => {
    const found = caller === undefined ? null : await findCaller(tx, access, caller);
    if (found?.kind === 'refused') return found.outcome;
    const from = after === undefined ? null : await followUpsNamed(tx, after);
    if (from !== null && from.length !== 1) return refused('unknownId', `--after ${after ?? ''}: no such contact.`);
    const filter = { which, callerId: found?.id, now };
    const page = await listFollowUps(tx, access.keys, access.organisationId, filter, {
      after: from?.[0] ?? null,
      limit,
    });
    return {
      kind: 'done',
      json: {
        zone,
        followUps: page.items.map(({ text, ...each }) => ({ ...each, text: text?.kind === 'text' ? text.text : null })),
        next: page.next,
      },
      csv: csvText(csvColumns, page.items),
      print: ({ line, table }) => {
        if (page.items.length === 0) line(which === 'overdue' ? 'Nothing is overdue.' : 'No contacts.');
        else table(columns(zone), page.items);
        if (page.next !== null) line(`There are more. The next page: --after ${shortId(page.next)}`);
      },
    };
  });
}

function stateOf({ kind, state, messageState, outcome }: ShownFollowUp): string {
  if (kind === 'message' && messageState !== null && state !== 'cancelled') return messageState;
  return outcome ?? state;
}

function columns(zone: string): readonly Column<ShownFollowUp>[] {
  return [
    { title: 'id', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'caller', width: 8, cell: ({ callerId }) => shortId(callerId) },
    {
      title: `due (${zone})`,
      width: 18,
      cell: ({ dueAt, overdue }, { red }) =>
        overdue ? red(`${inZone(dueAt, zone).slice(0, 16)} !`) : inZone(dueAt, zone).slice(0, 16),
    },
    { title: 'level', width: 8, cell: ({ level }) => level },
    { title: 'state', width: 10, cell: stateOf },
    { title: 'seg', width: 3, cell: ({ segments }) => (segments === null ? '' : String(segments)) },
    {
      title: 'text',
      cell: ({ kind, text }, { dim }) => (kind === 'checkInCall' ? dim('check-in call') : openedText(text)),
    },
  ];
}

const csvColumns: readonly CsvColumn<ShownFollowUp>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'message', value: ({ messageId }) => messageId },
  { name: 'caller', value: ({ callerId }) => callerId },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'ordinal', value: ({ ordinal }) => ordinal },
  { name: 'level', value: ({ level }) => level },
  { name: 'dueAt', value: ({ dueAt }) => dueAt },
  { name: 'overdue', value: ({ overdue }) => overdue },
  { name: 'state', value: stateOf },
  { name: 'segments', value: ({ segments }) => segments },
  { name: 'text', value: ({ text }) => openedText(text) },
];
