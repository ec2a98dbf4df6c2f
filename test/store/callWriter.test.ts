import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { loadCall } from '../../src/store/loadCall.ts';
import { closeAbandoned, openCalls } from '../../src/store/calls.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import type { CallRecord } from '../../src/store/records.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, callerNumber, dump, freshDataKey, logEntry, openStore, started, turn, type Kept } from './keeping.ts';

describe('a call that is written', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
  });
  afterEach(async () => {
    await store.writer.close(1_000);
    await store.database.close();
  });

  const write = async (...records: readonly CallRecord[]) => {
    records.forEach((record) => store.writer.append(record));
    expect(await store.writer.flush(10_000)).to.equal(0);
  };

  it('is read back as it was, with what was said and what was heard', async () => {
    const call = started();
    const { callId } = call;
    const said = turn(callId, 1, { text: 'ضايق صدري ومحد يسمعني', confidence: 0.75 });
    const answered = turn(callId, 2, {
      speaker: 'sanad',
      text: 'أنا وياك. خبرني أكثر.',
      heardText: 'أنا وياك.',
      interrupted: true,
      confidence: null,
      firstSoundMs: 640,
      atMs: 2_000.4,
    });
    await write(
      call,
      { type: 'callAnswered', callId, at: new Date('2026-11-20T21:00:01Z') },
      logEntry(callId, 0),
      said,
      logEntry(callId, 1, { eventType: 'wordsRecognised', entry: { event: { text: 'ضايق صدري' }, effects: [] } }),
      answered,
      { type: 'riskRaised', callId, level: 'moderate' },
      { type: 'riskRaised', callId, level: 'low' },
    );
    expect(await loadCall(store.database, store.keys, call.callSid)).to.deep.equal({
      callId,
      organisationId: (await openCalls(store.database, 'server-1'))[0]?.organisationId,
      callSid: call.callSid,
      language: 'ar-OM',
      packVersion: '1',
      startedAt: call.startedAt,
      endedAt: null,
      outcome: null,
      highestRisk: 'moderate',
      log: [
        { seq: 0, atMs: 0, eventType: 'speechStarted', entry: logEntry(callId, 0).entry },
        { seq: 1, atMs: 20, eventType: 'wordsRecognised', entry: { event: { text: 'ضايق صدري' }, effects: [] } },
      ],
      logGapAt: null,
      turns: [said, { ...answered, atMs: 2_000 }].map(({ type: _type, callId: _callId, ...stored }) => stored),
    });
    expect(store.alarms).to.deep.equal([]);
  });

  it('leaves none of its words and no number in the database', async () => {
    const call = started({ from: callerNumber });
    const words = ['ضايق', 'secretword', 'heardword', 'entryword'];
    await write(
      call,
      turn(call.callId, 1, { text: `${words[0]} ${words[1]}` }),
      turn(call.callId, 2, { speaker: 'sanad', text: 'said', heardText: words[2] ?? '' }),
      logEntry(call.callId, 1, { eventType: 'wordsRecognised', entry: { text: words[3] } }),
      { type: 'callEnded', callId: call.callId, outcome: 'goodbye', endedAt: new Date(), counters: none },
    );
    const everything = await dump(url);
    expect(everything).to.contain(call.callSid).and.to.contain('+96824000000');
    const digits = callerNumber.slice(1);
    for (const secret of [...words, digits]) {
      expect(everything).to.not.contain(secret);
      expect(everything).to.not.contain(Buffer.from(secret).toString('hex'));
      expect(everything).to.not.contain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  });

  it('belongs to the same caller as the next call of that number, and a withheld number to nobody', async () => {
    const calls = [started(), started(), started({ from: null }), started({ from: null })];
    await write(...calls, ...calls.map((call) => turn(call.callId, 1, { text: `in ${call.callId}` })));
    const rows = await asking(url, async (client) => {
      await client.query('alter table calls no force row level security');
      return client.query('select id, caller_id, wrapped_key is not null as own from calls');
    });
    const callers = calls.map(({ callId }) => rows.rows.find((row: { id: string }) => row.id === callId));
    expect(callers.map((row) => row.own)).to.deep.equal([false, false, true, true]);
    expect(callers[0].caller_id).to.be.a('string').and.equal(callers[1].caller_id);
    expect([callers[2].caller_id, callers[3].caller_id]).to.deep.equal([null, null]);
    for (const call of calls)
      expect((await loadCall(store.database, store.keys, call.callSid))?.turns[0]?.text).to.equal(`in ${call.callId}`);
  });

  it('is kept once, whatever is written twice', async () => {
    const call = started();
    const records = [call, turn(call.callId, 1), logEntry(call.callId, 0)];
    await write(...records);
    const again = openStore(url, { database: store.database, keys: store.keys });
    records.forEach((record) => again.writer.append(record));
    again.writer.append(turn(call.callId, 1, { text: 'another turn of that number' }));
    again.writer.append(turn(call.callId, 2));
    expect(await again.writer.flush(10_000)).to.equal(0);
    const kept = await loadCall(store.database, store.keys, call.callSid);
    expect(kept?.turns.map((t) => t.text)).to.deep.equal(['turn 1', 'turn 2']);
    expect(kept?.log).to.have.length(1);
    expect(again.alarms).to.deep.equal([]);
  });

  it('is gone on with by another server, whose heartbeat takes it over', async () => {
    const call = started();
    await write(call, logEntry(call.callId, 0));
    const other = openStore(url, { keys: store.keys, serverId: 'server-2' });
    other.writer.append({ type: 'heartbeat', callId: call.callId, at: new Date() });
    other.writer.append(logEntry(call.callId, 1));
    expect(await other.writer.flush(10_000)).to.equal(0);
    expect(await openCalls(store.database, 'server-1')).to.deep.equal([]);
    expect((await openCalls(store.database, 'server-2')).map((open) => open.callId)).to.deep.equal([call.callId]);
    expect((await loadCall(store.database, store.keys, call.callSid))?.log).to.have.length(2);
    await other.database.close();
  });

  it('counts only up to the first missing entry of its log', async () => {
    const call = started();
    await write(call, logEntry(call.callId, 0), logEntry(call.callId, 1), logEntry(call.callId, 3));
    const kept = await loadCall(store.database, store.keys, call.callSid);
    expect(kept?.log.map((entry) => entry.seq)).to.deep.equal([0, 1]);
    expect(kept?.logGapAt).to.equal(2);
  });

  it('is refused to be read when two of its sealed cells were swapped', async () => {
    const call = started();
    await write(call, turn(call.callId, 1), turn(call.callId, 2));
    await asking(url, async (client) => {
      await client.query('alter table turns no force row level security');
      await client.query(
        'update turns set words = (select words from turns other where other.call_id = turns.call_id and other.seq <> turns.seq)',
      );
    });
    const fault: unknown = await loadCall(store.database, store.keys, call.callSid).catch((error: unknown) => error);
    expect(fault).to.include({ name: 'SealBroken', reason: 'tampered' });
  });

  it('keeps its words also when the key of its caller cannot be opened any more', async () => {
    const call = started();
    await write(call);
    // The organisation's own key was wrapped again in time; that of the caller was forgotten.
    const next = createKeyKeeper(freshDataKey());
    const later = openStore(url, {
      database: store.database,
      keys: { ...store.keys, unwrap: onlyOrganisations(store.keys, next) },
    });
    const second = started();
    later.writer.append(second);
    later.writer.append(turn(second.callId, 1, { text: 'kept all the same' }));
    expect(await later.writer.flush(10_000)).to.equal(0);
    expect((await loadCall(store.database, store.keys, second.callSid))?.turns[0]?.text).to.equal('kept all the same');
  });

  it('ends once, keeps its counters, and is not reopened', async () => {
    const call = started();
    const { callId } = call;
    const endedAt = new Date('2026-11-20T21:10:00Z');
    const counters = { turns: 12, bargeIns: 3, falseBargeIns: 1 };
    await write(call, { type: 'callEnded', callId, outcome: 'goodbye', endedAt, counters });
    await write({ type: 'callEnded', callId, outcome: 'hungUp', endedAt: new Date(), counters: none });
    await write({ type: 'heartbeat', callId, at: new Date() });
    const kept = await loadCall(store.database, store.keys, call.callSid);
    expect([kept?.outcome, kept?.endedAt]).to.deep.equal(['goodbye', endedAt]);
    const row = await asking(url, async (client) => {
      await client.query('alter table calls no force row level security');
      return client.query('select turns, barge_ins, false_barge_ins from calls');
    });
    expect(row.rows).to.deep.equal([{ turns: 12, barge_ins: 3, false_barge_ins: 1 }]);
  });

  it('is closed as lost when its server was not heard of for long, and open again when it is', async () => {
    const [lost, alive] = [started(), started()];
    await write(lost, alive);
    await asking(url, async (client) => {
      await client.query('alter table calls no force row level security');
      await client.query(`update calls set heartbeat_at = now() - interval '10 minutes' where id = $1`, [lost.callId]);
      await client.query('alter table calls force row level security');
    });
    expect(await closeAbandoned(store.database, 180_000)).to.deep.equal([lost.callId]);
    expect(await closeAbandoned(store.database, 180_000)).to.deep.equal([]);
    expect((await loadCall(store.database, store.keys, lost.callSid))?.outcome).to.equal('lost');
    await write({ type: 'heartbeat', callId: lost.callId, at: new Date() });
    expect((await loadCall(store.database, store.keys, lost.callSid))?.outcome).to.equal(null);
  });

  it('does not suffer from a bad record beside it, which is named in an alarm', async () => {
    const call = started();
    const { callId } = call;
    const stray = randomUUID();
    await write(
      call,
      turn(callId, 1),
      turn(stray, 1),
      logEntry(callId, 0, { entry: { big: 1n } }),
      logEntry(callId, 1, { atMs: Number.NaN }),
      logEntry(callId, 2),
      turn(callId, 2),
    );
    const kept = await loadCall(store.database, store.keys, call.callSid);
    expect(kept?.turns.map((t) => t.seq)).to.deep.equal([1, 2]);
    expect(kept?.logGapAt).to.equal(0);
    expect(store.alarms).to.deep.equal([
      { type: 'refused', record: 'turn', callId: stray, code: 'unknownCall' },
      { type: 'refused', record: 'log', callId, code: 'notJson' },
      { type: 'refused', record: 'log', callId, code: '22P02' },
    ]);
  });

  it('goes to the line itself when the number dialled belongs to no organisation', async () => {
    const call = started({ organisationNumber: '+15550001111' });
    await write(call, started());
    expect(new Set((await openCalls(store.database, 'server-1')).map((open) => open.organisationId)).size).to.equal(1);
    expect(await loadCall(store.database, store.keys, call.callSid)).to.not.equal(null);
  });

  it('is unknown before it was written', async () => {
    expect(await loadCall(store.database, store.keys, 'CA0')).to.equal(null);
  });
});

const none = { turns: 0, bargeIns: 0, falseBargeIns: 0 };

function onlyOrganisations(keys: Kept['keys'], other: Kept['keys']): Kept['keys']['unwrap'] {
  return (wrapped, place) => (place.table === 'callers' ? other : keys).unwrap(wrapped, place);
}
