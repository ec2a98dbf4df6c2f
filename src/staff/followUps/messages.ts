import { listMessages, messagesNamed, showMessage, type ShownMessage } from '../../store/messageQueries.ts';
import type { MessageState } from '../../followUp/messageState.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { findCaller } from '../callers/findCaller.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions, type PeriodOptions } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { inZone, instantOf } from '../zonedTime.ts';
import { findMessage } from './findMessage.ts';
import { shownMessage } from './show.ts';
import { openedText } from './text.ts';

export interface MessageListOptions extends ListOptions, PeriodOptions {
  readonly state?: readonly MessageState[];
  readonly direction?: 'in' | 'out';
  readonly caller?: string;
  readonly reason?: string;
}

/** Without words, unless there is a reason to read them. */
export async function listOfMessages(access: StaffAccess, options: MessageListOptions, now: Date): Promise<Outcome> {
  access.demand('seeCalls');
  const { reason, since, until, zone, state, direction, caller, after, limit } = options;
  if (reason !== undefined) access.demand('readWords');
  if (caller !== undefined) access.demand('seeCallers');
  const from = since && instantOf(since, 'from', zone, now);
  const to = until && instantOf(until, 'to', zone, now);
  if (from !== undefined && to !== undefined && from >= to)
    return misused('wrongPeriod', '--since is not before --until.');
  await access.note('messagesSeen', { kind: 'message', id: null }, reason, { limit, words: reason !== undefined });
  return access.database.within(access.organisationId, async (tx) => {
    const found = caller === undefined ? null : await findCaller(tx, access, caller);
    if (found?.kind === 'refused') return found.outcome;
    const last = after === undefined ? null : await messagesNamed(tx, after, 2);
    if (last !== null && last.length !== 1) return refused('unknownId', `--after ${after ?? ''}: no such message.`);
    const filter = { states: state, direction, callerId: found?.id, since: from, until: to };
    const page = await listMessages(tx, access.keys, access.organisationId, filter, {
      after: last?.[0]?.id ?? null,
      limit,
      withText: reason !== undefined,
    });
    return {
      kind: 'done',
      json: { zone, messages: page.items, next: page.next },
      csv: csvText(csvColumns, page.items),
      print: ({ line, table }) => {
        if (page.items.length === 0) line('No messages.');
        else table(columns(zone), page.items);
        if (page.items.length > 0 && reason === undefined) line('\nTheir words: --reason "…" (audited).');
        if (page.next !== null) line(`There are more. The next page: --after ${shortId(page.next)}`);
      },
    };
  });
}

export async function showOneMessage(
  access: StaffAccess,
  words: string,
  reason: string | undefined,
  zone: string,
): Promise<Outcome> {
  access.demand('seeCalls');
  if (reason !== undefined) access.demand('readWords');
  return access.database.within(access.organisationId, async (tx) => {
    const named = await findMessage(tx, words);
    if (named.kind === 'refused') return named.outcome;
    const whole = named.kind === 'message' ? await showMessage(tx, access.keys, named.id, reason !== undefined) : null;
    if (whole === null)
      return refused('unknownId', `There is no message "${words}". See: npm run sanad -- messages list`);
    await access.noteIn(tx, 'messagesSeen', { kind: 'message', id: named.id }, reason, { words: reason !== undefined });
    return shownMessage(whole, zone);
  });
}

function columns(zone: string): readonly Column<ShownMessage>[] {
  return [
    { title: 'id', width: 8, cell: ({ id }) => shortId(id) },
    { title: `at (${zone})`, width: 18, cell: ({ createdAt }) => inZone(createdAt, zone).slice(0, 16) },
    { title: '', width: 3, cell: ({ direction }) => direction },
    { title: 'caller', width: 8, cell: ({ callerId }) => shortId(callerId) },
    { title: 'kind', width: 20, cell: ({ kind }) => kind },
    {
      title: 'state',
      width: 10,
      cell: ({ state }, { red, green }) =>
        state === 'failed' ? red(state) : state === 'delivered' ? green(state) : state,
    },
    {
      title: 'what',
      cell: ({ reason, errorCode, text }) => [reason, errorCode, openedText(text)].filter(Boolean).join(' '),
    },
  ];
}

const csvColumns: readonly CsvColumn<ShownMessage>[] = [
  { name: 'id', value: ({ id }) => id },
  { name: 'at', value: ({ createdAt }) => createdAt },
  { name: 'direction', value: ({ direction }) => direction },
  { name: 'caller', value: ({ callerId }) => callerId },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'state', value: ({ state }) => state },
  { name: 'reason', value: ({ reason }) => reason },
  { name: 'errorCode', value: ({ errorCode }) => errorCode },
  { name: 'segments', value: ({ segments }) => segments },
  { name: 'text', value: ({ text }) => openedText(text) },
];
