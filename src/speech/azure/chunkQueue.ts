import type { SynthesisChunk } from '../synthesiser.ts';

/** Between the provider, which sends faster than anyone speaks, and the call, which takes at its own pace. */
export interface ChunkQueue {
  /** False when the queue is full: more than any sentence can have. */
  readonly push: (chunk: SynthesisChunk) => boolean;
  /** After what is in the queue has been taken, the iteration ends. */
  readonly end: () => void;
  /** After what is in the queue has been taken, the iteration throws. */
  readonly fail: (error: Error) => void;
  /** What is in the queue is dropped and the iteration ends now. */
  readonly drop: () => void;
  /** To be iterated once. */
  readonly chunks: AsyncIterable<SynthesisChunk>;
}

export interface ChunkQueueOptions {
  readonly audioBytes: number;
  readonly words: number;
  /** The reader has had enough (it left the loop) before the end came. */
  readonly onLeft: () => void;
}

type End = { readonly type: 'end' } | { readonly type: 'failed'; readonly error: Error };

export function createChunkQueue({ audioBytes, words, onLeft }: ChunkQueueOptions): ChunkQueue {
  const waiting: SynthesisChunk[] = [];
  let bytes = 0;
  let wordCount = 0;
  let end: End | null = null;
  let wake: (() => void) | null = null;

  function settle(next: End): void {
    end ??= next;
    wake?.();
  }

  async function* read(): AsyncGenerator<SynthesisChunk, void, undefined> {
    try {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          yield chunk;
          continue;
        }
        if (end?.type === 'failed') throw end.error;
        if (end !== null) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    } finally {
      const left = end === null;
      settle({ type: 'end' });
      waiting.length = 0;
      if (left) onLeft();
    }
  }

  return {
    push: (chunk) => {
      if (end !== null) return true;
      if (chunk.type === 'audio') bytes += chunk.mulaw.length;
      else wordCount += 1;
      if (bytes > audioBytes || wordCount > words) return false;
      waiting.push(chunk);
      wake?.();
      return true;
    },
    end: () => settle({ type: 'end' }),
    fail: (error) => settle({ type: 'failed', error }),
    drop: () => {
      waiting.length = 0;
      end = { type: 'end' };
      wake?.();
    },
    chunks: { [Symbol.asyncIterator]: read },
  };
}
