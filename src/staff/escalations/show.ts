import { z } from 'zod';
import { listPeople } from '../../store/onCallPeople.ts';
import type { Transaction } from '../../store/database.ts';
import {
  readBriefing,
  readShownEscalation,
  type ShownAttempt,
  type ShownEscalation,
} from '../../store/escalationQueries.ts';
import type { Opened } from '../../store/opened.ts';
import { SealBroken } from '../../store/sealing.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shownBroken } from '../calls/findCall.ts';
import { shownLevel } from '../calls/list.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone, withZone } from '../zonedTime.ts';
import { findId } from './findId.ts';
import { shownOutcome, waits } from './list.ts';

/** States, telephones and times; the briefing, which holds the caller's words, only with a reason. */
export async function show(
  access: StaffAccess,
  words: string,
  { reason, zone }: { readonly reason?: string | undefined; readonly zone: string },
): Promise<Outcome> {
  access.demand('seeCalls');
  if (reason !== undefined) access.demand('readWords');
  return access.database.within(access.organisationId, async (tx) => {
    const found = await findId(tx, 'escalations', words);
    if (found.kind === 'refused') return found.outcome;
    const shown = await readShownEscalation(tx, found.id);
    if (shown === null) return refused('unknownId', 'It was removed just now.');
    const names = await namesOf(access, tx);
    const briefing = reason === undefined ? null : await readBriefing(tx, access.keys, found.id);
    const subject = { kind: 'escalation', id: found.id } as const;
    await access.noteIn(tx, briefing === null ? 'escalationsSeen' : 'wordsRead', subject, reason);
    const person = (id: string | null): string =>
      id === null ? 'telephone of last resort' : (names.get(id) ?? 'left the rota');
    return {
      kind: 'done',
      json: {
        ...shown.escalation,
        ...waits(shown.escalation),
        attempts: shown.attempts.map((each) => ({ ...each, person: person(each.personId) })),
        events: shown.events,
        ...(briefing === null ? {} : { briefing: briefingJson(briefing) }),
      },
      print: (output) => print(shown, { briefing, person, zone }, output),
    };
  });
}

/** A name that cannot be opened must not hide what became of the call. */
async function namesOf(access: StaffAccess, tx: Transaction): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map((await listPeople(tx, access.keys)).map(({ id, name }) => [id, name]));
  } catch (fault) {
    if (fault instanceof SealBroken) return new Map();
    throw fault;
  }
}

interface Shown {
  readonly briefing: Opened | null;
  readonly person: (id: string | null) => string;
  readonly zone: string;
}

function print({ escalation, attempts, events }: ShownEscalation, shown: Shown, output: Output): void {
  const { line, colours } = output;
  const { zone, person, briefing } = shown;
  const { ringSeconds, personSeconds } = waits(escalation);
  const after = (value: number | null): string => (value === null ? 'not' : `after ${value.toFixed(1)} s`);
  line(colours.bold(`Escalation ${escalation.id}`));
  const facts: readonly (readonly [string, string])[] = [
    ['call', `${shortId(escalation.callId)} (calls show ${shortId(escalation.callId)})`],
    ['requested', withZone(escalation.requestedAt, zone)],
    ['why', `${escalation.reason}, ${shownLevel(escalation.level, colours)}`],
    ['rang', after(ringSeconds)],
    [
      'person',
      `${after(personSeconds)}${escalation.winner === null ? '' : ` (${winnerName(escalation.winner, attempts, person)})`}`,
    ],
    ['rounds', String(escalation.round)],
    ['became', shownOutcome(escalation, colours)],
  ];
  for (const [label, value] of facts) line(`  ${label.padEnd(11)}${value}`);
  if (attempts.length > 0) {
    line();
    output.table(
      [
        { title: 'round', width: 5, cell: ({ round, wave }: ShownAttempt) => `${round}.${wave}` },
        { title: 'who', cell: ({ personId }) => person(personId) },
        { title: 'became', width: 9, cell: ({ state }) => state },
        { title: 'dialled', width: 8, cell: ({ dialledAt }) => clock(dialledAt, zone) },
        { title: 'rang', width: 8, cell: ({ ringingAt }) => clock(ringingAt, zone) },
        { title: 'answered', width: 8, cell: ({ answeredAt }) => clock(answeredAt, zone) },
        { title: 'accepted', width: 8, cell: ({ acceptedAt }) => clock(acceptedAt, zone) },
        { title: 'ended', width: 8, cell: ({ endedAt }) => clock(endedAt, zone) },
      ],
      attempts,
    );
  }
  if (events.length > 0) {
    line();
    line(colours.bold('Step by step'));
    for (const { at, type, fromState, toState } of events)
      line(
        `  ${clock(at, zone)}  ${type.padEnd(18)} ${fromState === toState ? fromState : `${fromState} → ${toState}`}`,
      );
  }
  line();
  if (briefing !== null) for (const text of briefingText(briefing)) line(text);
  else
    line(colours.dim('Briefing not shown: it holds the caller\'s words. With it: --reason "why you need to read it"'));
  line(colours.dim(`Times: ${zone}.`));
}

function winnerName(winner: string, attempts: readonly ShownAttempt[], person: Shown['person']): string {
  const attempt = attempts.find(({ id }) => id === winner);
  return person(attempt === undefined ? winner : attempt.personId);
}

function clock(at: Date | null, zone: string): string {
  return at === null ? '—' : inZone(at, zone).slice(11);
}

const briefingShape = z.record(z.string(), z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]));

function briefingJson(opened: Opened): unknown {
  if (opened.kind !== 'text') return { unavailable: opened.kind === 'broken' ? opened.why : opened.kind };
  return briefingOf(opened.text) ?? { unavailable: 'malformed' };
}

function briefingOf(text: string): z.infer<typeof briefingShape> | null {
  try {
    return briefingShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function briefingText(opened: Opened): readonly string[] {
  if (opened.kind === 'broken') return [`The briefing cannot be trusted: it is ${shownBroken(opened.why)}.`];
  if (opened.kind === 'erased') return ['The briefing is destroyed: the caller was erased.'];
  if (opened.kind === 'removed') return ['The briefing was removed (retention).'];
  const briefing = briefingOf(opened.text);
  if (briefing === null) return ['The briefing has a shape that this version does not know.'];
  return [
    'Briefing, as the person heard it:',
    ...Object.entries(briefing).map(([name, value]) => `  ${name.padEnd(14)}${shownValue(value)}`),
  ];
}

function shownValue(value: string | boolean | null | readonly string[]): string {
  if (value === null) return '—';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? `\u2068${value}\u2069` : value.join(', ') || '—';
}
