import { expect } from 'chai';
import type { Briefing } from '../../src/escalation/model.ts';
import { escalationIdOf, roomOf } from '../../src/escalation/ids.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { HeldCall, type Setting } from '../support/heldCall.ts';

const lines = languagePacks.en.lines;
const held: HeldCall[] = [];

/** A call in which everything but "kill myself" is harmless, as the doubles of `heldCall.ts` have it. */
async function answered(setting: Setting = {}): Promise<HeldCall> {
  const call = new HeldCall(setting);
  held.push(call);
  return call.answered();
}

const briefings = (call: HeldCall): readonly Briefing[] => [
  ...call.escalation.asked.map(({ briefing }) => briefing),
  ...call.escalation.told.flatMap((news) => (news.type === 'briefing' ? [news.briefing] : [])),
];

describe('a call that asks for a person', () => {
  afterEach(() => {
    for (const call of held.splice(0)) call.restore();
  });

  it('asks once, at the first partial words of danger, while Sanad goes on', async () => {
    const call = await answered();
    call.voiceStarts();
    call.hypothesis('I want to kill myself', 1);
    call.hypothesis('I want to kill myself tonight', 1);
    call.final('I want to kill myself tonight', 1);
    expect(call.escalation.asked).to.have.length(1);
    const [request] = call.escalation.asked;
    expect(request).to.deep.include({ callId: call.session.identity.callId, callSid: 'CA1' });
    expect(request?.escalationId).to.equal(escalationIdOf(call.session.identity.callId, 1));
    expect(request?.briefing).to.deep.include({ level: 'high', reason: 'risk', trigger: 'I want to kill myself' });
    await call.untilListening();
    expect(call.session.intent, 'the stream stays').to.deep.equal({ kind: 'stream' });
    expect(call.heardFromSanad.at(-1)).to.equal(lines.stayWithMe.join(' '));
  });

  it('tells of nobody’s words who only asked for a person', async () => {
    const call = await answered();
    call.stream.tell({ type: 'digit', digit: '0' });
    expect(call.escalation.asked[0]?.briefing).to.deep.include({ level: 'none', reason: 'asked', trigger: null });
  });

  it('tells whoever is on the way what becomes known: where the caller is, and whether alone', async () => {
    const call = await answered();
    await call.says('I want to kill myself');
    await call.untilListening();
    for (let step = 0; step < 12 && briefings(call).at(-1)?.location === null; step += 1) {
      await call.says(/Where are you now/.test(call.heardFromSanad.at(-1) ?? '') ? 'at home in Nizwa' : 'nobody');
      await call.untilListening();
    }
    expect(briefings(call).at(-1)).to.deep.include({ location: 'at home in Nizwa', alone: 'yes' });
  });

  it('goes to the room when the person is there, and tells the escalation so', async () => {
    const call = await answered();
    call.stream.tell({ type: 'digit', digit: '0' });
    await call.run(500);
    for (const type of ['ringing', 'accepted', 'ready'] as const) call.escalationFact({ type });
    expect(call.session.intent).to.deep.equal({ kind: 'room', escalation: 1 });
    expect(call.stream.isClosed).to.equal(true);
    expect(call.escalation.told.map(({ type }) => type)).to.deep.equal(['callerJoining']);
  });

  it('is handed to the carrier’s dialling when nobody can be rung, and says what will be silent', async () => {
    const call = await answered();
    call.stream.tell({ type: 'digit', digit: '0' });
    call.escalationFact({ type: 'unavailable' });
    await call.run(20_000);
    expect(call.session.intent).to.deep.equal({ kind: 'person', reason: 'asked', announced: true });
    expect(call.heardFromSanad.at(-1)).to.equal(lines.connecting.join(' '));
    expect(call.escalation.told.map(({ type }) => type)).to.deep.equal(['handedOver']);
  });

  it('says that the caller has gone when the call ends, and listens no more', async () => {
    const call = await answered();
    call.stream.tell({ type: 'digit', digit: '0' });
    call.session.dispatch({ type: 'hungUp' });
    expect(call.escalation.told.map(({ type }) => type)).to.deep.equal(['callerGone']);
    call.escalationFact({ type: 'ready' });
    expect(call.session.intent).to.deep.equal({ kind: 'hangUp' });
  });

  it('releases everybody when the caller wants nobody', async () => {
    const call = await answered();
    call.stream.tell({ type: 'digit', digit: '0' });
    await call.untilListening();
    await call.says('please dont call anyone');
    expect(call.escalation.told.map(({ type }) => type)).to.deep.equal(['declined']);
    await call.untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(lines.declined.join(' '));
  });
});

describe('the id of an escalation', () => {
  it('is the same for the same call and count, and a UUID that names nobody', () => {
    const [callId, other] = ['11111111-1111-4111-8111-111111111111', '11111111-1111-4111-8111-111111111112'];
    expect(escalationIdOf(callId, 1)).to.equal(escalationIdOf(callId, 1));
    const ids = [escalationIdOf(callId, 1), escalationIdOf(callId, 2), escalationIdOf(other, 1)];
    expect(new Set(ids).size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(roomOf(ids[0] ?? '')).to.equal(`room-${ids[0]}`);
  });
});
