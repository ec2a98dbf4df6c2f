import { expect } from 'chai';
import twilio, { type Twilio } from 'twilio';
import { startCarrier, type Carrier } from '../../../src/sandbox/carrier/carrier.ts';
import type { LegReport } from '../../../src/sandbox/carrier/legLog.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { tone } from '../../../src/sandbox/carrier/levels.ts';
import { eventually } from './signedApplication.ts';
import {
  connectStream,
  startApplication,
  type ReceivedRequest,
  type TestApplication,
  type TestStream,
} from './testApplication.ts';

const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = '12345678901234567890123456789012';
const ours = '+96824000000';
const phones = { machine: '+96890000011', declines: '+96890000012', takes: '+96890000013', late: '+96890000014' };

const whisper = `<Response><Gather numDigits="1" timeout="4" action="$origin/key" actionOnEmptyResult="true"><Say>somebody waits</Say></Gather></Response>`;
const callerRoom = `<Response><Dial action="$origin/after"><Conference participantLabel="caller" endConferenceOnExit="true" beep="false" jitterBufferSize="small" waitUrl="$origin/hold">room-7</Conference></Dial></Response>`;
const helperRoom = `<Response><Dial><Conference participantLabel="oncall" endConferenceOnExit="true" beep="false" jitterBufferSize="small">room-7</Conference></Dial></Response>`;

/** The recipe of the transfer (twilio.md §2.6) as small as can be, played through the carrier from end to end. */
describe('a warm transfer through the carrier', () => {
  let application: TestApplication;
  let carrier: Carrier;
  let client: Twilio;
  let streams: TestStream[];
  let winner: string | null;

  const claim = ({ parameters }: ReceivedRequest): string => {
    if (parameters['Digits'] !== '1' || winner !== null) {
      return '<Response><Say>thank you</Say></Response>';
    }
    winner = parameters['CallSid'] ?? null;
    return helperRoom;
  };

  beforeEach(async () => {
    streams = [];
    winner = null;
    application = await startApplication({
      routes: {
        '/voice': () => connectStream,
        '/after': ({ parameters }) => (parameters['DialCallStatus'] === 'answered' ? connectStream : '<Response/>'),
        '/whisper': () => whisper,
        '/key': claim,
        '/hold': () => '<Response><Say>stay with us</Say><Pause length="30"/></Response>',
      },
      onStream: (stream) => streams.push(stream),
    });
    carrier = await startCarrier({
      accountSid,
      authToken,
      phoneNumber: ours,
      voiceUrl: `${application.origin}/voice`,
      allowPlainWs: true,
      callsPerSecond: 100,
      clock: acceleratedClock(20),
      prompter: { say: async (text) => tone(text.length * 20, 300, -20) },
      phones: {
        [phones.machine]: { kind: 'voicemail' },
        [phones.declines]: { kind: 'person', answersAfterMs: 500, keys: [{ digits: '2' }] },
        [phones.takes]: {
          kind: 'person',
          answersAfterMs: 1_500,
          keys: [{ digits: '1', afterMs: 700 }],
          says: [{ when: 'connected', sound: { kind: 'tone', hertz: 500, ms: 600 } }],
          hangsUp: { when: 'connected', afterMs: 2_000 },
        },
        [phones.late]: { kind: 'person', answersAfterMs: 9_000, keys: [{ digits: '1' }] },
      },
    });
    client = twilio(accountSid, authToken);
    client.api.baseUrl = carrier.apiBaseUrl;
  });

  afterEach(async () => {
    await carrier.close();
    await application.close();
  });

  it('takes the caller from their stream to a person who pressed the key, and back when that person leaves', async () => {
    const call = carrier.placeCall({ from: '+96890000001', caller: (line) => line.stay() });
    await eventually(() => streams[0]?.messages.some(({ event }) => event === 'media'));
    await client.calls(call.callSid).update({ twiml: callerRoom.replaceAll('$origin', application.origin) });
    const placed = await Promise.all(
      Object.values(phones).map((to) =>
        client.calls.create({ to, from: ours, url: `${application.origin}/whisper`, timeout: 15 }),
      ),
    );
    const taken = await eventually(() => winner);
    const others = placed.filter(({ sid }) => sid !== taken);
    await Promise.all(
      others.map(({ sid }) =>
        client
          .calls(sid)
          .update({ status: 'completed' })
          .catch(() => {}),
      ),
    );
    await eventually(() => streams[1]?.messages.some(({ event }) => event === 'media'));
    call.hangUp();
    await call.ended;

    expect(streams[0]?.messages.at(-1)?.event).to.equal('stop');
    expect(await streams[0]?.closed).to.equal(1000);
    const leg = (to: string): LegReport | undefined => carrier.legs().find((one) => one.to === to);
    const caller = carrier.legs().find(({ callSid }) => callSid === call.callSid);
    expect(leg(phones.takes)?.callSid).to.equal(taken);
    expect(caller?.prompts.map(({ content }) => content)).to.deep.equal(['stay with us']);
    expect(caller?.hears.map(({ whom }) => whom.slice(0, 2))).to.deep.equal(['MZ', 'CA', 'MZ']);
    expect(caller?.hears[1]?.whom).to.equal(taken);
    expect([phones.machine, phones.declines, phones.late].map((to) => leg(to)?.hears)).to.deep.equal([[], [], []]);
    expect(leg(phones.late)?.status).to.equal('canceled');
    expect(leg(phones.machine)?.digits).to.deep.equal([]);
  });
});
