import type { LogEntry } from '../../call/replay.ts';
import { timeline, timelineLegend } from '../../call/timeline.ts';
import { readShownLog } from '../../store/callQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { refused, type Outcome } from '../outcome.ts';
import { keyNotice, onCall } from './findCall.ts';
import { readEntries, type ReadEntry } from './storedLog.ts';

export interface TimelineLine {
  readonly seq: number;
  readonly atMs: number;
  readonly eventType: string;
  readonly text: string;
}

/** One line for each decision. Words only with a reason; without them the log is the same. */
export async function showTimeline(access: StaffAccess, words: string, reason: string | undefined): Promise<Outcome> {
  access.demand('seeCalls');
  if (reason !== undefined) access.demand('readWords');
  return onCall(access, words, async (tx, call) => {
    const notice = keyNotice(call);
    const log = await readShownLog(tx, call.key, call.id);
    if (log.length === 0)
      return refused(
        'noLog',
        notice ??
          (call.logRemovedAt === null ? 'This call has no log.' : 'The log of this call was removed by retention.'),
      );
    const subject = { kind: 'call', id: call.id } as const;
    await access.noteIn(tx, reason === undefined ? 'callSeen' : 'wordsRead', subject, reason);
    const lines = linesOf(readEntries(log), reason !== undefined);
    const closed = lines.filter(({ text }) => text.includes(closedMark)).length;
    return {
      kind: 'done',
      json: { callId: call.id, notice, legend: timelineLegend, lines },
      print: ({ line, colours }) => {
        for (const text of timelineLegend) line(colours.dim(text));
        line();
        for (const { text } of lines) line(text.includes(closedMark) ? colours.red(text) : text);
        line();
        if (notice !== null) line(`${colours.yellow('!')} ${notice}`);
        if (closed > 0)
          line(
            `${colours.yellow('!')} ${closed} of ${lines.length} entries cannot be shown; floor and risk beside the others are folded without them.`,
          );
        if (reason === undefined) line(colours.dim('Without words. With them: --reason "why you need to read them"'));
      },
    };
  });
}

const closedMark = 'cannot be shown:';

/** The core's own account; where it cannot fold an entry (another version's), the plain list of what happened. */
export function linesOf(entries: readonly ReadEntry[], words: boolean): readonly TimelineLine[] {
  const folded = entries.flatMap((each) => (each.kind === 'entry' ? [each.entry] : []));
  const texts = foldedTexts(folded, words);
  let next = 0;
  return entries.map((each) => {
    if (each.kind === 'entry') {
      const { seq, at, event } = each.entry;
      const text = texts[next] ?? plainText(at, event.type);
      next += 1;
      return { seq, atMs: at, eventType: event.type, text };
    }
    const { seq, atMs, eventType, why } = each;
    return { seq, atMs, eventType, text: `${plainText(atMs, eventType)}  ${closedMark} ${why}` };
  });
}

function foldedTexts(log: readonly LogEntry[], words: boolean): readonly string[] {
  try {
    return timeline(log, { words });
  } catch {
    return [];
  }
}

function plainText(at: number, eventType: string): string {
  return `${(at / 1_000).toFixed(3).padStart(8)}  ?   ?         ${eventType}`;
}
