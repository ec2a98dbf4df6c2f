import { expect } from 'chai';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import type { LegReport } from '../../../src/sandbox/carrier/legLog.ts';
import type { PhoneBehaviour } from '../../../src/sandbox/carrier/phone.ts';
import { bursts } from '../../../src/sandbox/carrier/levels.ts';
import { eventually, openLine, ours, refusal, type Line, type SignedRoutes } from './signedApplication.ts';

const helper = '+96890000007';
const callerNumber = '+96890000001';
const stay: Caller = (line) => line.stay();

/** Asks twice for a key; `1` accepts. */
const whisper: SignedRoutes = {
  '/whisper': () => `<Response>${gather(2)}${gather(2)}<Hangup/></Response>`,
  '/key': ({ parameters }) =>
    parameters['Digits'] === '1'
      ? '<Response><Say>you take it</Say><Pause length="20"/></Response>'
      : '<Response><Say>not taken</Say></Response>',
  '/status': () => 204,
  '/amd': () => 204,
};

function gather(timeoutS: number): string {
  return `<Gather input="dtmf" numDigits="1" timeout="${timeoutS}" action="$origin/key"><Say>a caller is waiting, press one</Say><Play>$origin/chime.wav</Play></Gather>`;
}

describe('a phone that the application rings', () => {
  let line: Line;

  const open = async (phone: PhoneBehaviour, routes: SignedRoutes = {}): Promise<void> => {
    line = await openLine({ ...whisper, ...routes }, { phones: { [helper]: phone } });
  };
  const create = (more = {}): Promise<{ sid: string }> =>
    line.client.calls.create({
      to: helper,
      from: ours,
      url: `${line.application.origin}/whisper?t=7`,
      timeout: 5,
      ...more,
    });
  const finished = async (sid: string): Promise<LegReport> => {
    await line.carrier.reportOf(sid);
    return legOf(sid);
  };
  const legOf = (sid: string): LegReport => {
    const leg = line.carrier.legs().find(({ callSid }) => callSid === sid);
    if (!leg) throw new Error('no such leg');
    return leg;
  };
  const asked = (path: string): number => line.application.requests.filter((request) => request.path === path).length;

  afterEach(async () => {
    expect(line.application.refused).to.deep.equal([]);
    await line.close();
  });

  it('that answers after a while and presses a key in the first question, is heard to have done so', async () => {
    await open({ kind: 'person', answersAfterMs: 2_000, keys: [{ digits: '1', afterMs: 400 }] });
    const { sid } = await create();
    await eventually(() => legOf(sid).prompts.some(({ content }) => content === 'you take it'));
    const leg = legOf(sid);
    expect(leg.digits.map(({ digit }) => digit)).to.deep.equal(['1']);
    const [initiated, ringing, answered] = leg.states;
    expect(leg.states.map(({ status }) => status)).to.deep.equal(['initiated', 'ringing', 'in-progress']);
    expect((answered?.atMs ?? 0) - (ringing?.atMs ?? 0)).to.be.within(1_900, 20_000);
    expect(initiated?.atMs).to.be.at.least(0);
    expect(leg.prompts.slice(0, 2).map(({ kind, content }) => [kind, content])).to.deep.equal([
      ['say', 'a caller is waiting, press one'],
      ['say', 'you take it'],
    ]);
    expect(line.application.requests[0]?.query).to.deep.equal({ t: '7' });
    expect(line.application.requests[0]?.parameters).to.include({ Direction: 'outbound-api', To: helper, From: ours });
  });

  it('that presses nothing in the first question and a key in the second, is asked twice', async () => {
    await open({ kind: 'person', keys: [null, { digits: '1', afterMs: 100 }] });
    const { sid } = await create();
    await eventually(() => asked('/key') === 1);
    const said = legOf(sid).prompts.filter(({ kind }) => kind === 'say');
    expect(said.filter(({ content }) => content.startsWith('a caller')).length).to.equal(2);
  });

  it('that presses a wrong key, declines', async () => {
    await open({ kind: 'person', keys: [{ digits: '2' }] });
    const { sid } = await create();
    const leg = await finished(sid);
    expect(leg.prompts.at(-1)?.content).to.equal('not taken');
    expect(leg.status).to.equal('completed');
  });

  it('that presses no key, is told goodbye after both questions', async () => {
    await open({ kind: 'person' });
    const { sid } = await create();
    expect((await finished(sid)).digits).to.deep.equal([]);
    expect(asked('/key')).to.equal(0);
  });

  it('that hangs up during the question, ends its call there', async () => {
    await open({ kind: 'person', hangsUp: { when: 'asked', afterMs: 300 } });
    const { sid } = await create();
    const report = await line.carrier.reportOf(sid);
    expect(report?.endedBy).to.equal('caller');
    expect((report?.downlink.length ?? 0) / 8).to.be.below(1_000);
    expect(asked('/key')).to.equal(0);
  });

  it('that is a voicemail, speaks, beeps, never presses, and hangs up by itself', async () => {
    await open(
      { kind: 'voicemail', recordsMs: 2_000, greeting: { kind: 'tone', hertz: 200, ms: 1_000 } },
      { '/whisper': () => `<Response>${gather(60)}</Response>` },
    );
    const { sid } = await create();
    const report = await line.carrier.reportOf(sid);
    expect(report?.endedBy).to.equal('caller');
    expect(bursts(report?.uplink ?? new Uint8Array()).map(({ endMs, startMs }) => endMs - startMs)).to.deep.equal([
      1_500,
    ]);
    expect(legOf(sid).digits).to.deep.equal([]);
  });

  it('that speaks a phrase, is recorded, and so is what it hears', async () => {
    await open(
      {
        kind: 'person',
        says: [{ when: 'answered', afterMs: 200, sound: { kind: 'tone', hertz: 500, ms: 400 } }],
      },
      { '/whisper': () => '<Response><Pause length="3"/></Response>' },
    );
    const { sid } = await create();
    const report = await line.carrier.reportOf(sid);
    expect(bursts(report?.uplink ?? new Uint8Array())).to.have.length(1);
    expect(line.carrier.heardBy(sid)?.length).to.equal(report?.downlink.length);
  });

  for (const [kind, sip] of [
    ['busy', '486'],
    ['no-answer', '487'],
    ['failed', '404'],
  ] as const) {
    it(`that is ${kind}, is reported so, with the network's code`, async () => {
      await open({ kind });
      const { sid } = await create({ timeout: 1, statusCallback: `${line.application.origin}/status` });
      expect((await finished(sid)).status).to.equal(kind);
      expect(line.application.requests.map(({ parameters }) => parameters)).to.have.length(1);
      expect(line.application.requests[0]?.parameters).to.include({
        CallSid: sid,
        CallStatus: kind,
        SipResponseCode: sip,
        CallDuration: '0',
        CallbackSource: 'call-progress-events',
      });
    });
  }

  it('that would answer later than it is rung, does not answer', async () => {
    await open({ kind: 'person', answersAfterMs: 4_000 });
    const { sid } = await create({ timeout: 2 });
    expect((await finished(sid)).status).to.equal('no-answer');
  });

  it('may change its ways while the carrier runs', async () => {
    await open({ kind: 'busy' });
    expect((await finished((await create()).sid)).status).to.equal('busy');
    line.carrier.setPhone(helper, { kind: 'person', keys: [{ digits: '2' }] });
    expect((await finished((await create()).sid)).status).to.equal('completed');
  });

  it('is told of in each status that was asked for, numbered and dated, by the method that was asked for', async () => {
    await open({ kind: 'person', keys: [{ digits: '2' }] });
    const { sid } = await create({
      statusCallback: `${line.application.origin}/status?c=1`,
      statusCallbackMethod: 'GET',
      statusCallbackEvent: ['answered', 'completed'],
    });
    await finished(sid);
    const told = line.application.requests.filter(({ path }) => path === '/status').map(({ query }) => query);
    expect(told.map((query) => [query['c'], query['SequenceNumber'], query['CallStatus']])).to.deep.equal([
      ['1', '0', 'in-progress'],
      ['1', '1', 'completed'],
    ]);
    expect(told[1]?.['Timestamp']).to.match(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  });

  it('rings in turn at the account’s rate, and the calls above it wait', async () => {
    line = await openLine(whisper, { callsPerSecond: 1, phones: { [helper]: { kind: 'busy' } } });
    const sids = (await Promise.all([create(), create(), create()])).map(({ sid }) => sid);
    const waits = await Promise.all(sids.map(async (sid) => Number((await line.client.calls(sid).fetch()).queueTime)));
    expect(waits.toSorted((one, other) => one - other)[2]).to.be.within(1_000, 2_000);
    const rang = (await Promise.all(sids.map(finished))).map(({ states }) => states[0]?.atMs ?? 0);
    rang.sort((one, other) => one - other);
    expect((rang[2] ?? 0) - (rang[0] ?? 0)).to.be.at.least(1_400);
  });

  it('that is only queued can be cancelled, and never rings', async () => {
    line = await openLine(whisper, { callsPerSecond: 0.1, phones: { [helper]: { kind: 'person' } } });
    await create();
    const { sid } = await create();
    const queued = await line.client.calls(sid).fetch();
    expect([queued.status, queued.startTime]).to.deep.equal(['queued', null]);
    const since = await line.client.calls.list({ startTimeAfter: new Date(0), limit: 5 });
    expect(since.map((call) => call.sid)).not.to.include(sid);
    await line.client.calls(sid).update({ status: 'canceled' });
    expect((await finished(sid)).states.map(({ status }) => status)).to.deep.equal(['canceled']);
  });

  it('is cut off at the time limit', async () => {
    await open({ kind: 'person' }, { '/whisper': () => '<Response><Pause length="100"/></Response>' });
    const { sid } = await create({ timeLimit: 2 });
    const report = await line.carrier.reportOf(sid);
    expect((report?.downlink.length ?? 0) / 8).to.be.within(1_500, 20_000);
    expect(report?.statuses.at(-1)).to.equal('completed');
  });

  it('is found by number, status and time', async () => {
    await open({ kind: 'busy' });
    const { sid } = await create();
    await finished(sid);
    const list = async (filter: object): Promise<string[]> =>
      (await line.client.calls.list({ limit: 5, ...filter })).map((call) => call.sid);
    expect(await list({ to: helper, from: ours, status: 'busy' })).to.deep.equal([sid]);
    expect(await list({ startTimeAfter: new Date(Date.now() - 60_000) })).to.deep.equal([sid]);
    expect(await list({ startTimeAfter: new Date(Date.now() + 3_600_000) })).to.deep.equal([]);
    expect(await list({ status: 'completed' })).to.deep.equal([]);
  });

  describe('changed while it lasts', () => {
    beforeEach(() => open({ kind: 'person', answersAfterMs: 1_000 }));

    const reach = (status: string, sid: string): Promise<boolean> =>
      eventually(() => legOf(sid).states.some((state) => state.status === status));

    it('cannot be sent to a document before it is answered (21220)', async () => {
      const { sid } = await create();
      await reach('ringing', sid);
      const update = line.client.calls(sid).update({ twiml: '<Response><Say>x</Say></Response>' });
      expect(await refusal(update)).to.deep.equal([400, 21220]);
    });

    it('cannot be sent to a document of more than 4,000 characters', async () => {
      const { sid } = await create();
      await reach('in-progress', sid);
      const twiml = (length: number): string => `<Response><Say>${'x'.repeat(length - 32)}</Say></Response>`;
      expect(await refusal(line.client.calls(sid).update({ twiml: twiml(4_001) }))).to.deep.equal([400, 20001]);
      expect(await refusal(line.client.calls(sid).update({ twiml: twiml(4_000) }))).to.equal('accepted');
    });

    it('is not touched by “canceled” once it is answered, and ended by “completed”', async () => {
      const { sid } = await create();
      await reach('in-progress', sid);
      expect((await line.client.calls(sid).update({ status: 'canceled' })).status).to.equal('in-progress');
      await line.client.calls(sid).update({ twiml: '<Response><Pause length="60"/></Response>' });
      expect(legOf(sid).status).to.equal('in-progress');
      await line.client.calls(sid).update({ status: 'completed' });
      expect((await finished(sid)).status).to.equal('completed');
    });

    it('leaves the question it was asked when it is sent elsewhere', async () => {
      const { sid } = await create();
      await reach('in-progress', sid);
      await line.client.calls(sid).update({ twiml: '<Response><Say>somebody else came</Say></Response>' });
      expect((await finished(sid)).prompts.at(-1)?.content).to.equal('somebody else came');
      expect(asked('/key')).to.equal(0);
    });
  });

  it('hears the caller, and the caller it, from the moment they are bridged', async () => {
    await open(
      { kind: 'person', hangsUp: { when: 'connected', afterMs: 1_000 } },
      {
        '/voice': () => `<Response><Dial>${helper}</Dial></Response>`,
      },
    );
    const call = line.carrier.placeCall({ from: callerNumber, caller: stay });
    await call.ended;
    const legs = line.carrier.legs();
    const [caller, other] = [legOf(call.callSid), legs.find(({ to }) => to === helper)];
    expect(caller.hears.map(({ whom }) => whom)).to.deep.equal([other?.callSid]);
    expect(other?.hears.map(({ whom }) => whom)).to.deep.equal([call.callSid]);
    const [{ fromMs, untilMs } = { fromMs: 0, untilMs: null }] = other?.hears ?? [];
    expect((untilMs ?? 0) - fromMs).to.be.within(400, 20_000);
    expect(other?.parentCallSid).to.equal(call.callSid);
  });

  it('is judged beside the call when detection is asynchronous: the document comes first', async () => {
    await open({ kind: 'voicemail', verdictMs: 1_500 });
    const { sid } = await create({
      machineDetection: 'Enable',
      asyncAmd: 'true',
      asyncAmdStatusCallback: `${line.application.origin}/amd?c=1`,
    });
    const verdict = await eventually(() => line.application.requests.find(({ path }) => path === '/amd'));
    expect(verdict.parameters).to.deep.include({
      CallSid: sid,
      AnsweredBy: 'machine_start',
      MachineDetectionDuration: '1500',
    });
    expect(line.application.requests[0]?.path).to.equal('/whisper');
    expect(line.application.requests[0]?.parameters).not.to.have.property('AnsweredBy');
    expect((await line.client.calls(sid).fetch()).answeredBy).to.equal('machine_start');
  });

  it('is judged before its first document otherwise, which is asked for with the verdict', async () => {
    await open({ kind: 'person', keys: [{ digits: '2' }], verdictMs: 1_000 });
    await finished((await create({ machineDetection: 'Enable' })).sid);
    expect(line.application.requests[0]?.parameters).to.include({
      AnsweredBy: 'human',
      MachineDetectionDuration: '1000',
    });
  });

  it('that is a voicemail is judged when its greeting is over, when the end of the message is asked for', async () => {
    await open({ kind: 'voicemail', verdictMs: 300, greeting: { kind: 'tone', hertz: 200, ms: 1_000 } });
    const { sid } = await create({
      machineDetection: 'DetectMessageEnd',
      asyncAmd: 'true',
      asyncAmdStatusCallback: `${line.application.origin}/amd`,
    });
    const verdict = await eventually(() => line.application.requests.find(({ path }) => path === '/amd'));
    expect(verdict.parameters).to.include({
      CallSid: sid,
      AnsweredBy: 'machine_end_beep',
      MachineDetectionDuration: '1500',
    });
  });

  it('is judged by nobody when it hangs up first', async () => {
    await open({ kind: 'person', hangsUp: { when: 'answered', afterMs: 200 } });
    const { sid } = await create({
      machineDetection: 'Enable',
      asyncAmd: 'true',
      asyncAmdStatusCallback: `${line.application.origin}/amd`,
    });
    expect((await finished(sid)).answeredBy).to.equal(null);
    expect(asked('/amd')).to.equal(0);
  });
});
