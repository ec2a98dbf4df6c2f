import { mulawSilence } from '../audio/mulaw.ts';
import type { UtteranceId } from '../call/event.ts';
import type { Meaning } from '../call/meaning.ts';
import type { CallState } from '../call/state.ts';
import type { CallMs, MediaMs } from '../call/time.ts';
import type { Recogniser, RecogniserEvent, UploadGrain } from '../speech/recogniser.ts';
import type { TimerHandle } from '../clock.ts';
import { normalise } from '../text/normalise.ts';
import { Attention } from './attention.ts';
import { MediaTime } from './mediaTime.ts';
import type { RiskReading, VoiceActivity } from './ports.ts';
import type { SessionParts } from './shared.ts';

export interface HearingParts extends SessionParts {
  /** What Sanad said last, as far as the caller heard it: an answer means nothing without its question. */
  readonly question: () => string | null;
  /** The floor's reading of words, before the core is told of them. */
  readonly onReading: (utterance: UtteranceId, text: string, reading: RiskReading, final: boolean) => void;
}

const bytesPerMs = 8;
/** How often the recogniser is told that nobody speaks, in frames. */
const quietEveryFrames = 50;
/** Without a stream the recogniser is kept so long, to finish what it was hearing, or until the stream is back. */
const lastWordsMs = 3_000;
/** Silence that lets it close the utterance, since no more audio comes. Twice what makes Azure close one. */
const closingSilence = { frames: 50, frame: new Uint8Array(160).fill(mulawSilence) } as const;

/** The ears of a call: frames go to voice activity and to the recogniser; only what they amount to goes to the core. */
export class Hearing {
  readonly #parts: HearingParts;
  #voiceActivity: VoiceActivity;
  #mediaTime = new MediaTime();
  #recogniser: Recogniser | null = null;
  /** Tells the events of the recogniser at hand from those of one that was given up. */
  #ears: object | null = null;
  #lost = false;
  #lastWords: TimerHandle | null = null;
  /** Utterances of the recogniser at hand count on from those of the call. */
  #offset: UtteranceId;
  #lastMeaning: { readonly utterance: UtteranceId; readonly meaning: Meaning } | null = null;
  #voiced = false;
  #frames = 0;
  #attention = new Attention();
  lastVoicedAtMs: CallMs = 0;

  constructor(parts: HearingParts, lastUtterance: UtteranceId) {
    this.#parts = parts;
    this.#offset = lastUtterance;
    this.#voiceActivity = parts.ports.createVoiceActivity();
  }

  open(): void {
    // Each stream counts its time from its own beginning.
    this.#mediaTime = new MediaTime();
    this.#voiceActivity = this.#parts.ports.createVoiceActivity();
    this.#voiced = false;
    this.#stopWaiting();
    // What the core knows of our ears begins anew with the stream, so they must not be those that had failed.
    if (this.#lost) this.#release();
    if (this.#recogniser !== null) return;
    this.#offset = this.#parts.state().lastUtterance;
    const { pack } = this.#parts.identity;
    const ears = {};
    this.#ears = ears;
    this.#recogniser = this.#parts.ports.openRecogniser({
      language: pack.recognise,
      onEvent: (event) => {
        if (this.#ears === ears) this.#parts.guarded('words', () => this.#recogniserEvent(event));
      },
    });
    this.#attention = new Attention();
  }

  /**
   * No stream, no more audio; but the caller's last words are still with the recogniser, and they may be those that matter
   * most. It gets the silence that lets it finish, and is closed when the stream stays away: a new one costs less than one that
   * is fed nothing for minutes.
   */
  suspend(): void {
    const recogniser = this.#recogniser;
    if (recogniser === null || this.#lastWords !== null) return;
    if (this.#lost) return this.#release();
    for (let n = 0; n < closingSilence.frames; n++) recogniser.write(closingSilence.frame);
    this.#lastWords = this.#parts.ports.clock.setTimeout(() => this.#release(), lastWordsMs);
  }

  close(): void {
    this.#parts.transcript.close();
    this.#release();
  }

  #release(): void {
    const recogniser = this.#recogniser;
    this.#stopWaiting();
    this.#recogniser = null;
    this.#ears = null;
    this.#lost = false;
    void recogniser?.close();
  }

  #stopWaiting(): void {
    if (this.#lastWords !== null) this.#parts.ports.clock.clearTimeout(this.#lastWords);
    this.#lastWords = null;
  }

  frame(mulaw: Uint8Array, timestampMs: MediaMs): void {
    this.#recogniser?.write(mulaw);
    const startMs = this.#mediaTime.startOf(timestampMs, mulaw.length / bytesPerMs, this.#parts.now());
    const voice = this.#voiceActivity.frame(mulaw, startMs);
    if (voice !== null) {
      this.#voiced = voice.type === 'speechStarted';
      if (voice.type === 'speechPaused') this.lastVoicedAtMs = Math.round(voice.sinceMs);
      this.#parts.dispatch({ type: voice.type, sinceMs: Math.round(voice.sinceMs) });
    }
    this.#follow(this.#attention.frame(this.#voiced));
    this.#frames += 1;
    if (!this.#voiced && this.#frames % quietEveryFrames === 0) this.#recogniser?.quiet();
  }

  #follow(grain: UploadGrain | null): void {
    if (grain !== null) this.#recogniser?.upload(grain);
  }

  record(utterances: readonly UtteranceId[], as: 'turn' | 'backchannel'): void {
    this.#parts.transcript.recordCaller(utterances, as);
  }

  /** What the caller has said in a turn that is not recorded yet: a reply prepared early answers it. */
  unrecorded(state: CallState): readonly UtteranceId[] {
    return state.floor.kind === 'pausing'
      ? state.floor.heard.utterances.filter((id) => !state.recorded.includes(id))
      : [];
  }

  /** The same while the caller still speaks. */
  untaken({ floor, recorded }: CallState): readonly UtteranceId[] {
    if (floor.kind !== 'pausing' && floor.kind !== 'callerSpeaking') return [];
    return floor.heard.utterances.filter((id) => !recorded.includes(id));
  }

  #recogniserEvent(event: RecogniserEvent): void {
    switch (event.type) {
      case 'hypothesis':
        return this.#words(event.utterance + this.#offset, event.text);
      case 'final':
        return this.#finalWords(event.utterance + this.#offset, event.text, event.confidence);
      case 'noMatch':
        this.#parts.transcript.forget(event.utterance + this.#offset);
        return this.#parts.dispatch({ type: 'wordsVoided', utterance: event.utterance + this.#offset });
      case 'lost':
        this.#lost = true;
        this.#parts.ports.metrics.providerFailed('recogniser', event.fault);
        return this.#parts.dispatch({ type: 'hearingLost' });
      case 'restored':
        this.#lost = false;
        return this.#parts.dispatch({ type: 'hearingRestored' });
    }
  }

  #words(utterance: UtteranceId, text: string): void {
    this.#follow(this.#attention.words());
    const meaning = this.#meaningOf(utterance, text, false);
    this.#parts.transcript.hear(utterance, text, this.#parts.now(), null);
    // Partials come several times a second and mostly change nothing that matters to the core.
    const last = this.#lastMeaning;
    if (last?.utterance === utterance && isSame(last.meaning, meaning)) return;
    this.#lastMeaning = { utterance, meaning };
    this.#parts.dispatch({ type: 'wordsHypothesised', utterance, text, meaning });
  }

  #finalWords(utterance: UtteranceId, text: string, confidence: number | null): void {
    const before = this.#parts.transcript.hear(utterance, text, this.#parts.now(), { confidence });
    const differs = before !== null && normalise(before) !== normalise(text);
    const meaning = this.#meaningOf(utterance, text, true);
    this.#parts.dispatch({ type: 'wordsRecognised', utterance, text, meaning, differs });
  }

  #meaningOf(utterance: UtteranceId, text: string, final: boolean): Meaning {
    const { ports, identity, question, onReading } = this.#parts;
    const heard = ports.assessRisk(text, question());
    // The learned part judges sentences: of half of one only what the rules find counts, and the final is half a second away.
    const onlyLearned = heard.signals.length > 0 && heard.signals.every((signal) => signal.endsWith('.model'));
    const reading: RiskReading = final || !onlyLearned ? heard : { ...heard, level: 'none', situation: null };
    onReading(utterance, text, reading, final);
    return ports.understand(text, identity.pack, { risk: reading.level, situation: reading.situation });
  }
}

function isSame(a: Meaning, b: Meaning): boolean {
  return (
    a.wordCount === b.wordCount &&
    a.backchannel === b.backchannel &&
    a.asks === b.asks &&
    a.ending === b.ending &&
    a.painful === b.painful &&
    a.risk === b.risk &&
    a.situation === b.situation &&
    a.answer === b.answer &&
    a.overheard === b.overheard &&
    a.consent === b.consent
  );
}
