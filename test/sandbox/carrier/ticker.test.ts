import { expect } from 'chai';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import type { CarrierClock } from '../../../src/sandbox/carrier/clock.ts';
import { createTicker } from '../../../src/sandbox/carrier/ticker.ts';

describe('the one clock of all calls', () => {
  let timers: SinonFakeTimers;
  let clock: CarrierClock;

  beforeEach(() => {
    timers = useFakeTimers();
    clock = {
      now: () => performance.now(),
      wall: () => new Date(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    };
  });

  afterEach(() => timers.restore());

  it('gives a call a frame every 20 ms and does not drift when it is woken late', async () => {
    const slow: CarrierClock = { ...clock, setTimeout: (run, ms) => setTimeout(run, ms + 3) };
    const frames: number[] = [];
    createTicker(slow).join(() => frames.push(performance.now()));
    await timers.tickAsync(10_000);
    expect(frames.length).to.be.within(499, 501);
    expect(frames.at(-1)).to.be.within(9_980, 10_000);
  });

  it('makes up for missed frames one by one, with room for others between them', async () => {
    const order: string[] = [];
    createTicker(clock).join(() => {
      order.push('frame');
      queueMicrotask(() => order.push('answer'));
    });
    await timers.tickAsync(20);
    order.length = 0;
    // The process stands still for three frames.
    const now = performance.now();
    timers.jump(60);
    await timers.tickAsync(1);
    expect(performance.now() - now).to.be.at.least(60);
    expect(order.slice(0, 4)).to.deep.equal(['frame', 'answer', 'frame', 'answer']);
  });

  it('spreads calls over the frame', async () => {
    const ticker = createTicker(clock);
    const moments = new Map<number, Set<number>>();
    for (let call = 0; call < 8; call += 1) {
      const seen = new Set<number>();
      moments.set(call, seen);
      ticker.join(() => seen.add(Math.round(performance.now()) % 20));
    }
    await timers.tickAsync(200);
    const phases = [...moments.values()].map((seen) => [...seen]);
    expect(phases.every((phase) => phase.length === 1)).to.equal(true);
    expect(new Set(phases.flat()).size).to.equal(4);
  });

  it('sets no timer while there is no call', async () => {
    const leave = createTicker(clock).join(() => {});
    await timers.tickAsync(100);
    leave();
    expect(timers.countTimers()).to.equal(0);
  });

  it('skips time that a suspended machine has lost', async () => {
    let frames = 0;
    createTicker(clock).join(() => {
      frames += 1;
    });
    await timers.tickAsync(100);
    frames = 0;
    timers.jump(60_000);
    await timers.tickAsync(100);
    expect(frames).to.be.within(5, 8);
  });
});
