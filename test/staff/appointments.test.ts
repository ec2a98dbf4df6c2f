import { expect } from 'chai';
import { z } from 'zod';
import { recordConsent } from '../../src/store/consents.ts';
import { bookAppointment } from '../../src/store/appointments.ts';
import { claimForSending } from '../../src/store/messageSending.ts';
import { eraseCaller } from '../../src/store/callerErasure.ts';
import { readRows, run } from '../../src/store/rows.ts';
import { serverStartMs } from '../support/servers.ts';
import { StaffLine } from './staffLine.ts';

const day = (later: number): string =>
  new Date(Date.now() + 4 * 3_600_000 + later * 86_400_000).toISOString().slice(0, 10);

describe('sanad appointments', function () {
  this.timeout(serverStartMs);
  let on: StaffLine;
  before(async () => {
    on = await StaffLine.open();
    await on.withAdministrator();
    await on.withMember('salim', 'supervisor');
    await on.withMember('huda', 'reviewer');
  });
  after(() => on.close());

  const salim = async (...words: readonly string[]) => on.run('salim', ['appointments', ...words]);
  const json = async (...words: readonly string[]) => on.json('salim', ['appointments', ...words]);
  const within = async <T>(work: Parameters<typeof on.kept.database.within<T>>[1]) =>
    on.kept.database.within(await on.organisationId(), work);
  const offer = async (counsellor: string, later: number): Promise<readonly string[]> => {
    const { value } = await json(
      'add-slots',
      '--counsellor',
      counsellor,
      '--day',
      day(later),
      '--from',
      '10:00',
      '--to',
      '12:00',
    );
    return z.object({ added: z.array(z.string()) }).parse(value).added;
  };
  const caller = async (from: string, sms: 'given' | 'none' = 'given'): Promise<string> => {
    const callId = await on.call({ started: { from } });
    const organisationId = await on.organisationId();
    return within(async (tx) => {
      const found = await run(tx, 'select caller_id as id from calls where id = ?', [callId]);
      const id = readRows(z.object({ id: z.string() }), found)[0]?.id ?? '';
      const given = {
        callerId: id,
        callId,
        kind: 'sms',
        answer: 'given',
        textVersion: '1',
        language: 'ar-OM',
      } as const;
      const actor = { kind: 'caller', id, name: '' } as const;
      const consent = { ...given, how: 'voice', at: new Date(), evidence: null } as const;
      if (sms === 'given') await recordConsent(tx, on.kept.keys, organisationId, consent, { actor });
      return id;
    });
  };

  it('offers hours that do not overlap, takes one, and gives it free again', async () => {
    const [slot = ''] = await offer('maryam', 3);
    expect(
      (await salim('add-slots', '--counsellor', 'maryam', '--day', day(3), '--from', '10:30', '--to', '11:30')).code,
    ).to.equal(1);
    expect(await offer('khalid', 3)).to.have.length(2);
    await caller('+96891230001', 'none');
    const booked = await json('book', slot.slice(0, 8), '--caller', '91230001');
    expect(booked.value).to.include({ reminder: 'none' });
    expect((await salim('remove-slot', slot)).code).to.equal(1);
    expect((await salim('slots')).stdout).to.not.include(slot.slice(0, 8));
    const { id } = z.object({ id: z.string() }).parse(booked.value);
    expect((await salim('cancel', id, '--reason', 'she asked for it')).code).to.equal(0);
    expect((await json('cancel', id, '--reason', 'she asked for it')).value).to.have.nested.property(
      'error.reason',
      'alreadyCancelled',
    );
    expect((await salim('remove-slot', slot)).code).to.equal(0);
  });

  it('gives one hour to one caller, whoever asks at the same time', async () => {
    const [slotId = ''] = await offer('one', 4);
    const organisationId = await on.organisationId();
    const callers = [await caller('+96891230002'), await caller('+96891230003'), await caller('+96891230004')];
    const results = await Promise.all(
      callers.map((callerId) =>
        within((tx) =>
          bookAppointment(tx, on.kept.keys, {
            organisationId,
            slotId,
            callerId,
            callId: null,
            language: 'ar-OM',
            by: { kind: 'sanad', id: null },
            at: new Date(),
          }),
        ),
      ),
    );
    const whys = results.map((each) => (each.kind === 'booked' ? 'booked' : each.why)).sort();
    expect(whys).to.deep.equal(['booked', 'taken', 'taken']);
  });

  it('drafts a reminder that waits for a person, until the template is approved once', async () => {
    const [first = '', second = ''] = await offer('two', 5);
    await caller('+96891230005');
    const booked = await json('book', first, '--caller', '91230005');
    expect(booked.value).to.include({ reminder: 'draft' });
    expect((await on.run('salim', ['follow-ups', 'approve-template', 'reminder'])).code).to.equal(0);
    const { id } = z.object({ id: z.string() }).parse(booked.value);
    expect((await json('move', id, first)).value).to.have.nested.property('error.reason', 'sameSlot');
    const moved = await json('move', id, second);
    expect(moved.value).to.include({ reminder: 'approved' });
    const states = await within(async (tx) =>
      readRows(
        z.object({ state: z.string() }),
        await run(tx, `select state from messages where kind = 'reminder' order by created_at`),
      ),
    );
    expect(states.map(({ state }) => state)).to.include.members(['cancelled', 'approved']);
    expect((await json('book', first, '--caller', '91230005')).value).to.have.nested.property(
      'error.reason',
      'alreadyBooked',
    );
  });

  it('sends no reminder once its hour has begun, however late it was approved', async () => {
    const [slot = ''] = await offer('four', 7);
    const callerId = await caller('+96891230007');
    await json('book', slot, '--caller', '91230007');
    const reminder = await within(async (tx) =>
      readRows(
        z.object({ id: z.string() }),
        await run(tx, `select id from messages where caller_id = ? and state = 'approved'`, [callerId]),
      ),
    );
    const at = new Date(Date.now() + 8 * 86_400_000);
    const claim = await within((tx) => claimForSending(tx, on.kept.keys, reminder[0]?.id ?? '', at));
    expect(claim).to.deep.equal({ kind: 'over', why: 'appointmentOff' });
  });

  it('writes the number of a service to a caller: a draft without its name, only while somebody stands for it', async () => {
    await caller('+96891230008');
    await caller('+96891230009', 'none');
    const fields = ['--name-en', 'Family Centre', '--for-en', 'families', '--number', '24441999', '--purpose', 'other'];
    const verified = ['--verified-by', 'Aisha', '--verified-on', day(-5), '--expires-on', day(60)];
    const added = await on.json('salim', [
      'services',
      'add',
      ...fields,
      '--languages',
      'en',
      '--cost',
      'free',
      ...verified,
    ]);
    const shape = z.object({ services: z.tuple([z.object({ id: z.string() })]) });
    const { id } = shape.parse(added.value).services[0];
    const send = async (to: string) => (await on.json('salim', ['services', 'send', id, '--to', to])).value;
    const { text } = z.object({ text: z.string() }).parse(await send('91230008'));
    expect(text).to.include('24441999').and.not.include('Family');
    expect(await send('91230009')).to.have.nested.property('error.reason', 'noConsent');
    await on.run('salim', ['services', 'edit', id, '--verified-on', day(-5), '--expires-on', day(-1)]);
    expect(await send('91230008')).to.have.nested.property('error.reason', 'notVerified');
  });

  it('gives the hour of an erased caller free, and shows who has taken which', async () => {
    const [slot = ''] = await offer('three', 6);
    const callerId = await caller('+96891230006');
    await json('book', slot, '--caller', '91230006');
    expect((await salim('list', '--caller', '91230006')).stdout)
      .to.include('three')
      .and.include('booked');
    const actor = { kind: 'localOperator', id: null, name: 'test' } as const;
    await within((tx) => eraseCaller(tx, on.kept.keys, { callerId, actor, cancelCallbacks: true }));
    expect((await salim('slots')).stdout).to.include(slot.slice(0, 8));
  });

  it('answers unknown ids, hours that are over, and people without the right', async () => {
    expect((await salim('book', 'ffffffff', '--caller', '91230002')).code).to.equal(1);
    expect((await salim('cancel', 'ffffffff', '--reason', 'she asked for it')).code).to.equal(1);
    expect(
      (await salim('add-slots', '--counsellor', 'x y', '--day', day(1), '--from', '1:00', '--to', '2:00')).code,
    ).to.equal(2);
    expect(
      (await salim('add-slots', '--counsellor', 'xy', '--day', day(-1), '--from', '1:00', '--to', '2:00')).code,
    ).to.equal(2);
    expect((await on.run('huda', ['appointments', 'list'])).stderr).to.include('may not see and change appointments');
  });
});
