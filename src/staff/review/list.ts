import { listReviews, type ListedReview, type ReviewMark } from '../../store/reviews.ts';
import { listStaff } from '../../store/staff.ts';
import type { Transaction } from '../../store/database.ts';
import { SealBroken } from '../../store/sealing.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { findCall, shownBroken } from '../calls/findCall.ts';
import { shownLevel } from '../calls/list.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId, type ListOptions, type PeriodOptions } from '../listing.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column, Colours } from '../output.ts';
import { inZone, instantOf } from '../zonedTime.ts';

export interface ReviewListOptions extends ListOptions, PeriodOptions {
  readonly mark?: readonly ReviewMark[];
  readonly reason?: string;
}

/** Marks, the latest first. Notes may quote callers: only for whoever may read words, and says why. */
export async function list(access: StaffAccess, options: ReviewListOptions, now: Date): Promise<Outcome> {
  access.demand('review');
  const { since, until, zone, reason, limit } = options;
  if (reason !== undefined) access.demand('readWords');
  const filter = {
    since: since === undefined ? null : instantOf(since, 'from', zone, now),
    until: until === undefined ? null : instantOf(until, 'to', zone, now),
    marks: options.mark ?? null,
  };
  if (filter.since !== null && filter.until !== null && filter.since >= filter.until)
    return misused(
      'emptyPeriod',
      `--since (${inZone(filter.since, zone)}) is not before --until (${inZone(filter.until, zone)}).`,
    );
  const { organisationId, keys } = access;
  return access.database.within(organisationId, async (tx) => {
    const after = options.after === undefined ? null : await findCall(tx, options.after);
    if (after?.kind === 'refused') return after.outcome;
    const { items, next } = await listReviews(tx, keys, filter, { organisationId, after: after?.id ?? null, limit });
    const names = await namesOf(access, tx);
    const subject = { kind: 'organisation', id: organisationId } as const;
    if (reason === undefined) await access.noteIn(tx, 'callsListed', subject);
    else await access.noteIn(tx, 'wordsRead', subject, reason, { notes: items.filter(({ noted }) => noted).length });
    const shown = items.map((each) => shownReview(each, names, reason !== undefined));
    return {
      kind: 'done',
      json: { reviews: shown, next },
      csv: csvText(csvColumns(reason !== undefined), shown),
      print: (output) => {
        if (shown.length === 0) return output.line('No reviews fit.');
        output.table(columns(zone), shown);
        output.line();
        output.line(`${shown.length} shown, the latest mark first. Times: ${zone}.`);
        if (reason === undefined && shown.some(({ noted }) => noted))
          output.line(
            output.colours.dim(
              'Notes not shown: they may quote callers. With them: --reason "why you need to read them"',
            ),
          );
        if (next !== null) output.line(`There are more: --after ${shortId(next)}`);
      },
    };
  });
}

/** A name that cannot be opened must not hide what was marked. */
async function namesOf({ keys }: StaffAccess, tx: Transaction): Promise<ReadonlyMap<string, string>> {
  try {
    const members = await listStaff(tx, keys);
    return new Map(members.flatMap((each) => (each.kind === 'sound' ? [[each.id, each.name] as const] : [])));
  } catch (fault) {
    if (fault instanceof SealBroken) return new Map();
    throw fault;
  }
}

interface ShownReview extends Omit<ListedReview, 'note'> {
  readonly reviewer: string;
  /** Null: there is none, or it is not to be shown. */
  readonly note: string | null;
}

function shownReview(review: ListedReview, names: ReadonlyMap<string, string>, notes: boolean): ShownReview {
  const { note, markedBy } = review;
  const reviewer = markedBy === null ? 'local operator' : (names.get(markedBy) ?? 'left the staff');
  return { ...review, reviewer, note: notes && note !== null ? noteText(note) : null };
}

function noteText(note: NonNullable<ListedReview['note']>): string {
  if (note.kind === 'text') return note.text;
  if (note.kind === 'broken') return `(cannot be trusted: ${shownBroken(note.why)})`;
  return note.kind === 'erased' ? '(destroyed: the caller was erased)' : '(removed)';
}

function columns(zone: string): readonly Column<ShownReview>[] {
  return [
    { title: 'call', width: 8, cell: ({ callId }) => shortId(callId) },
    { title: 'began', width: 16, cell: ({ startedAt }) => inZone(startedAt, zone).slice(0, 16) },
    { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
    { title: 'why', width: 9, cell: ({ reason }) => reason },
    { title: 'mark', width: 9, cell: ({ mark }, colours) => shownMark(mark, colours) },
    { title: 'marked', width: 16, cell: ({ markedAt }) => inZone(markedAt, zone).slice(0, 16) },
    { title: 'by', width: 14, cell: ({ reviewer }) => reviewer },
    { title: 'note', cell: ({ note, noted }) => (note === null ? (noted ? '(sealed)' : '') : `\u2068${note}\u2069`) },
  ];
}

function shownMark(mark: ReviewMark, { green, yellow, red }: Colours): string {
  if (mark === 'right') return green(mark);
  return mark === 'notNeeded' ? yellow(mark) : red(mark);
}

function csvColumns(notes: boolean): readonly CsvColumn<ShownReview>[] {
  return [
    { name: 'callId', value: ({ callId }) => callId },
    { name: 'startedAt', value: ({ startedAt }) => startedAt },
    { name: 'level', value: ({ level }) => level },
    { name: 'language', value: ({ language }) => language },
    { name: 'why', value: ({ reason }) => reason },
    { name: 'mark', value: ({ mark }) => mark },
    { name: 'markedAt', value: ({ markedAt }) => markedAt },
    { name: 'reviewer', value: ({ reviewer }) => reviewer },
    { name: 'noted', value: ({ noted }) => noted },
    ...(notes ? [{ name: 'note', value: ({ note }: ShownReview) => note }] : []),
  ];
}
