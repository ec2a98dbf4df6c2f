import type { Position, TurnId } from '../call/event.ts';
import type { SynthesisChunk } from '../speech/synthesiser.ts';
import { SpokenSentence } from './spokenSentence.ts';

/** Marks stand this close, so that we know to a fifth of a second what the caller heard. */
const markEveryMs = 200;
/** Speech made ahead of what the caller has heard; more would be thrown away at an interruption. */
const lookaheadMs = 6_000;
/** With so much sent and not yet heard, audio waits for the whole stretch up to the next mark: half as many messages. */
const unhurriedMs = 1_000;

export interface ReplyOutput {
  readonly sendAudio: (mulaw: Uint8Array) => void;
  /** A mark at this place of the reply; comes back when the caller has heard it. */
  readonly sendMark: (turn: TurnId, position: Position) => void;
  readonly onSounded: () => void;
  readonly onSentenceSent: (sentence: number, durationMs: number) => void;
  readonly onSent: (sentences: number) => void;
  readonly onFailed: (stage: 'model' | 'voice', error: unknown) => void;
}

export interface ReplyInput {
  readonly turn: TurnId;
  /** The sentences to say, as they are made; throws when they cannot be made. */
  readonly sentences: (signal: AbortSignal) => AsyncIterable<string>;
  readonly speak: (text: string, signal: AbortSignal) => AsyncIterable<SynthesisChunk>;
  readonly held: boolean;
}

/**
 * One reply on its way from text to the carrier: sentences are voiced one ahead of the one that plays, audio leaves as soon as
 * it is made, with marks, and all of it is kept, so that a false alarm can be answered by sending it again from any place.
 */
export class ReplyStream {
  readonly turn: TurnId;
  readonly #input: ReplyInput;
  readonly #output: ReplyOutput;
  readonly #abort = new AbortController();
  readonly #sentences: SpokenSentence[] = [];
  /** `held`: not yet released. `paused`: the playout was cleared for an interruption. */
  #gate: 'held' | 'open' | 'paused';
  #textEnded = false;
  #failure: { readonly stage: 'model' | 'voice'; readonly error: unknown } | null = null;
  #voicing = 0;
  #sending: Position = { sentence: 0, ms: 0 };
  #marked: Position | null = null;
  #heard: Position = { sentence: 0, ms: 0 };
  #sounded = false;
  #reported = false;

  constructor(input: ReplyInput, output: ReplyOutput) {
    this.turn = input.turn;
    this.#input = input;
    this.#output = output;
    this.#gate = input.held ? 'held' : 'open';
    void this.#takeSentences();
  }

  get hasSounded(): boolean {
    return this.#sounded;
  }

  get isDropped(): boolean {
    return this.#abort.signal.aborted;
  }

  release(): void {
    if (this.#gate !== 'held') return;
    this.#gate = 'open';
    this.#send();
  }

  /** Without effect once it sounds: from then on the caller's voice is an interruption, and the core says so. */
  hold(): void {
    if (this.#gate === 'open' && !this.#sounded) this.#gate = 'held';
  }

  /** The carrier's queue was cleared: send nothing until `resume`. */
  pause(): void {
    this.#gate = 'paused';
  }

  resume(from: Position): void {
    this.#sending = from;
    this.#marked = null;
    this.#gate = 'open';
    this.#reported = false;
    this.#send();
  }

  drop(): void {
    this.#abort.abort();
  }

  noteHeard(position: Position): void {
    this.#heard = position;
    this.#send();
    this.#voiceNext();
  }

  /** The words up to this place, as far as the caller can have heard them. */
  heardText(heard: Position | null): string {
    if (heard === null) return '';
    return this.#sentences
      .slice(0, heard.sentence + 1)
      .map((sentence, index) => (index < heard.sentence ? sentence.text : sentence.heardText(heard.ms)))
      .filter((text) => text !== '')
      .join(' ');
  }

  /** All that was to be said, heard or not. */
  wholeText(): string {
    return this.#sentences.map((sentence) => sentence.text).join(' ');
  }

  heardMs(heard: Position | null): number {
    if (heard === null) return 0;
    return this.#sentences.slice(0, heard.sentence).reduce((sum, s) => sum + s.audioMs, heard.ms);
  }

  async #takeSentences(): Promise<void> {
    try {
      for await (const text of this.#input.sentences(this.#abort.signal)) {
        if (this.isDropped) return;
        this.#sentences.push(new SpokenSentence(text));
        this.#voiceNext();
      }
    } catch (error) {
      this.#failure = { stage: 'model', error };
    }
    this.#textEnded = true;
    this.#send();
  }

  /** Starts the voice of the next sentence when the one before is made and not too much waits to be heard. */
  #voiceNext(): void {
    const sentence = this.#sentences[this.#voicing];
    if (this.isDropped || this.#failure?.stage === 'voice' || sentence === undefined || sentence.started) return;
    const before = this.#sentences[this.#voicing - 1];
    if ((before !== undefined && !before.done) || this.#aheadMs() > lookaheadMs) return;
    sentence.started = true;
    void this.#voice(sentence);
  }

  async #voice(sentence: SpokenSentence): Promise<void> {
    try {
      for await (const chunk of this.#input.speak(sentence.text, this.#abort.signal)) {
        if (this.isDropped) return;
        sentence.take(chunk);
        if (chunk.type === 'audio') this.#send();
      }
      if (sentence.audioMs === 0) throw new Error('the voice gave no audio');
      sentence.done = true;
    } catch (error) {
      if (this.isDropped) return;
      this.#failure = { stage: 'voice', error };
    }
    this.#voicing += 1;
    this.#send();
    this.#voiceNext();
  }

  #aheadMs(): number {
    const made = this.#sentences.slice(this.#heard.sentence).reduce((sum, s) => sum + s.audioMs, 0);
    return made - this.#heard.ms;
  }

  /** Never once the voice has failed: then nothing more comes that would fill the stretch. */
  #canWait(): boolean {
    const { sentence, ms } = this.#sending;
    const sentMs = this.#sentences.slice(this.#heard.sentence, sentence).reduce((sum, s) => sum + s.audioMs, ms);
    return this.#failure === null && sentMs - this.#heard.ms >= unhurriedMs;
  }

  /** Sends what can be sent: audio up to each mark, then the mark; and says when a sentence, and when all, is sent. */
  #send(): void {
    if (this.#gate !== 'open' || this.isDropped) return;
    for (;;) {
      const { sentence: index, ms } = this.#sending;
      const sentence = this.#sentences[index];
      if (sentence === undefined) break;
      const nextMark = Math.min(
        (Math.floor(ms / markEveryMs) + 1) * markEveryMs,
        sentence.done ? sentence.audioMs : Infinity,
      );
      const until = Math.min(nextMark, sentence.audioMs);
      if (until < nextMark && this.#canWait()) break;
      if (until > ms) this.#sendAudio(sentence.slice(ms, until));
      this.#sending = { sentence: index, ms: until };
      if (until === nextMark) this.#sendMark(this.#sending);
      if (sentence.done && until >= sentence.audioMs) this.#closeSentence(sentence, index);
      else if (until < nextMark) break;
    }
    this.#reportEnd();
  }

  #sendMark(position: Position): void {
    if (this.#marked?.sentence === position.sentence && this.#marked.ms === position.ms) return;
    this.#marked = position;
    this.#output.sendMark(this.turn, position);
  }

  #sendAudio(mulaw: Uint8Array): void {
    this.#output.sendAudio(mulaw);
    if (this.#sounded) return;
    this.#sounded = true;
    this.#output.onSounded();
  }

  #closeSentence(sentence: SpokenSentence, index: number): void {
    this.#sending = { sentence: index + 1, ms: 0 };
    this.#output.onSentenceSent(index, sentence.audioMs);
  }

  #reportEnd(): void {
    if (this.#reported) return;
    const voiced = this.#sentences.filter((sentence) => sentence.done).length;
    const allSent = this.#sending.sentence >= voiced;
    if (this.#failure !== null && allSent) {
      this.#reported = true;
      // Text that ended early is an end like any other once something was said; a voice that broke off is not.
      if (this.#failure.stage === 'model' && voiced > 0 && voiced === this.#sentences.length)
        this.#output.onSent(voiced);
      else if (this.#failure.stage === 'voice' || this.#sentences.length === 0) {
        this.#output.onFailed(this.#failure.stage, this.#failure.error);
      } else this.#reported = false;
    } else if (this.#textEnded && voiced === this.#sentences.length && allSent) {
      this.#reported = true;
      this.#output.onSent(voiced);
    }
  }
}
