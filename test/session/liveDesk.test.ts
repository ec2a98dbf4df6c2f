import { expect } from 'chai';
import { limits } from '../../src/limits.ts';
import { LiveDesk, type LoadedCall } from '../../src/session/liveDesk.ts';
import { initialState } from '../../src/call/state.ts';
import { defaultTurnTaking } from '../../src/call/settings.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { PlayedStream, Surroundings, type Setting } from '../support/heldCall.ts';

let around: Surroundings;
let desk: LiveDesk;
/** What the store knows of calls that are not here. */
let stored: (callSid: string) => Promise<LoadedCall | 'ended' | 'unknown'>;

function open(setting: Setting = {}): void {
  around = new Surroundings(setting);
  stored = () => Promise.resolve('unknown');
  const { ports } = around;
  desk = new LiveDesk({ ports, packFor: () => languagePacks.en, loadCall: (callSid) => stored(callSid) });
}

const call = (callSid: string) => ({ callSid, from: '+96890000001', to: '+96820000000' });

async function ticketOf(callSid: string): Promise<string> {
  const step = await desk.admit(call(callSid));
  if (step.kind !== 'stream') throw new Error(`the call gets ${step.kind}`);
  return step.ticket;
}

function attach(callSid: string, ticket: string | null, stream = new PlayedStream()): string {
  return desk.attach({ streamSid: 'MZ1', callSid, accountSid: 'AC1', ticket }, stream);
}

function storedCall(): LoadedCall {
  const settings = { language: 'en', turnTaking: defaultTurnTaking };
  const state = { ...initialState, settings, line: { kind: 'down', openWith: 'lineBack' } } as const;
  return { callId: 'c', pack: languagePacks.en, state, nextLogSeq: 9, turns: [], ageMs: 60_000 };
}

const records = (type: string): number => around.kept.filter((record) => record.type === type).length;

/** Hooks of these tests only: at the root they would run around every test of the process. */
function eachOnItsOwn(): void {
  beforeEach(() => open());
  afterEach(() => around.restore());
}

describe('the call desk', () => {
  eachOnItsOwn();
  it('holds a call once, however often the carrier asks, and gives a ticket each time', async () => {
    const [first, second] = [await ticketOf('CA1'), await ticketOf('CA1')];
    expect(first).to.not.equal(second);
    expect(desk.activeCalls).to.equal(1);
    expect(records('callStarted')).to.equal(1);
    expect(attach('CA1', first)).to.equal('accepted');
  });

  it('begins a call with what an earlier one left open, without waiting for it, and rings nobody for that alone', async () => {
    const { ports } = around;
    const asked: string[] = [];
    desk = new LiveDesk({
      ports,
      packFor: () => languagePacks.en,
      loadCall: (callSid) => stored(callSid),
      carriedRisk: ({ from }) => {
        asked.push(from ?? '');
        return Promise.resolve('high');
      },
    });
    await ticketOf('CA1');
    await around.time.tickAsync(0);
    expect(asked).to.deep.equal(['+96890000001']);
    expect(around.kept.filter(({ type }) => type === 'riskRaised')).to.have.length(1);
    expect(around.escalation.asked).to.deep.equal([]);
  });

  it('holds a call although nobody can say what an earlier one left open', async () => {
    const { ports } = around;
    desk = new LiveDesk({
      ports,
      packFor: () => languagePacks.en,
      loadCall: (callSid) => stored(callSid),
      carriedRisk: () => Promise.reject(new Error('away')),
    });
    await ticketOf('CA1');
    await around.time.tickAsync(0);
    expect(desk.activeCalls).to.equal(1);
  });

  it('refuses a stream without a good ticket of its own call', async () => {
    const ticket = await ticketOf('CA1');
    await ticketOf('CA2');
    expect(attach('CA1', null)).to.equal('unknownTicket');
    expect(attach('CA1', 'made-up')).to.equal('unknownTicket');
    expect(attach('CA2', ticket)).to.equal('otherCall');
    expect(attach('CA1', ticket)).to.equal('accepted');
    expect(attach('CA1', ticket)).to.equal('usedTicket');
    const late = await ticketOf('CA2');
    await around.time.tickAsync(limits.ticketMs + 1);
    expect(attach('CA2', late)).to.equal('expiredTicket');
  });

  it('refuses the stream of a call that is over', async () => {
    const ticket = await ticketOf('CA1');
    desk.callEnded('CA1');
    expect(attach('CA1', ticket)).to.equal('callOver');
  });

  it('closes and forgets a call that never gets its stream', async () => {
    await ticketOf('CA1');
    await around.time.tickAsync(defaultTurnTaking.lineLostMs);
    expect(desk.activeCalls).to.equal(0);
    expect(around.kept.at(-1)).to.deep.include({ type: 'callEnded', outcome: 'lost' });
  });

  it('sends a caller who is still there after that to a person, not away', async () => {
    await ticketOf('CA1');
    await around.time.tickAsync(defaultTurnTaking.lineLostMs + 1_000);
    expect(await desk.afterStream('CA1')).to.deep.equal({ kind: 'person', reason: 'fault' });
    expect(await desk.afterPerson('CA1', 'nobody')).to.deep.equal({ kind: 'fallback' });
    expect(await desk.afterPerson('CA1', 'spoke')).to.deep.equal({ kind: 'hangUp' });
  });

  it('hangs up after a call that was ended on purpose', async () => {
    await ticketOf('CA1');
    desk.callEnded('CA1');
    expect(await desk.afterStream('CA1')).to.deep.equal({ kind: 'hangUp' });
    stored = () => Promise.resolve('ended');
    expect(await desk.afterStream('CA2')).to.deep.equal({ kind: 'hangUp' });
  });

  it('rings on for a caller whom it never held and whom nobody answered: they rang a full line in distress', async () => {
    expect(await desk.afterStream('CA9')).to.deep.equal({ kind: 'person', reason: 'fault' });
    expect(await desk.afterPerson('CA9', 'nobody')).to.deep.equal({ kind: 'fallback' });
    expect(await desk.afterPerson('CA9', 'spoke')).to.deep.equal({ kind: 'hangUp' });
  });

  it('gives a new stream to a caller whose person did not answer', async () => {
    attach('CA1', await ticketOf('CA1'));
    expect((await desk.afterPerson('CA1', 'nobody')).kind).to.equal('stream');
    expect((await desk.afterPerson('CA1', 'nobody')).kind, 'the webhook is repeated').to.equal('stream');
  });

  it('takes up a call of another server once, although two webhooks ask at the same time', async () => {
    stored = async () => {
      await Promise.resolve();
      return storedCall();
    };
    const steps = await Promise.all([desk.afterStream('CA1'), desk.afterStream('CA1')]);
    expect(steps.map(({ kind }) => kind)).to.deep.equal(['stream', 'stream']);
    expect(desk.activeCalls).to.equal(1);
  });

  it('says so when the store cannot be asked, for the edge to bring a person', async () => {
    stored = () => Promise.reject(new Error('the database is away'));
    const outcome = await desk.afterStream('CA1').then(
      () => 'answered',
      () => 'failed',
    );
    expect(outcome).to.equal('failed');
  });

  it('sends callers beyond its capacity to a person, and has room again when calls end', async () => {
    for (let n = 0; n < limits.callsPerServer; n++) await ticketOf(`CA${n}`);
    expect(desk.ready()).to.equal(false);
    expect(await desk.admit(call('CAx'))).to.deep.equal({ kind: 'person', reason: 'full' });
    desk.callEnded('CA0');
    expect(desk.ready()).to.equal(true);
    expect((await desk.admit(call('CAx'))).kind).to.equal('stream');
  });

  it('drains: no new calls, those on the line to their end, then no timer of its own', async () => {
    await ticketOf('CA1');
    await ticketOf('CA2');
    const drained = desk.drain(30_000);
    expect(await desk.admit(call('CA3'))).to.deep.equal({ kind: 'person', reason: 'draining' });
    expect((await desk.admit(call('CA1'))).kind, 'a call that is held').to.equal('stream');
    desk.callEnded('CA1');
    await around.time.tickAsync(200);
    desk.callEnded('CA2');
    await around.time.tickAsync(200);
    expect(await drained).to.equal(0);
    await around.time.tickAsync(limits.ticketMs);
    expect(around.time.countTimers()).to.equal(0);
  });

  it('tells how many calls are left when draining takes too long', async () => {
    await ticketOf('CA1');
    const drained = desk.drain(1_000);
    await around.time.tickAsync(1_100);
    expect(await drained).to.equal(1);
  });

  it('beats for each call it holds and never for one that is over', async () => {
    await ticketOf('CA1');
    await ticketOf('CA2');
    await around.time.tickAsync(10_000);
    expect(records('heartbeat')).to.equal(2);
    desk.callEnded('CA1');
    const over = around.kept.findIndex((record) => record.type === 'callEnded');
    const id = around.kept[over]?.callId;
    await around.time.tickAsync(30_000);
    const later = around.kept.slice(over + 1);
    expect(later.filter((record) => record.callId === id)).to.deep.equal([]);
    expect(later.filter((record) => record.type === 'heartbeat')).to.have.length(3);
  });

  it('grows by nothing over a thousand short calls', async function () {
    this.timeout(30_000);
    for (let n = 0; n < 1_000; n++) {
      const callSid = `CA${n}`;
      const stream = new PlayedStream();
      attach(callSid, await ticketOf(callSid), stream);
      await around.time.tickAsync(100);
      stream.frame();
      if (n % 2 === 0) stream.tell({ type: 'closed', code: 1000 });
      desk.callEnded(callSid);
      expect(desk.activeCalls).to.equal(0);
    }
    await around.time.tickAsync(2 * limits.ticketMs);
    // Its own heartbeat.
    expect(around.time.countTimers()).to.equal(1);
    expect(around.recognisers.every(({ closed }) => closed)).to.equal(true);
    expect(around.logged).to.deep.equal([]);
  });
});
