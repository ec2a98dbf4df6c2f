import { expect } from 'chai';
import fc from 'fast-check';
import { PlaybackQueue, longestQueueBytes } from '../../../src/sandbox/carrier/playbackQueue.ts';
import { silentFrame } from '../../../src/sandbox/carrier/levels.ts';

const audio = (ms: number, byte = 1): Uint8Array => new Uint8Array(ms * 8).fill(byte);

function queueWithMarks(): { queue: PlaybackQueue; marks: string[] } {
  const marks: string[] = [];
  return { queue: new PlaybackQueue((name) => marks.push(name)), marks };
}

describe('the playback queue of a stream', () => {
  it('returns a mark at once when nothing is queued', () => {
    const { queue, marks } = queueWithMarks();
    queue.mark('a');
    expect(marks).to.deep.equal(['a']);
  });

  it('returns a mark when the audio before it was played, and not when its last frame begins', () => {
    const { queue, marks } = queueWithMarks();
    queue.push(audio(40));
    queue.mark('a');
    queue.next();
    queue.next();
    expect(marks).to.deep.equal([]);
    queue.next();
    expect(marks).to.deep.equal(['a']);
  });

  it('waits for the frame in the air before it returns a mark that comes late', () => {
    const { queue, marks } = queueWithMarks();
    queue.push(audio(20));
    queue.next();
    queue.mark('late');
    expect(marks).to.deep.equal([]);
    queue.next();
    expect(marks).to.deep.equal(['late']);
  });

  it('fills a frame from several messages and returns the marks between them when the frame is over', () => {
    const { queue, marks } = queueWithMarks();
    queue.push(audio(5, 1));
    queue.mark('a');
    queue.push(audio(15, 2));
    queue.mark('b');
    expect([...queue.next()]).to.deep.equal([...audio(5, 1), ...audio(15, 2)]);
    expect(marks).to.deep.equal([]);
    queue.next();
    expect(marks).to.deep.equal(['a', 'b']);
  });

  it('pads the last frame and is silent after it', () => {
    const { queue } = queueWithMarks();
    queue.push(audio(10));
    expect([...queue.next()]).to.deep.equal([...audio(10), ...audio(10, 0xff)]);
    expect(queue.next()).to.equal(silentFrame);
  });

  it('drops the audio on clear and returns every outstanding mark at once, in order', () => {
    const { queue, marks } = queueWithMarks();
    queue.push(audio(10));
    queue.mark('inside the frame');
    queue.push(audio(50));
    queue.mark('a');
    queue.push(audio(60));
    queue.mark('b');
    queue.next();
    expect(queue.clear()).to.deep.equal({ droppedBytes: 800, marks: ['inside the frame', 'a', 'b'] });
    expect(marks).to.deep.equal(['inside the frame', 'a', 'b']);
    expect(queue.next()).to.equal(silentFrame);
    expect(marks).to.have.length(3);
  });

  it('returns nothing on a clear without marks', () => {
    const { queue, marks } = queueWithMarks();
    queue.push(audio(100));
    expect(queue.clear()).to.deep.equal({ droppedBytes: 800, marks: [] });
    expect(marks).to.deep.equal([]);
  });

  it('refuses what comes on top of ten minutes', () => {
    const { queue } = queueWithMarks();
    expect(queue.push(new Uint8Array(longestQueueBytes))).to.equal(true);
    expect(queue.push(audio(20))).to.equal(false);
    queue.next();
    expect(queue.push(audio(20))).to.equal(true);
  });

  it('plays every byte once and in order and returns every mark once, whatever is sent', () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 700 }).map((bytes) => ({ bytes })),
      fc.constant({ mark: true }),
      fc.constant({ play: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { queue, marks } = queueWithMarks();
        const sent: number[] = [];
        const played: number[] = [];
        let marked = 0;
        const play = (): Uint8Array => {
          const frame = queue.next();
          played.push(...frame.filter((byte) => byte !== 0xff));
          return frame;
        };
        for (const one of steps) {
          if ('bytes' in one) {
            const mulaw = Uint8Array.from({ length: one.bytes }, (_zero, index) => (sent.length + index) % 251);
            sent.push(...mulaw);
            queue.push(mulaw);
          } else if ('mark' in one) {
            queue.mark(String(marked));
            marked += 1;
          } else {
            play();
          }
        }
        let frame = play();
        while (frame !== silentFrame) {
          frame = play();
        }
        expect(played).to.deep.equal(sent);
        expect(marks).to.deep.equal(Array.from({ length: marked }, (_zero, index) => String(index)));
      }),
      { numRuns: 100 },
    );
  });
});
