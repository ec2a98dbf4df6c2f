import { expect } from 'chai';
import { systemClock, type Clock } from '../../src/clock.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createCallControl, isFinal, callStatuses } from '../../src/twilio/callControl.ts';
import { createCarrierRequest, failureOf } from '../../src/twilio/carrierRequest.ts';
import { accountSid, callSid } from './carrierMessages.ts';
import { carrierRest, type CarrierRest, type RestAnswer } from './carrierRest.ts';

const authToken = 'secret-token-0123456789abcdef0123';
const inProgress = { status: 200, json: { sid: callSid, status: 'in-progress' } } as const;
/** Its five seconds are 20 ms. */
const impatient: Clock = { ...systemClock, setTimeout: (run) => setTimeout(run, 20) };
const error = (status: number, code: number): RestAnswer => ({
  status,
  json: { code, message: 'about +96891234567', more_info: 'https://www.twilio.com/docs/errors', status },
});

describe('asking the carrier', () => {
  let rest: CarrierRest | null = null;
  let logged: string[] = [];
  afterEach(async () => {
    await rest?.close();
    rest = null;
    logged = [];
  });

  async function carrier(...answers: RestAnswer[]) {
    rest = await carrierRest(...answers);
    return connect(rest.url, answers.includes('never') ? impatient : systemClock);
  }

  function connect(apiBaseUrl: string, clock: Clock) {
    const note = (message: string, fields?: unknown) => logged.push(JSON.stringify([message, fields]));
    const log: Log = { ...silentLog, warn: note, error: note };
    const metrics = createMetrics('calls');
    const settings = { accountSid, authToken, apiBaseUrl, requestMs: 5_000 };
    const request = createCarrierRequest(settings, { clock, log, metrics });
    return { calls: createCallControl(request, accountSid), metrics };
  }

  const requests = () => rest?.requests ?? [];

  it('gives a live call a new document', async () => {
    const { calls } = await carrier(inProgress);
    const twiml = '<Response><Say>مرحبا</Say></Response>';
    expect(await calls.update(callSid, { kind: 'twiml', twiml })).to.deep.equal({ ok: true, value: 'in-progress' });
    expect(requests()).to.deep.equal([
      {
        method: 'POST',
        path: `/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`,
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        form: [['Twiml', twiml]],
      },
    ]);
  });

  it('sends a live call to a URL, and ends one', async () => {
    const { calls } = await carrier(inProgress, { status: 200, json: { sid: callSid, status: 'completed' } });
    await calls.update(callSid, { kind: 'url', url: 'https://sanad.example.om/twilio/voice' });
    expect(await calls.update(callSid, { kind: 'complete' })).to.deep.equal({ ok: true, value: 'completed' });
    expect(requests().map((request) => Object.fromEntries(request.form))).to.deep.equal([
      { Url: 'https://sanad.example.om/twilio/voice', Method: 'POST' },
      { Status: 'completed' },
    ]);
  });

  it('reads the status of a call', async () => {
    const { calls } = await carrier({ status: 200, json: { sid: callSid, status: 'no-answer' } });
    expect(await calls.fetch(callSid)).to.deep.equal({ ok: true, value: 'no-answer' });
    expect(requests().map(({ method }) => method)).to.deep.equal(['GET']);
  });

  it('verifies the credentials', async () => {
    const { calls } = await carrier({ status: 200, json: { sid: accountSid, status: 'active' } }, error(401, 20003));
    expect(await calls.verifyCredentials()).to.deep.equal({ ok: true, value: 'active' });
    expect(await calls.verifyCredentials()).to.deep.equal({
      ok: false,
      failure: { kind: 'refused', status: 401, code: 20003 },
    });
    expect(requests()[0]?.path).to.equal(`/2010-04-01/Accounts/${accountSid}.json`);
  });

  const complete = { kind: 'complete' } as const;
  const changes: readonly [string, RestAnswer, unknown][] = [
    ['a call that is over as gone', error(400, 21220), { kind: 'gone' }],
    ['a call that nobody knows as gone', error(404, 20404), { kind: 'gone' }],
    ['a refusal with its code', error(400, 21211), { kind: 'refused', status: 400, code: 21211 }],
    [
      'a refusal as problem JSON with its code',
      { status: 400, json: { type: 't', title: 'bad', status: 400, code: 21211 } },
      { kind: 'refused', status: 400, code: 21211 },
    ],
    ['a refusal without a code as such', { status: 403, text: '<html>' }, { kind: 'refused', status: 403, code: null }],
    ['a change that met a 5xx as unknown', { status: 502, text: '<html>' }, { kind: 'unknown', cause: 'status 502' }],
    [
      'a change whose answer cannot be read as unknown',
      { status: 200, text: 'ok' },
      { kind: 'unknown', cause: 'malformed' },
    ],
    ['a change that was cut off as unknown', 'hangUp', { kind: 'unknown', cause: 'ECONNRESET' }],
    ['a change that was never answered as unknown', 'never', { kind: 'unknown', cause: 'timeout' }],
  ];
  for (const [what, answer, failure] of changes) {
    it(`reports ${what}`, async () => {
      const { calls } = await carrier(answer);
      expect(await calls.update(callSid, complete)).to.deep.equal({ ok: false, failure });
    });
  }

  it('reports a question that was never answered as unreachable: it changed nothing', async () => {
    const { calls } = await carrier('never');
    expect(await calls.fetch(callSid)).to.deep.equal({ ok: false, failure: { kind: 'unreachable', cause: 'timeout' } });
  });

  it('reports a change that could not be sent as unreachable, not as unknown', async () => {
    const { calls } = await carrier(inProgress);
    await rest?.close();
    expect(await calls.update(callSid, complete)).to.deep.equal({
      ok: false,
      failure: { kind: 'unreachable', cause: 'ECONNREFUSED' },
    });
  });

  it('tries again after 429, and says so when it stays', async () => {
    const { calls } = await carrier(error(429, 20429), inProgress);
    expect(await calls.fetch(callSid)).to.deep.equal({ ok: true, value: 'in-progress' });
    expect(requests().length).to.equal(2);
    expect(failureOf({ status: 429, code: 20429 }, 'change')).to.deep.equal({ kind: 'tooManyRequests' });
  });

  it('never lets a key, a number or a message out, in a result or a log', async () => {
    const { calls } = await carrier(error(400, 21211), error(401, 20003), 'hangUp');
    const results = [
      await calls.update(callSid, complete),
      await calls.update(callSid, complete),
      await calls.update(callSid, complete),
    ];
    const everything = JSON.stringify([results, logged]);
    expect(logged.length).to.equal(3);
    for (const secret of [
      authToken,
      Buffer.from(`${accountSid}:${authToken}`).toString('base64'),
      '96891234567',
      'about',
    ])
      expect(everything).to.not.include(secret);
  });

  it('counts every operation with its result', async () => {
    const { calls, metrics } = await carrier(error(404, 20404));
    await calls.update(callSid, complete);
    const { text } = await metrics.exposition();
    expect(text).to.include('sanad_carrier_request_seconds_count{operation="updateCall",result="gone"} 1');
  });
});

describe('the status of a call', () => {
  it('is final when no call comes back from it', () => {
    expect(callStatuses.filter(isFinal)).to.deep.equal(['completed', 'busy', 'failed', 'no-answer', 'canceled']);
    expect(isFinal('constructor')).to.equal(false);
  });
});
