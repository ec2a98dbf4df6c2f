import { readShownTurns, type ShownTurn } from '../../store/callQueries.ts';
import type { Opened } from '../../store/opened.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { Outcome } from '../outcome.ts';
import type { Colours } from '../output.ts';
import { keyNotice, onCall, shownBroken } from './findCall.ts';

/** What was said, of Sanad's words only what was heard; the reason stands in the audit before a word is shown. */
export async function transcript(access: StaffAccess, words: string, reason: string): Promise<Outcome> {
  access.demand('readWords');
  return onCall(access, words, async (tx, call) => {
    const notice = keyNotice(call);
    const turns = await readShownTurns(tx, call.key, call.id);
    await access.noteIn(tx, 'wordsRead', { kind: 'call', id: call.id }, reason, { turns: turns.length });
    const broken = turns.filter(isBroken).length;
    return {
      kind: 'done',
      json: { callId: call.id, notice, turns: turns.map(turnJson) },
      print: ({ line, colours }) => {
        if (turns.length === 0) line('Nothing was said in this call.');
        for (const turn of turns) for (const text of printedTurn(turn, colours)) line(text);
        if (turns.length > 0) line();
        if (notice !== null) line(`${colours.yellow('!')} ${notice}`);
        if (broken > 0)
          line(
            `${colours.red('!')} ${broken} of ${turns.length} turns cannot be trusted and are not shown. What else there is: npm run sanad -- audit verify`,
          );
        line(colours.dim('‹…› what Sanad was about to say and the caller did not hear. Your reason is in the audit.'));
      },
    };
  });
}

function isBroken({ words, heard }: ShownTurn): boolean {
  return words.kind === 'broken' || heard?.kind === 'broken';
}

export function turnJson(turn: ShownTurn): object {
  const { words, heard, ...rest } = turn;
  return { ...rest, words: openedJson(words), heard: heard === null ? null : openedJson(heard) };
}

function openedJson(opened: Opened): object {
  return opened.kind === 'text'
    ? { text: opened.text }
    : { unavailable: opened.kind === 'broken' ? opened.why : opened.kind };
}

const speakers = { caller: 'caller', sanad: 'Sanad' } as const;
/** Keeps Arabic words together with their place after the Latin heading, also where a terminal writes from the right. */
const isolated = (text: string): string => `\u2068${text}\u2069`;

/** A heading in Latin letters, and the words on a line of their own, which a terminal may set from the right. */
export function printedTurn(turn: ShownTurn, colours: Colours): readonly string[] {
  const { atMs, speaker, kind, interrupted } = turn;
  const marks = [...(kind === 'turn' ? [] : [kind]), ...(interrupted ? ['interrupted'] : [])];
  const heading = `${clock(atMs)}  ${speakers[speaker].padEnd(6)}${marks.length === 0 ? '' : `  (${marks.join(', ')})`}`;
  return [colours.bold(heading), `          ${said(turn, colours)}`];
}

function said({ words, heard }: ShownTurn, { dim, red }: Colours): string {
  if (words.kind === 'broken') return red(`cannot be trusted: ${shownBroken(words.why)}`);
  if (heard?.kind === 'broken') return red(`cannot be trusted: ${shownBroken(heard.why)}`);
  if (words.kind !== 'text') return dim(words.kind === 'erased' ? 'destroyed: the caller was erased' : 'removed');
  if (heard === null) return isolated(words.text);
  const reached = heard.kind === 'text' ? heard.text.trim() : '';
  const lost = notHeard(words.text, reached);
  return [...(reached === '' ? [] : [isolated(reached)]), ...(lost === '' ? [] : [dim(isolated(`‹${lost}›`))])].join(
    ' ',
  );
}

/** What is left of the intended words behind those heard; all of them where the two do not begin alike. */
export function notHeard(intended: string, heard: string): string {
  const whole = intended.trim();
  return whole.startsWith(heard) ? whole.slice(heard.length).trim() : whole;
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${String(Math.floor(seconds / 60)).padStart(4)}:${String(seconds % 60).padStart(2, '0')}`;
}
