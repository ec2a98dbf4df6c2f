import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock, type Clock } from '../../../src/clock.ts';
import { createGate } from '../../../src/risk/contextual/gate.ts';

const never = new AbortController().signal;

describe('a gate', () => {
  let timers: sinon.SinonFakeTimers;
  const clock: Clock = {
    ...systemClock,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => timers.restore());

  it('lets so many in, hands each place over in the order of waiting, and counts right', async () => {
    const gate = createGate({ atOnce: 1, waiting: 2, clock });
    const order: string[] = [];
    const enter = (name: string) => gate.enter(1_000, never).then((how) => void order.push(`${name} ${how}`));
    const all = ['a', 'b', 'c', 'd'].map(enter);
    await Promise.all([all[0], all[3]]);
    expect(order).to.deep.equal(['a entered', 'd overloaded']);
    expect(gate.load()).to.deep.equal({ inside: 1, waiting: 2 });
    gate.leave();
    await all[1];
    gate.leave();
    await all[2];
    expect(order.slice(2)).to.deep.equal(['b entered', 'c entered']);
    gate.leave();
    expect(gate.load()).to.deep.equal({ inside: 0, waiting: 0 });
  });

  it('lets nobody wait longer than they can', async () => {
    const gate = createGate({ atOnce: 1, waiting: 2, clock });
    await gate.enter(1_000, never);
    const waits = gate.enter(50, never);
    timers.tick(50);
    expect(await waits).to.equal('overloaded');
    gate.leave();
    expect(gate.load()).to.deep.equal({ inside: 0, waiting: 0 });
  });

  it('forgets whoever gives up', async () => {
    const gate = createGate({ atOnce: 1, waiting: 2, clock });
    await gate.enter(1_000, never);
    const abort = new AbortController();
    const waits = gate.enter(1_000, abort.signal);
    abort.abort();
    expect(await waits).to.equal('aborted');
    expect(await gate.enter(1_000, abort.signal)).to.equal('aborted');
    expect(gate.load()).to.deep.equal({ inside: 1, waiting: 0 });
    expect(timers.countTimers()).to.equal(0);
  });
});
