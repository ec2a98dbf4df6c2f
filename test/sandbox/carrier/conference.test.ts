import { mulaw as oracle } from 'alawmulaw';
import { expect } from 'chai';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import type { PlacedCall } from '../../../src/sandbox/carrier/carrier.ts';
import type { LegReport } from '../../../src/sandbox/carrier/legLog.ts';
import { bursts, levelDbfs, tone } from '../../../src/sandbox/carrier/levels.ts';
import type { PhoneBehaviour } from '../../../src/sandbox/carrier/phone.ts';
import {
  eventually,
  openLine,
  ours,
  refusal,
  type Line,
  type SignedRequest,
  type SignedRoutes,
} from './signedApplication.ts';

const helper = '+96890000007';
const third = '+96890000008';
const callerNumber = '+96890000001';
const stay: Caller = (line) => line.stay();
const allEvents = 'start end join leave mute hold modify announcement';

function room(attributes = '', dial = ''): string {
  return `<Response><Dial ${dial}><Conference beep="false" jitterBufferSize="off" ${attributes}>room-1</Conference></Dial></Response>`;
}

/** Power of one frequency in a recording, in dB below full scale (Goertzel over all of it). */
function levelAt(hertz: number, audio: Uint8Array): number {
  const samples = oracle.decode(audio);
  let [re, im] = [0, 0];
  for (const [index, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * index) / 8_000;
    re += sample * Math.cos(angle);
    im += sample * Math.sin(angle);
  }
  return 20 * Math.log10((Math.SQRT2 * Math.hypot(re, im)) / samples.length / 32_768);
}

const humming = (hertz: number): PhoneBehaviour => ({
  kind: 'person',
  says: [{ when: 'connected', everyMs: 0, sound: { kind: 'tone', hertz, ms: 1_000 } }],
});

describe('a conference', () => {
  let line: Line;

  const open = async (routes: SignedRoutes, phones: Record<string, PhoneBehaviour> = {}): Promise<void> => {
    line = await openLine(
      {
        '/voice': () =>
          room(
            `participantLabel="caller" statusCallback="$origin/conf?t=1" statusCallbackEvent="${allEvents}" waitUrl="$origin/hold"`,
            'action="$origin/after"',
          ),
        '/join': () => room('participantLabel="oncall"', 'action="$origin/after"'),
        '/hold': () => '<Response><Say>please wait</Say><Pause length="60"/></Response>',
        '/after': () => '<Response><Say>after the conference</Say></Response>',
        '/conf': () => 204,
        ...routes,
      },
      { phones: { [helper]: humming(600), [third]: humming(900), ...phones } },
    );
  };
  const ring = async (to: string, path = '/join'): Promise<string> =>
    (await line.client.calls.create({ to, from: ours, url: line.application.origin + path, timeout: 5 })).sid;
  const legOf = (sid: string): LegReport => {
    const leg = line.carrier.legs().find(({ callSid }) => callSid === sid);
    if (!leg) throw new Error('no such leg');
    return leg;
  };
  const hearing = (sid: string): string[] =>
    legOf(sid)
      .hears.filter(({ untilMs }) => untilMs === null)
      .map(({ whom }) => whom);
  const told = (): SignedRequest['parameters'][] =>
    line.application.requests
      .filter(({ path }) => path === '/conf')
      .map(({ parameters }) => parameters)
      .toSorted((one, other) => Number(one['SequenceNumber']) - Number(other['SequenceNumber']));
  const story = (): string[] =>
    told().map((one) => `${one['StatusCallbackEvent']} ${one['ParticipantLabel'] ?? ''}`.trim());
  const place = (caller: Caller = stay): PlacedCall => line.carrier.placeCall({ from: callerNumber, caller });
  const inRoom = async (count: number): Promise<string> => {
    for (;;) {
      const [conference] = await line.client.conferences.list({ friendlyName: 'room-1', limit: 1 });
      const inside = conference ? await line.client.conferences(conference.sid).participants.list() : [];
      if (conference && inside.length >= count) return conference.sid;
    }
  };

  afterEach(async () => {
    await line.close();
    expect(line.application.refused).to.deep.equal([]);
  });

  describe('of two', () => {
    beforeEach(() => open({}));

    it('starts with the second of them; the first waits and hears the wait document', async () => {
      const call = place();
      const sid = await inRoom(1);
      expect((await line.client.conferences(sid).fetch()).status).to.equal('init');
      await eventually(() => legOf(call.callSid).prompts.some(({ content }) => content === 'please wait'));
      expect(hearing(call.callSid)).to.deep.equal([]);
      const other = await ring(helper);
      await eventually(() => hearing(call.callSid).includes(other) && hearing(other).includes(call.callSid));
      expect((await line.client.conferences(sid).fetch()).status).to.equal('in-progress');
      expect(line.application.requests.find(({ path }) => path === '/hold')?.parameters).to.include({
        ConferenceSid: sid,
        FriendlyName: 'room-1',
        CallSid: call.callSid,
      });
    });

    it('lets each hear the other and nobody hear themselves', async () => {
      const call = place(async (mouth) => {
        await mouth.connected();
        await mouth.say(tone(1_000, 440, -20));
        await mouth.stay();
      });
      await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      const from = line.carrier.heardBy(call.callSid)?.length ?? 0;
      await eventually(() => (line.carrier.heardBy(other)?.length ?? 0) > 8 * 1_400);
      await eventually(() => (line.carrier.heardBy(call.callSid)?.length ?? 0) > from + 9_600);
      const callerHeard = line.carrier.heardBy(call.callSid)?.subarray(from + 1_600, from + 9_600) ?? new Uint8Array();
      expect(levelAt(600, callerHeard)).to.be.within(-25, -19);
      expect(levelAt(440, callerHeard)).to.be.below(-55);
      const otherHeard = line.carrier.heardBy(other) ?? new Uint8Array();
      expect(bursts(otherHeard).some(({ startMs, endMs }) => endMs - startMs >= 700)).to.equal(true);
      expect(levelAt(600, otherHeard)).to.be.below(-50);
    });

    it('tells what happens with the documented parameters, to the address of the first participant only', async () => {
      const call = place();
      const sid = await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      await line.client.calls(other).update({ status: 'completed' });
      await eventually(() => story().includes('participant-leave oncall'));
      call.hangUp();
      await call.ended;
      expect(story()).to.deep.equal([
        'participant-join caller',
        'participant-join oncall',
        'conference-start',
        'participant-leave oncall',
        'participant-leave caller',
        'conference-end',
      ]);
      const [join] = told();
      expect(join).to.include({
        ConferenceSid: sid,
        FriendlyName: 'room-1',
        SequenceNumber: '1',
        CallSid: call.callSid,
        Muted: 'false',
        Hold: 'false',
        Coaching: 'false',
        EndConferenceOnExit: 'false',
        StartConferenceOnEnter: 'true',
      });
      expect(join?.['Timestamp']).to.match(/\+0000$/);
      expect(told()[3]).to.include({ ReasonParticipantLeft: 'participant_updated_via_api', CallSid: other });
      expect(told()[4]).to.include({
        ReasonParticipantLeft: 'participant_hung_up',
        ParticipantCallStatus: 'completed',
      });
      expect(told()[5]).to.include({
        ReasonConferenceEnded: 'last-participant-left',
        CallSidEndingConference: call.callSid,
        ParticipantLabelEndingConference: 'caller',
      });
      expect(
        line.application.requests.filter(({ path }) => path === '/conf').every(({ query }) => query['t'] === '1'),
      ).to.equal(true);
    });

    it('is left by a participant whose call is sent elsewhere; the action is asked in vain', async () => {
      const call = place();
      await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      await line.client
        .calls(call.callSid)
        .update({ twiml: '<Response><Say>back to the machine</Say><Pause length="60"/></Response>' });
      await eventually(() => legOf(call.callSid).prompts.some(({ content }) => content === 'back to the machine'));
      expect(hearing(call.callSid)).to.deep.equal([]);
      call.hangUp();
      expect((await call.ended).said.at(-1)).to.equal('back to the machine');
      expect(line.application.requests.filter(({ path }) => path === '/after')).to.have.length(1);
      expect(hearing(other)).to.deep.equal([]);
      expect(legOf(other).status).to.equal('in-progress');
      expect(told().find((one) => one['StatusCallbackEvent'] === 'participant-leave')).to.include({
        ReasonParticipantLeft: 'participant_updated_via_api',
      });
    });

    it('is ended over REST, and everybody goes on with their action', async () => {
      const call = place();
      await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      const [{ sid } = { sid: '' }] = await line.client.conferences.list({ status: 'in-progress', limit: 2 });
      expect((await line.client.conferences(sid).update({ status: 'completed' })).status).to.equal('completed');
      expect((await call.ended).said.at(-1)).to.equal('after the conference');
      await line.carrier.reportOf(other);
      expect(told().at(-1)).to.include({ ReasonConferenceEnded: 'conference-ended-via-api' });
      expect(await refusal(line.client.conferences(sid).update({ status: 'completed' }))).to.deep.equal([404, 20404]);
      expect(await line.client.conferences(sid).participants.list()).to.deep.equal([]);
    });

    it('does not hear who is muted, and neither hears nor is heard by who is on hold', async () => {
      const call = place();
      const sid = await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      const participants = line.client.conferences(sid).participants;
      const muted = await participants(other).update({ muted: true });
      expect([muted.muted, muted.hold, muted.label]).to.deep.equal([true, false, 'oncall']);
      expect([hearing(call.callSid), hearing(other)]).to.deep.equal([[], [call.callSid]]);
      await participants('oncall').update({ muted: false });
      expect(hearing(call.callSid)).to.deep.equal([other]);
      await participants('caller').update({ hold: true, holdUrl: `${line.application.origin}/hold` });
      expect([hearing(call.callSid), hearing(other)]).to.deep.equal([[], []]);
      expect((await participants.list({ hold: true })).map(({ label }) => label)).to.deep.equal(['caller']);
      await participants('caller').update({ hold: false });
      expect([hearing(call.callSid), hearing(other)]).to.deep.equal([[other], [call.callSid]]);
      await eventually(() => story().length === 7);
      expect(story().slice(3)).to.deep.equal([
        'participant-mute oncall',
        'participant-unmute oncall',
        'participant-hold caller',
        'participant-unhold caller',
      ]);
    });

    it('ends with a participant who was told so over REST after joining', async () => {
      const call = place();
      const sid = await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      const changed = await line.client.conferences(sid).participants(other).update({ endConferenceOnExit: true });
      expect(changed.endConferenceOnExit).to.equal(true);
      await line.client.calls(other).update({ status: 'completed' });
      expect((await call.ended).said.at(-1)).to.equal('after the conference');
      expect(story()).to.include('participant-modify oncall');
    });

    it('takes a participant out over REST, who goes on with the action', async () => {
      const call = place();
      const sid = await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      expect(await line.client.conferences(sid).participants(call.callSid).remove()).to.equal(true);
      expect((await call.ended).said.at(-1)).to.equal('after the conference');
      expect(await refusal(line.client.conferences(sid).participants(call.callSid).fetch())).to.deep.equal([
        404, 20404,
      ]);
      expect(legOf(other).status).to.equal('in-progress');
    });

    it('ends with the last participant, who was taken out', async () => {
      const call = place();
      const sid = await inRoom(1);
      await line.client.conferences(sid).participants(call.callSid).remove();
      await call.ended;
      expect(told().at(-1)).to.include({ ReasonConferenceEnded: 'last-participant-kicked' });
    });

    it('hears an announcement that is made to one of them, and only that one', async () => {
      const call = place();
      const sid = await inRoom(1);
      const other = await ring(helper);
      await eventually(() => hearing(other).length === 1);
      await line.client
        .conferences(sid)
        .participants(call.callSid)
        .update({ announceUrl: `${line.application.origin}/hold` });
      await eventually(() => story().includes('announcement-end caller'));
      expect(legOf(call.callSid).prompts.at(-1)?.content).to.equal('please wait');
      expect(legOf(other).prompts).to.deep.equal([]);
      expect(levelAt(300, line.carrier.heardBy(other) ?? new Uint8Array())).to.be.below(-60);
    });
  });

  it('of three gives each of them the other two', async () => {
    await open({ '/third': () => room('participantLabel="third"') });
    const call = place();
    await inRoom(1);
    const [one, two] = [await ring(helper), await ring(third, '/third')];
    await eventually(() => hearing(call.callSid).length === 2 && hearing(one).length === 2);
    const from = line.carrier.heardBy(call.callSid)?.length ?? 0;
    await eventually(() => (line.carrier.heardBy(call.callSid)?.length ?? 0) > from + 12_000);
    const heard = line.carrier.heardBy(call.callSid)?.subarray(from + 2_000, from + 10_000) ?? new Uint8Array();
    expect(levelAt(600, heard)).to.be.within(-25, -19);
    expect(levelAt(900, heard)).to.be.within(-25, -19);
    const heardByOne = line.carrier.heardBy(one)?.subarray(-8_000) ?? new Uint8Array();
    expect(levelAt(900, heardByOne)).to.be.above(-25);
    expect(levelAt(600, heardByOne)).to.be.below(-50);
    expect(hearing(two).toSorted()).to.deep.equal([call.callSid, one].toSorted());
  });

  it('ends for all when one leaves who ends it: the others go on with their action', async () => {
    await open(
      { '/join': () => room('participantLabel="oncall" endConferenceOnExit="true"') },
      { [helper]: { kind: 'person', hangsUp: { when: 'connected', afterMs: 500 } } },
    );
    const call = place();
    await inRoom(1);
    const other = await ring(helper);
    expect((await call.ended).said.at(-1)).to.equal('after the conference');
    expect(line.application.requests.find(({ path }) => path === '/after')?.parameters).to.include({
      DialCallStatus: 'answered',
      CallStatus: 'in-progress',
      CallSid: call.callSid,
    });
    expect(told().at(-1)).to.include({
      StatusCallbackEvent: 'conference-end',
      ReasonConferenceEnded: 'participant-with-end-conference-on-exit-left',
      CallSidEndingConference: other,
    });
    expect(told().at(-2)).to.include({ ReasonParticipantLeft: 'moderator_ended_conference' });
  });

  it('does not start while nobody in it may start it, and starts when one comes who may', async () => {
    const listener = (): string => room('startConferenceOnEnter="false" waitUrl=""');
    await open({ '/voice': listener, '/join': listener, '/start': () => room('waitUrl=""') });
    const call = place();
    await inRoom(1);
    await ring(helper);
    const sid = await inRoom(2);
    expect((await line.client.conferences(sid).fetch()).status).to.equal('init');
    expect(hearing(call.callSid)).to.deep.equal([]);
    await ring(third, '/start');
    await inRoom(3);
    expect((await line.client.conferences(sid).fetch()).status).to.equal('in-progress');
    expect(hearing(call.callSid)).to.have.length(2);
  });

  it('refuses a label that is taken (16025) and a participant too many, who go on with their action', async () => {
    await open({
      '/same': () => room('participantLabel="caller"', 'action="$origin/after"'),
      '/full': () => room('maxParticipants="2"'),
    });
    place();
    await inRoom(1);
    const same = await ring(third, '/same');
    await line.carrier.reportOf(same);
    expect(legOf(same).errors).to.deep.equal([16025]);
    expect(line.application.requests.find(({ path }) => path === '/after')?.parameters['DialCallStatus']).to.equal(
      'failed',
    );
    await ring(helper);
    await inRoom(2);
    const full = await ring(third, '/full');
    await line.carrier.reportOf(full);
    expect(legOf(full).errors).to.deep.equal([16020]);
  });

  it('plays the wait document again only when it redirects to itself', async () => {
    await open({ '/hold': () => '<Response><Say>wait</Say><Redirect/></Response>' });
    const call = place();
    await eventually(() => legOf(call.callSid).prompts.filter(({ content }) => content === 'wait').length >= 3);
    expect(line.application.requests.filter(({ path }) => path === '/hold').length).to.be.at.least(3);
  });

  it('stays silent for one who waits on a document that fails, which is taken down', async () => {
    await open({ '/hold': () => 500 });
    const call = place();
    await eventually(() => legOf(call.callSid).errors.includes(11200));
    expect(legOf(call.callSid).status).to.equal('in-progress');
    await ring(helper);
    await inRoom(2);
    expect(hearing(call.callSid)).to.have.length(1);
  });

  it('beeps when somebody joins, unless it is told not to', async () => {
    const silent: PhoneBehaviour = { kind: 'person' };
    const beepLevel = async (attributes: string): Promise<number> => {
      const noun = `<Response><Dial><Conference ${attributes} waitUrl="">room-1</Conference></Dial></Response>`;
      await open({ '/voice': () => noun, '/join': () => noun }, { [helper]: silent });
      const call = place();
      await inRoom(1);
      const other = await ring(helper);
      await eventually(() => (line.carrier.heardBy(other)?.length ?? 0) > 8 * 600);
      return levelDbfs(line.carrier.heardBy(call.callSid) ?? new Uint8Array());
    };
    expect(await beepLevel('')).to.be.above(-45);
    await line.close();
    expect(await beepLevel('beep="false"')).to.equal(Number.NEGATIVE_INFINITY);
  });

  describe('rung for over REST', () => {
    it('is joined by whoever answers, under the label given', async () => {
      await open({});
      const call = place();
      const sid = await inRoom(1);
      const added = await line.client
        .conferences('room-1')
        .participants.create({ from: ours, to: helper, label: 'second', beep: 'false', endConferenceOnExit: true });
      expect([added.status, added.conferenceSid, added.label, added.endConferenceOnExit]).to.deep.equal([
        'queued',
        sid,
        'second',
        true,
      ]);
      await eventually(() => hearing(call.callSid).includes(added.callSid));
      expect((await line.client.conferences(sid).participants('second').fetch()).status).to.equal('connected');
      const same = line.client.conferences(sid).participants.create({ from: ours, to: third, label: 'second' });
      expect(await refusal(same)).to.deep.equal([400, 16025]);
      await line.client.calls(added.callSid).update({ status: 'completed' });
      await call.ended;
      const left = told().filter((one) => one['StatusCallbackEvent'] === 'participant-leave');
      expect(left.map((one) => [one['CallSid'], one['ReasonParticipantLeft']])).to.deep.equal([
        [added.callSid, 'participant_updated_via_api'],
        [call.callSid, 'moderator_ended_conference'],
      ]);
    });

    it('is told once that the one who was rung has left', async () => {
      await open({});
      const call = place();
      const sid = await inRoom(1);
      const added = await line.client.conferences(sid).participants.create({ from: ours, to: helper });
      await eventually(() => hearing(call.callSid).includes(added.callSid));
      await line.client.calls(added.callSid).update({ status: 'completed' });
      await line.carrier.reportOf(added.callSid);
      call.hangUp();
      await call.ended;
      const left = told().filter((one) => one['StatusCallbackEvent'] === 'participant-leave');
      expect(left.map((one) => one['CallSid'])).to.deep.equal([added.callSid, call.callSid]);
    });

    it('is told when the one rung cannot be reached', async () => {
      await open({}, { [helper]: { kind: 'busy' } });
      place();
      const sid = await inRoom(1);
      const added = await line.client.conferences(sid).participants.create({ from: ours, to: helper });
      await eventually(() => told().length === 2);
      expect(told()[1]).to.include({
        StatusCallbackEvent: 'participant-leave',
        CallSid: added.callSid,
        ParticipantCallStatus: 'busy',
        ReasonParticipantLeft: 'participant_add_failed',
      });
    });

    it('stops ringing when the conference ends', async () => {
      await open({}, { [helper]: { kind: 'no-answer' } });
      const call = place();
      const sid = await inRoom(1);
      const added = await line.client.conferences(sid).participants.create({ from: ours, to: helper, timeout: 60 });
      await line.client.conferences(sid).update({ status: 'completed' });
      await line.carrier.reportOf(added.callSid);
      await call.ended;
      expect(legOf(added.callSid).status).to.equal('canceled');
    });
  });
});
