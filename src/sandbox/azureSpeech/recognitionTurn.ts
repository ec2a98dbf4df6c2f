import type { RecognitionRequest } from './clientMessages.ts';
import type { AzureSpeechFaults } from './faults.ts';
import { detailedPhrase, detected, emptyPhrase, hexId, hypothesis, simplePhrase, turnStart } from './messages.ts';
import type { Span } from './messages.ts';
import { Outbox } from './outbox.ts';
import type { MatchEvent, PhraseMatcher, PhraseStream } from './phraseMatcher.ts';
import type { SpeechSocket } from './speechSocket.ts';
import type { Timing } from './timing.ts';
import { createDecoder } from './wavHeader.ts';
import type { AudioFormat } from './wavHeader.ts';

type Hypothesis = Extract<MatchEvent, { type: 'hypothesis' }>;
type Final = Extract<MatchEvent, { type: 'final' }>;

export interface TurnOptions {
  readonly socket: SpeechSocket;
  readonly requestId: string;
  readonly format: AudioFormat;
  readonly request: RecognitionRequest;
  readonly matcher: PhraseMatcher;
  readonly faults: AzureSpeechFaults;
  readonly timing: Timing;
}

/** Silence that a phrase without words leaves uncovered: the start of a word may be in it, unnoticed so far. */
const uncoveredMs = 500;
/** After any other status the turn is over; the service has refused it. */
const goesOn = new Set(['Success', 'NoMatch', 'InitialSilenceTimeout', 'BabbleTimeout', 'EndOfDictation']);
const nothing: Span = { offsetMs: 0, durationMs: 0 };

/**
 * One turn: the audio of one request id, from its RIFF header to `turn.end`. All offsets count from its first byte of
 * audio; the client adds the session's base, and after `turn.end` sends again whatever no phrase has covered.
 */
export class RecognitionTurn {
  readonly #options: TurnOptions;
  readonly #stream: PhraseStream;
  readonly #decode: (bytes: Uint8Array) => Int16Array;
  readonly #outbox = new Outbox();
  #receivedBytes = 0;
  /** End of the last phrase. */
  #coveredMs = 0;
  #speaking = false;
  /** Of the utterance that is being spoken: its hypotheses and its phrase have the same. */
  #phraseId = hexId();
  #lastHypothesisAt = Number.NEGATIVE_INFINITY;
  #nextHypothesis: Hypothesis | undefined;
  #state: 'hearing' | 'ending' | 'ended' = 'hearing';

  constructor(options: TurnOptions) {
    this.#options = options;
    const silenceMs = options.request.segmentationSilenceMs ?? options.timing.segmentationSilenceMs;
    this.#stream = options.matcher.open({ segmentationSilenceMs: silenceMs });
    this.#decode = createDecoder(options.format.encoding);
    options.socket.stats.turns += 1;
    options.socket.sendJson('turn.start', options.requestId, turnStart());
    options.socket.reach('turnStart');
    const status = options.faults.take('recognition', 'status', ({ at }) => at === 'turnStart');
    if (status) options.socket.later(status.afterMs, () => this.#sendEmpty(hexId(), status.fault.status, nothing));
  }

  /** Audio after `turn.end` was on its way when we sent that; the client knows and sends it again. */
  write(bytes: Uint8Array): void {
    if (this.#state !== 'hearing') return;
    this.#receivedBytes += bytes.length;
    for (const event of this.#stream.write(this.#decode(bytes))) this.#hear(event);
    this.#noticeSilence();
  }

  /** The client says that no more audio comes: what is left is recognised and the turn ends. */
  finish(): void {
    if (this.#state !== 'hearing') return;
    this.#state = 'ending';
    for (const event of this.#stream.end()) this.#hear(event);
    this.#outbox.push(0, () => {
      if (this.#state === 'ended') return;
      this.#send('speech.endDetected', detected(this.#receivedMs));
      this.#send(
        'speech.phrase',
        emptyPhrase(hexId(), 'EndOfDictation', { offsetMs: this.#receivedMs, durationMs: 0 }),
      );
      this.#end();
    });
  }

  /** The connection is gone, or another request id has taken over. */
  drop(): void {
    this.#state = 'ended';
    this.#nextHypothesis = undefined;
    this.#outbox.clear();
  }

  get #receivedMs(): number {
    return this.#receivedBytes / this.#options.format.bytesPerMs;
  }

  #hear(event: MatchEvent): void {
    switch (event.type) {
      case 'speechStart':
        this.#speaking = true;
        this.#outbox.push(0, () => this.#send('speech.startDetected', detected(this.#clamp(event).offsetMs)));
        break;
      case 'hypothesis':
        this.#offerHypothesis(event);
        break;
      case 'final':
        this.#closePhrase(event, (id) => this.#sendFinal(id, event));
        break;
      case 'noMatch':
        this.#closePhrase(event, (id) => this.#sendEmpty(id, 'NoMatch', event));
        break;
    }
  }

  /** At most one every `hypothesisEveryMs`, and then the newest. */
  #offerHypothesis(event: Hypothesis): void {
    const { timing, socket } = this.#options;
    const waiting = this.#nextHypothesis !== undefined;
    this.#nextHypothesis = event;
    if (!waiting) {
      const waitMs = this.#lastHypothesisAt + timing.hypothesisEveryMs - performance.now();
      socket.later(waitMs, () => this.#sendNextHypothesis());
    }
  }

  #sendNextHypothesis(): void {
    const event = this.#nextHypothesis;
    if (event === undefined) return;
    this.#nextHypothesis = undefined;
    this.#lastHypothesisAt = performance.now();
    const body = hypothesis(this.#phraseId, event.text, this.#clamp(event));
    this.#outbox.push(this.#options.timing.hypothesisDelayMs, () => this.#send('speech.hypothesis', body));
  }

  /** A hypothesis still held back is void: the phrase says it better. */
  #closePhrase(span: Span, send: (id: string) => void): void {
    const id = this.#phraseId;
    this.#phraseId = hexId();
    this.#speaking = false;
    this.#nextHypothesis = undefined;
    this.#lastHypothesisAt = Number.NEGATIVE_INFINITY;
    const end = this.#clamp(span);
    this.#coveredMs = end.offsetMs + end.durationMs;
    const late = this.#options.faults.take('recognition', 'lateFinal')?.fault.delayMs ?? 0;
    this.#outbox.push(this.#options.timing.finalDelayMs + late, () => send(id));
    this.#outbox.push(0, () => this.#rotate());
  }

  #sendFinal(id: string, event: Final): void {
    const { request, faults } = this.#options;
    const status = faults.take('recognition', 'status', ({ at }) => at === 'phrase')?.fault.status;
    if (status !== undefined && status !== 'Success') {
      this.#sendEmpty(id, status, event);
      return;
    }
    const span = this.#clamp(event);
    const words = request.words ? event.words : null;
    const body = request.detailed
      ? detailedPhrase(id, { text: event.text, confidence: event.confidence, words }, span)
      : simplePhrase(id, event.text, span);
    this.#finishPhrase(span, body);
  }

  #sendEmpty(id: string, status: string, asked: Span): void {
    if (this.#state === 'ended') return;
    const span = this.#clamp(asked);
    this.#finishPhrase(span, emptyPhrase(id, status, span));
    if (!goesOn.has(status)) this.drop();
  }

  #finishPhrase(span: Span, body: object): void {
    this.#send('speech.endDetected', detected(span.offsetMs + span.durationMs));
    this.#send('speech.phrase', body);
    this.#options.socket.reach('phrase');
  }

  /** Long silence is reported, too; without it the client would keep the audio of the whole silence in memory. */
  #noticeSilence(): void {
    const { request, timing } = this.#options;
    const limitMs = request.initialSilenceMs ?? timing.initialSilenceMs;
    const silentMs = this.#receivedMs - this.#coveredMs;
    if (limitMs <= 0 || this.#speaking || silentMs < limitMs + uncoveredMs) return;
    const span = { offsetMs: this.#coveredMs, durationMs: silentMs - uncoveredMs };
    this.#coveredMs += span.durationMs;
    this.#outbox.push(0, () => this.#sendEmpty(hexId(), 'InitialSilenceTimeout', span));
    this.#outbox.push(0, () => this.#rotate());
  }

  #rotate(): void {
    const { turnLifeMs } = this.#options.timing;
    if (turnLifeMs !== null && this.#state === 'hearing' && this.#receivedMs >= turnLifeMs) this.#end();
  }

  #end(): void {
    if (this.#options.faults.take('recognition', 'noTurnEnd') === undefined) this.#send('turn.end', {});
    this.drop();
  }

  /** No message speaks of audio that has not come. */
  #clamp(span: { readonly offsetMs: number; readonly durationMs?: number }): Span {
    const offsetMs = Math.min(Math.max(span.offsetMs, 0), this.#receivedMs);
    return { offsetMs, durationMs: Math.min(Math.max(span.durationMs ?? 0, 0), this.#receivedMs - offsetMs) };
  }

  #send(path: string, body: object): void {
    this.#options.socket.sendJson(path, this.#options.requestId, body);
  }
}
