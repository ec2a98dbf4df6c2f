import { expect } from 'chai';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import { FaultRules } from '../../../src/sandbox/carrier/faultRules.ts';
import { seededRandom } from '../../../src/sandbox/carrier/delayLine.ts';
import { remoteCarrier } from '../../../src/sandbox/carrier/remoteCarrier.ts';
import { eventually, openLine, ours, refusal, type Line, type SignedRequest } from './signedApplication.ts';

const helper = '+96890000007';
const stay: Caller = (line) => line.stay();

describe('trouble between the carrier and the application', () => {
  let line: Line;

  const open = async (options: Parameters<typeof openLine>[1] = {}): Promise<void> => {
    line = await openLine(
      {
        '/voice': () => '<Response><Pause length="60"/></Response>',
        '/whisper': () => '<Response><Say>hello</Say></Response>',
        '/fallback': () => '<Response><Say>a person, please wait</Say></Response>',
        '/status': () => 204,
      },
      { phones: { [helper]: { kind: 'person' } }, ...options },
    );
  };
  const create = (more = {}): Promise<{ sid: string }> =>
    line.client.calls.create({
      to: helper,
      from: ours,
      url: `${line.application.origin}/whisper`,
      statusCallback: `${line.application.origin}/status`,
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      ...more,
    });
  const statuses = (): SignedRequest[] => line.application.requests.filter(({ path }) => path === '/status');
  const told = (): (string | undefined)[] => statuses().map(({ parameters }) => parameters['CallStatus']);

  afterEach(async () => {
    await line.close();
    expect(line.application.refused).to.deep.equal([]);
  });

  describe('on the way to the application', () => {
    beforeEach(() => open());

    it('loses the callback it was told to lose, and no other', async () => {
      line.carrier.failWebhooks({ fault: { kind: 'dropped' }, parameters: { CallStatus: 'in-progress' } });
      await line.carrier.reportOf((await create()).sid);
      expect(told()).to.have.members(['completed', 'initiated', 'ringing']);
      await line.carrier.reportOf((await create()).sid);
      expect(told().length).to.equal(7);
    });

    it('brings one twice, with the same token and the same number', async () => {
      line.carrier.failWebhooks({ fault: { kind: 'doubled', afterMs: 100 }, parameters: { CallStatus: 'completed' } });
      await line.carrier.reportOf((await create()).sid);
      const twice = statuses().filter(({ parameters }) => parameters['CallStatus'] === 'completed');
      expect(twice).to.have.length(2);
      expect(new Set(twice.map(({ token }) => token)).size).to.equal(1);
      expect(new Set(twice.map(({ parameters }) => parameters['SequenceNumber'])).size).to.equal(1);
    });

    it('brings one so late that a later one overtakes it', async () => {
      const fault = { kind: 'delayed', leastMs: 4_000, mostMs: 4_500 } as const;
      line.carrier.failWebhooks({ fault, parameters: { CallStatus: 'ringing' } });
      await line.carrier.reportOf((await create()).sid);
      const [last] = statuses().slice(-1);
      expect([told().at(-1), last?.parameters['SequenceNumber']]).to.deep.equal(['ringing', '1']);
      expect(told()).to.have.length(4);
    });

    it('asks the fallback of a placed call for a document that it could not bring', async () => {
      line.carrier.failWebhooks({ fault: { kind: 'dropped' }, path: /^\/whisper$/ });
      const { sid } = await create({ fallbackUrl: `${line.application.origin}/fallback` });
      const report = await line.carrier.reportOf(sid);
      expect(report?.said).to.deep.equal(['a person, please wait']);
      expect(line.application.requests.find(({ path }) => path === '/fallback')?.parameters).to.include({
        ErrorCode: '11200',
        ErrorUrl: `${line.application.origin}/whisper`,
      });
    });

    it('stops when told to', async () => {
      line.carrier.failWebhooks({ fault: { kind: 'dropped' }, times: 100 });
      line.carrier.failRest({ fault: { kind: 'server-error' }, times: 100 });
      line.carrier.clearFaults();
      await line.carrier.reportOf((await create()).sid);
      expect(told()).to.have.length(4);
    });
  });

  describe('on the way to the carrier', () => {
    beforeEach(() => open());
    const calls = (): number => line.carrier.legs().length;

    it('places the call although the client never hears of it, and the call can be found', async () => {
      line.carrier.failRest({ fault: { kind: 'never-answered' }, method: 'POST', path: /^\/Calls$/ });
      const hasty = line.client.calls;
      const slow = refusal(create());
      await eventually(() => calls() === 1);
      expect((await hasty.list({ to: helper, limit: 5 })).map(({ from }) => from)).to.deep.equal([ours]);
      await line.carrier.close();
      expect(await slow).to.deep.equal([undefined, 'ECONNRESET']);
    });

    it('places no call when the connection breaks before', async () => {
      line.carrier.failRest({ fault: { kind: 'reset' }, method: 'POST' });
      expect(await refusal(create())).to.deep.equal([undefined, 'ECONNRESET']);
      expect(calls()).to.equal(0);
      expect(await refusal(create())).to.equal('accepted');
    });

    it('says when to come again as it refuses with 429', async () => {
      line.carrier.failRest({ fault: { kind: 'rate-limited', retryAfterS: 3 }, path: /^\/Calls/ });
      const answer = await fetch(`${line.carrier.apiBaseUrl}/2010-04-01/Accounts/AC${'0'.repeat(31)}1/Calls.json`, {
        headers: {
          Authorization: `Basic ${Buffer.from(`AC${'0'.repeat(31)}1:12345678901234567890123456789012`).toString('base64')}`,
        },
      });
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '3']);
    });

    it('goes wrong for a chosen call only', async () => {
      line.carrier.failRest({ fault: { kind: 'server-error' }, parameters: { To: '+96890000099' }, times: 2 });
      expect(await refusal(create())).to.equal('accepted');
      expect(await refusal(create({ to: '+96890000099' }))).to.deep.equal([500, 20500]);
    });
  });

  describe('told from another process', () => {
    beforeEach(() => open());

    it('sets phones and faults, places calls and shows the legs', async () => {
      const remote = remoteCarrier(line.carrier.apiBaseUrl);
      await remote.setPhones({ [helper]: { kind: 'busy' } });
      await remote.failWebhooks([{ fault: { kind: 'dropped' }, path: '^/status$', times: 50 }]);
      await remote.failRest([{ fault: { kind: 'reset' }, method: 'POST' }]);
      expect(await refusal(create())).to.deep.equal([undefined, 'ECONNRESET']);
      await line.carrier.reportOf((await create()).sid);
      const sid = await remote.placeCall({
        from: '+96890000001',
        caller: { kind: 'person', hangsUp: { when: 'answered', afterMs: 200 } },
      });
      await line.carrier.reportOf(sid);
      const legs = await remote.legs();
      expect(legs.map(({ to, status }) => [to, status])).to.deep.equal([
        [helper, 'busy'],
        [ours, 'completed'],
      ]);
      expect(statuses()).to.deep.equal([]);
      await remote.clearFaults();
      await line.carrier.reportOf((await create()).sid);
      expect(statuses().length).to.be.above(0);
    });

    it('is refused with a reason what is no order', async () => {
      const ask = async (method: string, path: string, body?: string): Promise<number> =>
        (await fetch(`${line.carrier.apiBaseUrl}/sandbox/${path}`, { method, ...(body ? { body } : {}) })).status;
      expect(await ask('PUT', 'phones', '{')).to.equal(400);
      expect(await ask('PUT', 'phones', '{"12": {"kind": "busy"}}')).to.equal(400);
      expect(await ask('PUT', 'phones', `{"${helper}": {"kind": "sings"}}`)).to.equal(400);
      expect(await ask('POST', 'rest-faults', '[{"fault": {"kind": "reset"}, "path": "("}]')).to.equal(400);
      expect(await ask('POST', 'calls', '{"from": null, "caller": {"kind": "busy"}}')).to.equal(400);
      expect(await ask('GET', 'nothing')).to.equal(404);
    });
  });

  it('shows every entry of every leg to who started the carrier', async () => {
    const seen: string[] = [];
    await open({ onEntry: ({ to }, entry) => void (entry.type === 'status' && seen.push(`${to} ${entry.status}`)) });
    const call = line.carrier.placeCall({ from: null, caller: stay });
    await eventually(() => seen.includes(`${ours} in-progress`));
    call.hangUp();
    await call.ended;
    expect(seen).to.deep.equal([`${ours} ringing`, `${ours} in-progress`, `${ours} completed`]);
  });
});

describe('trouble on demand', () => {
  it('happens as often as its probability says, and the same for the same seed', () => {
    const outcomes = (seed: number): string => {
      const rules = new FaultRules<'lost'>(seededRandom(seed));
      rules.add({ fault: 'lost', probability: 0.3 });
      const request = { method: 'POST', path: '/x', parameter: () => null };
      return Array.from({ length: 1_000 }, () => (rules.take(request) === undefined ? '.' : 'x')).join('');
    };
    expect(outcomes(7).replaceAll('.', '').length).to.be.within(240, 360);
    expect(outcomes(7)).to.equal(outcomes(7));
    expect(outcomes(7)).not.to.equal(outcomes(8));
  });
});
