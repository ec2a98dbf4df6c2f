import type { CallEvent, Timed, UtteranceId } from '../call/event.ts';
import type { CallEffect, HandOverReason, Outcome } from '../call/effect.ts';
import type { CallOutcome } from '../metrics.ts';
import type { LineName } from '../call/lineName.ts';
import { awaitsConsent } from '../call/consent.ts';
import { consentRecord, moodRecord } from './consentRecord.ts';
import { reduce } from '../call/reduce.ts';
import { initialState, type CallState } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import type { MediaStream, MediaStreamEvent } from '../twilio/mediaStream.ts';
import type { EarlierCall } from '../therapist/prompt.ts';
import { DeadlineTimer } from './deadlineTimer.ts';
import { Escalating } from './escalating.ts';
import { EventQueue } from './eventQueue.ts';
import { Hearing } from './hearing.ts';
import { Milestones } from './milestones.ts';
import type { RiskReading, SessionPorts } from './ports.ts';
import { SecondOpinion } from './secondOpinion.ts';
import type { CallIdentity } from './shared.ts';
import { Speaking } from './speaking.ts';
import { Transcript } from './transcript.ts';

/** What was kept of a call that another server held. */
export interface ResumedCall {
  readonly state: CallState;
  readonly nextLogSeq: number;
  readonly turns: Parameters<Transcript['restore']>[0];
  /** How long ago the call began, in milliseconds. */
  readonly ageMs: number;
}

/** What shall become of the line when the stream is over. */
export type StreamIntent =
  | { readonly kind: 'stream' }
  | { readonly kind: 'say'; readonly line: LineName; readonly afterwards: 'stream' | 'hangUp' }
  | { readonly kind: 'person'; readonly reason: HandOverReason; readonly announced: boolean }
  | { readonly kind: 'room'; readonly escalation: number }
  | { readonly kind: 'hangUp' };

/** Beyond it even the deadlines of a call fail; they rest until it has a new stream. */
const faultsBorne = 10;

/** The core's outcomes under the names by which they are counted. */
const measured: Readonly<Record<Outcome, CallOutcome>> = {
  hungUp: 'hangUp',
  goodbye: 'goodbye',
  silence: 'silence',
  length: 'tooLong',
  lost: 'lost',
};

/** A person was ordered and has not come yet: then the carrier has still to be told to ring, whichever server it asks. */
function intentOf({ line, transfer }: CallState): StreamIntent {
  if (transfer.kind === 'joined') return { kind: 'room', escalation: transfer.escalation };
  const rings = transfer.kind === 'handedOver' && line.kind === 'down';
  return rings ? { kind: 'person', reason: transfer.reason, announced: true } : { kind: 'stream' };
}

/**
 * The shell of one live call: a queue in front of the core, its effects behind, one timer beside. Audio and words flow past the
 * core (`Hearing`, `Speaking`); only what they amount to goes through it. Nothing thrown in here reaches another call.
 */
export class CallSession {
  readonly identity: CallIdentity;
  readonly #ports: SessionPorts;
  readonly #onOver: (outcome: CallOutcome) => void;
  readonly #queue: EventQueue;
  readonly #timer: DeadlineTimer;
  readonly #hearing: Hearing;
  readonly #speaking: Speaking;
  readonly #escalating: Escalating;
  readonly #opinion: SecondOpinion;
  readonly #milestones: Milestones;
  readonly #originMs: number;
  #state: CallState;
  #logSeq: number;
  #stream: MediaStream | null = null;
  #intent: StreamIntent;
  #faults = 0;
  #earlier: EarlierCall | null = null;
  #counters = { turns: 0, bargeIns: 0, falseBargeIns: 0 };

  constructor(
    identity: CallIdentity,
    ports: SessionPorts,
    onOver: (outcome: CallOutcome) => void,
    resumed: ResumedCall | null = null,
  ) {
    this.identity = identity;
    this.#ports = ports;
    this.#onOver = onOver;
    this.#originMs = ports.clock.now() - (resumed?.ageMs ?? 0);
    this.#state = resumed?.state ?? initialState;
    this.#logSeq = resumed?.nextLogSeq ?? 0;
    this.#intent = intentOf(this.#state);
    this.#queue = new EventQueue(
      (event) => this.#take(event),
      () => this.#fault('too many events wait', null),
    );
    this.#timer = new DeadlineTimer(ports.clock, this.#now, (name) => this.dispatch({ type: 'deadlineReached', name }));
    const { callId } = identity;
    this.#milestones = new Milestones({ callId, keep: ports.keep, clock: ports.clock, resumed: resumed !== null });
    const transcript = new Transcript((turn) => ports.keep({ type: 'turn', callId, ...turn }));
    if (resumed !== null) transcript.restore(resumed.turns);
    const shared = {
      ports,
      identity,
      transcript,
      now: this.#now,
      state: () => this.#state,
      earlier: () => this.#earlier,
      dispatch: this.dispatch,
      guarded: this.#guarded,
    };
    this.#escalating = new Escalating(shared);
    this.#opinion = new SecondOpinion(shared, this.#escalating);
    const hearing = { ...shared, question: () => this.#lastOfSanad(transcript), onReading: this.#read };
    this.#hearing = new Hearing(hearing, this.#state.lastUtterance);
    this.#speaking = new Speaking({
      ...shared,
      stream: () => this.#stream,
      lastVoicedAtMs: () => this.#hearing.lastVoicedAtMs,
    });
    if (resumed === null)
      this.dispatch({
        type: 'callStarted',
        settings: { language: identity.pack.id, opening: identity.opening ?? 'greeting', turnTaking: ports.turnTaking },
      });
    else {
      this.#timer.arm(this.#state.deadlines);
      this.#guarded('escalation', () => this.#escalating.restore());
    }
  }

  get state(): CallState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.line.kind === 'over';
  }

  get intent(): StreamIntent {
    return this.#intent;
  }

  readonly #now = (): CallMs => Math.round(this.#ports.clock.now() - this.#originMs);

  readonly dispatch = (event: CallEvent): void => {
    this.#queue.put(event);
  };

  /** The call's stream is up. A second one replaces the first, whose end is then no news. */
  attach(stream: MediaStream): void {
    const replaced = this.#stream;
    this.#stream = stream;
    if (replaced !== null) {
      replaced.close();
      this.dispatch({ type: 'streamLost' });
    }
    this.#intent = { kind: 'stream' };
    this.#faults = 0;
    stream.listen((event) => {
      if (this.#stream === stream) this.#guarded('stream', () => this.#streamEvent(event));
    });
    this.#guarded('hearing', () => this.#hearing.open());
    this.#guarded('voice', () => this.#speaking.open());
    this.dispatch({ type: 'streamStarted' });
  }

  /** What is known of an earlier call from this number. It reaches the model only after the caller has said that they rang before. */
  remember(earlier: EarlierCall): void {
    this.#earlier = earlier;
  }

  /** The person whom the carrier rang has left, or nobody answered: the stream comes back. */
  personFinished(outcome: 'spoke' | 'nobody'): void {
    this.#intent = { kind: 'stream' };
    this.dispatch({ type: 'personFinished', outcome });
  }

  /** Also while it is still being said: callers answer before the last syllable. */
  #lastOfSanad(transcript: Transcript): string | null {
    // A yes to our keeping words admits to nothing.
    if (awaitsConsent(this.#state)) return null;
    const heard = this.#speaking.saying()?.heard ?? '';
    return heard === '' ? transcript.lastOfSanad() : heard;
  }

  readonly #read = (utterance: UtteranceId, text: string, reading: RiskReading, final: boolean): void => {
    this.#guarded('briefing', () => this.#escalating.heard(utterance, text, reading));
    if (final && reading.signals.length > 0) {
      const { callId } = this.identity;
      const { level, signals } = reading;
      this.#ports.keep({ type: 'riskAssessed', callId, atMs: this.#now(), level, source: 'floor', signals });
    }
  };

  #streamEvent(event: MediaStreamEvent): void {
    switch (event.type) {
      case 'media':
        return this.#hearing.frame(event.mulaw, event.timestampMs);
      case 'mark':
        return this.#speaking.markReturned(event.name);
      case 'digit':
        return this.dispatch({ type: 'digitPressed', digit: event.digit });
      case 'stopped':
        // Also sent before every redirect: what it means is told by the webhook that follows.
        return;
      case 'stalled':
        this.#stream?.close();
        return this.#streamGone();
      case 'closed':
        return this.#streamGone();
    }
  }

  #streamGone(): void {
    this.#stream = null;
    this.#hearing.suspend();
    this.dispatch({ type: 'streamLost' });
  }

  #take(event: CallEvent): void {
    try {
      this.#step(event);
    } catch (error) {
      this.#fault(event.type, error);
    }
    if (this.isOver || this.#faults > faultsBorne) this.#timer.stop();
    else this.#timer.arm(this.#state.deadlines);
  }

  #step(event: CallEvent): void {
    // Its record is closed.
    if (this.isOver) return;
    const at = this.#now();
    const before = this.#state;
    const { state, effects } = reduce(before, { at, event });
    if (state === before && effects.length === 0 && event.type === 'markReturned') return;
    this.#state = state;
    // The state has changed: whatever becomes of the records, what was ordered has to be done.
    this.#guarded('records', () => this.#record({ at, event, effects }, before));
    if (event.type === 'speechStarted') this.#speaking.warm();
    if (event.type === 'wordsRecognised') this.#follow(event, before);
    for (const effect of effects) {
      if (effect.type === 'recordCaller') this.#hearing.record(effect.utterances, effect.as);
      else if (effect.type === 'handOver') this.#handOver(effect, before);
      else if (effect.type === 'escalate') this.#escalating.request(effect.escalation, effect.reason);
      else if (effect.type === 'callOff') this.#escalating.tell(effect.escalation, { type: 'declined' });
      else if (effect.type === 'joinPerson') this.#joinPerson(effect.escalation);
      else if (effect.type === 'sayByCarrier') this.#sayByCarrier(effect);
      else if (effect.type === 'recordConsent') this.#recordConsent(effect, event);
      else if (effect.type === 'recordMood') this.#recordMood(effect);
      else if (effect.type === 'hangUp') this.#leaveStream({ kind: 'hangUp' });
      else if (effect.type === 'closeCall') this.#close(effect.outcome);
      else this.#speaking.perform(effect, this.#hearing.unrecorded(state));
    }
    this.#guarded('briefing', () => this.#escalating.update());
  }

  /** Final words, beyond what they are for the floor: an answer for the briefing, and work for the classifier. */
  #follow(event: Extract<CallEvent, { type: 'wordsRecognised' }>, before: CallState): void {
    if (event.meaning.backchannel && event.meaning.answer === null) return;
    this.#guarded('briefing', () => this.#escalating.answered(event.text, event.meaning.answer, before));
    this.#guarded('opinion', () => this.#opinion.turn(event.meaning.risk, this.#hearing.untaken(this.#state)));
  }

  #record({ at, event, effects }: Timed & { readonly effects: readonly CallEffect[] }, before: CallState): void {
    const { callId, callSid } = this.identity;
    const seq = this.#logSeq;
    this.#logSeq += 1;
    this.#ports.keep({ type: 'log', callId, seq, atMs: at, eventType: event.type, entry: { event, effects } });
    this.#milestones.step({ at, event, effects }, before, this.#state);
    const saying = this.#speaking.saying();
    this.#ports.observe?.(callId, { callSid, at, event, effects, state: this.#state, saying });
    this.#count(before, this.#state);
  }

  #count(before: CallState, after: CallState): void {
    const [from, to] = [before.floor.kind, after.floor.kind];
    if (to === 'thinking' && from === 'pausing') this.#counters.turns += 1;
    if (to === 'interrupted' && from === 'replying') this.#counters.bargeIns += 1;
    if (to === 'replying' && from === 'interrupted') this.#counters.falseBargeIns += 1;
  }

  #recordConsent(effect: Extract<CallEffect, { type: 'recordConsent' }>, event: CallEvent): void {
    const record = consentRecord(this.identity, effect, event, this.#ports.clock.wall());
    this.#guarded('consent', () => this.#ports.keep(record));
  }

  #recordMood(effect: Extract<CallEffect, { type: 'recordMood' }>): void {
    const record = moodRecord(this.identity, effect, this.#ports.clock.wall());
    this.#guarded('mood', () => this.#ports.keep(record));
  }

  #joinPerson(escalation: number): void {
    this.#escalating.tell(escalation, { type: 'callerJoining' });
    this.#leaveStream({ kind: 'room', escalation });
  }

  #handOver({ reason, announced }: Extract<CallEffect, { type: 'handOver' }>, { escalations }: CallState): void {
    if (escalations > 0) this.#escalating.tell(escalations, { type: 'handedOver' });
    this.#leaveStream({ kind: 'person', reason, announced });
  }

  #sayByCarrier({ line, afterwards }: Extract<CallEffect, { type: 'sayByCarrier' }>): void {
    this.#leaveStream({ kind: 'say', line, afterwards });
  }

  /** Closing the socket makes the carrier ask what now; the intent is the answer (see callDesk). */
  #leaveStream(intent: StreamIntent): void {
    this.#intent = intent;
    const stream = this.#stream;
    this.#stream = null;
    this.#hearing.suspend();
    stream?.close();
  }

  #close(outcome: Outcome): void {
    if (this.#intent.kind !== 'hangUp' && this.#intent.kind !== 'say') this.#leaveStream({ kind: 'hangUp' });
    this.#timer.stop();
    this.#guarded('escalation', () => {
      if (this.#state.escalations > 0) this.#escalating.tell(this.#state.escalations, { type: 'callerGone' });
      this.#escalating.stop();
    });
    this.#guarded('opinion', () => this.#opinion.close());
    this.#guarded('voice', () => this.#speaking.close());
    this.#guarded('hearing', () => this.#hearing.close());
    const { callId } = this.identity;
    const endedAt = this.#ports.clock.wall();
    this.#guarded('records', () => this.#milestones.close(this.#state));
    const record = { type: 'callEnded', callId, outcome, endedAt, counters: this.#counters } as const;
    this.#guarded('records', () => this.#ports.keep(record));
    this.#onOver(measured[outcome]);
  }

  readonly #guarded = (where: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      this.#fault(where, error);
    }
  };

  /**
   * A fault of our own code: a fixed line and a person; another one on the same stream, and the person comes without the line,
   * since what should say it may be what fails. Never silence.
   */
  #fault(where: string, error: unknown): void {
    this.#faults += 1;
    const name = error instanceof Error ? error.name : 'none';
    const place = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
    this.#ports.log.error('a call took its fault path', {
      callId: this.identity.callId,
      where,
      error: name,
      place,
      faults: this.#faults,
    });
    if (this.isOver || this.#faults > 2) return;
    const type = this.#faults === 1 ? 'faulted' : 'faultedAgain';
    if (type === 'faultedAgain' && this.#stream !== null)
      this.#leaveStream({ kind: 'person', reason: 'fault', announced: false });
    queueMicrotask(() => this.dispatch({ type }));
  }
}
