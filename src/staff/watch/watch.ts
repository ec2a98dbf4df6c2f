import { setTimeout as wait } from 'node:timers/promises';
import { readLiveCalls } from '../../store/liveCalls.ts';
import { whoIs, type StaffAccess } from '../access/staffAccess.ts';
import { AccessRefused, refusalOf } from '../access/staffDatabase.ts';
import { hasRight } from '../access/rights.ts';
import type { Format, Outcome } from '../outcome.ts';
import { createOutput, type Output, type Terminal } from '../output.ts';
import { printLive } from './show.ts';

export interface WatchOptions {
  readonly once: boolean;
  readonly everySeconds: number;
  readonly limit: number;
  readonly zone: string;
  readonly format: Format;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Shows the calls that are on the line until the signal comes: in place on a terminal, one list after another elsewhere. */
export async function watch(access: StaffAccess, terminal: Terminal, options: WatchOptions): Promise<Outcome> {
  access.demand('watch');
  await access.note('liveWatched', { kind: 'organisation', id: access.organisationId });
  if (options.once) return once(access, options);
  const screen = openScreen(terminal);
  try {
    while (!options.signal.aborted) {
      const ended = await refresh(access, terminal, screen, options);
      if (ended !== null) return ended;
      await wait(options.everySeconds * 1_000, undefined, { signal: options.signal }).catch(() => {});
    }
  } finally {
    screen.leave();
  }
  return { kind: 'done', json: {}, csv: '', print: () => {} };
}

async function once(access: StaffAccess, { limit, zone, now }: WatchOptions): Promise<Outcome> {
  const live = await read(access, limit);
  return {
    kind: 'done',
    json: { calls: live.items, total: live.total },
    print: (output) => printLive(live, now(), zone, output),
  };
}

function read({ database, organisationId }: StaffAccess, limit: number) {
  return database.within(organisationId, (tx) => readLiveCalls(tx, organisationId, limit));
}

/** Null: go on. A database that is away comes back; a session that is over, or a right that was taken away, does not. */
async function refresh(
  access: StaffAccess,
  terminal: Terminal,
  screen: Screen,
  { limit, zone, format, now }: WatchOptions,
): Promise<Outcome | null> {
  try {
    const refused = await stillAllowed(access, terminal);
    if (refused !== null) return refused;
    const live = await read(access, limit);
    if (format === 'json')
      terminal.stdout.write(`${JSON.stringify({ at: now(), calls: live.items, total: live.total })}\n`);
    else screen.draw((output) => printLive(live, now(), zone, output));
    return null;
  } catch (error) {
    const known = refusalOf(error);
    if (known?.kind !== 'refused') throw error;
    if (error instanceof AccessRefused) return known;
    screen.draw(({ line, colours }) => line(colours.red(`${known.message} Trying again.`)));
    return null;
  }
}

/** Roles are read anew each time, as they are for each command. */
async function stillAllowed(access: StaffAccess, terminal: Terminal): Promise<Outcome | null> {
  const { actor, roles } = await whoIs(access, access.organisation, terminal.environment);
  if (actor.kind === 'localOperator' || hasRight(roles, 'watch')) return null;
  return { kind: 'refused', reason: 'missingRight', message: 'The right to watch was taken away.', code: 1 };
}

interface Screen {
  readonly draw: (print: (output: Output) => void) => void;
  readonly leave: () => void;
}

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const toTop = (lines: number): string => (lines === 0 ? '' : `\r\u001B[${lines}A\u001B[J`);

/** On a terminal each list takes the place of the one before; elsewhere an empty line parts them. */
function openScreen(terminal: Terminal): Screen {
  const inPlace = terminal.stdout.isTTY === true;
  let lines = 0;
  let drawn = false;
  if (inPlace) terminal.stdout.write(hideCursor);
  return {
    draw: (print) => {
      const text = textOf(terminal, print);
      if (!inPlace) terminal.stdout.write(`${drawn ? '\n' : ''}${text}`);
      else {
        const shown = fitting(text, terminal);
        terminal.stdout.write(`${toTop(lines)}${shown}`);
        lines = shown.split('\n').length - 1;
      }
      drawn = true;
    },
    leave: () => {
      if (inPlace) terminal.stdout.write(showCursor);
    },
  };
}

/** What scrolled away could not be taken back. */
function fitting(text: string, { stdout }: Terminal): string {
  const rows: unknown = Reflect.get(stdout, 'rows');
  const lines = text.split('\n');
  if (typeof rows !== 'number' || rows < 2 || lines.length <= rows) return text;
  return `${lines.slice(0, rows - 1).join('\n')}\n`;
}

/** All of it at once, so that nobody sees half a list. */
function textOf(terminal: Terminal, print: (output: Output) => void): string {
  let text = '';
  const { isTTY, columns } = terminal.stdout;
  const stdout = {
    write: (part: string) => void (text += part),
    ...(isTTY === undefined ? {} : { isTTY }),
    ...(columns === undefined ? {} : { columns }),
  };
  print(createOutput({ ...terminal, stdout }));
  return text;
}
