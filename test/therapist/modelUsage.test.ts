import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { reader } from '../../src/therapist/anthropic.ts';
import type { RequestUsage } from '../../src/therapist/languageModel.ts';
import { modelTimes, supervise, type Reading } from '../../src/therapist/modelStream.ts';
import { read } from '../../src/therapist/openai.ts';

const text = 'كلمة '.repeat(6);

/** One request whose vendor tells these events; read up to so many chunks. */
async function used(readings: readonly (Reading | Error)[], upTo = Number.POSITIVE_INFINITY) {
  const usages: RequestUsage[] = [];
  const stream = supervise<Reading>({
    provider: 'openai',
    model: 'm-1',
    clock: systemClock,
    times: modelTimes,
    signal: new AbortController().signal,
    inputCharacters: 300,
    onUsage: (usage) => usages.push(usage),
    open: async () => {
      if (readings[0] instanceof Error) throw readings[0];
      return (async function* () {
        for (const each of readings) {
          if (each instanceof Error) throw each;
          yield await Promise.resolve(each);
        }
      })();
    },
    read: (reading) => reading,
    faultOf: () => 'service',
  });
  let chunks = 0;
  try {
    for await (const _ of stream) if (++chunks >= upTo) break;
  } catch {
    // What becomes of the reply is required elsewhere.
  }
  return usages;
}

describe('what one request to a model used', () => {
  it('is what the vendor says, those from the cache and into it apart', async () => {
    const told = { inputTokens: 900, cachedTokens: 600, cacheWriteTokens: 100, outputTokens: 30 };
    expect(await used([{ text }, { finish: 'complete' }, told])).to.deep.equal([
      {
        provider: 'openai',
        model: 'm-1',
        inputTokens: 200,
        cachedTokens: 600,
        cacheWriteTokens: 100,
        outputTokens: 30,
        source: 'vendor',
      },
    ]);
  });

  it('is guessed from the length of the text when it was broken off, and said to be a guess', async () => {
    const [usage] = await used([{ text }, { text }], 1);
    expect(usage).to.include({ inputTokens: 100, outputTokens: 10, source: 'estimate' });
  });

  it('is what is known of a stream that broke in its middle', async () => {
    const [usage] = await used([{ inputTokens: 77 }, { text }, new Error('cut')]);
    expect(usage).to.include({ inputTokens: 77, outputTokens: 10, source: 'estimate' });
  });

  it('is nothing when the vendor never took it', async () => {
    expect(await used([new Error('refused')])).to.deep.equal([]);
  });

  it('is read from the fields of both vendors', () => {
    const usage = {
      prompt_tokens: 50,
      completion_tokens: 5,
      total_tokens: 55,
      prompt_tokens_details: { cached_tokens: 40 },
    };
    const chunk = { choices: [], usage } as unknown as Parameters<typeof read>[0];
    expect(read(chunk)).to.deep.equal({ inputTokens: 50, cachedTokens: 40, outputTokens: 5 });
    const start = {
      type: 'message_start',
      message: { usage: { input_tokens: 10, cache_read_input_tokens: 30, cache_creation_input_tokens: 20 } },
    } as unknown as Parameters<ReturnType<typeof reader>>[0];
    expect(reader()(start)).to.deep.equal({ inputTokens: 60, cachedTokens: 30, cacheWriteTokens: 20 });
  });
});
