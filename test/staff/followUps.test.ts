import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { recordConsent, type ConsentKind } from '../../src/store/consents.ts';
import { tickFollowUps } from '../../src/store/followUpTick.ts';
import { recordInbound } from '../../src/store/inboundMessages.ts';
import { claimForSending, recordStatus } from '../../src/store/messageSending.ts';
import { readRows, run } from '../../src/store/rows.ts';
import { z } from 'zod';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { serverStartMs } from '../support/servers.ts';
import { StaffLine } from './staffLine.ts';

const number = '+96891234567';
const hourMs = 3_600_000;

const shape = z.object({
  followUps: z.array(
    z.object({ id: z.string(), messageId: z.string().nullable(), text: z.string().nullable(), overdue: z.boolean() }),
  ),
});

describe('sanad follow-ups and messages', function () {
  this.timeout(serverStartMs);
  let on: StaffLine;

  beforeEach(async () => {
    on = await StaffLine.open();
    await on.withAdministrator();
    await on.withMember('salim', 'supervisor');
  });
  afterEach(() => on.close());

  const salim = (...words: readonly string[]) => on.run('salim', words);
  const json = async (...words: readonly string[]) => (await on.json('salim', words)).value;
  const tick = async (at = new Date()) => {
    const { database, keys } = on.kept;
    return tickFollowUps({ database, keys, organisationId: await on.organisationId(), at });
  };
  const within = async <T>(work: Parameters<typeof on.kept.database.within<T>>[1]) =>
    on.kept.database.within(await on.organisationId(), work);

  const consent = async (callId: string, kind: ConsentKind, answer: 'given' | 'withdrawn' = 'given') => {
    const organisationId = await on.organisationId();
    await within(async (tx) => {
      const found = await run(tx, 'select caller_id as id from calls where id = ?', [callId]);
      const callerId = readRows(z.object({ id: z.string() }), found)[0]?.id ?? '';
      const given = { callerId, callId, kind, answer, textVersion: '1', language: 'ar-OM', how: 'voice' } as const;
      const actor = { kind: 'caller', id: callerId, name: '' } as const;
      await recordConsent(tx, on.kept.keys, organisationId, { ...given, at: new Date(), evidence: null }, { actor });
    });
  };
  /** A call of `hours` ago after which somebody is written to. Gives the contact and its message. */
  const planned = async (from = number, hours = 26) => {
    const callId = await on.call({
      started: { from, startedAt: new Date(Date.now() - hours * hourMs) },
      level: 'moderate',
    });
    await consent(callId, 'sms');
    await tick();
    const { followUps } = shape.parse(await json('follow-ups', 'list', '--caller', from));
    const [contact] = followUps;
    if (contact === undefined || contact.messageId === null) throw new Error('no message was planned');
    return { callId, ...contact, messageId: contact.messageId };
  };

  it('leaves check-in calls to people, says so, and goes on once one has been made', async () => {
    const from = '+96891117777';
    const callId = await on.call({
      started: { from, startedAt: new Date(Date.now() - 26 * hourMs) },
      level: 'high',
    });
    await consent(callId, 'followUp');
    await tick();
    const { followUps } = shape.parse(await json('follow-ups', 'list', '--caller', from));
    const id = followUps[0]?.id ?? '';
    expect((await salim('follow-ups', 'approve', id)).stdout).to.include('Sanad does not make it yet');
    expect((await salim('follow-ups', 'called', id)).stdout).to.include('called by hand');
    expect((await salim('follow-ups', 'called', id)).code).to.equal(1);
  });

  it('shows what waits with its text, marks what is overdue, and lets it out only when approved', async () => {
    const { id, messageId, text } = await planned(number, 71);
    const listed = await salim('follow-ups', 'list', '--which', 'overdue');
    // The column breaks the text into lines.
    for (const word of (text ?? '?').split(' ')) expect(listed.stdout).to.include(word);
    expect(listed.stdout).to.include(' !');
    const before = await within((tx) => claimForSending(tx, on.kept.keys, messageId, new Date()));
    expect(before).to.deep.equal({ kind: 'over', why: 'draft' });
    const approved = await salim('follow-ups', 'approve', id);
    expect(approved.code).to.equal(0);
    expect(approved.stdout).to.include(text ?? '?');
    const again = await on.json('salim', ['follow-ups', 'approve', id]);
    expect(again).to.deep.include({ code: 1 }).and.to.have.nested.property('value.error.reason', 'alreadyApproved');
    const shown = await salim('follow-ups', 'show', messageId);
    expect(shown.stdout).to.match(/drafted {10}draft {2}sanad[\s\S]*approved {9}draft → approved {2}staff/);
    const outbox = await on.kept.database.acrossOrganisations((tx) =>
      run(tx, `select payload->>'messageId' as id from outbox where topic = 'followUp.message'`),
    );
    expect(outbox).to.have.deep.property('rows', [{ id: messageId }]);
  });

  it('approves several only by the versions that were shown, all or none', async () => {
    const one = await planned();
    const other = await planned('+96891234568');
    const preview = await salim('follow-ups', 'approve', '--yes', one.id, other.id);
    expect(preview.code).to.equal(1);
    expect(preview.stdout).to.include(one.text).and.include('Nothing is approved yet');
    const ids = /--yes (.*)/.exec(preview.stdout)?.[1]?.split(' ') ?? [];
    expect(ids).to.deep.equal([`${one.messageId}@1`, `${other.messageId}@1`]);
    await salim('follow-ups', 'edit', other.id, '--text', 'نتمنى لك يوم طيب.');
    const changed = await on.json('salim', ['follow-ups', 'approve', '--yes', ...ids]);
    expect(changed).to.have.nested.property('value.error.reason', 'changedSince');
    const states = await within((tx) => run(tx, 'select distinct state from messages'));
    expect(states).to.have.deep.property('rows', [{ state: 'draft' }]);
    const done = await salim('follow-ups', 'approve', '--yes', `${one.messageId}@1`, `${other.messageId}@2`);
    expect(done.code).to.equal(0);
  });

  it('refuses clearly what cannot be done, and says what to do', async () => {
    const { id, messageId, callId } = await planned();
    const reason = async (...words: readonly string[]) => {
      const { code, value } = await on.json('salim', ['follow-ups', ...words]);
      return [code, z.object({ error: z.object({ reason: z.string() }) }).parse(value).error.reason];
    };
    expect(await reason('approve', 'deadbeef')).to.deep.equal([1, 'unknownId']);
    expect(await reason('approve', 'no id')).to.deep.equal([2, 'wrongId']);
    expect(await reason('edit', id)).to.deep.equal([2, 'nothing']);
    expect(await reason('edit', id, '--text', 'from your clinic')).to.deep.equal([1, 'wording']);
    await consent(callId, 'sms', 'withdrawn');
    expect(await reason('approve', id)).to.deep.equal([1, 'noConsent']);
    await consent(callId, 'sms');
    await salim('follow-ups', 'approve', id);
    const at = new Date(Date.now() + 400 * hourMs);
    const later = new Date(`${at.toISOString().slice(0, 10)}T08:00:00Z`);
    const claim = await within((tx) => claimForSending(tx, on.kept.keys, messageId, later));
    expect(claim).to.deep.include({ kind: 'claimed' }).and.to.have.nested.property('request.to', number);
    expect(await reason('edit', id, '--text', 'نتمنى لك يوم طيب.')).to.deep.equal([1, 'underWay']);
    const report = { status: 'delivered', sid: `SM${'a'.repeat(32)}`, failure: null };
    await within((tx) => recordStatus(tx, messageId, report, new Date()));
    expect(await reason('edit', id, '--text', 'نتمنى لك يوم طيب.')).to.deep.equal([1, 'alreadySent']);
    expect(await reason('reject', id, '--reason', 'too late')).to.deep.equal([1, 'alreadySent']);
    expect(await reason('send-test', id, '--to', number)).to.deep.equal([1, 'callersNumber']);
  });

  it('cancels what waits when the caller opts out, for good', async () => {
    const { id } = await planned();
    await salim('follow-ups', 'approve', id);
    expect((await salim('follow-ups', 'opt-out', number, '--reason', 'said so in the call')).code).to.equal(0);
    const refused = await on.json('salim', ['follow-ups', 'approve', id]);
    expect(refused).to.have.nested.property('value.error.reason', 'over');
    await salim('follow-ups', 'draft', number, '--text', 'نتمنى لك يوم طيب.');
    const { messages } = z
      .object({ messages: z.array(z.object({ id: z.string(), state: z.string() })) })
      .parse(await json('messages', 'list', '--state', 'draft'));
    const optedOut = await on.json('salim', ['follow-ups', 'approve', messages[0]?.id ?? '']);
    expect(optedOut).to.have.nested.property('value.error.reason', 'optedOut');
  });

  it('keeps the words of every version and why they changed, and ends a plan with what waits', async () => {
    const { id, messageId, text } = await planned();
    await salim('follow-ups', 'edit', id, '--text', 'نتمنى لك يوم طيب.', '--reason', 'shorter is better');
    const shown = await salim('follow-ups', 'show', id);
    for (const each of [text, 'نتمنى لك يوم طيب.', 'shorter is better']) expect(shown.stdout).to.include(each ?? '?');
    const stopped = await salim('follow-ups', 'stop', number, '--linked-to-care', '--reason', 'sees a doctor');
    expect(stopped.stdout).to.include('linkedToCare');
    const over = await on.json('salim', ['follow-ups', 'approve', messageId]);
    expect(over).to.have.nested.property('value.error.reason', 'over');
  });

  it('destroys the words with the caller, keeps the withdrawal, and exports both before', async () => {
    const { id, messageId, text } = await planned();
    await on.withMember('huda', 'dataOfficer');
    const out = `${on.stateOf('huda')}-export`;
    const exported = await on.run('huda', ['callers', 'export', number, '--out', out, '--reason', 'asked for it']);
    expect(exported.code, exported.stderr).to.equal(0);
    for (const file of [`${out}.json`, `${out}.html`]) expect(readFileSync(file, 'utf8')).to.include(text);
    await salim('follow-ups', 'approve', id);
    await salim('follow-ups', 'opt-out', number, '--reason', 'said so in the call');
    const erased = await on.run('huda', ['callers', 'erase', number, '--yes', '--reason', 'asked for it']);
    expect(erased.code, erased.stderr).to.equal(0);
    const left = await within((tx) =>
      run(
        tx,
        'select 1 from messages m join message_events e on e.message_id = m.id where coalesce(m.body, e.body) is not null',
      ),
    );
    expect(left).to.have.property('rowCount', 0);
    const claim = await within((tx) => claimForSending(tx, on.kept.keys, messageId, new Date()));
    expect(claim).to.deep.equal({ kind: 'over', why: 'cancelled' });
    expect(await within((tx) => run(tx, 'select 1 from opt_outs'))).to.have.property('rowCount', 1);
  });

  it('lists messages without words, and shows what callers wrote only for a reason', async () => {
    const { database, keys } = on.kept;
    const organisation = await ensureOrganisation(database, keys, { name: 'x', dialledNumber: on.number });
    const received = {
      from: number,
      body: 'شكرا uniquereply',
      providerSid: `SM${'b'.repeat(32)}`,
      language: 'ar',
      at: new Date(),
    };
    const first = await within((tx) => recordInbound(tx, keys, organisation, received));
    const second = await within((tx) => recordInbound(tx, keys, organisation, received));
    expect([first.kind, second]).to.deep.equal(['recorded', { ...first, kind: 'known' }]);
    expect((await salim('messages', 'list')).stdout).to.not.include('uniquereply');
    expect((await salim('messages', 'show', first.id)).stdout).to.not.include('uniquereply');
    const read = await salim('messages', 'list', '--direction', 'in', '--reason', 'answers of this week');
    expect(read.stdout).to.include('uniquereply');
    expect((await salim('messages', 'list', '--csv', '--reason', 'answers of this week')).stdout).to.include(
      'uniquereply',
    );
    expect((await on.run('aisha', ['messages', 'list', '--reason', 'just curious'])).code).to.equal(1);
    expect((await on.run('aisha', ['follow-ups', 'list'])).code).to.equal(1);
  });

  it('shows hours and templates, sets hours from a file that makes sense, and lets only reminders out unseen', async () => {
    expect((await salim('follow-ups', 'hours')).stdout).to.include('08:00–21:00');
    expect((await salim('follow-ups', 'templates')).stdout).to.include('caringFirst');
    const file = `${on.stateOf('aisha')}-hours.json`;
    writeFileSync(file, JSON.stringify({ zone: 'Asia/Muscat', usual: [], friday: [], ramadan: null }));
    expect((await on.run('aisha', ['follow-ups', 'hours', '--file', file])).code).to.equal(2);
    const usual = [{ from: '10:00', to: '19:00' }];
    writeFileSync(file, JSON.stringify({ zone: 'Asia/Muscat', usual, friday: usual, ramadan: null }));
    expect((await on.run('aisha', ['follow-ups', 'hours', '--file', file])).stdout).to.include('10:00–19:00');
    const one = await on.json('salim', ['follow-ups', 'approve-template', 'caringFirst']);
    expect(one).to.have.nested.property('value.error.reason', 'eachIsApproved');
    expect((await salim('follow-ups', 'approve-template', 'reminder')).code).to.equal(0);
    expect((await salim('follow-ups', 'withdraw-template', 'reminder')).code).to.equal(0);
  });
});
