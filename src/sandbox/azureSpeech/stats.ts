import type { Scope } from './faults.ts';

/** What the stand-in has seen. Holds no key, no audio and no words. */
export interface ConnectionStats {
  readonly id: number;
  readonly scope: Scope;
  readonly path: string;
  /** Audio payload that came in (recognition, without headers) or went out (synthesis). */
  audioBytes: number;
  turns: number;
  /** Messages by path. */
  readonly received: Record<string, number>;
  readonly sent: Record<string, number>;
  open: boolean;
  /** Why the server refused the client's messages, when it did. */
  refusal: string | null;
}

export interface UpgradeStats {
  readonly path: string;
  /** Without keys and tokens. */
  readonly query: Readonly<Record<string, string>>;
  /** 101, the status it was refused with, or what was done instead of an answer. */
  readonly answer: number | 'hung' | 'reset';
  /** Where the key was: a client may send it in both. */
  readonly keyIn: readonly ('header' | 'query')[];
}

export interface AzureSpeechStats {
  readonly connections: { opened: number; now: number };
  /** The last thousand of each, oldest first. */
  readonly perConnection: ConnectionStats[];
  readonly upgrades: UpgradeStats[];
  /** First audio that was later than `firstAudioDelayMs` because the voice was still at work: how often, and the worst. */
  readonly lateFirstAudio: { count: number; maxMs: number };
}

const kept = 1_000;

export function createStats(): AzureSpeechStats {
  return {
    connections: { opened: 0, now: 0 },
    perConnection: [],
    upgrades: [],
    lateFirstAudio: { count: 0, maxMs: 0 },
  };
}

export function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > kept) list.shift();
}

export function count(counts: Record<string, number>, path: string): void {
  counts[path] = (counts[path] ?? 0) + 1;
}
