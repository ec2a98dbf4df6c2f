import { silentByte, silentFrame } from './levels.ts';
import { frameBytes } from './ticker.ts';

/** Twilio keeps ten minutes of audio for a stream and throws away what comes on top (warning 31931). */
export const longestQueueBytes = 10 * 60 * 8_000;

export interface ClearedQueue {
  readonly droppedBytes: number;
  readonly marks: readonly string[];
}

/**
 * What the carrier holds for a caller: audio and marks in the order in which they came, taken in real time. Marks come out
 * when everything before them was played; those that stand at the head when a frame starts have been reached.
 */
export class PlaybackQueue {
  readonly #items: ({ readonly mulaw: Uint8Array; offset: number } | { readonly mark: string })[] = [];
  /** Marks that stood inside the frame that is being played; they come out when it is over. */
  #inFrame: string[] = [];
  #bytes = 0;
  #playing = false;
  readonly #onMark: (name: string) => void;

  constructor(onMark: (name: string) => void) {
    this.#onMark = onMark;
  }

  get queuedBytes(): number {
    return this.#bytes;
  }

  /** False when the queue is full and the audio was thrown away. */
  push(mulaw: Uint8Array): boolean {
    if (this.#bytes + mulaw.length > longestQueueBytes) {
      return false;
    }
    if (mulaw.length > 0) {
      this.#items.push({ mulaw, offset: 0 });
      this.#bytes += mulaw.length;
    }
    return true;
  }

  mark(name: string): void {
    if (this.#items.length === 0 && !this.#playing) {
      this.#onMark(name);
    } else {
      this.#items.push({ mark: name });
    }
  }

  clear(): ClearedQueue {
    const marks = [...this.#inFrame, ...this.#items.flatMap((item) => ('mark' in item ? [item.mark] : []))];
    const droppedBytes = this.#bytes;
    this.#items.length = 0;
    this.#inFrame = [];
    this.#bytes = 0;
    for (const name of marks) {
      this.#onMark(name);
    }
    return { droppedBytes, marks };
  }

  /** The next 20 ms. Marks whose audio has been played by now come out first. */
  next(): Uint8Array {
    this.#playing = false;
    const reached = [...this.#inFrame, ...this.#takeMarks()];
    this.#inFrame = [];
    for (const name of reached) {
      this.#onMark(name);
    }
    if (this.#bytes === 0) {
      return silentFrame;
    }
    this.#playing = true;
    return this.#fill();
  }

  #takeMarks(): string[] {
    const marks: string[] = [];
    for (let head = this.#items[0]; head !== undefined && 'mark' in head; head = this.#items[0]) {
      this.#items.shift();
      marks.push(head.mark);
    }
    return marks;
  }

  #fill(): Uint8Array {
    const frame = new Uint8Array(frameBytes).fill(silentByte);
    let filled = 0;
    while (filled < frameBytes && this.#bytes > 0) {
      this.#inFrame.push(...this.#takeMarks());
      const head = this.#items[0];
      if (head === undefined || 'mark' in head) {
        break;
      }
      const piece = head.mulaw.subarray(head.offset, head.offset + frameBytes - filled);
      frame.set(piece, filled);
      filled += piece.length;
      head.offset += piece.length;
      this.#bytes -= piece.length;
      if (head.offset === head.mulaw.length) {
        this.#items.shift();
      }
    }
    return frame;
  }
}
