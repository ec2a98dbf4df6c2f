import { readAssessments, type ShownAssessment, type ShownCall } from '../../store/callQueries.ts';
import {
  escalationsOfCall,
  tasksOfCall,
  type ListedEscalation,
  type ListedTask,
} from '../../store/escalationQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId, shownDuration } from '../listing.ts';
import type { Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone, withZone } from '../zonedTime.ts';
import { keyNotice, onCall } from './findCall.ts';
import { shownLevel } from './list.ts';

interface Whole {
  readonly call: ShownCall;
  readonly assessments: readonly ShownAssessment[];
  readonly escalations: readonly ListedEscalation[];
  readonly tasks: readonly ListedTask[];
}

/** All that is known of a call without its words. */
export async function show(access: StaffAccess, words: string, zone: string): Promise<Outcome> {
  access.demand('seeCalls');
  return onCall(access, words, async (tx, call) => {
    const whole = {
      call,
      assessments: await readAssessments(tx, call.id),
      escalations: await escalationsOfCall(tx, call.id),
      tasks: await tasksOfCall(tx, call.id),
    };
    await access.noteIn(tx, 'callSeen', { kind: 'call', id: call.id });
    return { kind: 'done', json: jsonOf(whole, access), print: (output) => print(whole, access, zone, output) };
  });
}

function jsonOf({ call, assessments, escalations, tasks }: Whole, access: StaffAccess): object {
  const { key: _, callerId, ...rest } = call;
  return {
    ...rest,
    ...(access.can('seeCallers') ? { callerId } : {}),
    words: wordsState(call),
    assessments,
    escalations,
    tasks,
  };
}

function wordsState({ key, wordsRemovedAt, callerErasedAt }: ShownCall): string {
  if (key.kind === 'erased' || callerErasedAt !== null) return 'erased';
  if (key.kind === 'broken') return `broken:${key.why}`;
  return wordsRemovedAt === null ? 'sealed' : 'removed';
}

function print(
  { call, assessments, escalations, tasks }: Whole,
  access: StaffAccess,
  zone: string,
  output: Output,
): void {
  const { line, colours } = output;
  line(colours.bold(`Call ${call.id}`));
  for (const [label, value] of facts(call, access, zone)) line(`  ${label.padEnd(12)}${value}`);
  line(`  ${'level'.padEnd(12)}${shownLevel(call.level, colours)}`);
  const notice = keyNotice(call);
  if (notice !== null) line(`${colours.yellow('!')} ${notice}`);
  section(
    output,
    'Danger, as it was assessed',
    assessments,
    ({ atMs, level, source, signals }) =>
      `${shownDuration(atMs / 1_000).padStart(7)}  ${level.padEnd(8)}  ${source.padEnd(10)}  ${signals.join(', ')}`,
  );
  section(
    output,
    'People who were brought',
    escalations,
    (each) =>
      `${shortId(each.id)}  ${inZone(each.requestedAt, zone)}  ${each.reason}, ${each.level}: ${each.outcome ?? each.state}`,
  );
  section(
    output,
    'Promises to call back',
    tasks,
    (each) =>
      `${shortId(each.id)}  due ${inZone(each.dueAt, zone)}  ${each.kind}: ${each.outcome ?? (each.overdue ? colours.red('overdue') : each.state)}`,
  );
  line();
  line(colours.dim(`More: calls timeline ${shortId(call.id)} · calls transcript ${shortId(call.id)} --reason "…"`));
}

function facts(
  call: ShownCall,
  access: StaffAccess,
  zone: string,
): readonly (readonly [label: string, value: string])[] {
  const time = (at: Date | null): string => (at === null ? '—' : withZone(at, zone));
  return [
    ['began', time(call.startedAt)],
    ['answered', time(call.answeredAt)],
    ['ended', call.endedAt === null ? 'still on the line' : time(call.endedAt)],
    ['length', shownDuration(call.seconds)],
    ['outcome', call.outcome ?? 'live'],
    ['language', `${call.language} (pack ${call.packVersion})`],
    ['turns', `${call.turns} counted, ${call.storedTurns} kept`],
    ['barge-ins', `${call.bargeIns}, and ${call.falseBargeIns} false alarms`],
    ['failures', String(call.failures)],
    ['log', call.logRemovedAt === null ? `${call.logEntries} entries` : `removed ${time(call.logRemovedAt)}`],
    ['caller', callerText(call, access)],
    ['carrier id', call.callSid],
    ['decided by', `revision ${call.codeRevision} on ${call.server}`],
  ];
}

function callerText({ callerId, callerErasedAt }: ShownCall, access: StaffAccess): string {
  if (callerId === null) return 'number withheld';
  if (callerErasedAt !== null) return 'erased';
  return access.can('seeCallers')
    ? `${shortId(callerId)} (callers show ${shortId(callerId)})`
    : 'known (needs the right to see callers)';
}

function section<Item>(
  { line, colours }: Output,
  title: string,
  items: readonly Item[],
  row: (item: Item) => string,
): void {
  if (items.length === 0) return;
  line();
  line(colours.bold(title));
  for (const item of items) line(`  ${row(item)}`);
}
