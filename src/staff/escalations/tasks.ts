import { closeTask, listTasks, readTask, type ListedTask } from '../../store/escalationQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shownLevel } from '../calls/list.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions } from '../listing.ts';
import { listPeople } from '../../store/onCallPeople.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { Column, Colours } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import { findId } from './findId.ts';

/** Promises to call somebody back, each with an owner and a deadline. */

export async function tasks(access: StaffAccess, options: ListOptions & { readonly all?: true }): Promise<Outcome> {
  access.demand('seeCalls');
  await access.note('escalationsSeen', { kind: 'callback', id: null });
  return access.database.within(access.organisationId, async (tx) => {
    const after = options.after === undefined ? null : await findId(tx, 'callback_tasks', options.after);
    if (after?.kind === 'refused') return after.outcome;
    const page = { all: options.all === true, after: after?.id ?? null, limit: options.limit };
    const { items, next } = await listTasks(tx, access.organisationId, page);
    const names = new Map((await listPeople(tx, access.keys)).map(({ id, name }) => [id, name]));
    const owner = ({ ownerId, ownerRole }: ListedTask): string =>
      ownerId === null ? (ownerRole ?? 'nobody') : (names.get(ownerId) ?? 'left the rota');
    return {
      kind: 'done',
      json: { tasks: items.map((each) => ({ ...each, owner: owner(each) })), next },
      csv: csvText(csvColumns(owner), items),
      print: (output) => {
        const overdue = items.filter((each) => each.overdue).length;
        if (items.length === 0)
          return output.line(page.all ? 'There are no tasks.' : 'Nothing waits to be called back.');
        output.table(columns(options.zone, owner), items);
        output.line();
        output.line(
          `${items.length} shown, by deadline${overdue === 0 ? '' : `; ${output.colours.red(`${overdue} overdue`)}`}. Times: ${options.zone}.`,
        );
        if (next !== null) output.line(`There are more: --after ${shortId(next)}`);
      },
    };
  });
}

export async function done(
  access: StaffAccess,
  words: string,
  outcome: string,
  why: string | undefined,
): Promise<Outcome> {
  access.demand('review');
  return access.database.within(access.organisationId, async (tx) => {
    const found = await findId(tx, 'callback_tasks', words);
    if (found.kind === 'refused') return found.outcome;
    const closed = await closeTask(tx, found.id, outcome);
    const task = await readTask(tx, found.id);
    if (task === null) return refused('unknownId', 'It was removed just now.');
    if (!closed) return refused('taskNotWaiting', notWaiting(task));
    await access.noteIn(tx, 'callbackClosed', { kind: 'callback', id: task.id }, why, { outcome });
    return {
      kind: 'done',
      json: { closed: task },
      print: ({ line }) => line(`Closed: ${shortId(task.id)} (${kinds[task.kind]}): ${outcome}.`),
    };
  });
}

function notWaiting({ state, outcome }: ListedTask): string {
  if (state === 'calling')
    return 'Sanad is calling back right now. Try again when that call is over; nothing was changed.';
  return `It is closed already (${state}: ${outcome ?? 'no outcome'}). Nothing was changed.`;
}

const kinds: Readonly<Record<ListedTask['kind'], string>> = {
  automaticCallback: 'Sanad calls back',
  humanCallback: 'a person calls back',
  supervisor: 'a supervisor looks',
};

function columns(zone: string, owner: (task: ListedTask) => string): readonly Column<ListedTask>[] {
  return [
    { title: 'task', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'call', width: 8, cell: ({ callId }) => shortId(callId) },
    { title: 'due', width: 16, cell: ({ dueAt }) => inZone(dueAt, zone).slice(0, 16) },
    { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
    { title: 'what', width: 19, cell: ({ kind }) => kinds[kind] },
    { title: 'whose', cell: owner },
    { title: 'state', width: 10, cell: shownState },
  ];
}

function shownState({ overdue, state, outcome }: ListedTask, { red, dim, bold }: Colours): string {
  if (overdue) return bold(red('overdue'));
  return state === 'done' || state === 'cancelled' ? dim(outcome ?? state) : state;
}

function csvColumns(owner: (task: ListedTask) => string): readonly CsvColumn<ListedTask>[] {
  return [
    { name: 'id', value: ({ id }) => id },
    { name: 'callId', value: ({ callId }) => callId },
    { name: 'escalationId', value: ({ escalationId }) => escalationId },
    { name: 'kind', value: ({ kind }) => kind },
    { name: 'dueAt', value: ({ dueAt }) => dueAt },
    { name: 'overdue', value: ({ overdue }) => overdue },
    { name: 'level', value: ({ level }) => level },
    { name: 'owner', value: owner },
    { name: 'state', value: ({ state }) => state },
    { name: 'outcome', value: ({ outcome }) => outcome },
  ];
}
