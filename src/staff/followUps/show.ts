import { showMessage, type ShownStep, type WholeMessage } from '../../store/messageQueries.ts';
import { lockCheckIn } from '../../store/followUpQueries.ts';
import { explainSmsError } from '../../twilio/smsErrors.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone, withZone } from '../zonedTime.ts';
import { findMessage } from './findMessage.ts';
import { openedText } from './text.ts';

/** One message with its text and history, or one check-in call. What a caller wrote is shown with a reason only (`messages show`). */
export async function show(access: StaffAccess, words: string, zone: string): Promise<Outcome> {
  access.demand('approveMessages');
  return access.database.within(access.organisationId, async (tx) => {
    const named = await findMessage(tx, words);
    if (named.kind === 'refused') return named.outcome;
    if (named.kind === 'checkInCall') return showCheckIn(await lockCheckIn(tx, named.id), named.id, zone);
    const whole = await showMessage(tx, access.keys, named.id, true);
    if (whole === null) return refused('unknownId', `The message "${words}" was removed just now.`);
    if (whole.message.direction === 'in')
      return refused(
        'incoming',
        `It came from the caller. See it with: messages show ${shortId(named.id)} --reason "…"`,
      );
    await access.noteIn(tx, 'messagesSeen', { kind: 'message', id: named.id });
    return shownMessage(whole, zone);
  });
}

function showCheckIn(found: Awaited<ReturnType<typeof lockCheckIn>>, id: string, zone: string): Outcome {
  if (found === null) return refused('unknownId', `The contact ${shortId(id)} was removed just now.`);
  return {
    kind: 'done',
    json: { id, kind: 'checkInCall', ...found },
    print: ({ line }) =>
      line(
        `Check-in call ${id}\n  caller  ${found.callerId}\n  due     ${withZone(found.dueAt, zone)}\n  state   ${found.state}`,
      ),
  };
}

export function shownMessage({ message, history }: WholeMessage, zone: string): Outcome {
  return {
    kind: 'done',
    json: { ...message, history },
    print: (output) => print({ message, history }, zone, output),
  };
}

function print({ message, history }: WholeMessage, zone: string, { line, colours }: Output): void {
  const { dueAt, state, errorCode, reason } = message;
  line(colours.bold(`Message ${message.id} (version ${message.version})`));
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['caller', message.callerId],
    ['kind', `${message.kind}, ${message.language}, ${message.segments} segment${message.segments === 1 ? '' : 's'}`],
    ['state', state],
    ['due', dueAt === null ? '—' : `${withZone(dueAt, zone)}${message.urgent ? ', urgent' : ''}`],
    [
      'approved',
      message.approvedAt === null
        ? '—'
        : `${withZone(message.approvedAt, zone)} by ${message.approvedBy ?? 'the local operator'}`,
    ],
  ];
  for (const [label, value] of facts) line(`  ${label.padEnd(9)} ${value}`);
  if (state === 'failed') line(colours.yellow(`! ${reason ?? ''}: ${explainSmsError(errorCode)}`));
  line(`\n  ${openedText(message.text)}\n`);
  for (const step of history) line(stepLine(step, zone));
}

function stepLine(step: ShownStep, zone: string): string {
  const { at, type, from, to, actorKind, actorId, reason, errorCode, why, text } = step;
  const who = actorId === null ? actorKind : `${actorKind} ${shortId(actorId)}`;
  const told = [reason, errorCode === null ? null : String(errorCode), why && openedText(why)].filter(
    (each) => each !== null,
  );
  const head = `  ${inZone(at, zone)}  ${type.padEnd(16)} ${from ?? ''}${from === null ? '' : ' → '}${to}  ${who}`;
  return [head, ...told.map((each) => `    ${each}`), ...(text === null ? [] : [`    ${openedText(text)}`])].join('\n');
}
