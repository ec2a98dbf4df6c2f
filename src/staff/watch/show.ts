import type { LiveCall, LiveCalls } from '../../store/liveCalls.ts';
import { shownLevel } from '../calls/list.ts';
import { shortId, shownDuration } from '../listing.ts';
import type { Column, Colours, Output } from '../output.ts';
import { inZone } from '../zonedTime.ts';

/** A server that sends nothing for so long has lost its calls, or the database has lost it. Heartbeats come every few seconds. */
const silentSeconds = 30;

/** Nobody has said anything for longer than Sanad would ever be silent by itself. */
const longQuietSeconds = 60;

export function printLive({ items, total }: LiveCalls, at: Date, zone: string, output: Output): void {
  const { line, colours } = output;
  line(
    colours.bold(
      `${total === 0 ? 'No calls' : total === 1 ? '1 call' : `${total} calls`} on the line, ${inZone(at, zone).slice(11)} (${zone})`,
    ),
  );
  if (items.length === 0) return;
  line();
  output.table(columns(zone), items);
  if (total > items.length) line(colours.dim(`… and ${total - items.length} more, of no higher level: --limit`));
  const silent = items.filter(({ heartbeatSeconds }) => heartbeatSeconds > silentSeconds).length;
  if (silent > 0)
    line(
      colours.yellow(
        `! Of ${silent} nothing was heard from the server for more than ${silentSeconds} s: the call may be over.`,
      ),
    );
}

function columns(zone: string): readonly Column<LiveCall>[] {
  return [
    { title: 'call', width: 8, cell: ({ id }) => shortId(id) },
    { title: 'began', width: 8, cell: ({ startedAt }) => inZone(startedAt, zone).slice(11) },
    { title: 'length', width: 7, cell: ({ seconds }) => shownDuration(seconds).padStart(7) },
    { title: 'lang', width: 5, cell: ({ language }) => language },
    { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
    { title: 'person', width: 10, cell: shownPerson },
    { title: 'quiet', width: 6, cell: shownQuiet },
    { title: 'server', cell: shownServer },
  ];
}

function shownPerson({ escalation }: LiveCall, { green, yellow, red }: Colours): string {
  if (escalation === null) return '';
  if (escalation === 'bridged' || escalation === 'helped') return green(escalation);
  return escalation === 'fallback' || escalation === 'nobody' ? red(escalation) : yellow(escalation);
}

/** Of a caller who talks to a person nothing is heard, and nothing is written. */
function shownQuiet({ quietSeconds, answered }: LiveCall, { yellow, dim }: Colours): string {
  if (quietSeconds === null) return dim((answered ? '—' : 'rings').padStart(6));
  const text = shownDuration(quietSeconds).padStart(6);
  return quietSeconds > longQuietSeconds ? yellow(text) : text;
}

function shownServer({ server, heartbeatSeconds }: LiveCall, { yellow }: Colours): string {
  return heartbeatSeconds > silentSeconds ? yellow(`${server}, silent for ${shownDuration(heartbeatSeconds)}`) : server;
}
