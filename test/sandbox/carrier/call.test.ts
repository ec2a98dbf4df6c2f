import { expect } from 'chai';
import twilio from 'twilio';
import { startCarrier, type Carrier, type CarrierOptions } from '../../../src/sandbox/carrier/carrier.ts';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { bursts, tone } from '../../../src/sandbox/carrier/levels.ts';
import { startApplication, type TestApplication, type TestApplicationOptions } from './testApplication.ts';

const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = '12345678901234567890123456789012';
const stay: Caller = (line) => line.stay();

describe('a call through the carrier', () => {
  let application: TestApplication;
  let carrier: Carrier;

  const start = async (
    routes: TestApplicationOptions['routes'],
    options: (origin: string) => Partial<CarrierOptions> = () => ({}),
  ): Promise<void> => {
    application = await startApplication({ routes });
    carrier = await startCarrier({
      accountSid,
      authToken,
      phoneNumber: '+96824000000',
      voiceUrl: `${application.origin}/twilio/voice`,
      clock: acceleratedClock(20),
      timings: { ringExtraMs: 0 },
      prompter: { say: async (text) => tone(text.length * 20, 300, -20) },
      ...options(application.origin),
    });
  };

  afterEach(async () => {
    await carrier.close();
    await application.close();
  });

  const paths = (): string[] => application.requests.map(({ path }) => path);

  it('asks for the document with the standard parameters, signed, with a token for retries', async () => {
    await start({ '/twilio/voice': () => '<Response><Hangup/></Response>' });
    const call = carrier.placeCall({ from: '+96890000001', caller: stay });
    await call.ended;
    const [request] = application.requests;
    const { FromCity, ...parameters } = request?.parameters ?? {};
    expect(FromCity).to.equal('');
    expect(parameters).to.include({
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      CallSid: call.callSid,
      CallStatus: 'ringing',
      Direction: 'inbound',
      From: '+96890000001',
      To: '+96824000000',
      Caller: '+96890000001',
      Called: '+96824000000',
      FromCountry: 'OM',
    });
    expect(call.callSid).to.match(/^CA[0-9a-f]{32}$/);
    expect(request?.headers['i-twilio-idempotency-token']).to.match(/^[0-9a-f-]{36}$/);
    const signature = String(request?.headers['x-twilio-signature']);
    expect(twilio.validateRequest(authToken, signature, request?.url ?? '', request?.parameters ?? {})).to.equal(true);
  });

  it('writes a withheld number as anonymous', async () => {
    await start({ '/twilio/voice': () => '<Response><Hangup/></Response>' });
    await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(application.requests[0]?.parameters).to.include({ From: 'anonymous', FromCountry: '' });
  });

  it('speaks, pauses, redirects relatively, and hangs up at the end of the document', async () => {
    await start({
      '/twilio/voice': () =>
        '<Response><Say>0123456789</Say><Pause length="1"/><Redirect>next?a=1</Redirect></Response>',
      '/twilio/next': () => '<Response><Say>goodbye</Say></Response>',
    });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(application.requests.map(({ url }) => url.replace(application.origin, ''))).to.deep.equal([
      '/twilio/voice',
      '/twilio/next?a=1',
    ]);
    expect(report.said).to.deep.equal(['0123456789', 'goodbye']);
    expect(report.timeline.flatMap((fact) => (fact.type === 'verb' ? [fact.verb] : []))).to.deep.equal([
      'Say',
      'Pause',
      'Redirect',
      'Say',
    ]);
    expect(report.statuses).to.deep.equal(['ringing', 'in-progress', 'completed']);
    expect(report.endedBy).to.equal('line');
    const [first, second] = bursts(report.downlink);
    expect((first?.endMs ?? 0) - (first?.startMs ?? 0)).to.equal(200);
    expect((second?.startMs ?? 0) - (first?.endMs ?? 0)).to.be.at.least(960);
  });

  const faults: Readonly<Record<string, [TestApplicationOptions['routes'][string], number]>> = {
    'a status that is no success': [() => ({ status: 500 }), 11200],
    'something that is no XML': [() => '<Response>', 12100],
    'another content type': [() => ({ status: 200, body: '<Response/>', contentType: 'text/plain' }), 12300],
    'no answer in time': [() => ({ hang: true }), 11205],
  };
  for (const [what, [answer, code]] of Object.entries(faults)) {
    it(`goes to the fallback address when the application gives ${what}`, async () => {
      await start(
        { '/twilio/voice': answer, '/fallback': () => '<Response><Say>a person</Say></Response>' },
        (origin) => ({
          voiceFallbackUrl: `${origin}/fallback`,
          timings: { webhookTimeoutMs: code === 11205 ? 2_000 : 15_000 },
        }),
      );
      const report = await carrier.placeCall({ from: null, caller: stay }).ended;
      expect(paths()).to.deep.equal(['/twilio/voice', '/fallback']);
      expect(application.requests[1]?.parameters).to.include({
        ErrorCode: String(code),
        ErrorUrl: `${application.origin}/twilio/voice`,
      });
      expect(report.errors.map((error) => error.code)).to.deep.equal([code]);
      expect(report.said).to.deep.equal(['a person']);
    });
  }

  it('apologises and ends the call when the fallback fails as well', async () => {
    await start({ '/twilio/voice': () => ({ status: 503 }), '/fallback': () => ({ status: 503 }) }, (origin) => ({
      voiceFallbackUrl: `${origin}/fallback`,
    }));
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(report.said).to.deep.equal(['We are sorry, an application error has occurred. Goodbye.']);
    expect([report.endedBy, report.errors.length]).to.deep.equal(['error', 2]);
  });

  it('asks the action after a hang-up, too, on demand', async () => {
    const routes = { '/twilio/voice': () => '<Response><Dial action="/dialled">+96890000007</Dial></Response>' };
    await start(routes, () => ({ actionAfterHangUp: true }));
    await carrier.placeCall({ from: null, caller: async (line) => line.silence(200) }).ended;
    expect(paths()).to.deep.equal(['/twilio/voice', '/dialled']);
    expect(application.requests[1]?.parameters).to.include({ CallStatus: 'completed', DialCallStatus: 'canceled' });
  });

  it('takes down verbs that it cannot perform, and performs the rest', async () => {
    await start({ '/twilio/voice': () => '<Response><Sing/><Say>still here</Say></Response>' });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(report.errors.map(({ code }) => code)).to.deep.equal([12200]);
    expect(report.said).to.deep.equal(['still here']);
  });

  it('is busy for a caller who is rejected so, and never answers', async () => {
    await start({ '/twilio/voice': () => '<Response><Reject reason="busy"/></Response>' });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(report.statuses).to.deep.equal(['ringing', 'busy']);
    expect(report.downlink.length).to.equal(0);
  });

  it('tells the number’s status callback when the caller hangs up', async () => {
    await start(
      { '/twilio/voice': () => '<Response><Pause length="60"/></Response>', '/status': () => ({ status: 204 }) },
      (origin) => ({ statusCallbackUrl: `${origin}/status` }),
    );
    const report = await carrier.placeCall({
      from: '+96890000001',
      caller: async (line) => {
        await line.silence(600);
        line.hangUp();
      },
    }).ended;
    expect(report.endedBy).to.equal('caller');
    expect(application.requests.at(-1)?.parameters).to.include({
      CallStatus: 'completed',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '0',
      CallDuration: '1',
      Duration: '1',
    });
    expect(report.webhooks.map(({ path, status }) => [path, status])).to.deep.equal([
      ['/twilio/voice', 200],
      ['/status', 204],
    ]);
  });

  describe('gathers keys', () => {
    const gather = (attributes: string): string =>
      `<Response><Gather ${attributes} action="/keys"><Say>${'press '.repeat(15)}</Say></Gather><Say>none</Say></Response>`;
    const routes = (attributes: string): TestApplicationOptions['routes'] => ({
      '/twilio/voice': () => gather(attributes),
      '/keys': () => '<Response><Hangup/></Response>',
    });

    it('as many as it wants, over the prompt that they end', async () => {
      await start(routes('numDigits="2"'));
      const report = await carrier.placeCall({
        from: null,
        caller: async (line) => {
          await line.hears({ atLeastMs: 300 });
          await line.press('17');
          await line.stay();
        },
      }).ended;
      expect(application.requests.at(-1)?.parameters['Digits']).to.equal('17');
      expect(report.downlink.length / 8).to.be.below(1_600);
    });

    it('up to the finishing key', async () => {
      await start(routes('timeout="20"'));
      await carrier.placeCall({
        from: null,
        caller: async (line) => {
          await line.hears({ atLeastMs: 100 });
          await line.press('4#');
          await line.stay();
        },
      }).ended;
      expect(application.requests.at(-1)?.parameters['Digits']).to.equal('4');
    });

    it('and goes on to the next verb when none came, or to the action when it asks for that', async () => {
      await start(routes('timeout="1"'));
      const report = await carrier.placeCall({ from: null, caller: stay }).ended;
      expect(report.said.at(-1)).to.equal('none');
      await carrier.close();
      await application.close();
      await start(routes('timeout="1" actionOnEmptyResult="true"'));
      await carrier.placeCall({ from: null, caller: stay }).ended;
      expect(application.requests.at(-1)?.parameters['Digits']).to.equal('');
    });
  });

  describe('dials', () => {
    const helper = '+96890000007';
    const dial = (timeout = 10): string =>
      `<Response><Dial timeout="${timeout}" action="/dialled"><Number>${helper}</Number></Dial></Response>`;
    const routes: TestApplicationOptions['routes'] = {
      '/twilio/voice': () => dial(),
      '/dialled': () => '<Response><Say>back</Say></Response>',
    };

    it('a person who answers, and lets both hear each other', async () => {
      await start(routes);
      carrier.setPhone(helper, {
        kind: 'answers',
        afterMs: 1_000,
        person: async (line) => {
          await line.say(tone(400, 500, -20));
          await line.listenUntilQuiet({ ms: 400 });
        },
      });
      const report = await carrier.placeCall({
        from: '+96890000001',
        caller: async (line) => {
          await line.silence(3_000);
          await line.say(tone(600, 700, -20));
          await line.stay();
        },
      }).ended;
      const result = application.requests.at(-1)?.parameters ?? {};
      expect(result).to.include({ DialCallStatus: 'completed', DialBridged: 'true', CallStatus: 'in-progress' });
      const [child] = report.children;
      expect(child?.callSid).to.equal(result['DialCallSid']);
      expect(child?.statuses).to.deep.equal(['initiated', 'ringing', 'in-progress', 'completed']);
      expect(bursts(child?.downlink ?? new Uint8Array()).map(({ startMs, endMs }) => endMs - startMs)).to.deep.equal([
        600,
      ]);
      expect(report.timeline.map(({ type }) => type)).to.include.members(['leg-rings', 'bridged', 'unbridged']);
      expect(report.said).to.deep.equal(['back']);
      expect([report.callerFault, child?.callerFault]).to.deep.equal([null, null]);
    });

    for (const [kind, status] of [
      ['busy', 'busy'],
      ['no-answer', 'no-answer'],
      ['failed', 'failed'],
    ] as const) {
      it(`and reports ${status}`, async () => {
        await start({ ...routes, '/twilio/voice': () => dial(1) });
        carrier.setPhone(helper, { kind });
        const report = await carrier.placeCall({ from: '+96890000001', caller: stay }).ended;
        expect(application.requests.at(-1)?.parameters).to.include({ DialCallStatus: status, DialBridged: 'false' });
        expect(report.children.map((child) => child.statuses.at(-1))).to.deep.equal([status]);
      });
    }

    it('several at once, and stops ringing the others when one answers', async () => {
      await start({
        ...routes,
        '/twilio/voice': () =>
          `<Response><Dial action="/dialled"><Number>+96890000008</Number><Number>${helper}</Number></Dial></Response>`,
      });
      carrier.setPhone('+96890000008', { kind: 'answers', afterMs: 5_000, person: stay });
      carrier.setPhone(helper, { kind: 'answers', afterMs: 300, person: async (line) => line.silence(200) });
      const report = await carrier.placeCall({ from: '+96890000001', caller: stay }).ended;
      expect(report.children.map((child) => child.statuses.at(-1))).to.deep.equal(['canceled', 'completed']);
    });

    it('and lets the caller hang up while it rings', async () => {
      await start(routes);
      carrier.setPhone(helper, { kind: 'no-answer' });
      const report = await carrier.placeCall({ from: '+96890000001', caller: async (line) => line.silence(500) }).ended;
      expect([report.endedBy, report.children[0]?.statuses.at(-1)]).to.deep.equal(['caller', 'canceled']);
      expect(paths()).to.deep.equal(['/twilio/voice']);
    });
  });
});
