import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock, type Clock } from '../../src/clock.ts';
import { healthRoutes, type NamedCheck } from '../../src/http/health.ts';
import { limits } from '../../src/limits.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { openEdge, type EdgeOptions, type TestEdge } from './edge.ts';

describe('readiness', () => {
  let edge: TestEdge | null = null;
  afterEach(() => edge?.server.close());

  async function ask(options: EdgeOptions, prepare: (edge: TestEdge) => void = () => {}) {
    edge = await openEdge(options);
    prepare(edge);
    const response = await fetch(`${edge.url}/health/ready`);
    const json: unknown = await response.json();
    return [response.status, json];
  }

  it('is given when everything a call needs is well', async () => {
    const checks = [
      { name: 'database', check: () => true },
      { name: 'recogniser', check: () => Promise.resolve(true) },
    ];
    expect(await ask({ checks })).to.deep.equal([
      200,
      { ready: true, checks: { calls: true, database: true, recogniser: true } },
    ]);
  });

  it('is withheld when the desk takes no call, and says which part it is', async () => {
    const answer = await ask({ checks: [{ name: 'database', check: () => true }] }, ({ desk }) => {
      desk.isReady = false;
    });
    expect(answer).to.deep.equal([503, { ready: false, checks: { calls: false, database: true } }]);
  });

  it('is withheld when a check throws, and shows nothing of the error', async () => {
    const checks = [{ name: 'database', check: () => Promise.reject(new Error('password=secret')) }];
    expect(await ask({ checks })).to.deep.equal([503, { ready: false, checks: { calls: true, database: false } }]);
  });

  it('has nothing to do with being alive', async () => {
    edge = await openEdge({ checks: [{ name: 'database', check: () => false }] });
    const response = await fetch(`${edge.url}/health/live`);
    expect([response.status, await response.json()]).to.deep.equal([200, { live: true }]);
  });
});

describe('a check of readiness', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers();
  });
  afterEach(() => timers.restore());

  const clock: Clock = {
    now: () => Date.now(),
    wall: () => new Date(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };

  function readiness(check: NamedCheck['check']) {
    const dependencies = {
      checks: [{ name: 'database', check }],
      clock,
      log: silentLog,
      metrics: createMetrics('calls'),
    };
    const route = healthRoutes(dependencies).find(({ path }) => path === '/health/ready');
    return async () => (await route?.answer({ parameters: {}, query: new URLSearchParams() }))?.status;
  }

  it('is asked once for a crowd of probes, and again when its answer is too old', async () => {
    let asked = 0;
    const ready = readiness(() => {
      asked += 1;
      return asked === 1;
    });
    expect(await Promise.all([ready(), ready(), ready()])).to.deep.equal([200, 200, 200]);
    timers.tick(limits.healthCacheMs - 1);
    expect([await ready(), asked]).to.deep.equal([200, 1]);
    timers.tick(1);
    expect([await ready(), asked]).to.deep.equal([503, 2]);
  });

  it('counts as failed when it takes longer than a second', async () => {
    const answer = readiness(() => new Promise(() => {}))();
    await timers.tickAsync(limits.healthCheckMs);
    expect(await answer).to.equal(503);
  });
});

describe('the metrics', () => {
  let edge: TestEdge;
  beforeEach(async () => {
    edge = await openEdge();
  });
  afterEach(() => edge.server.close());

  it('are shown to a neighbour', async () => {
    edge.metrics.callOpened();
    edge.metrics.stageTook('firstReplyFrame', 480);
    const response = await fetch(`${edge.url}/metrics`);
    const text = await response.text();
    expect(response.status).to.equal(200);
    expect(text).to.include('sanad_calls_active 1');
    expect(text).to.include('sanad_stage_seconds_bucket{le="0.5",stage="firstReplyFrame"} 1');
    expect(text).to.include('sanad_stage_seconds_bucket{le="0.35",stage="firstReplyFrame"} 0');
  });

  it('do not exist for what came through a proxy or a tunnel on this machine', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'cf-connecting-ip', 'x-real-ip']) {
      const response = await fetch(`${edge.url}/metrics`, { headers: { [header]: '127.0.0.1' } });
      expect([header, response.status, await response.text()]).to.deep.equal([header, 404, '']);
    }
  });

  it('hold the delay of the event loop, the processor and the memory when they are of the whole process', async () => {
    const { text } = await createMetrics().exposition();
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ])
      expect(text).to.include(`\n${name} `);
    expect(systemClock.now()).to.be.greaterThan(0);
  });
});
