import { replay, type Divergence } from '../../call/replay.ts';
import { readShownLog } from '../../store/callQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { exitCodes } from '../exitCodes.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { keyNotice, onCall } from './findCall.ts';
import { readEntries, untilBroken } from './storedLog.ts';

type Result =
  | { readonly kind: 'same' }
  | { readonly kind: 'divergence'; readonly divergence: Divergence; readonly event: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Folds the log with the core of this version and compares its decisions with those that were taken. Proves the same: 0; finds
 * another, or cannot go on to the end: 1.
 */
export async function replayCall(access: StaffAccess, words: string): Promise<Outcome> {
  access.demand('seeCalls');
  return onCall(access, words, async (tx, call) => {
    const log = await readShownLog(tx, call.key, call.id);
    if (log.length === 0) return refused('noLog', keyNotice(call) ?? 'This call has no log to replay.');
    await access.noteIn(tx, 'callReplayed', { kind: 'call', id: call.id });
    const { log: sound, brokenAt } = untilBroken(readEntries(log));
    const result = compare(sound);
    const orders = sound.reduce((sum, { effects }) => sum + effects.length, 0);
    const proven = result.kind === 'same' && brokenAt === null;
    const { codeRevision } = call;
    return {
      kind: 'done',
      code: proven ? exitCodes.good : exitCodes.failed,
      json: {
        callId: call.id,
        same: proven,
        entries: log.length,
        replayed: sound.length,
        orders,
        result,
        brokenAt,
        codeRevision,
      },
      print: (output) => {
        printResult(result, output);
        if (brokenAt !== null)
          output.line(`${output.colours.red('!')} Not beyond entry ${brokenAt.seq} of ${log.length}: ${brokenAt.why}.`);
        if (proven)
          output.line(
            `${output.colours.green('The same decisions')}: ${sound.length} events gave the same ${orders} orders as in the call.`,
          );
        else
          output.line(
            `The call was decided by revision ${codeRevision}. What led to it: calls timeline ${shortId(call.id)}`,
          );
      },
    };
  });
}

function compare(log: Parameters<typeof replay>[0]): Result {
  try {
    const { divergence } = replay(log);
    if (divergence === null) return { kind: 'same' };
    const event = log.find(({ seq }) => seq === divergence.seq)?.event.type ?? 'unknown';
    return { kind: 'divergence', divergence, event };
  } catch {
    return { kind: 'refused', why: 'an entry has a shape that this version cannot fold' };
  }
}

function printResult(result: Result, { line, colours }: Output): void {
  if (result.kind === 'same') return;
  if (result.kind === 'refused') return line(`${colours.red('!')} The log cannot be folded: ${result.why}.`);
  const { seq, recorded, replayed } = result.divergence;
  line(`${colours.red('Other decisions')} from entry ${seq} on (${result.event}):`);
  line(`  in the call:  ${ordersText(recorded)}`);
  line(`  replayed:     ${ordersText(replayed)}`);
}

/** Orders hold ids, names of lines and positions, and no words. */
function ordersText(effects: readonly object[]): string {
  return effects.length === 0 ? 'nothing' : effects.map((effect) => JSON.stringify(effect)).join(' ');
}
