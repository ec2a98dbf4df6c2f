import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { escalationRoutes, type EscalationWebhookDependencies } from '../../src/http/escalationWebhooks.ts';
import { silentLog } from '../../src/log.ts';
import { createOnCallTwiml, onCallPaths } from '../../src/twilio/onCallTwiml.ts';
import { carrierPaths, createTwiml } from '../../src/twilio/twiml.ts';
import { callSid } from '../twilio/carrierMessages.ts';
import { callParameters, openEdge, publicUrl, type TestEdge } from './edge.ts';

const ids = { e: randomUUID(), a: randomUUID(), t: randomUUID() };
const query = `?e=${ids.e}&a=${ids.a}`;
const room = `CF${'a'.repeat(32)}`;

type Door = EscalationWebhookDependencies['door'];

/** Whatever it is asked, it answers as told; and it notes everything. */
class FakeDoor {
  readonly asked: unknown[] = [];
  answer: (question: string) => Promise<unknown> = () => Promise.reject(new Error('the database is away'));

  readonly as = (): Door =>
    new Proxy({} as Door, {
      get:
        (_target, name) =>
        (...given: readonly unknown[]) => {
          this.asked.push([name, ...given]);
          return this.answer(String(name));
        },
    });
}

describe('the webhooks of people who are rung', () => {
  const door = new FakeDoor();
  const ended: unknown[] = [];
  let edge: TestEdge;

  before(async () => {
    const routes = escalationRoutes({
      door: door.as(),
      callbacks: {
        due: () => Promise.resolve([]),
        claim: () => Promise.resolve(null),
        end: (...given) => Promise.resolve(void ended.push(given)),
        about: () => Promise.reject(new Error('the database is away')),
      },
      callbackOutcome: (status) => (status === 'busy' ? 'noAnswer' : null),
      desk: {
        admitCallback: (call) => Promise.resolve(void ended.push(call)).then(() => ({ kind: 'hangUp' as const })),
        callEnded: (...given) => void ended.push(given),
      },
      onCall: createOnCallTwiml(publicUrl),
      twiml: createTwiml({ publicUrl, phoneNumber: '+96824000000', fallbackPhoneNumber: null }),
      clock: systemClock,
      log: silentLog,
    });
    edge = await openEdge({ routes });
  });
  after(() => edge.server.close());
  beforeEach(() => {
    door.asked.length = 0;
    ended.length = 0;
    door.answer = () => Promise.reject(new Error('the database is away'));
  });

  const ask = async (path: string, changes: Readonly<Record<string, string>> = {}) => {
    const response = await edge.webhook(path, callParameters({ CallStatus: 'in-progress', ...changes }));
    return { status: response.status, body: await response.text() };
  };

  it('take nothing that the carrier has not signed, and change nothing by it', async () => {
    const paths = [...Object.values(onCallPaths), carrierPaths.roomWait, carrierPaths.roomEvents];
    for (const path of paths) {
      const unsigned = await fetch(edge.url + path + query, { method: 'POST', body: `CallSid=${callSid}` });
      expect(unsigned.status, path).to.equal(403);
    }
    expect([door.asked, ended]).to.deep.equal([[], []]);
  });

  it('ask the question, which names nothing private, also when nothing can be looked up', async () => {
    const { status, body } = await ask(onCallPaths.whisper + query);
    expect(status).to.equal(200);
    expect(body).to.contain(`<Gather input="dtmf" numDigits="1" timeout="8" actionOnEmptyResult="true"`);
    expect(body).to.contain('Press 1 to take the call').and.to.contain('اضغط واحد');
    expect(body).to.contain(`action="${publicUrl}${onCallPaths.key}?e=${ids.e}&amp;a=${ids.a}&amp;n=1"`);
  });

  it('keep a pressed 1 while it cannot be taken in, and say honestly when it never can', async () => {
    const { body } = await ask(`${onCallPaths.key}${query}&n=1`, { Digits: '1' });
    expect(body).to.contain('One moment please').and.to.contain('&amp;n=1&amp;d=1&amp;w=2');
    door.answer = () => Promise.resolve({ kind: 'over', why: 'taken' });
    await ask(`${onCallPaths.key}${query}&n=1&d=1&w=2`);
    expect(door.asked.at(-1)).to.deep.equal([
      'key',
      { escalationId: ids.e, attemptId: ids.a },
      { callSid, key: '1', asked: 'first' },
    ]);
    door.answer = () => Promise.reject(new Error('still away'));
    const last = await ask(`${onCallPaths.key}${query}&n=1&d=1&w=8`);
    expect(last.body).to.contain('something went wrong on our side').and.to.contain('<Hangup/>');
  });

  it('ask once more when no key or another was pressed, then end it', async () => {
    expect((await ask(`${onCallPaths.key}${query}&n=1`, { Digits: '' })).body).to.contain('&amp;n=2');
    expect((await ask(`${onCallPaths.key}${query}&n=2`, { Digits: '9' })).body).to.contain('<Hangup/>');
    expect((await ask(`${onCallPaths.key}${query}&n=1`, { Digits: '2' })).body).to.contain('Thank you');
  });

  it('answer soon what takes longer', async () => {
    door.answer = () => new Promise(() => {});
    const from = performance.now();
    const { body } = await ask(onCallPaths.whisper + query);
    // The carrier itself waits 15 s.
    expect(performance.now() - from).to.be.below(3_000);
    expect(body).to.contain('<Gather');
  });

  it('print a briefing as text, whatever is in it, and then the way into the room', async () => {
    door.answer = () =>
      Promise.resolve({ kind: 'briefing', sentences: ['<Hangup/>&"\u0007\ud800', 'خطر'], language: 'ar' });
    const { body } = await ask(`${onCallPaths.key}${query}&n=1`, { Digits: '1' });
    expect(body).to.contain('&lt;Hangup/&gt;&amp;"').and.to.not.contain('<Hangup/>');
    expect(body).to.contain(`${publicUrl}${onCallPaths.join}?e=${ids.e}&amp;a=${ids.a}`);
  });

  it('put the person into the room without beep and music, and end it for both when one leaves', async () => {
    door.answer = () => Promise.resolve({ kind: 'room', room: 'room-1', language: 'ar' });
    const { body } = await ask(onCallPaths.join + query);
    expect(body).to.contain(`participantLabel="oncall-${ids.a}"`);
    expect(body).to.contain('startConferenceOnEnter="true" endConferenceOnExit="true" beep="false"');
    expect(body).to.contain('jitterBufferSize="small"').and.to.contain('>room-1</Conference>');
  });

  it('tell whoever waits in the room something true about every six seconds, with everything down', async () => {
    const { body } = await ask(`${carrierPaths.roomWait}?e=${ids.e}&l=en`, { ConferenceSid: room });
    expect(body).to.contain('is being connected to you').and.to.contain('<Pause length="3"/>');
    expect(body).to.not.contain('<Play').and.to.not.contain('<Gather');
    expect(body).to.contain(`/twilio/room/wait?e=${ids.e}&amp;l=en&amp;n=2`);
    expect(door.asked).to.deep.equal([['callerWaits', ids.e, room]]);
    const second = await ask(`${carrierPaths.roomWait}?e=${ids.e}&l=en&n=2`, { ConferenceSid: room });
    expect(second.body).to.contain('still being connected');
    door.asked.length = 0;
    await ask(`${carrierPaths.roomWait}${query}&l=ar`, { ConferenceSid: room });
    expect(door.asked).to.deep.equal([]);
  });

  it('understand what the carrier tells of the room, and nothing else', async () => {
    door.answer = () => Promise.resolve();
    const event = (StatusCallbackEvent: string, ParticipantLabel = 'caller', more = {}) =>
      ask(`${carrierPaths.roomEvents}?e=${ids.e}`, {
        ConferenceSid: room,
        StatusCallbackEvent,
        ParticipantLabel,
        ...more,
      });
    await event('participant-join');
    await event('participant-join', `oncall-${ids.a}`);
    await event('conference-start');
    await event('participant-leave', 'caller', { ReasonParticipantLeft: 'participant_hung_up' });
    await event('participant-leave', 'caller', { ReasonParticipantLeft: 'moderator_ended_conference' });
    await event('participant-mute');
    await event('participant-join', 'somebody');
    expect(door.asked).to.deep.equal([
      ['room', ids.e, room, { kind: 'joined', who: 'caller' }],
      ['room', ids.e, room, { kind: 'joined', who: { attemptId: ids.a } }],
      ['room', ids.e, room, { kind: 'started' }],
      ['room', ids.e, room, { kind: 'left', who: 'caller', leaving: 'hungUp' }],
      ['room', ids.e, room, { kind: 'left', who: 'caller', leaving: 'roomEnded' }],
    ]);
  });

  it('give a document to whoever is on the line whatever the parameters are', async () => {
    const broken = ['', '?e=1&a=2', `?e=${ids.e}`, `?e=${ids.e}&a=../../x&n=99999`];
    const documents = [onCallPaths.whisper, onCallPaths.key, onCallPaths.join, onCallPaths.left, onCallPaths.farewell];
    for (const path of [...documents, carrierPaths.roomWait, onCallPaths.callback])
      for (const wrong of broken) {
        const { status, body } = await ask(path + wrong, { CallSid: 'nonsense' });
        expect([path, status, body.startsWith('<?xml')]).to.deep.equal([path, 200, true]);
      }
    for (const path of [onCallPaths.status, onCallPaths.machine, carrierPaths.roomEvents, onCallPaths.callbackStatus])
      for (const wrong of broken) expect((await ask(path + wrong, { CallSid: '?' })).status, path).to.equal(204);
    expect(door.asked).to.deep.equal([]);
  });

  it('meet a caller who was rung back, also when nothing can be looked up', async () => {
    const back = `${onCallPaths.callback}?e=${ids.e}&t=${ids.t}`;
    const { body } = await ask(back, { From: '+96824000000', To: '+96891112222' });
    expect(body).to.contain('<Hangup/>');
    expect(ended).to.deep.include({
      callSid,
      from: '+96891112222',
      to: '+96824000000',
      escalationId: ids.e,
      level: 'high',
      language: 'ar-OM',
    });
    expect(ended).to.deep.include([ids.t, 'answered']);
  });

  it('note how a call back ended, and that a machine is no caller', async () => {
    const about = `?e=${ids.e}&t=${ids.t}`;
    await ask(onCallPaths.callbackStatus + about, { CallStatus: 'busy' });
    await ask(onCallPaths.callbackMachine + about, { AnsweredBy: 'machine_start' });
    await ask(onCallPaths.callbackMachine + about, { AnsweredBy: 'human' });
    expect(ended).to.deep.equal([
      [callSid, 'busy'],
      [ids.t, 'noAnswer'],
      [ids.t, 'machine'],
    ]);
  });
});
