import type { VoiceSink, VoiceSource } from './leg.ts';
import { mix, silentFrame, type Layer } from './levels.ts';
import { frameBytes } from './ticker.ts';
import type { JitterBuffer } from './twiml.ts';

/**
 * Frames that the buffer holds back before it plays the first. Twilio gives ranges (small 20–200 ms, medium 200–360 ms,
 * large 300–1,000 ms); these lie within them.
 */
const heldFrames: Readonly<Record<JitterBuffer, number>> = { off: 0, small: 3, medium: 13, large: 25 };
/** More than this beyond what the buffer holds is thrown away: a conference does not fall behind. */
const spareFrames = 10;

interface Overlay {
  readonly mulaw: Uint8Array;
  offset: number;
  readonly done: () => void;
}

/** One party's ear and mouth in a conference: hears everyone who is sent to it, and nothing of itself. */
export class ParticipantAudio implements VoiceSink, VoiceSource {
  readonly #held: number;
  readonly #queues = new Map<ParticipantAudio, Uint8Array[]>();
  #overlays: Overlay[] = [];
  #listeners: readonly ParticipantAudio[] = [];

  constructor(jitterBuffer: JitterBuffer) {
    this.#held = heldFrames[jitterBuffer];
  }

  /** From now on these hear this party. */
  speakTo(listeners: readonly ParticipantAudio[]): void {
    for (const gone of this.#listeners) {
      if (!listeners.includes(gone)) {
        gone.#queues.delete(this);
      }
    }
    for (const listener of listeners) {
      if (!listener.#queues.has(this)) {
        listener.#queues.set(
          this,
          Array.from({ length: this.#held }, () => silentFrame),
        );
      }
    }
    this.#listeners = listeners;
  }

  frame(mulaw: Uint8Array, lost: boolean): void {
    if (lost) {
      return;
    }
    for (const listener of this.#listeners) {
      const queue = listener.#queues.get(this);
      if (queue !== undefined && queue.push(mulaw) > this.#held + spareFrames) {
        queue.shift();
      }
    }
  }

  /** Played over what the party hears, a beep or an announcement; resolves when it was played or the party has left. */
  playOver(mulaw: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#overlays.push({ mulaw, offset: 0, done: resolve });
    });
  }

  next(): Uint8Array | null {
    const layers: Layer[] = [];
    for (const queue of this.#queues.values()) {
      const frame = queue.shift();
      if (frame !== undefined && frame !== silentFrame) {
        layers.push({ mulaw: frame, gainDb: 0 });
      }
    }
    const [overlay] = this.#overlays;
    if (overlay !== undefined) {
      layers.push({ mulaw: this.#pieceOf(overlay), gainDb: 0 });
    }
    const [only] = layers;
    // One voice alone passes as it is, bit by bit.
    return only === undefined ? null : layers.length === 1 ? only.mulaw : mix(frameBytes, layers);
  }

  leave(): void {
    this.speakTo([]);
    this.#queues.clear();
    for (const { done } of this.#overlays) {
      done();
    }
    this.#overlays = [];
  }

  #pieceOf(overlay: Overlay): Uint8Array {
    const frame = silentFrame.slice();
    frame.set(overlay.mulaw.subarray(overlay.offset, overlay.offset + frameBytes));
    overlay.offset += frameBytes;
    if (overlay.offset >= overlay.mulaw.length) {
      this.#overlays.shift();
      overlay.done();
    }
    return frame;
  }
}
