import type { CallEffect } from './effect.ts';
import type { DeadlineName, UtteranceId } from './event.ts';
import type { LineName } from './lineName.ts';
import type { CallState, Floor } from './state.ts';
import type { CallMs } from './time.ts';

/** What a region that steps before the floor wants of it; `reduce.ts` hands it over. */
export type Order =
  /** Say a fixed line now, whatever is going on. */
  | { readonly kind: 'say'; readonly line: LineName }
  /** The stream is gone: nobody can speak. */
  | { readonly kind: 'yield' }
  /** The stream is back and needs no word of explanation. */
  | { readonly kind: 'listen' }
  /** The caller goes to the person who waits in the room. */
  | { readonly kind: 'join'; readonly escalation: number }
  | { readonly kind: 'close' };

/** One step under construction. Regions replace parts of `state`; the values inside stay immutable. */
export interface Draft {
  state: CallState;
  readonly at: CallMs;
  readonly effects: CallEffect[];
  order: Order | null;
  /** Why the floor did nothing with the event; null when it did something. */
  ignored: string | null;
}

export function patch(draft: Draft, part: Partial<CallState>): void {
  draft.state = { ...draft.state, ...part };
}

/** Deadlines that belong to the floor: moving it replaces them all, so none can outlive its state. */
const floorDeadlines: readonly DeadlineName[] = [
  'bargeIn',
  'confirmWords',
  'unconfirmedVoice',
  'speculate',
  'endOfTurn',
  'awaitFinal',
  'awaitWords',
  'stuckVoice',
  'firstSentence',
  'playoutStall',
  'silence',
];

type Deadlines = Partial<Record<DeadlineName, CallMs>>;

export function moveFloor(draft: Draft, floor: Floor, deadlines: Deadlines): void {
  const kept: Deadlines = { ...draft.state.deadlines };
  for (const name of floorDeadlines) delete kept[name];
  patch(draft, { floor, deadlines: { ...kept, ...deadlines } });
}

export function setDeadline(draft: Draft, name: DeadlineName, at: CallMs): void {
  patch(draft, { deadlines: { ...draft.state.deadlines, [name]: at } });
}

export function clearDeadline(draft: Draft, ...names: readonly DeadlineName[]): void {
  const kept: Deadlines = { ...draft.state.deadlines };
  for (const name of names) delete kept[name];
  patch(draft, { deadlines: kept });
}

/** Every ignored pair of state and event is a decision and says why. */
export function ignore(draft: Draft, reason: string): void {
  draft.ignored = reason;
}

const rememberedUtterances = 50;

/** Orders utterances of the caller to be recorded, each at most once in a call. */
export function recordCaller(draft: Draft, utterances: readonly UtteranceId[], as: 'turn' | 'backchannel'): void {
  const { recorded } = draft.state;
  const fresh = utterances.filter((id) => !recorded.includes(id));
  if (fresh.length === 0) return;
  draft.effects.push({ type: 'recordCaller', utterances: fresh, as });
  patch(draft, { recorded: [...recorded, ...fresh].slice(-rememberedUtterances) });
}
