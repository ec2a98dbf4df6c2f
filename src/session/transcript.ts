import type { UtteranceId } from '../call/event.ts';
import type { CallMs } from '../call/time.ts';
import type { ChatMessage } from '../therapist/languageModel.ts';
import { limits } from '../limits.ts';
import type { StoredTurn } from '../store/records.ts';

interface Utterance {
  text: string;
  final: boolean;
  confidence: number | null;
  startedAtMs: CallMs;
  endedAtMs: CallMs;
}

interface OpenTurn {
  readonly seq: number;
  readonly utterances: readonly UtteranceId[];
  readonly kind: 'turn' | 'backchannel';
}

type Spoken =
  /** `answered`: how many words there were when Sanad took the turn. */
  | { readonly speaker: 'caller'; readonly utterances: readonly UtteranceId[]; readonly answered: number }
  | { readonly speaker: 'sanad'; readonly text: string };

/**
 * The words of a call. The core orders by id what is recorded; this is where the ids have their words. A caller's turn is kept
 * once its final words have come, since the reply does not wait for them but the record should.
 */
export class Transcript {
  readonly #utterances = new Map<UtteranceId, Utterance>();
  readonly #spoken: Spoken[] = [];
  readonly #keep: (turn: StoredTurn) => void;
  #open: OpenTurn[] = [];
  #lastSeq = 0;

  constructor(keep: (turn: StoredTurn) => void) {
    this.#keep = keep;
  }

  /** New words of an utterance; returns what was known of it before, null when nothing was. */
  hear(id: UtteranceId, text: string, at: CallMs, final: { readonly confidence: number | null } | null): string | null {
    const known = this.#utterances.get(id);
    const startedAtMs = known?.startedAtMs ?? at;
    const confidence = final?.confidence ?? null;
    this.#utterances.set(id, { text, final: final !== null, confidence, startedAtMs, endedAtMs: at });
    if (final !== null) this.#closeTurns(false);
    return known?.text ?? null;
  }

  forget(id: UtteranceId): void {
    this.#utterances.delete(id);
  }

  recordCaller(utterances: readonly UtteranceId[], kind: 'turn' | 'backchannel'): void {
    this.#lastSeq += 1;
    this.#open.push({ seq: this.#lastSeq, utterances, kind });
    // Listening words belong to the record, not to what the model answers.
    if (kind === 'turn') {
      const answered = this.#wordsOf(utterances).length;
      this.#spoken.push({ speaker: 'caller', utterances, answered });
    }
    this.#closeTurns(false);
  }

  recordSanad(turn: Omit<StoredTurn, 'seq' | 'speaker' | 'confidence'>): void {
    this.#lastSeq += 1;
    this.#keep({ ...turn, seq: this.#lastSeq, speaker: 'sanad', confidence: null });
    const heard = turn.heardText ?? '';
    if (heard !== '') this.#spoken.push({ speaker: 'sanad', text: heard });
  }

  /** What was said so far, for the model: of Sanad only what was heard, of the caller the newest words, recorded or not. */
  history(unrecorded: readonly UtteranceId[] = []): readonly ChatMessage[] {
    const messages = this.#spoken.map((turn) => this.#message(turn));
    const brokeIn = unrecorded.length > 0 ? null : this.#wordsThatBrokeIn();
    if (brokeIn !== null) {
      messages[brokeIn.index] = { role: 'caller', text: brokeIn.before };
      messages.push({ role: 'caller', text: brokeIn.after });
    } else messages.push({ role: 'caller', text: this.#textOf(unrecorded) });
    return messages.slice(-limits.historyMessages).filter((message) => message.text !== '');
  }

  /** A caller who breaks in early goes on in the utterance that is being answered: those of its words come after Sanad's. */
  #wordsThatBrokeIn(): { readonly index: number; readonly before: string; readonly after: string } | null {
    if (this.#spoken.at(-1)?.speaker !== 'sanad') return null;
    const index = this.#spoken.findLastIndex((turn) => turn.speaker === 'caller');
    const turn = this.#spoken[index];
    if (turn?.speaker !== 'caller') return null;
    const words = this.#wordsOf(turn.utterances);
    if (words.length <= turn.answered) return null;
    return { index, before: words.slice(0, turn.answered).join(' '), after: words.slice(turn.answered).join(' ') };
  }

  #message(turn: Spoken): ChatMessage {
    if (turn.speaker === 'sanad') return { role: 'sanad', text: turn.text };
    return { role: 'caller', text: this.#textOf(turn.utterances) };
  }

  /** What Sanad said last, as far as it was heard; null when nothing was. */
  lastOfSanad(): string | null {
    const last = this.#spoken.findLast((turn) => turn.speaker === 'sanad');
    return last?.speaker === 'sanad' ? last.text : null;
  }

  /** Restores what another server had recorded. */
  restore(turns: readonly Pick<StoredTurn, 'seq' | 'speaker' | 'kind' | 'text' | 'heardText'>[]): void {
    for (const turn of turns) {
      this.#lastSeq = Math.max(this.#lastSeq, turn.seq);
      if (turn.kind === 'backchannel') continue;
      if (turn.speaker === 'sanad') this.#spoken.push({ speaker: 'sanad', text: turn.heardText ?? '' });
      else this.#spoken.push(this.#restoredCaller(turn));
    }
  }

  /** The call is over: keep what was said although its final words never came. */
  close(): void {
    this.#closeTurns(true);
  }

  #restoredCaller({ seq, text }: { readonly seq: number; readonly text: string }): Spoken {
    // Ids of the recogniser start from 1: negative ones cannot meet them.
    this.#utterances.set(-seq, { text, final: true, confidence: null, startedAtMs: 0, endedAtMs: 0 });
    return { speaker: 'caller', utterances: [-seq], answered: Number.POSITIVE_INFINITY };
  }

  #wordsOf(ids: readonly UtteranceId[]): readonly string[] {
    return this.#textOf(ids)
      .split(/\s+/)
      .filter((word) => word !== '');
  }

  #textOf(ids: readonly UtteranceId[]): string {
    return ids
      .map((id) => this.#utterances.get(id)?.text ?? '')
      .filter((text) => text !== '')
      .join(' ');
  }

  #closeTurns(all: boolean): void {
    const stillOpen: OpenTurn[] = [];
    for (const turn of this.#open) {
      const isFinal = turn.utterances.every((id) => this.#utterances.get(id)?.final !== false);
      if (all || isFinal) this.#keepCaller(turn);
      else stillOpen.push(turn);
    }
    this.#open = stillOpen;
  }

  #keepCaller({ seq, utterances, kind }: OpenTurn): void {
    const known = utterances.flatMap((id) => this.#utterances.get(id) ?? []);
    const [first, last] = [known[0], known.at(-1)];
    const text = this.#textOf(utterances);
    if (!first || !last || text === '') return;
    this.#keep({
      seq,
      speaker: 'caller',
      kind,
      text,
      heardText: null,
      atMs: first.startedAtMs,
      durationMs: Math.max(0, last.endedAtMs - first.startedAtMs),
      interrupted: false,
      confidence: last.confidence,
      firstSoundMs: null,
    });
  }
}
