import { expect } from 'chai';
import twilio, { type Twilio } from 'twilio';
import { startCarrier, type Carrier } from '../../../src/sandbox/carrier/carrier.ts';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { connectStream, startApplication, type TestApplication, type TestStream } from './testApplication.ts';

const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = '12345678901234567890123456789012';
const ours = '+96824000000';
const theirs = '+96890000001';
const stay: Caller = (line) => line.stay();

describe('the carrier over the real SDK', () => {
  let application: TestApplication;
  let carrier: Carrier;
  let client: Twilio;
  let streams: TestStream[];
  let smsAnswer = '<Response/>';

  const connect = (sid: string, token: string, options = {}): Twilio => {
    const made = twilio(sid, token, options);
    made.api.baseUrl = carrier.apiBaseUrl;
    return made;
  };

  beforeEach(async () => {
    streams = [];
    smsAnswer = '<Response/>';
    application = await startApplication({
      routes: {
        '/twilio/voice': () => connectStream,
        '/after': () => '<Response><Say>after</Say></Response>',
        '/redirected': () => '<Response><Say>redirected</Say></Response>',
        '/whisper': () => '<Response><Say>hello</Say></Response>',
        '/status': () => ({ status: 204 }),
        '/twilio/sms': () => smsAnswer,
      },
      onStream: (stream) => streams.push(stream),
    });
    carrier = await startCarrier({
      accountSid,
      authToken,
      phoneNumber: ours,
      voiceUrl: `${application.origin}/twilio/voice`,
      smsUrl: `${application.origin}/twilio/sms`,
      allowPlainWs: true,
      clock: acceleratedClock(20),
      timings: { ringExtraMs: 0 },
    });
    client = connect(accountSid, authToken);
  });

  afterEach(async () => {
    await carrier.close();
    await application.close();
  });

  const refusal = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'accepted',
      (error: { status?: number; code?: number | string }) => [error.status, error.code],
    );
  const answered = async (): Promise<void> => {
    while (!streams.some(({ messages }) => messages.some(({ event }) => event === 'media'))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const unknownCall = `CA${'f'.repeat(32)}`;

  describe('for live calls', () => {
    it('fetches and lists them', async () => {
      const call = carrier.placeCall({ from: theirs, caller: stay });
      await answered();
      const fetched = await client.calls(call.callSid).fetch();
      expect([fetched.status, fetched.direction, fetched.from, fetched.to, fetched.duration]).to.deep.equal([
        'in-progress',
        'inbound',
        theirs,
        ours,
        null,
      ]);
      expect(fetched.startTime).to.be.instanceOf(Date);
      const listed = await client.calls.list({ to: ours, status: 'in-progress', limit: 20 });
      expect(listed.map(({ sid }) => sid)).to.deep.equal([call.callSid]);
      expect(await client.calls.list({ to: theirs, limit: 20 })).to.deep.equal([]);
    });

    it('pages through many', async () => {
      const calls = [1, 2, 3].map(() => carrier.placeCall({ from: theirs, caller: stay }).callSid);
      const listed = await client.calls.list({ pageSize: 2, limit: 10 });
      expect(listed.map(({ sid }) => sid)).to.deep.equal(calls.toReversed());
    });

    it('redirects: stop and close, the interrupted action asked in vain, then the new document', async () => {
      const call = carrier.placeCall({ from: theirs, caller: stay });
      await answered();
      const updated = await client.calls(call.callSid).update({ url: `${application.origin}/redirected` });
      expect(updated.status).to.equal('in-progress');
      const report = await call.ended;
      expect(streams[0]?.messages.at(-1)?.event).to.equal('stop');
      expect(await streams[0]?.closed).to.equal(1000);
      expect(application.requests.map(({ path }) => path)).to.deep.equal(['/twilio/voice', '/after', '/redirected']);
      expect(report.said).to.deep.equal(['redirected']);
      expect(report.timeline.find((fact) => fact.type === 'stream-ended')).to.include({ by: 'redirect' });
    });

    it('redirects to TwiML that comes with the request', async () => {
      const call = carrier.placeCall({ from: theirs, caller: stay });
      await answered();
      await client.calls(call.callSid).update({ twiml: '<Response><Say>inline</Say></Response>' });
      expect((await call.ended).said).to.deep.equal(['inline']);
    });

    it('ends them, without asking the action', async () => {
      const call = carrier.placeCall({ from: theirs, caller: stay });
      await answered();
      expect((await client.calls(call.callSid).update({ status: 'completed' })).sid).to.equal(call.callSid);
      expect((await call.ended).endedBy).to.equal('rest');
      expect(application.requests.map(({ path }) => path)).to.deep.equal(['/twilio/voice']);
      expect((await client.calls(call.callSid).fetch()).status).to.equal('completed');
    });

    it('refuses to change a call that is over (21220) or unknown (20404)', async () => {
      const call = carrier.placeCall({ from: theirs, caller: stay });
      call.hangUp();
      await call.ended;
      const url = `${application.origin}/redirected`;
      expect(await refusal(client.calls(call.callSid).update({ url }))).to.deep.equal([400, 21220]);
      expect(await refusal(client.calls(call.callSid).update({ status: 'completed' }))).to.deep.equal([400, 21220]);
      expect(await refusal(client.calls(unknownCall).fetch())).to.deep.equal([404, 20404]);
    });
  });

  describe('for calls that the application places', () => {
    const create = (more = {}): ReturnType<Twilio['calls']['create']> =>
      client.calls.create({ to: theirs, from: ours, url: `${application.origin}/whisper`, ...more });

    it('rings, performs the document and tells each status that was asked for', async () => {
      carrier.setPhone(theirs, { kind: 'answers', afterMs: 100, person: stay });
      const created = await create({
        statusCallback: `${application.origin}/status`,
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      });
      expect([created.status, created.direction, created.queueTime]).to.deep.equal(['queued', 'outbound-api', '0']);
      const report = await carrier.reportOf(created.sid);
      expect(report?.statuses).to.deep.equal(['initiated', 'ringing', 'in-progress', 'completed']);
      expect(report?.said).to.deep.equal(['hello']);
      const told = application.requests.filter(({ path }) => path === '/status');
      const inOrder = told
        .map(({ parameters }) => [parameters['SequenceNumber'], parameters['CallStatus']])
        .toSorted(([one], [other]) => Number(one) - Number(other));
      expect(inOrder).to.deep.equal([
        ['0', 'initiated'],
        ['1', 'ringing'],
        ['2', 'in-progress'],
        ['3', 'completed'],
      ]);
    });

    it('tells how it ended when nobody could be reached', async () => {
      carrier.setPhone(theirs, { kind: 'busy' });
      const { sid } = await create({ statusCallback: `${application.origin}/status` });
      expect((await carrier.reportOf(sid))?.statuses.at(-1)).to.equal('busy');
      expect(application.requests.at(-1)?.parameters).to.include({ CallStatus: 'busy', SipResponseCode: '486' });
    });

    it('cancels a ringing one, which then can be cancelled no more', async () => {
      const { sid } = await create({ timeout: 60 });
      await client.calls(sid).update({ status: 'completed' });
      expect((await carrier.reportOf(sid))?.statuses.at(-1)).to.equal('canceled');
      expect(await refusal(client.calls(sid).update({ status: 'canceled' }))).to.deep.equal([400, 21220]);
    });

    it('accepts a wrong status event, warns, and calls nobody back', async () => {
      carrier.setPhone(theirs, { kind: 'busy' });
      const { sid } = await create({
        statusCallback: `${application.origin}/status`,
        statusCallbackEvent: ['initiated ringing'],
      });
      expect((await carrier.reportOf(sid))?.warnings.map(({ code }) => code)).to.deep.equal([21626]);
      expect(application.requests).to.deep.equal([]);
    });

    it('lets the calls above the account’s rate wait', async () => {
      const [, second] = await Promise.all([create(), create()]);
      expect(Number(second?.queueTime)).to.be.within(1, 1_000);
    });

    it('refuses what the real carrier refuses', async () => {
      expect(await refusal(create({ to: '24000000' }))).to.deep.equal([400, 21211]);
      expect(await refusal(create({ from: '+15005550006' }))).to.deep.equal([400, 21210]);
      expect(await refusal(create({ url: 'nowhere' }))).to.deep.equal([400, 21205]);
    });

    it('may answer the first webhook before it answers the request, on demand', async () => {
      carrier.failRest({ fault: { kind: 'webhook-first' }, method: 'POST' });
      carrier.setPhone(theirs, { kind: 'answers', afterMs: 0, person: stay });
      await create();
      expect(application.requests[0]?.path).to.equal('/whisper');
    });
  });

  describe('for text messages', () => {
    const send = (more = {}): ReturnType<Twilio['messages']['create']> =>
      client.messages.create({
        to: theirs,
        from: ours,
        body: 'مرحبا',
        statusCallback: `${application.origin}/status`,
        ...more,
      });
    const told = async (count: number): Promise<unknown[]> => {
      while (application.requests.length < count) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return application.requests.map(({ parameters }) => [parameters['MessageStatus'], parameters['ErrorCode']]);
    };

    it('queues, sends and delivers them, with a callback for each', async () => {
      const sent = await send();
      expect([sent.status, sent.body, sent.numSegments]).to.deep.equal(['queued', 'مرحبا', '1']);
      expect(await told(3)).to.deep.equal([
        ['queued', undefined],
        ['sent', undefined],
        ['delivered', undefined],
      ]);
      expect((await client.messages(sent.sid).fetch()).status).to.equal('delivered');
      expect(carrier.messages().map(({ to, body }) => [to, body])).to.deep.equal([[theirs, 'مرحبا']]);
    });

    it('tells why one was not delivered', async () => {
      carrier.setMessageFate(theirs, { kind: 'undelivered', errorCode: 30003 });
      await send();
      expect((await told(3)).at(-1)).to.deep.equal(['undelivered', '30003']);
    });

    it('refuses landlines, unknown senders, empty bodies and people who opted out', async () => {
      expect(await refusal(send({ to: '+96824123456' }))).to.deep.equal([400, 21614]);
      expect(await refusal(send({ from: '+15005550006' }))).to.deep.equal([400, 21606]);
      expect(await refusal(send({ body: '' }))).to.deep.equal([400, 21602]);
      const answer = await carrier.sendMessage({ from: theirs, body: 'Stop' });
      expect(answer).to.include({ kind: 'answered', status: 200 });
      expect(application.requests[0]?.parameters).to.include({ From: theirs, Body: 'Stop', SmsStatus: 'received' });
      expect(await refusal(send())).to.deep.equal([400, 21610]);
      await carrier.sendMessage({ from: theirs, body: 'START' });
      expect(await refusal(send())).to.equal('accepted');
    });

    it('tells of a sender that no network lets through, and says nothing when no network says anything', async () => {
      carrier.setMessageFate(theirs, { kind: 'failed', errorCode: 30034 });
      await send();
      expect(await told(2)).to.deep.equal([
        ['queued', undefined],
        ['failed', '30034'],
      ]);
      carrier.setMessageFate(theirs, { kind: 'never-reported' });
      const silent = await send();
      expect((await told(4)).slice(2)).to.deep.equal([
        ['queued', undefined],
        ['sent', undefined],
      ]);
      expect((await client.messages(silent.sid).fetch()).status).to.equal('sent');
      carrier.setMessageFate(theirs, { kind: 'refused', status: 400, errorCode: 21408 });
      expect(await refusal(send())).to.deep.equal([400, 21408]);
    });

    it('lists them by number, the newest first, also what came in and what was answered', async () => {
      const sent = await send();
      smsAnswer = '<Response><Message>تم</Message></Response>';
      await carrier.sendMessage({ from: theirs, body: 'سلام' });
      await send({ to: '+96890000002' });
      const listed = await client.messages.list({ to: theirs, limit: 20 });
      expect(listed.map(({ sid, direction, body }) => [direction, body, sid === sent.sid])).to.deep.equal([
        ['outbound-reply', 'تم', false],
        ['outbound-api', 'مرحبا', true],
      ]);
      expect((await client.messages.list({ to: ours, limit: 20 })).map(({ body }) => body)).to.deep.equal(['سلام']);
      expect(await client.messages.list({ to: ours, dateSentAfter: new Date(Date.now() + 86_400_000) })).to.deep.equal(
        [],
      );
    });

    it('counts segments of Arabic by 70 and 67 characters', async () => {
      expect((await send({ body: 'ا'.repeat(70) })).numSegments).to.equal('1');
      expect((await send({ body: 'ا'.repeat(135) })).numSegments).to.equal('3');
    });
  });

  describe('in trouble', () => {
    it('refuses wrong credentials', async () => {
      const account = await client.api.v2010.accounts(accountSid).fetch();
      expect([account.sid, account.status]).to.deep.equal([accountSid, 'active']);
      const stranger = connect(accountSid, 'wrong');
      expect(await refusal(stranger.api.v2010.accounts(accountSid).fetch())).to.deep.equal([401, 20003]);
    });

    it('refuses when it is asked too much, and the SDK tries again', async () => {
      carrier.failRest({ fault: { kind: 'rate-limited' }, times: 2 });
      expect(await refusal(client.calls.list({ limit: 1 }))).to.deep.equal([429, 20429]);
      const patient = connect(accountSid, authToken, { autoRetry: true, maxRetries: 2, maxRetryDelay: 10 });
      expect(await patient.calls.list({ limit: 1 })).to.deep.equal([]);
    });

    it('fails on its own, for the requests that were chosen', async () => {
      carrier.failRest({ fault: { kind: 'server-error' }, path: /^\/Messages/ });
      expect(await client.calls.list({ limit: 1 })).to.deep.equal([]);
      expect(await refusal(client.messages.create({ to: theirs, from: ours, body: 'x' }))).to.deep.equal([500, 20500]);
      expect(carrier.messages()).to.deep.equal([]);
    });

    it('carries a request out and loses the answer', async () => {
      carrier.failRest({ fault: { kind: 'response-lost' }, method: 'POST' });
      expect(await refusal(client.messages.create({ to: theirs, from: ours, body: 'x' }))).to.deep.equal([
        undefined,
        'ECONNRESET',
      ]);
      expect(carrier.messages().length).to.equal(1);
    });

    it('answers later than the client waits', async () => {
      carrier.failRest({ fault: { kind: 'slow', ms: 2_000 } });
      const hasty = connect(accountSid, authToken, { timeout: 20 });
      expect(await refusal(hasty.calls.list({ limit: 1 }))).to.deep.equal([undefined, 'ECONNABORTED']);
    });
  });
});
