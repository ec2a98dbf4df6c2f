import type { CallEffect } from '../call/effect.ts';
import type { CallEvent, Timed } from '../call/event.ts';
import { isAtLeast } from '../call/meaning.ts';
import type { CallState } from '../call/state.ts';
import type { Clock } from '../clock.ts';
import type { CallRecord, RiskDecided } from '../store/records.ts';

export interface MilestoneParts {
  readonly callId: string;
  readonly keep: (record: CallRecord) => void;
  readonly clock: Pick<Clock, 'wall'>;
  /** Another server held the call before, and wrote down when its caller first heard us. */
  readonly resumed: boolean;
}

type Step = Timed & { readonly effects: readonly CallEffect[] };

/** What staff want to know of a call without folding its log: when it was answered, and what was decided and asked about danger. */
export class Milestones {
  readonly #parts: MilestoneParts;
  #answered: boolean;

  constructor(parts: MilestoneParts) {
    this.#parts = parts;
    this.#answered = parts.resumed;
  }

  step(step: Step, before: CallState, after: CallState): void {
    this.#answer(step, before);
    const { callId, keep } = this.#parts;
    const [was, is] = [before.safety, after.safety];
    if (was.asked === 0 && is.asked > 0) keep({ type: 'directQuestion', callId, finding: 'asked' });
    if (is.level === was.level) return;
    const source = isWords(step.event) ? 'floor' : sourceOf(step.event);
    keep({ type: 'riskRaised', callId, level: is.level });
    keep({ type: 'riskDecided', callId, atMs: step.at, before: was.level, level: is.level, source });
    // What words say by themselves is kept where the floor reads them; these are the other ways to a level.
    if (source !== 'floor') keep({ type: 'riskAssessed', callId, atMs: step.at, level: is.level, source, signals: [] });
  }

  /** The call is over: a question that was not put by now will not be. */
  close({ safety }: CallState): void {
    if (safety.asked > 0 || !isAtLeast(safety.level, 'moderate')) return;
    this.#parts.keep({ type: 'directQuestion', callId: this.#parts.callId, finding: directQuestionIn(safety) });
  }

  /** The carrier says what it has played; when it speaks in our stead, its order is all that we know. */
  #answer({ event, effects }: Step, before: CallState): void {
    if (this.#answered) return;
    const playedMs = effects.some(({ type }) => type === 'sayByCarrier') ? 0 : playedBy(event, before);
    if (playedMs === null) return;
    this.#answered = true;
    const { callId, keep, clock } = this.#parts;
    keep({ type: 'callAnswered', callId, at: new Date(clock.wall().getTime() - playedMs) });
  }
}

/** How much of the reply the caller has heard with this mark, in ms; null when it says nothing of that. */
function playedBy(event: CallEvent, { playout, floor }: CallState): number | null {
  if (event.type !== 'markReturned' || event.turn !== playout.reply?.turn) return null;
  // Flushed back by a `clear`, unplayed.
  if (event.generation !== playout.generation || floor.kind === 'interrupted') return null;
  const { sentence, ms } = event.position;
  return playout.reply.sentencesMs.slice(0, sentence).reduce((sum, each) => sum + each, ms);
}

/** Of a call that reached `moderate`. Who said it before they could be asked is not asked: the response takes the question's place. */
export function directQuestionIn({
  asked,
  level,
}: Pick<CallState['safety'], 'asked' | 'level'>): 'asked' | 'toldUnasked' | 'notAsked' {
  if (asked > 0) return 'asked';
  return isAtLeast(level, 'high') ? 'toldUnasked' : 'notAsked';
}

function isWords(event: CallEvent): boolean {
  return event.type === 'wordsHypothesised' || (event.type === 'wordsRecognised' && event.meaning.answer === null);
}

function sourceOf(event: CallEvent): RiskDecided['source'] {
  return event.type === 'riskRaised' ? event.source : 'answer';
}
