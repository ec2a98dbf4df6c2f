import type { CallState } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import { limits } from '../limits.ts';
import type { Stage } from '../metrics.ts';
import type { ObservedStep, SessionPorts } from './ports.ts';
import { TurnSpans } from './turnSpans.ts';

/** The stages of a turn, counted and traced, as far as the steps of the core show them. For one call; hand its ports to nobody else. */
export function watchingTurns(ports: SessionPorts): SessionPorts {
  const { metrics, observe, clock, responderFor } = ports;
  const watch = new TurnWatch(metrics);
  const spans = new TurnSpans(clock);
  return {
    ...ports,
    metrics: {
      ...metrics,
      stageTook: (stage, ms) => {
        metrics.stageTook(stage, ms);
        watch.stageTook(stage, ms);
        spans.stageTook(stage, ms);
      },
    },
    responderFor: (pack) => spans.watching(responderFor(pack)),
    observe: (callId, step) => {
      watch.step(step);
      spans.step(callId, step);
      observe?.(callId, step);
    },
  };
}

type TurnMetrics = Pick<SessionPorts['metrics'], 'stageTook' | 'turnClosed' | 'bargedIn' | 'deadAir'>;

/** Those before our first sound that are waited for on purpose, or that are a provider's. */
const notOurs = ['endOfTurn', 'words', 'firstSentence', 'firstAudio'] as const;

class TurnWatch {
  readonly #metrics: TurnMetrics;
  #before: Pick<CallState, 'floor'> | null = null;
  /** The end of the caller's last voiced frame; null while they speak. */
  #silentSinceMs: CallMs | null = null;
  #turnEndedAtMs: CallMs | null = null;
  #thinkingSinceMs: CallMs | null = null;
  /** First times of the turn in hand; null once they would not add up, as those of a reply prepared ahead. */
  #times: Map<Stage, number> | null = null;

  constructor(metrics: TurnMetrics) {
    this.#metrics = metrics;
  }

  step(step: ObservedStep): void {
    const from = this.#before?.floor ?? { kind: 'idle' };
    const to = step.state.floor;
    this.#before = step.state;
    this.#voice(step);
    if (step.event.type === 'deadlineReached' && step.event.name === 'endOfTurn' && from.kind === 'pausing')
      this.#turnEndedAtMs ??= step.at;
    if (from.kind === 'pausing' && (to.kind === 'thinking' || to.kind === 'replying'))
      this.#turnTaken(step, from.sinceMs, from.speculation === null);
    if (step.effects.some(({ type }) => type === 'clearPlayout') && from.kind === 'replying') {
      if (from.overVoiceSinceMs !== null) this.#metrics.stageTook('bargeIn', step.at - from.overVoiceSinceMs);
      this.#metrics.bargedIn('interruption');
    }
    if (from.kind === 'interrupted' && to.kind === 'replying') this.#metrics.bargedIn('falseAlarm');
    if (to.kind === 'thinking') this.#thinkingSinceMs ??= step.at;
    else this.#thoughtOver(step);
  }

  stageTook(stage: Stage, ms: number): void {
    const times = this.#times;
    if (stage === 'firstReplyFrame') return this.#sounded(ms);
    if (times !== null && !times.has(stage)) times.set(stage, ms);
  }

  #voice({ event, at }: ObservedStep): void {
    if (event.type === 'speechStarted') {
      this.#silentSinceMs = null;
      this.#turnEndedAtMs = null;
    } else if (event.type === 'speechPaused') this.#silentSinceMs = event.sinceMs;
    else if (event.type === 'wordsRecognised' && this.#silentSinceMs !== null)
      this.#metrics.stageTook('finalWords', at - this.#silentSinceMs);
  }

  #turnTaken({ at, effects }: ObservedStep, silentSinceMs: CallMs, unprepared: boolean): void {
    const endedAt = this.#turnEndedAtMs ?? at;
    this.#turnEndedAtMs = null;
    this.#metrics.stageTook('endOfTurn', endedAt - silentSinceMs);
    this.#metrics.stageTook('words', at - endedAt);
    const starts = effects.some((effect) => effect.type === 'startReply' && !effect.hold && effect.preface === null);
    this.#times =
      unprepared && starts
        ? new Map<Stage, number>([
            ['endOfTurn', endedAt - silentSinceMs],
            ['words', at - endedAt],
          ])
        : null;
  }

  #sounded(waitedMs: number): void {
    const known = notOurs.map((stage) => this.#times?.get(stage));
    this.#times = null;
    const theirs = known.filter((ms) => ms !== undefined);
    // A fixed line has no sentence and no voice to wait for, and is not a reply whose latency is ours.
    if (theirs.length < notOurs.length) return;
    this.#metrics.stageTook('addedByUs', Math.max(0, waitedMs - theirs.reduce((sum, ms) => sum + ms, 0)));
  }

  #thoughtOver({ at, state }: ObservedStep): void {
    const since = this.#thinkingSinceMs;
    this.#thinkingSinceMs = null;
    if (since === null) return;
    const beyondMs = at - since - limits.deadAirMs;
    if (beyondMs > 0) this.#metrics.deadAir(beyondMs);
    // Interrupted while thinking, the turn goes on; with the line gone nobody will answer it any more.
    if (state.line.kind !== 'up') this.#metrics.turnClosed('unanswered');
  }
}
