import type { CallNews, EscalationDesk, EscalationFact, EscalationRequest } from '../../src/escalation/model.ts';
import sinon from 'sinon';
import type { CallEvent } from '../../src/call/event.ts';
import { defaultTurnTaking, type TurnTaking } from '../../src/call/settings.ts';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { CallSession, type ResumedCall } from '../../src/session/callSession.ts';
import type { SessionPorts, VoiceEvent } from '../../src/session/ports.ts';
import type { RecogniserEvent } from '../../src/speech/recogniser.ts';
import type { SynthesisChunk } from '../../src/speech/synthesiser.ts';
import type { CallRecord } from '../../src/store/records.ts';
import type { ChatMessage } from '../../src/therapist/languageModel.ts';
import { understand } from '../../src/therapist/meaning.ts';
import { languagePacks as packs } from '../../src/therapist/packs.ts';
import type { MediaStream, MediaStreamEvent } from '../../src/twilio/mediaStream.ts';

/** A live call between hand-written ports, in a time that the test owns. */

const bytesPerMs = 8;

/** The carrier's end of a stream: plays what it is sent in real time, returns marks as they are played, and all of them on `clear`. */
export class PlayedStream implements MediaStream {
  readonly streamSid = 'MZ1';
  readonly sent: string[] = [];
  isClosed = false;
  /** Milliseconds of our audio that the caller has heard. */
  heardMs = 0;
  #listener: ((event: MediaStreamEvent) => void) | null = null;
  #queue: ({ readonly mark: string } | { ms: number })[] = [];
  #mediaMs = 0;
  readonly #onClose: () => void;

  constructor(onClose: () => void = () => {}) {
    this.#onClose = onClose;
  }

  readonly sendAudio = (mulaw: Uint8Array): void => {
    if (this.isClosed) throw new Error('sent to a stream that is closed');
    this.#queue.push({ ms: mulaw.length / bytesPerMs });
  };
  readonly sendMark = (name: string): void => {
    if (this.isClosed) throw new Error('sent to a stream that is closed');
    this.sent.push(name);
    this.#queue.push({ mark: name });
  };
  readonly clear = (): void => {
    this.sent.push('clear');
    const marks = this.#queue.filter((item) => 'mark' in item);
    this.#queue = [];
    for (const { mark } of marks) this.tell({ type: 'mark', name: mark });
  };
  readonly close = (): void => {
    this.isClosed = true;
    this.#onClose();
  };
  readonly listen = (onEvent: (event: MediaStreamEvent) => void): void => {
    this.#listener = onEvent;
  };

  tell(event: MediaStreamEvent): void {
    this.#listener?.(event);
  }

  /** Twenty milliseconds on the line: one frame of the caller's, twenty of ours played. */
  frame(): void {
    if (this.isClosed) return;
    let left = 20;
    for (let next = this.#queue[0]; next !== undefined && !this.isClosed; next = this.#queue[0]) {
      if ('mark' in next) {
        this.#queue.shift();
        this.tell({ type: 'mark', name: next.mark });
        continue;
      }
      const played = Math.min(left, next.ms);
      next.ms -= played;
      left -= played;
      this.heardMs += played;
      if (next.ms === 0) this.#queue.shift();
      if (left === 0) break;
    }
    this.#mediaMs += 20;
    this.tell({ type: 'media', mulaw: new Uint8Array(160).fill(0xff), timestampMs: this.#mediaMs });
  }
}

type Part = { readonly [Port in keyof SessionPorts]?: SessionPorts[Port] };
export type Answer = (history: readonly ChatMessage[], signal: AbortSignal) => AsyncIterable<string>;

export interface Setting {
  readonly ports?: Part;
  readonly turnTaking?: Partial<TurnTaking>;
  readonly answer?: Answer;
  /** Instead of a voice that makes 60 ms for each letter in one piece. */
  readonly speak?: (text: string, signal: AbortSignal) => AsyncIterable<SynthesisChunk>;
  readonly resumed?: ResumedCall;
  /** Put between the ports and the session, as the desk does. */
  readonly watching?: (ports: SessionPorts) => SessionPorts;
}

export const oneSentence: Answer = async function* () {
  await Promise.resolve();
  yield 'I hear you.';
};

/** Sixty milliseconds for each letter. */
export async function* plainVoice(text: string): AsyncIterable<SynthesisChunk> {
  await Promise.resolve();
  yield { type: 'audio', mulaw: new Uint8Array(text.length * 60 * bytesPerMs) };
}

/** The ports of a call, all of them doubles, and what went through them. */
export class Surroundings {
  readonly time = sinon.useFakeTimers({
    now: 1_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  readonly kept: CallRecord[] = [];
  readonly logged: string[] = [];
  readonly asked: (readonly ChatMessage[])[] = [];
  readonly recognisers: { tell: (event: RecogniserEvent) => void; closed: boolean; frames: number }[] = [];
  readonly ports: SessionPorts;
  /** What the call asked of its escalations, and the way to tell it what became of them. */
  readonly escalation: { readonly asked: EscalationRequest[]; readonly told: CallNews[] } = { asked: [], told: [] };
  readonly #listeners = new Map<string, (fact: EscalationFact) => void>();
  readonly escalations: EscalationDesk = {
    follow: (id, listener) => {
      this.#listeners.set(id, listener);
      return () => void this.#listeners.delete(id);
    },
    request: (request) => void this.escalation.asked.push(request),
    tell: (_id, news) => void this.escalation.told.push(news),
  };
  voice: VoiceEvent['type'] | null = null;

  constructor({ ports = {}, turnTaking = {}, answer = oneSentence, speak = plainVoice }: Setting = {}) {
    const { time } = this;
    const clock: Clock = {
      now: () => time.now,
      wall: () => new Date(time.now),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    };
    const note = (message: string): void => void this.logged.push(message);
    const log: Log = { debug: () => {}, info: note, warn: note, error: note };
    const { asked } = this;
    this.ports = {
      clock,
      log,
      metrics: createMetrics('calls'),
      turnTaking: { ...defaultTurnTaking, ...turnTaking },
      openRecogniser: ({ onEvent }) => this.#recogniser(onEvent),
      openSynthesiser: () => ({ speak, warm: () => {}, close: () => Promise.resolve() }),
      cachedPhrase: () => null,
      responderFor: () => ({
        reply: async function* (history, _facts, signal) {
          asked.push(history);
          for await (const text of answer(history, signal)) yield { type: 'sentence', text, guarded: null };
        },
        warm: () => {},
      }),
      assessRisk: (text) => ({
        level: text.includes('kill myself') ? 'high' : 'none',
        situation: null,
        means: [],
        signals: [],
      }),
      contextualRisk: null,
      escalations: this.escalations,
      understand,
      createVoiceActivity: () => ({
        frame: (_mulaw, atMs) => {
          const type = this.voice;
          this.voice = null;
          return type === null ? null : { type, sinceMs: atMs };
        },
      }),
      keep: (record) => void this.kept.push(record),
      ...ports,
    };
  }

  #recogniser(onEvent: (event: RecogniserEvent) => void) {
    const made = {
      closed: false,
      frames: 0,
      tell: (event: RecogniserEvent): void => {
        if (!made.closed) onEvent(event);
      },
    };
    this.recognisers.push(made);
    return {
      write: () => void (made.frames += 1),
      quiet: () => {},
      upload: () => {},
      close: () => {
        made.closed = true;
        return Promise.resolve();
      },
    };
  }

  /** To whoever follows an escalation of this call. */
  escalationFact(fact: EscalationFact): void {
    for (const listener of this.#listeners.values()) listener(fact);
  }

  restore(): void {
    this.time.restore();
  }
}

export class HeldCall extends Surroundings {
  readonly session: CallSession;
  readonly outcomes: string[] = [];
  stream = new PlayedStream();
  #utterance = 0;

  constructor(setting: Setting = {}) {
    super(setting);
    const identity = { callId: '11111111-1111-4111-8111-111111111111', callSid: 'CA1', pack: packs.en };
    const over = (outcome: string): void => void this.outcomes.push(outcome);
    const ports = setting.watching?.(this.ports) ?? this.ports;
    this.session = new CallSession(identity, ports, over, setting.resumed ?? null);
  }

  attach(stream = new PlayedStream()): this {
    this.stream = stream;
    this.session.attach(stream);
    return this;
  }

  /** Lets the line run, frame by frame. */
  async run(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += 20) {
      await this.time.tickAsync(20);
      this.stream.frame();
    }
    await this.time.tickAsync(0);
  }

  /** Until the floor is the caller's, at most a minute. */
  async untilListening(): Promise<void> {
    for (let ms = 0; ms < 60_000 && this.session.state.floor.kind !== 'listening'; ms += 20) await this.run(20);
  }

  async answered(): Promise<this> {
    this.attach();
    await this.untilListening();
    return this;
  }

  voiceStarts(): void {
    this.voice = 'speechStarted';
    this.stream.frame();
  }

  voicePauses(): void {
    this.voice = 'speechPaused';
    this.stream.frame();
  }

  hypothesis(text: string, utterance = this.#utterance): void {
    this.recognisers.at(-1)?.tell({ type: 'hypothesis', utterance, text, offsetMs: 0 });
  }

  final(text: string, utterance = this.#utterance): void {
    const words = { words: [], confidence: 0.9, offsetMs: 0, durationMs: 500 };
    this.recognisers.at(-1)?.tell({ type: 'final', utterance, text, ...words });
  }

  /** A turn of the caller, up to the moment in which Sanad takes it. */
  async says(text: string): Promise<void> {
    this.#utterance += 1;
    this.voiceStarts();
    await this.run(400);
    this.hypothesis(text);
    await this.run(200);
    this.voicePauses();
    this.final(text);
    for (let ms = 0; ms < 5_000 && this.session.state.floor.kind === 'pausing'; ms += 20) await this.run(20);
  }

  get events(): readonly CallEvent['type'][] {
    return this.kept.flatMap((record) => (record.type === 'log' ? [record.eventType as CallEvent['type']] : []));
  }

  /** What was said to the caller, as it was recorded. */
  get heardFromSanad(): readonly string[] {
    return this.kept.flatMap((record) =>
      record.type === 'turn' && record.speaker === 'sanad' ? [record.heardText ?? ''] : [],
    );
  }
}
