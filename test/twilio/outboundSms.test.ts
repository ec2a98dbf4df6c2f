import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { startCarrier, type Carrier } from '../../src/sandbox/carrier/carrier.ts';
import { createCarrierRequest } from '../../src/twilio/carrierRequest.ts';
import { createOutboundSms, type OutboundSms } from '../../src/twilio/outboundSms.ts';
import { explainSmsError, refusalOf, smsErrors } from '../../src/twilio/smsErrors.ts';
import { accountSid } from './carrierMessages.ts';

const authToken = '12345678901234567890123456789012';
const ours = '+96824000000';
const theirs = '+96891234567';

describe('sending a text message over the carrier', () => {
  let carrier: Carrier;
  let callbacks: Server;
  let callbackUrl: string;

  before(async () => {
    callbacks = createServer((_request, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => callbacks.listen(0, '127.0.0.1', resolve));
    callbackUrl = `http://127.0.0.1:${(callbacks.address() as AddressInfo).port}/twilio/sms/status?m=1`;
    carrier = await startCarrier({
      accountSid,
      authToken,
      phoneNumber: ours,
      senderNames: ['Sanad'],
      voiceUrl: `${callbackUrl}/voice`,
      timings: { messageStepMs: 1 },
    });
  });
  after(async () => {
    await carrier.close();
    callbacks.closeAllConnections();
    await new Promise((resolve) => callbacks.close(resolve));
  });
  afterEach(() => carrier.clearFaults());

  const smsOver = (apiBaseUrl: string, requestMs = 5_000): OutboundSms =>
    createOutboundSms(
      createCarrierRequest(
        { accountSid, authToken, apiBaseUrl, requestMs },
        { clock: systemClock, log: silentLog, metrics: createMetrics('calls') },
      ),
    );
  const order = (more = {}) => ({ to: theirs, from: ours, body: 'سلام', statusCallback: callbackUrl, ...more });

  it('gives the sid of what the carrier accepted, from our number or our name', async () => {
    const sms = smsOver(carrier.apiBaseUrl);
    const [byNumber, byName] = [await sms.sendSms(order()), await sms.sendSms(order({ from: 'Sanad' }))];
    const sids = carrier.messages().map(({ sid }) => sid);
    expect([byNumber, byName]).to.deep.equal(sids.map((sid) => ({ kind: 'accepted', sid })));
  });

  const refusals = [
    [21211, 400, 'numberUnusable'],
    [21408, 400, 'senderNotAllowed'],
    [21608, 400, 'senderNotAllowed'],
    [21610, 400, 'optedOut'],
    [21614, 400, 'numberUnusable'],
    [99999, 400, 'other'],
  ] as const;
  for (const [code, status, reason] of refusals)
    it(`takes ${code} for ${reason}, never to be sent again by itself`, async () => {
      const to = `+96892${code}0`;
      carrier.setMessageFate(to, { kind: 'refused', status, errorCode: code });
      const sent = await smsOver(carrier.apiBaseUrl).sendSms(order({ to }));
      expect(sent).to.deep.equal({ kind: 'refused', code, reason, mayRetry: false });
    });

  it('may send again what was refused for being too much, since nothing was sent', async () => {
    const before = carrier.messages().length;
    carrier.failRest({ fault: { kind: 'rate-limited' }, times: 10 });
    const sent = await smsOver(carrier.apiBaseUrl).sendSms(order());
    expect(sent).to.deep.equal({ kind: 'refused', code: 20429, reason: 'tooMany', mayRetry: true });
    expect(carrier.messages().length).to.equal(before);
  });

  it('may send again what never reached the carrier', async () => {
    const sent = await smsOver('http://127.0.0.1:9').sendSms(order());
    expect(sent).to.deep.equal({ kind: 'refused', code: null, reason: 'carrierAway', mayRetry: true });
  });

  const doubtful = [
    ['the carrier fails', { kind: 'server-error' }, 0],
    ['the connection breaks before', { kind: 'reset' }, 0],
    ['the answer is lost', { kind: 'response-lost' }, 1],
    ['the answer never comes', { kind: 'never-answered' }, 1],
  ] as const;
  for (const [what, fault, wasSent] of doubtful)
    it(`does not know what became of it when ${what}, and finds it in the list or not`, async () => {
      const to = `+9689300000${doubtful.findIndex(([name]) => name === what)}`;
      const sinceMs = Date.now() - 2_000;
      carrier.failRest({ fault, method: 'POST' });
      const sms = smsOver(carrier.apiBaseUrl, fault.kind === 'never-answered' ? 150 : 5_000);
      expect(await sms.sendSms(order({ to }))).to.deep.equal({ kind: 'unknown' });
      const found = await smsOver(carrier.apiBaseUrl).sentSince(to, sinceMs);
      expect(found.ok && found.value.map(({ body }) => body)).to.deep.equal(wasSent === 1 ? ['سلام'] : []);
      const later = await sms.sentSince(to, Date.now() + 5_000);
      expect(later.ok && later.value).to.deep.equal([]);
    });

  it('says that it could not look when the list cannot be read', async () => {
    carrier.failRest({ fault: { kind: 'server-error' }, method: 'GET' });
    const found = await smsOver(carrier.apiBaseUrl).sentSince(theirs, 0);
    expect(found).to.deep.include({ ok: false });
  });
});

describe('what the carrier’s errors mean', () => {
  it('has one sentence for each code, in order, with an end and without the carrier’s jargon', () => {
    const codes = smsErrors.map(({ code }) => code);
    expect(codes).to.deep.equal([...new Set(codes)].sort((a, b) => a - b));
    for (const { sentence } of smsErrors) expect(sentence).to.match(/^[A-Z][^_]{20,180}\.$/);
  });

  it('covers what the issue names', () => {
    const named = [21610, 21211, 21614, 30003, 30004, 30005, 30006, 30007, 30008, 30034, 20429];
    expect(named.filter((code) => refusalOf(code).reason === 'other')).to.deep.equal([]);
  });

  it('says something useful of a code that nobody has listed, and of none', () => {
    expect(explainSmsError(63038)).to.contain('63038').and.to.contain('https://');
    expect(explainSmsError(null)).to.contain('no code');
  });
});
