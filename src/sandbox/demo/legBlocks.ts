import type { CallStatus, TimelineEntry } from '../carrier/report.ts';
import { remark, type Block, type Mood } from './block.ts';

/** What the carrier sees, on the caller's own leg and on the telephones of people who are rung. */

/** Names by number. */
export type WhoseNumbers = ReadonlyMap<string, string>;

export function carrierBlocks(atMs: number, entry: TimelineEntry): readonly Block[] {
  switch (entry.type) {
    case 'verb':
      return entry.verb === 'Say' ? [{ kind: 'carrier', atMs, text: entry.detail }] : [];
    case 'leg-rings':
      return [remark(atMs, 'plain', '☎', `a phone rings: ${entry.to}`)];
    case 'bridged':
      return [remark(atMs, 'good', '☎', 'the person and the caller hear each other')];
    case 'unbridged':
      return [remark(atMs, 'plain', '☎', 'they are parted')];
    case 'conference':
      return roomBlocks(atMs, 'the caller', '☎', entry.event);
    case 'error':
    case 'warning':
      return [remark(atMs, 'fault', '✗', `carrier ${entry.type} ${entry.code}: ${entry.message}`)];
    default:
      return [];
  }
}

/** @param whose name and number of the person whose telephone it is */
export function legBlocks(atMs: number, whose: string, entry: TimelineEntry): readonly Block[] {
  switch (entry.type) {
    case 'status': {
      const shown = statusWords[entry.status];
      return shown === null ? [] : [remark(atMs, shown.mood, '☏', `${whose}: ${shown.text}`)];
    }
    case 'verb':
      return entry.verb === 'Say' ? [{ kind: 'phone', atMs, whose, text: entry.detail }] : [];
    case 'digit':
      return [remark(atMs, 'good', '#', `${whose}: presses ${entry.digit}`)];
    case 'conference':
      return roomBlocks(atMs, whose, '☏', entry.event);
    default:
      return [];
  }
}

/** Whoever comes second is the one in whose presence the room opens. */
function roomBlocks(atMs: number, whose: string, sign: string, event: string): readonly Block[] {
  switch (event) {
    case 'participant-join':
      return [remark(atMs, 'plain', sign, `${whose}: in the room`)];
    case 'conference-start':
      return [remark(atMs, 'good', '☎', 'two in the room: they hear each other')];
    case 'participant-leave':
      return [remark(atMs, 'plain', sign, `${whose}: out of the room`)];
    default:
      return [];
  }
}

interface Shown {
  readonly mood: Mood;
  readonly text: string;
}

const plain = (text: string): Shown => ({ mood: 'plain', text });

const statusWords: Readonly<Record<CallStatus, Shown | null>> = {
  queued: null,
  initiated: null,
  ringing: plain('rings'),
  'in-progress': plain('is answered'),
  completed: plain('the call is over'),
  busy: plain('is busy'),
  failed: plain('cannot be reached'),
  'no-answer': plain('nobody answered'),
  canceled: plain('stops ringing'),
};
