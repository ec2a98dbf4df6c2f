import { expect } from 'chai';
import sinon from 'sinon';
import { createChunkQueue } from '../../../src/speech/azure/chunkQueue.ts';
import type { SynthesisChunk } from '../../../src/speech/synthesiser.ts';

const audio = (...bytes: number[]): SynthesisChunk => ({ type: 'audio', mulaw: Uint8Array.from(bytes) });
const word: SynthesisChunk = { type: 'word', text: 'w', offsetMs: 0, durationMs: 1 };

async function read(chunks: AsyncIterable<SynthesisChunk>): Promise<SynthesisChunk[]> {
  const all: SynthesisChunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

describe('the queue between the voice and the call', () => {
  const make = (onLeft: () => void = () => {}) => createChunkQueue({ audioBytes: 4, words: 2, onLeft });

  it('gives the chunks in order and ends', async () => {
    const queue = make();
    queue.push(word);
    const reading = read(queue.chunks);
    queue.push(audio(1, 2));
    queue.end();
    expect(await reading).to.deep.equal([word, audio(1, 2)]);
  });

  it('gives what has come before it throws', async () => {
    const queue = make();
    queue.push(audio(1));
    queue.fail(new Error('gone'));
    const seen: SynthesisChunk[] = [];
    let message = '';
    try {
      for await (const chunk of queue.chunks) seen.push(chunk);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect([seen, message]).to.deep.equal([[audio(1)], 'gone']);
  });

  it('refuses more audio or words than a sentence can have', () => {
    const queue = make();
    expect([queue.push(audio(1, 2, 3, 4)), queue.push(audio(5))]).to.deep.equal([true, false]);
    const words = make();
    expect([words.push(word), words.push(word), words.push(word)]).to.deep.equal([true, true, false]);
  });

  it('ends at once, without what is waiting, when it is dropped', async () => {
    const queue = make();
    queue.push(audio(1));
    queue.drop();
    queue.push(audio(2));
    expect(await read(queue.chunks)).to.deep.equal([]);
  });

  it('wakes a reader that waits when it is dropped', async () => {
    const queue = make();
    const reading = read(queue.chunks);
    await Promise.resolve();
    queue.drop();
    expect(await reading).to.deep.equal([]);
  });

  it('says so when the reader leaves before the end, and only then', async () => {
    const left = sinon.spy();
    const queue = make(left);
    queue.push(audio(1));
    queue.push(audio(2));
    for await (const chunk of queue.chunks) if (chunk.type === 'audio') break;
    expect(left.callCount).to.equal(1);
    const whole = sinon.spy();
    const ended = make(whole);
    ended.push(audio(1));
    ended.end();
    await read(ended.chunks);
    expect(whole.callCount).to.equal(0);
  });
});
