import { readAssessments, readShownCall, readShownTurns, type ShownCall } from '../../store/callQueries.ts';
import type { Transaction } from '../../store/database.ts';
import { escalationsOfCall } from '../../store/escalationQueries.ts';
import { claimNext, countWaiting, readReviewPlace, reviewMarks, type ReviewReason } from '../../store/reviews.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { keyNotice } from '../calls/findCall.ts';
import { shownLevel } from '../calls/list.ts';
import { printedTurn, turnJson } from '../calls/transcript.ts';
import { waits } from '../escalations/list.ts';
import { shortId, shownDuration } from '../listing.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { instantOf, inZone, withZone, type TimeWords } from '../zonedTime.ts';
import { markMeanings, misfit } from './marks.ts';

export interface NextOptions {
  readonly since: TimeWords;
  readonly pile?: ReviewReason;
  readonly reason?: string;
  readonly zone: string;
}

/** Gives the reviewer the newest call that waits, and keeps it for them for half an hour; its words only with a reason. */
export async function next(access: StaffAccess, options: NextOptions, now: Date): Promise<Outcome> {
  access.demand('review');
  const { reason, zone } = options;
  if (reason !== undefined) access.demand('readWords');
  const since = instantOf(options.since, 'from', zone, now);
  if (since > now) return misused('future', `--since (${inZone(since, zone)}, ${zone}) is not here yet.`);
  const { organisationId } = access;
  const window = { organisationId, since, reason: options.pile ?? null };
  return access.database.within(organisationId, async (tx) => {
    const id = await claimNext(tx, window, access.actor.id);
    const waiting = await countWaiting(tx, window);
    const call = id === null ? null : await readShownCall(tx, access.keys, id);
    if (call === null) return nothing(waiting, options.pile, inZone(since, zone));
    const given = await readGiven(tx, call, reason !== undefined);
    const subject = { kind: 'call', id: call.id } as const;
    if (given.turns === null) await access.noteIn(tx, 'callSeen', subject);
    else await access.noteIn(tx, 'wordsRead', subject, reason, { turns: given.turns.length });
    return { kind: 'done', json: jsonOf(given, waiting), print: (output) => print(given, waiting, zone, output) };
  });
}

type Waiting = Readonly<Record<ReviewReason, number>>;

function nothing(waiting: Waiting, pile: ReviewReason | undefined, since: string): Outcome {
  const left = pile === undefined ? waiting.escalated + waiting.sample : waiting[pile];
  const why =
    left === 0
      ? `Nothing waits for a review since ${since}.`
      : `${left} wait, and others have them before them just now.`;
  return { kind: 'done', json: { call: null, waiting }, print: ({ line }) => line(why) };
}

type Given = Awaited<ReturnType<typeof readGiven>>;

async function readGiven(tx: Transaction, call: ShownCall, words: boolean) {
  return {
    call,
    place: await readReviewPlace(tx, call.id),
    assessments: await readAssessments(tx, call.id),
    escalations: await escalationsOfCall(tx, call.id),
    turns: words ? await readShownTurns(tx, call.key, call.id) : null,
  };
}

/** Without what leads to the caller: a reviewer sees no callers, so that calls of one person cannot be put together. */
function jsonOf({ call, place, assessments, escalations, turns }: Given, waiting: Waiting): object {
  const { id, startedAt, seconds, outcome, level, language, bargeIns, failures } = call;
  return {
    call: { id, startedAt, seconds, outcome, level, language, turns: call.turns, bargeIns, failures },
    pile: place?.escalated === true ? 'escalated' : 'sample',
    notice: keyNotice(call),
    assessments,
    escalations: escalations.map((each) => ({ ...each, ...waits(each) })),
    ...(turns === null ? {} : { turns: turns.map(turnJson) }),
    waiting,
  };
}

function print(given: Given, waiting: Waiting, zone: string, output: Output): void {
  const { line, colours } = output;
  const { call, place, assessments, escalations, turns } = given;
  const escalated = place?.escalated === true;
  line(colours.bold(`Call ${call.id}`));
  line(
    `  ${withZone(call.startedAt, zone)}, ${shownDuration(call.seconds)} long, ${call.language}, ${call.outcome ?? 'live'}`,
  );
  line(
    `  level ${shownLevel(call.level, colours)}; ${escalated ? 'a person was rung' : 'nobody was rung (of the 5 % sample)'}`,
  );
  for (const { atMs, level, source, signals } of assessments)
    line(
      `  ${shownDuration(atMs / 1_000).padStart(7)}  ${level.padEnd(8)}  ${source.padEnd(10)}  ${signals.join(', ')}`,
    );
  for (const each of escalations) {
    const { ringSeconds, personSeconds } = waits(each);
    const after = (value: number | null): string => (value === null ? '—' : `${value.toFixed(1)} s`);
    line(
      `  escalation ${shortId(each.id)}: rang ${after(ringSeconds)}, person ${after(personSeconds)}, ${each.outcome ?? each.state}`,
    );
  }
  line();
  const notice = keyNotice(call);
  if (notice !== null) line(`${colours.yellow('!')} ${notice}`);
  for (const turn of turns ?? []) for (const text of printedTurn(turn, colours)) line(text);
  if (turns === null) line(colours.dim('Without words. With them: --reason "weekly review"'));
  line();
  const id = shortId(call.id);
  line(`Now mark it (it is yours for half an hour): npm run sanad -- review mark ${id} MARK`);
  for (const mark of reviewMarks.filter((each) => place !== null && misfit(each, place) === null))
    line(`  ${mark.padEnd(10)} ${markMeanings[mark]}`);
  line(colours.dim(`Waiting: ${waiting.escalated} with a person rung, ${waiting.sample} of the sample.`));
}
