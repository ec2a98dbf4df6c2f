import { expect } from 'chai';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { startSandbox } from './realSdk.ts';

describe('the control of the speech sandbox over HTTP', () => {
  let sandbox: AzureSpeechSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  async function ask(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
    const text = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${sandbox.port}${path}`, { method, ...text });
    return [response.status, await response.json()];
  }

  it('takes a plan or a list of plans, in place of what was planned', async () => {
    const fault = { kind: 'http', status: 503 };
    await ask('POST', '/sandbox/faults', { scope: 'synthesis', fault, times: null });
    const plans = [
      { scope: 'recognition', fault: { kind: 'close', at: 'phrase', code: 1011 }, afterMs: 5 },
      { scope: 'recognition', fault: { kind: 'stall', share: 0.5 }, times: 3 },
    ];
    const left = [{ ...plans[0], times: 1 }, plans[1]];
    expect(await ask('POST', '/sandbox/faults', plans)).to.deep.equal([200, left]);
    expect(await ask('GET', '/sandbox/faults')).to.deep.equal([200, left]);
    expect(sandbox.faults.take('recognition', 'close')).to.deep.equal({ fault: plans[0]?.fault, afterMs: 5 });
    expect(await ask('DELETE', '/sandbox/faults')).to.deep.equal([200, []]);
  });

  for (const [what, body] of [
    ['a fault that does not exist', { scope: 'recognition', fault: { kind: 'earthquake' } }],
    ['a close code that no socket can send', { scope: 'recognition', fault: { kind: 'close', at: 'open', code: 7 } }],
    ['a scope that does not exist', { scope: 'all', fault: { kind: 'hangUpgrade' } }],
    ['what is no JSON', '{'],
  ] as const) {
    it(`refuses ${what} and keeps what was planned`, async () => {
      sandbox.faults.set({ scope: 'recognition', fault: { kind: 'hangUpgrade' } });
      expect((await ask('POST', '/sandbox/faults', body))[0]).to.equal(400);
      expect(sandbox.faults.remaining()).to.have.length(1);
    });
  }

  it('refuses a body that is too long', async () => {
    expect(await ask('POST', '/sandbox/faults', ' '.repeat(300_000))).to.deep.equal([
      413,
      { error: 'more than 262144 bytes' },
    ]);
  });

  it('shows what has been seen', async () => {
    expect(await ask('GET', '/sandbox/stats')).to.deep.equal([
      200,
      {
        connections: { opened: 0, now: 0 },
        perConnection: [],
        upgrades: [],
        lateFirstAudio: { count: 0, maxMs: 0 },
      },
    ]);
  });

  it('listens on this machine only', () => {
    expect(sandbox.host).to.equal(`ws://127.0.0.1:${sandbox.port}`);
  });
});
