import { expect } from 'chai';
import sinon from 'sinon';
import { silentLog } from '../../../src/log.ts';
import type { Clock } from '../../../src/clock.ts';
import type { ConnectionEvent } from '../../../src/speech/azure/connection.ts';
import { superviseRecognition } from '../../../src/speech/azure/supervisor.ts';
import { recogniserTiming } from '../../../src/speech/azure/timing.ts';
import type { Recogniser, RecogniserEvent } from '../../../src/speech/recogniser.ts';

interface Opened {
  readonly emit: (event: ConnectionEvent) => void;
  readonly writtenMs: () => number;
  /** Length of each piece that was written, in milliseconds. */
  readonly pieces: readonly number[];
  readonly closed: () => boolean;
}

/** One call over connections whose every event is given by the test, in a time that the test owns. */
function supervise(timers: sinon.SinonFakeTimers) {
  const opened: Opened[] = [];
  const events: RecogniserEvent[] = [];
  const clock: Clock = {
    now: () => timers.now,
    wall: () => new Date(timers.now),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
  const recogniser: Recogniser = superviseRecognition({
    language: 'ar-OM',
    onEvent: (event) => events.push(event),
    clock,
    log: silentLog,
    random: () => 1,
    replayMs: 15_000,
    timing: recogniserTiming,
    upload: 'mulaw',
    openConnection: (emit) => {
      let written = 0;
      const pieces: number[] = [];
      let closed = false;
      opened.push({ emit, writtenMs: () => written / 8, pieces, closed: () => closed });
      return {
        write: (audio) => {
          written += audio.byteLength;
          pieces.push(audio.byteLength / 8);
        },
        close: () => {
          closed = true;
          return Promise.resolve();
        },
      };
    },
  });
  const connection = (index: number): Opened => {
    const found = opened[index];
    if (found === undefined) throw new Error(`connection ${index} was not opened`);
    return found;
  };
  /** Silence on the line. */
  const pass = (ms: number): void => {
    for (let at = 0; at < ms; at += 20) {
      timers.tick(20);
      recogniser.write(new Uint8Array(160).fill(0xff));
    }
  };
  const up = (index: number): void => {
    connection(index).emit({ type: 'connected' });
    connection(index).emit({ type: 'message' });
  };
  return { recogniser, events, opened, connection, pass, up };
}

function phrase(text: string, offsetMs: number, durationMs: number): ConnectionEvent {
  return { type: 'phrase', text, confidence: null, words: [], offsetMs, durationMs };
}

function hypothesis(text: string, offsetMs: number, durationMs: number): ConnectionEvent {
  return { type: 'hypothesis', text, offsetMs, durationMs };
}

describe('one call over the connections of the speech service', () => {
  let timers: sinon.SinonFakeTimers;

  beforeEach(() => {
    timers = sinon.useFakeTimers();
  });

  afterEach(() => timers.restore());

  it('tells an utterance once, also when the service recognises the same audio again', () => {
    const { connection, events, pass, up } = supervise(timers);
    up(0);
    pass(2_000);
    connection(0).emit(phrase('سلام', 100, 900));
    connection(0).emit(hypothesis('سلام', 100, 900));
    connection(0).emit(phrase('سلام', 100, 920));
    connection(0).emit(phrase('كيف', 1_100, 400));
    expect(events.map((event) => (event.type === 'final' ? [event.utterance, event.text] : event.type))).to.deep.equal([
      [1, 'سلام'],
      [2, 'كيف'],
    ]);
  });

  it('gives an utterance without words its own number', () => {
    const { connection, events, pass, up } = supervise(timers);
    up(0);
    pass(2_000);
    connection(0).emit(hypothesis('ا', 100, 200));
    connection(0).emit(phrase('', 100, 300));
    connection(0).emit(hypothesis('ب', 900, 200));
    expect(events).to.deep.equal([
      { type: 'hypothesis', utterance: 1, text: 'ا', offsetMs: 100 },
      { type: 'noMatch', utterance: 1 },
      { type: 'hypothesis', utterance: 2, text: 'ب', offsetMs: 900 },
    ]);
  });

  it('counts offsets from the first frame, on every connection', () => {
    const { connection, events, pass, up } = supervise(timers);
    up(0);
    pass(6_000);
    connection(0).emit(phrase('سلام', 1_000, 500));
    connection(0).emit({ type: 'failed', fault: 'disconnected' });
    timers.tick(125);
    up(1);
    connection(1).emit(phrase('كيف', 2_000, 400));
    expect(events.slice(1)).to.deep.equal([
      { type: 'lost', fault: 'disconnected', retryInMs: 125 },
      { type: 'restored', lostForMs: 125, replayedMs: 4_500 },
      { type: 'final', utterance: 2, text: 'كيف', confidence: null, words: [], offsetMs: 3_500, durationMs: 400 },
    ]);
  });

  it('says that it hears again only when the service has said something', () => {
    const { connection, events, up } = supervise(timers);
    connection(0).emit({ type: 'failed', fault: 'service' });
    timers.tick(250);
    connection(1).emit({ type: 'connected' });
    const before = events.length;
    up(1);
    expect([before, events.at(-1)?.type]).to.deep.equal([1, 'restored']);
  });

  it('goes over to a new connection in a silence after 8 min 30 s, and not before', () => {
    const { recogniser, connection, opened, pass, up } = supervise(timers);
    up(0);
    timers.tick(509_999);
    recogniser.quiet();
    expect(opened.length).to.equal(1);
    timers.tick(1);
    recogniser.quiet();
    recogniser.quiet();
    expect(opened.length).to.equal(2);
    pass(100);
    const before = [connection(0).closed(), connection(0).writtenMs(), connection(1).writtenMs()];
    expect(before).to.deep.equal([false, 100, 0]);
    up(1);
    expect([connection(0).closed(), connection(1).writtenMs()]).to.deep.equal([true, 100]);
  });

  it('goes over after 9 min 30 s at the latest, speech or not', () => {
    const { opened, up } = supervise(timers);
    up(0);
    timers.tick(569_999);
    expect(opened.length).to.equal(1);
    timers.tick(1);
    expect(opened.length).to.equal(2);
    up(1);
    timers.tick(570_000);
    expect(opened.length).to.equal(3);
  });

  it('tries the new connection again every 5 s while the old one hears', () => {
    const { connection, events, opened, up } = supervise(timers);
    up(0);
    timers.tick(570_000);
    connection(1).emit({ type: 'failed', fault: 'service' });
    timers.tick(4_999);
    expect(opened.length).to.equal(2);
    timers.tick(1);
    expect([opened.length, events.length]).to.deep.equal([3, 0]);
  });

  it('takes the replacement that is on its way when the old connection breaks', () => {
    const { connection, events, opened, up } = supervise(timers);
    up(0);
    timers.tick(570_000);
    connection(0).emit({ type: 'failed', fault: 'disconnected' });
    up(1);
    expect([events, opened.length]).to.deep.equal([
      [
        { type: 'lost', fault: 'disconnected', retryInMs: 0 },
        { type: 'restored', lostForMs: 0, replayedMs: 0 },
      ],
      2,
    ]);
  });

  it('replaces a connection whose results fall 3 s behind, without a loss', () => {
    const { connection, events, opened, pass, up } = supervise(timers);
    up(0);
    pass(40_000);
    connection(0).emit(hypothesis('قديم', 35_000, 2_100));
    expect(opened.length).to.equal(1);
    connection(0).emit(hypothesis('قديم', 35_000, 1_900));
    expect([opened.length, events.filter(({ type }) => type === 'lost')]).to.deep.equal([2, []]);
  });

  it('does not take the catching up of a young connection for falling behind', () => {
    const { connection, opened, pass, up } = supervise(timers);
    up(0);
    pass(20_000);
    connection(0).emit(hypothesis('قديم', 1_000, 500));
    expect(opened.length).to.equal(1);
  });

  it('sends five frames at a time while nobody speaks, and at once what had gathered when somebody does', () => {
    const { recogniser, connection, pass, up } = supervise(timers);
    up(0);
    pass(40);
    recogniser.upload('coarse');
    pass(260);
    expect([...connection(0).pieces]).to.deep.equal([20, 20, 100, 100]);
    recogniser.upload('fine');
    pass(20);
    expect(connection(0).pieces.slice(4)).to.deep.equal([20, 20, 20, 20]);
  });

  it('sends nothing twice and leaves nothing out, however the size of the pieces changes', () => {
    const { recogniser, connection, pass, up } = supervise(timers);
    pass(300);
    recogniser.upload('coarse');
    up(0);
    pass(90 * 20);
    recogniser.upload('fine');
    pass(60);
    recogniser.upload('coarse');
    pass(80);
    recogniser.upload('fine');
    expect(connection(0).writtenMs()).to.equal(300 + 1_800 + 60 + 80);
  });

  it('believes nothing of a connection that it has given up', () => {
    const { connection, events, pass, up } = supervise(timers);
    up(0);
    pass(100);
    timers.tick(570_000);
    up(1);
    connection(0).emit(phrase('قديم', 0, 80));
    connection(0).emit({ type: 'failed', fault: 'disconnected' });
    expect(events).to.deep.equal([]);
  });

  it('closes everything and leaves no timer behind', async () => {
    const { recogniser, connection, events, opened, up } = supervise(timers);
    up(0);
    timers.tick(570_000);
    await recogniser.close();
    up(1);
    connection(0).emit({ type: 'failed', fault: 'disconnected' });
    timers.tick(3_600_000);
    const closed = [connection(0).closed(), connection(1).closed()];
    expect([...closed, opened.length, events, timers.countTimers()]).to.deep.equal([true, true, 2, [], 0]);
  });

  it('opens nothing any more when it is closed while it waits to reconnect', async () => {
    const { recogniser, connection, opened } = supervise(timers);
    connection(0).emit({ type: 'failed', fault: 'service' });
    await recogniser.close();
    timers.tick(60_000);
    expect([opened.length, timers.countTimers()]).to.deep.equal([1, 0]);
  });
});
