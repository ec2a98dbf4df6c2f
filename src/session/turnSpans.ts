import type { CallEffect } from '../call/effect.ts';
import type { TurnId } from '../call/event.ts';
import type { CallState, Floor } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import type { Clock } from '../clock.ts';
import type { Stage } from '../metrics.ts';
import type { Responder } from '../therapist/responder.ts';
import { hearingFirstToken, startTrace, type OpenSpan, type SpanName } from '../tracing.ts';
import type { ObservedStep } from './ports.ts';

/** What became of a turn: `cutOff` and `unanswered` when the line was gone, `nothingSaid` when no reply was due. */
type TurnOutcome = 'answered' | 'interrupted' | 'cutOff' | 'unanswered' | 'nothingSaid';

interface Turn {
  readonly span: OpenSpan;
  readonly startedAtMs: CallMs;
  /** The reply in the making, with the stages of it that were seen. */
  reply: { readonly turn: TurnId; readonly source: 'model' | 'line'; readonly seen: Set<Stage> } | null;
  playing: { readonly span: OpenSpan; silencedAtMs: CallMs | null; falseAlarms: number } | null;
  outcome: TurnOutcome | null;
  endedAtMs: CallMs | null;
}

const reported = ['firstToken', 'firstSentence', 'firstAudio'] as const satisfies readonly (Stage & SpanName)[];

/** The spans of one call, out of the steps of its core: the call, each turn of the caller, and the stages of a turn. */
export class TurnSpans {
  readonly #clock: Clock;
  /** Null before the first step, and for good when nobody wants the trace. */
  #call: OpenSpan | null = null;
  #isAsked = false;
  /** What to add to a time of the call for the time of day, and for the monotonic clock. */
  #wallMs = 0;
  #clockMs = 0;
  #floor: Floor = { kind: 'idle' };
  #turn: Turn | null = null;
  #turns = 0;
  #bargedInAtMs: CallMs | null = null;
  /** The end of the last voiced frame, until the final words after it came; null while the caller speaks. */
  #silentSinceMs: CallMs | null = null;
  #turnEndedAtMs: CallMs | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  step(callId: string, step: ObservedStep): void {
    if (!this.#isAsked) this.#open(callId, step);
    if (this.#call === null) return;
    const from = this.#floor;
    const to = step.state.floor;
    this.#floor = to;
    this.#endReply(step, from);
    if (this.#turn !== null && !isGoingOn(this.#turn, to)) this.#close(step);
    if (this.#turn === null) this.#begin(from, to);
    this.#hear(step, from);
    this.#reply(step, from);
    if (step.state.line.kind === 'over') this.#over(step.at, step.state);
  }

  /** A stage that took `ms` and is over now; of those that are not reported the steps tell more. */
  stageTook(stage: Stage, ms: number): void {
    const turn = this.#turn;
    const name = reported.find((each) => each === stage);
    if (turn === null || turn.reply === null || name === undefined || turn.reply.seen.has(name)) return;
    turn.reply.seen.add(name);
    const endedAt = Math.max(turn.startedAtMs, this.#clock.now() - this.#clockMs);
    this.#stage(turn, name, endedAt - ms, endedAt);
  }

  /** The same responder, whose first tokens are noticed; untouched when nobody wants the trace. */
  watching(responder: Responder): Responder {
    return {
      ...responder,
      reply: (...asked) => {
        const reply = responder.reply(...asked);
        return this.#call === null ? reply : hearingFirstToken((ms) => this.stageTook('firstToken', ms), reply);
      },
    };
  }

  #open(callId: string, { at, event }: ObservedStep): void {
    this.#isAsked = true;
    this.#wallMs = this.#clock.wall().getTime() - at;
    this.#clockMs = this.#clock.now() - at;
    const resumed = event.type === 'callStarted' ? 0 : 1;
    this.#call = startTrace('call', this.#wallMs + at, { callId, resumed });
  }

  #begin(from: Floor, to: Floor): void {
    if (this.#call === null || (to.kind !== 'callerSpeaking' && to.kind !== 'pausing')) return;
    const since = to.kind === 'pausing' ? to.sinceMs : to.voiceSinceMs;
    const voice = 'overVoiceSinceMs' in from ? from.overVoiceSinceMs : null;
    const barged = from.kind === 'interrupted' ? this.#bargedInAtMs : voice;
    const startedAtMs = Math.max(0, Math.min(since, barged ?? since));
    this.#turns += 1;
    this.#turnEndedAtMs = null;
    const span = this.#call.child('turn', this.#wallMs + startedAtMs);
    this.#turn = { span, startedAtMs, reply: null, playing: null, outcome: null, endedAtMs: null };
  }

  /** From the caller's last voiced frame to our decision that the turn is over, and to the final words. */
  #hear({ event, at, state }: ObservedStep, from: Floor): void {
    const turn = this.#turn;
    if (event.type === 'speechStarted') {
      this.#silentSinceMs = null;
      this.#turnEndedAtMs = null;
    } else if (event.type === 'speechPaused') this.#silentSinceMs = event.sinceMs;
    if (turn === null) return;
    const isOver = event.type === 'deadlineReached' && event.name === 'endOfTurn' && from.kind === 'pausing';
    if (isOver) this.#turnEndedAtMs ??= at;
    const awaitsFinal = from.kind === 'pausing' || from.kind === 'thinking';
    if (event.type === 'wordsRecognised' && awaitsFinal && this.#silentSinceMs !== null) {
      this.#stage(turn, 'finalWords', this.#silentSinceMs, at);
      this.#silentSinceMs = null;
    }
    const isTaken = state.floor.kind === 'thinking' || state.floor.kind === 'replying';
    if (from.kind === 'pausing' && isTaken) {
      this.#stage(turn, 'endOfTurn', from.sinceMs, this.#turnEndedAtMs ?? at);
      this.#turnEndedAtMs = null;
    }
  }

  #reply({ event, at, effects, state }: ObservedStep, from: Floor): void {
    const turn = this.#turn;
    const cleared = effects.some(({ type }) => type === 'clearPlayout');
    if (cleared && from.kind === 'replying') this.#bargedInAtMs = from.overVoiceSinceMs ?? at;
    if (turn === null) return;
    const started = effects.findLast((effect) => effect.type === 'startReply');
    if (started !== undefined) {
      turn.reply = { turn: started.turn, source: started.source.kind, seen: new Set() };
      // Ours broke off to say something that matters more: the turn is not answered yet.
      turn.outcome = null;
      turn.endedAtMs = null;
    }
    if (event.type === 'replySounded' && from.kind === 'thinking' && state.floor.kind === 'replying') {
      const span = turn.span.child('replyPlaying', this.#wallMs + at, { reply: event.turn });
      turn.playing = { span, silencedAtMs: null, falseAlarms: 0 };
    }
    if (turn.playing === null) return;
    if (cleared && from.kind === 'replying') turn.playing.silencedAtMs = at;
    if (from.kind === 'interrupted' && state.floor.kind === 'replying') {
      turn.playing.falseAlarms += 1;
      turn.playing.silencedAtMs = null;
    }
  }

  /** The core records each reply that sounded, once, with whether it was heard to its end. */
  #endReply({ at, effects, state }: ObservedStep, from: Floor): void {
    const turn = this.#turn;
    const record = effects.find(isRecord);
    if (turn === null || turn.playing === null || record === undefined) return;
    const { span, silencedAtMs, falseAlarms } = turn.playing;
    turn.outcome = outcomeOf(record, from, state);
    turn.endedAtMs = silencedAtMs ?? at;
    span.end(this.#wallMs + turn.endedAtMs, { outcome: turn.outcome, falseAlarms });
    turn.playing = null;
  }

  #close({ at, state }: ObservedStep): void {
    const turn = this.#turn;
    if (turn === null) return;
    this.#turn = null;
    const outcome = turn.outcome ?? (isSpokenIn(state.floor) ? 'nothingSaid' : 'unanswered');
    const endedAt = this.#wallMs + (turn.endedAtMs ?? at);
    turn.playing?.span.end(endedAt, { outcome, falseAlarms: turn.playing.falseAlarms });
    const replied = turn.reply === null ? {} : { reply: turn.reply.turn, source: turn.reply.source };
    turn.span.end(endedAt, { ...replied, outcome, risk: state.safety.level });
  }

  #over(at: CallMs, { line, safety, escalations }: CallState): void {
    const outcome = line.kind === 'over' ? line.outcome : 'lost';
    const facts = { outcome, risk: safety.level, turns: this.#turns, escalations };
    this.#call?.end(this.#wallMs + at, facts);
    this.#call = null;
  }

  #stage(turn: Turn, name: SpanName, fromMs: CallMs, toMs: CallMs): void {
    // Words may come without voice, a moment after what we took for their end: a stage lies within its turn all the same.
    const from = Math.min(toMs, Math.max(turn.startedAtMs, fromMs));
    const facts = turn.reply === null ? {} : { reply: turn.reply.turn };
    turn.span.child(name, this.#wallMs + from, facts).end(this.#wallMs + toMs);
  }
}

type RecordReply = Extract<CallEffect, { type: 'recordReply' }>;

function isRecord(effect: CallEffect): effect is RecordReply {
  return effect.type === 'recordReply';
}

function outcomeOf({ interrupted }: RecordReply, from: Floor, { floor }: CallState): TurnOutcome {
  if (!interrupted) return 'answered';
  return isSpokenIn(floor) || from.kind === 'interrupted' ? 'interrupted' : 'cutOff';
}

/** On these floors caller and Sanad are still in touch. */
function isSpokenIn({ kind }: Floor): boolean {
  return kind !== 'idle' && kind !== 'withPerson' && kind !== 'closed';
}

/** Until it is answered a turn goes on, also through a reply that was never heard; a voice after that is another turn. */
function isGoingOn(turn: Turn, to: Floor): boolean {
  if (to.kind === 'callerSpeaking' || to.kind === 'pausing') return turn.outcome === null;
  return to.kind === 'thinking' || to.kind === 'replying' || to.kind === 'interrupted';
}
