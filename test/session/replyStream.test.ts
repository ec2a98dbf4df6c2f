import { expect } from 'chai';
import type { Position } from '../../src/call/event.ts';
import { ReplyStream } from '../../src/session/replyStream.ts';
import type { SynthesisChunk } from '../../src/speech/synthesiser.ts';

/** A voice that makes `ms` of audio for each sentence named, in one chunk unless told otherwise, every byte its sentence's number. */
interface Order {
  readonly sentences: readonly {
    readonly text: string;
    readonly ms: number;
    readonly words?: readonly [string, number, number][];
  }[];
  readonly held?: boolean;
  readonly chunkMs?: number;
  readonly textFails?: boolean;
  readonly voiceFailsAt?: number;
  /** The voice makes so much and then waits for ever. */
  readonly waitsAfterMs?: number;
  /** Takes the length of each message with audio. */
  readonly onAudio?: number[];
}

function start(order: Order) {
  const sent: string[] = [];
  const spoken: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (bytes > 0) sent.push(`audio ${bytes / 8}`);
    bytes = 0;
  };
  const note = (what: string): void => {
    flush();
    sent.push(what);
  };
  const stream = new ReplyStream(
    {
      turn: 1,
      held: order.held ?? false,
      async *sentences() {
        for (const { text } of order.sentences) {
          await Promise.resolve();
          yield text;
        }
        if (order.textFails) throw new Error('the model broke off');
      },
      async *speak(text): AsyncIterable<SynthesisChunk> {
        spoken.push(text);
        const index = order.sentences.findIndex((sentence) => sentence.text === text);
        const { ms, words = [] } = order.sentences[index] ?? { ms: 0 };
        for (const [word, offsetMs, durationMs] of words) yield { type: 'word', text: word, offsetMs, durationMs };
        const chunkMs = order.chunkMs ?? ms;
        for (let at = 0; at < ms; at += chunkMs) {
          await Promise.resolve();
          if (at === order.waitsAfterMs) await new Promise(() => {});
          if (order.voiceFailsAt === index && at > 0) throw new Error('the voice broke off');
          yield { type: 'audio', mulaw: new Uint8Array(Math.min(chunkMs, ms - at) * 8).fill(index + 1) };
        }
      },
    },
    {
      sendAudio: (mulaw) => {
        bytes += mulaw.length;
        order.onAudio?.push(mulaw.length / 8);
      },
      sendMark: (_turn, { sentence, ms }: Position) => note(`mark ${sentence}:${ms}`),
      onSounded: () => note('sounded'),
      onSentenceSent: (sentence, durationMs) => note(`sentence ${sentence} of ${durationMs}`),
      onSent: (sentences) => note(`all ${sentences}`),
      onFailed: (stage) => note(`failed ${stage}`),
    },
  );
  return { stream, spoken, sent: () => sent.splice(0) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a reply on its way to the carrier', () => {
  it('leaves at once while little of it waits to be heard, and from mark to mark when much does', async () => {
    const messages: number[] = [];
    const { stream, sent } = start({ sentences: [{ text: 'one', ms: 1_700 }], chunkMs: 100, onAudio: messages });
    await settled();
    expect(messages).to.deep.equal([...Array.from({ length: 10 }, () => 100), 200, 200, 200, 100]);
    expect(sent().filter((line) => line.startsWith('mark'))).to.have.length(9);
    stream.drop();
  });

  it('goes on at once when what was sent has been heard but for a little', async () => {
    const messages: number[] = [];
    const { stream } = start({
      sentences: [{ text: 'one', ms: 1_500 }],
      chunkMs: 100,
      onAudio: messages,
      waitsAfterMs: 1_100,
    });
    await settled();
    expect(messages.reduce((sum, ms) => sum + ms, 0)).to.equal(1_000);
    stream.noteHeard({ sentence: 0, ms: 200 });
    expect(messages.reduce((sum, ms) => sum + ms, 0)).to.equal(1_100);
    stream.drop();
  });

  it('carries a mark every 200 ms and one at the end of each sentence', async () => {
    const { sent } = start({
      sentences: [
        { text: 'one', ms: 450 },
        { text: 'two', ms: 200 },
      ],
    });
    await settled();
    expect(sent()).to.deep.equal([
      'audio 200',
      'sounded',
      'mark 0:200',
      'audio 200',
      'mark 0:400',
      'audio 50',
      'mark 0:450',
      'sentence 0 of 450',
      'audio 200',
      'mark 1:200',
      'sentence 1 of 200',
      'all 2',
    ]);
  });

  it('leaves as soon as it is made, in whatever pieces it comes', async () => {
    const { sent } = start({ sentences: [{ text: 'one', ms: 250 }], chunkMs: 60 });
    await settled();
    expect(sent()).to.deep.equal([
      'audio 60',
      'sounded',
      'audio 140',
      'mark 0:200',
      'audio 50',
      'mark 0:250',
      'sentence 0 of 250',
      'all 1',
    ]);
  });

  it('does not sound while it is held, and sounds whole when it is let go', async () => {
    const { stream, sent } = start({ sentences: [{ text: 'one', ms: 100 }], held: true });
    await settled();
    expect(sent()).to.deep.equal([]);
    stream.release();
    expect(sent()).to.deep.equal(['audio 100', 'sounded', 'mark 0:100', 'sentence 0 of 100', 'all 1']);
  });

  it('cannot be held any more once it sounds', async () => {
    const { stream, sent } = start({
      sentences: [
        { text: 'one', ms: 100 },
        { text: 'two', ms: 100 },
      ],
      chunkMs: 50,
    });
    await Promise.resolve();
    await settled();
    stream.hold();
    expect(sent().at(-1)).to.equal('all 2');
  });

  it('sends again from where it was heard, after a false alarm', async () => {
    const { stream, sent } = start({
      sentences: [
        { text: 'one', ms: 450 },
        { text: 'two', ms: 200 },
      ],
    });
    await settled();
    sent();
    stream.pause();
    stream.resume({ sentence: 0, ms: 400 });
    expect(sent()).to.deep.equal([
      'audio 50',
      'mark 0:450',
      'sentence 0 of 450',
      'audio 200',
      'mark 1:200',
      'sentence 1 of 200',
      'all 2',
    ]);
  });

  it('sends a mark at once when all of it had been heard', async () => {
    const { stream, sent } = start({ sentences: [{ text: 'one', ms: 300 }] });
    await settled();
    sent();
    stream.pause();
    stream.resume({ sentence: 0, ms: 300 });
    expect(sent()).to.deep.equal(['mark 0:300', 'sentence 0 of 300', 'all 1']);
  });

  it('sends nothing while it is paused, but goes on being made', async () => {
    const { stream, spoken, sent } = start({
      sentences: [
        { text: 'one', ms: 100 },
        { text: 'two', ms: 100 },
      ],
    });
    stream.pause();
    await settled();
    expect(sent()).to.deep.equal([]);
    expect(spoken).to.deep.equal(['one', 'two']);
  });

  it('is voiced at most six seconds ahead of what was heard', async () => {
    const long = [1, 2, 3, 4].map((n) => ({ text: `sentence ${n}`, ms: 4_000 }));
    const { stream, spoken } = start({ sentences: long });
    await settled();
    expect(spoken).to.deep.equal(['sentence 1', 'sentence 2']);
    stream.noteHeard({ sentence: 0, ms: 2_000 });
    await settled();
    expect(spoken).to.deep.equal(['sentence 1', 'sentence 2', 'sentence 3']);
  });

  it('says nothing more once it is dropped', async () => {
    const { stream, sent } = start({ sentences: [{ text: 'one', ms: 100 }], held: true });
    stream.drop();
    stream.release();
    await settled();
    expect(sent()).to.deep.equal([]);
  });

  it('reports a reply without a sentence as such', async () => {
    const { sent } = start({ sentences: [] });
    await settled();
    expect(sent()).to.deep.equal(['all 0']);
  });

  it('counts text that broke off after a sentence as its end', async () => {
    const { sent } = start({ sentences: [{ text: 'one', ms: 100 }], textFails: true });
    await settled();
    expect(sent()).to.deep.equal(['audio 100', 'sounded', 'mark 0:100', 'sentence 0 of 100', 'all 1']);
  });

  it('fails when there was no text at all', async () => {
    const { sent } = start({ sentences: [], textFails: true });
    await settled();
    expect(sent()).to.deep.equal(['failed model']);
  });

  it('fails when the voice breaks off, after sending what was made', async () => {
    const { sent } = start({ sentences: [{ text: 'one', ms: 300 }], chunkMs: 150, voiceFailsAt: 0 });
    await settled();
    expect(sent()).to.deep.equal(['audio 150', 'sounded', 'failed voice']);
  });

  it('fails when the voice gives no audio', async () => {
    const { sent } = start({ sentences: [{ text: 'one', ms: 0 }] });
    await settled();
    expect(sent()).to.deep.equal(['failed voice']);
  });
});

describe('what was heard of a reply', () => {
  const words: [string, number, number][] = [
    ['هلا', 0, 300],
    ['فيك', 300, 300],
    ['اليوم', 600, 400],
  ];

  it('is counted in whole words: those whose middle was reached', async () => {
    const { stream } = start({ sentences: [{ text: 'هلا فيك اليوم', ms: 1_000, words }] });
    await settled();
    expect(stream.heardText({ sentence: 0, ms: 0 })).to.equal('');
    expect(stream.heardText({ sentence: 0, ms: 400 })).to.equal('هلا');
    expect(stream.heardText({ sentence: 0, ms: 450 })).to.equal('هلا فيك');
    expect(stream.heardText({ sentence: 0, ms: 1_000 })).to.equal('هلا فيك اليوم');
  });

  it('holds the sentences before it whole', async () => {
    const { stream } = start({
      sentences: [
        { text: 'السلام عليكم.', ms: 500 },
        { text: 'هلا فيك اليوم', ms: 1_000, words },
      ],
    });
    await settled();
    expect(stream.heardText({ sentence: 1, ms: 200 })).to.equal('السلام عليكم. هلا');
    expect(stream.heardMs({ sentence: 1, ms: 200 })).to.equal(700);
  });

  it('is shared out by length when the voice gave no word times', async () => {
    const { stream } = start({ sentences: [{ text: 'abcd efgh', ms: 800 }] });
    await settled();
    expect(stream.heardText({ sentence: 0, ms: 200 })).to.equal('abcd');
    expect(stream.heardText({ sentence: 0, ms: 600 })).to.equal('abcd efgh');
  });

  it('is nothing before the first mark', async () => {
    const { stream } = start({ sentences: [{ text: 'one', ms: 800 }] });
    await settled();
    expect(stream.heardText(null)).to.equal('');
    expect(stream.wholeText()).to.equal('one');
  });
});
