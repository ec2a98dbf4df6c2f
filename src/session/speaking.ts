import { saysTheyRangBefore } from '../call/asking.ts';
import type { CallEffect } from '../call/effect.ts';
import type { Position, TurnId, UtteranceId } from '../call/event.ts';
import type { LineName } from '../call/lineName.ts';
import type { CallMs } from '../call/time.ts';
import type { SynthesisChunk, Synthesiser, Voice } from '../speech/synthesiser.ts';
import type { ChatMessage } from '../therapist/languageModel.ts';
import type { Responder } from '../therapist/responder.ts';
import type { MediaStream } from '../twilio/mediaStream.ts';
import { plainFacts, type CallFacts } from '../therapist/prompt.ts';
import { markName, parseMark } from './mark.ts';
import { ReplyStream } from './replyStream.ts';
import type { Saying } from './ports.ts';
import type { SessionParts } from './shared.ts';

type ReplyEffect = Extract<
  CallEffect,
  {
    type: 'startReply' | 'holdReply' | 'releaseReply' | 'dropReply' | 'clearPlayout' | 'resumeReply' | 'recordReply';
  }
>;

interface CurrentReply {
  readonly stream: ReplyStream;
  readonly kind: 'turn' | 'line';
  readonly wordsAtMs: CallMs;
  soundedAtMs: CallMs | null;
}

export interface SpeakingParts extends SessionParts {
  readonly stream: () => MediaStream | null;
  readonly lastVoicedAtMs: () => CallMs;
}

/** The voice of a call: performs what the core orders about replies, and tells it what became of them. */
export class Speaking {
  readonly #parts: SpeakingParts;
  readonly #voice: Voice;
  readonly #responder: Responder;
  #synthesiser: Synthesiser | null = null;
  #generation = 0;
  #current: CurrentReply | null = null;
  #wasInterrupted = false;

  constructor(parts: SpeakingParts) {
    this.#parts = parts;
    this.#voice = parts.identity.pack.voices.female;
    this.#responder = parts.ports.responderFor(parts.identity.pack);
    this.#generation = parts.state().playout.generation;
  }

  open(): void {
    this.#synthesiser ??= this.#parts.ports.openSynthesiser(this.#voice);
    this.#synthesiser.warm();
  }

  /** The caller speaks: an answer will be wanted soon. */
  warm(): void {
    this.#synthesiser?.warm();
    this.#responder.warm();
  }

  close(): void {
    this.#current?.stream.drop();
    void this.#synthesiser?.close();
    this.#synthesiser = null;
  }

  markReturned(name: string): void {
    const mark = parseMark(name);
    if (mark === null) return;
    this.#parts.dispatch({ type: 'markReturned', ...mark });
    const { reply } = this.#parts.state().playout;
    if (reply?.turn === mark.turn && reply.heard !== null) this.#current?.stream.noteHeard(reply.heard);
  }

  saying(): Saying | null {
    const stream = this.#current?.stream;
    const { reply } = this.#parts.state().playout;
    if (stream === undefined || reply?.turn !== stream.turn) return null;
    return { turn: stream.turn, text: stream.wholeText(), heard: stream.heardText(reply.heard) };
  }

  perform(effect: ReplyEffect, unrecorded: readonly UtteranceId[]): void {
    const current = this.#current;
    switch (effect.type) {
      case 'startReply':
        return this.#start(effect, unrecorded);
      case 'holdReply':
        return current?.stream.hold();
      case 'releaseReply':
        return current?.stream.release();
      case 'dropReply':
        return current?.stream.turn === effect.turn ? current.stream.drop() : undefined;
      case 'clearPlayout':
        this.#generation = effect.generation;
        current?.stream.pause();
        return this.#parts.stream()?.clear();
      case 'resumeReply':
        return current?.stream.resume(effect.from);
      case 'recordReply':
        return this.#record(effect);
    }
  }

  #start(effect: Extract<CallEffect, { type: 'startReply' }>, unrecorded: readonly UtteranceId[]): void {
    const { turn, source, preface, followedBy } = effect;
    const history = this.#parts.transcript.history(unrecorded);
    const facts = { ...this.#facts(), followed: followedBy !== null };
    // The core has ended it; this only makes sure that two can never sound.
    this.#current?.stream.drop();
    const stream = new ReplyStream(
      {
        turn,
        held: effect.hold,
        sentences: (signal) =>
          source.kind === 'line'
            ? this.#lines(source.line)
            : this.#modelReply({ preface, followedBy }, history, facts, signal),
        speak: (text, signal) => this.#speak(text, signal),
      },
      this.#output(turn),
    );
    const kind = source.kind === 'line' ? 'line' : 'turn';
    this.#current = { stream, kind, wordsAtMs: this.#parts.now(), soundedAtMs: null };
  }

  /** A reply is made in its own time, outside any event: what fails on its way out must find the fault path by itself. */
  #output(turn: TurnId): ConstructorParameters<typeof ReplyStream>[1] {
    const { dispatch, guarded } = this.#parts;
    return {
      sendAudio: (mulaw) => guarded('audio', () => this.#parts.stream()?.sendAudio(mulaw)),
      sendMark: (_turn, position) => {
        const name = markName({ generation: this.#generation, turn, position });
        guarded('mark', () => this.#parts.stream()?.sendMark(name));
      },
      onSounded: () => guarded('sound', () => this.#sounded(turn)),
      onSentenceSent: (sentence, durationMs) => dispatch({ type: 'sentenceSent', turn, sentence, durationMs }),
      onSent: (sentences) => dispatch({ type: 'replySent', turn, sentences }),
      onFailed: (stage, error) => guarded('failure', () => this.#failed(turn, stage, error)),
    };
  }

  #sounded(turn: TurnId): void {
    const now = this.#parts.now();
    const current = this.#current;
    if (current?.stream.turn === turn) current.soundedAtMs = now;
    const { metrics } = this.#parts.ports;
    if (current?.kind === 'turn') metrics.stageTook('firstReplyFrame', now - this.#parts.lastVoicedAtMs());
    this.#parts.dispatch({ type: 'replySounded', turn });
  }

  #failed(turn: TurnId, stage: 'model' | 'voice', error: unknown): void {
    const { log, metrics } = this.#parts.ports;
    const name = error instanceof Error ? error.name : 'unknown';
    log.warn('a reply failed', { callId: this.#parts.identity.callId, turn, stage, error: name });
    if (stage === 'voice') metrics.providerFailed('synthesiser', name);
    this.#parts.dispatch({ type: 'replyFailed', turn, stage });
  }

  #facts(): CallFacts {
    const state = this.#parts.state();
    const { safety, transfer } = state;
    return {
      ...plainFacts,
      risk: safety.level,
      interrupted: this.#wasInterrupted,
      personComing: transfer.kind !== 'none',
      earlier: saysTheyRangBefore(state) ? this.#parts.earlier() : null,
      localHour: muscatHour(this.#parts.ports.clock.wall()),
    };
  }

  async *#lines(line: LineName): AsyncIterable<string> {
    yield* this.#parts.identity.pack.lines[line];
  }

  /** What the model says, between the fixed lines that the core wants around it. Those need no model, whatever becomes of it. */
  async *#modelReply(
    { preface, followedBy }: { readonly preface: LineName | null; readonly followedBy: LineName | null },
    history: readonly ChatMessage[],
    facts: CallFacts,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    const { lines } = this.#parts.identity.pack;
    if (preface !== null) yield* lines[preface];
    let said = 0;
    try {
      for await (const text of this.#modelSentences(history, facts, signal)) {
        said += 1;
        yield text;
      }
    } catch (error) {
      if ((followedBy === null && (preface === null || said > 0)) || signal.aborted) throw error;
    }
    if (followedBy !== null) yield* lines[followedBy];
    // The reply sounds already, so its failure would be taken for its end.
    else if (preface !== null && said === 0) yield* lines.thinkingTrouble;
  }

  /** Before a question of ours the model only answers, shortly, and asks nothing: one question at a time. */
  async *#modelSentences(
    history: readonly ChatMessage[],
    facts: CallFacts,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    const { clock, metrics } = this.#parts.ports;
    const askedAt = clock.now();
    let said = 0;
    for await (const part of this.#responder.reply(history, facts, signal)) {
      if (part.type === 'fault') metrics.providerFailed(part.provider, part.fault);
      if (part.type !== 'sentence') continue;
      if (said === 0) metrics.stageTook('firstSentence', clock.now() - askedAt);
      if (facts.followed && (said >= sentencesBeforeLine || /[?؟]\s*$/.test(part.text))) return;
      said += 1;
      yield part.text;
    }
  }

  /** Fixed lines come from the cache and need no provider; everything else from the synthesiser. */
  async *#speak(text: string, signal: AbortSignal): AsyncIterable<SynthesisChunk> {
    const cached = this.#parts.ports.cachedPhrase(this.#voice, text);
    if (cached !== null) {
      for (const word of cached.words) yield { type: 'word', ...word };
      yield { type: 'audio', mulaw: cached.mulaw };
      return;
    }
    if (this.#synthesiser === null) throw new Error('the voice is closed');
    const startedAt = this.#parts.ports.clock.now();
    let first = true;
    for await (const chunk of this.#synthesiser.speak(text, signal)) {
      if (first && chunk.type === 'audio')
        this.#parts.ports.metrics.stageTook('firstAudio', this.#parts.ports.clock.now() - startedAt);
      if (chunk.type === 'audio') first = false;
      yield chunk;
    }
  }

  #record(effect: Extract<CallEffect, { type: 'recordReply' }>): void {
    const current = this.#current;
    if (current === null || current.stream.turn !== effect.turn || current.soundedAtMs === null) return;
    const { stream, kind, soundedAtMs } = current;
    const heard: Position | null = effect.heard;
    this.#wasInterrupted = effect.interrupted;
    this.#parts.transcript.recordSanad({
      kind,
      text: stream.wholeText(),
      heardText: stream.heardText(heard),
      atMs: soundedAtMs,
      durationMs: stream.heardMs(heard),
      interrupted: effect.interrupted,
      firstSoundMs: kind === 'turn' ? Math.max(0, soundedAtMs - this.#parts.lastVoicedAtMs()) : null,
    });
    this.#parts.ports.metrics.turnClosed(
      kind === 'line' ? 'scripted' : effect.interrupted ? 'interrupted' : 'answered',
    );
  }
}

/** A reflection is one or two sentences; what follows it is the point. */
const sentencesBeforeLine = 2;

const muscat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Muscat', hour: '2-digit', hourCycle: 'h23' });

function muscatHour(date: Date): number {
  return Number(muscat.format(date));
}
