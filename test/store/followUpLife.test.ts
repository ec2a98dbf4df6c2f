import { expect } from 'chai';
import { isAllowed, usualContactHours } from '../../src/followUp/quietHours.ts';
import { recordConsent } from '../../src/store/consents.ts';
import type { Database, Transaction } from '../../src/store/database.ts';
import { listFollowUps } from '../../src/store/followUpQueries.ts';
import { tickFollowUps } from '../../src/store/followUpTick.ts';
import { listMessages } from '../../src/store/messageQueries.ts';
import { approveMessage, rejectMessage } from '../../src/store/messages.ts';
import { claimForSending, messagesToSend, recordNotSent, recordSent } from '../../src/store/messageSending.ts';
import { readRows, run } from '../../src/store/rows.ts';
import { z } from 'zod';
import { StaffLine } from '../staff/staffLine.ts';
import { serverStartMs } from '../support/servers.ts';

const hourMs = 3_600_000;
const begin = new Date('2026-11-20T06:00:00Z');

class Crash extends Error {}

/** The same numbers in each run: a failure can be looked at again. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A life of follow-ups on a real database, with a clock that is moved and processes that die anywhere. */
class Life {
  readonly line: StaffLine;
  readonly organisationId: string;
  readonly chance: () => number;
  readonly sentAt = new Map<string, Date[]>();
  now = begin;
  crashes = 0;

  constructor(line: StaffLine, organisationId: string, seed: number) {
    this.line = line;
    this.organisationId = organisationId;
    this.chance = chances(seed);
  }

  get keys() {
    return this.line.kept.keys;
  }

  /** Dies before, in the middle of (all is taken back), or after a transaction (all is kept, and nobody knows). */
  get database(): Database {
    const { database } = this.line.kept;
    return {
      ...database,
      within: async (id, work) => {
        this.mayDie();
        const result = await database.within(id, async (tx) => {
          const done = await work(tx);
          this.mayDie();
          return done;
        });
        this.mayDie();
        return result;
      },
    };
  }

  mayDie(): void {
    if (this.chance() > 0.04) return;
    this.crashes += 1;
    throw new Crash();
  }

  quiet<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.line.kept.database.within(this.organisationId, work);
  }

  async surviving(work: () => Promise<unknown>): Promise<void> {
    await work().catch((fault: unknown) => {
      if (!(fault instanceof Crash)) throw fault;
    });
  }

  async step(hours: number): Promise<void> {
    this.now = new Date(this.now.getTime() + hours * hourMs);
    const { database, keys, organisationId, now: at } = this;
    await this.surviving(() => tickFollowUps({ database, keys, organisationId, at }));
    await this.surviving(() => this.decide());
    await this.surviving(() => this.send());
  }

  /** Staff approve most, reject some, and overlook the rest. */
  async decide(): Promise<void> {
    const { organisationId, keys, now: at } = this;
    const page = { after: null, limit: 50, withText: false };
    const drafts = await this.quiet((tx) => listMessages(tx, keys, organisationId, { states: ['draft'] }, page));
    const by = { kind: 'localOperator', id: null } as const;
    for (const { id } of drafts.items) {
      const dice = this.chance();
      if (dice < 0.5) await this.database.within(organisationId, (tx) => approveMessage(tx, id, { by, at }));
      else if (dice < 0.55) await this.database.within(organisationId, (tx) => rejectMessage(tx, keys, id, { by, at }));
    }
  }

  async send(): Promise<void> {
    const { organisationId, keys, now: at } = this;
    const waiting = await this.quiet((tx) => messagesToSend(tx, at, 100));
    for (const id of waiting) {
      const claim = await this.database.within(organisationId, (tx) => claimForSending(tx, keys, id, at));
      if (claim.kind === 'claimed') {
        this.mayDie();
        this.sentAt.set(id, [...(this.sentAt.get(id) ?? []), at]);
        this.mayDie();
        await this.database.within(organisationId, (tx) => recordSent(tx, id, `SM${id}`, at));
      }
      if (claim.kind === 'doubt') {
        // The carrier's list tells.
        const wasSent = this.sentAt.has(id);
        await this.database.within(organisationId, (tx) =>
          wasSent
            ? recordSent(tx, id, `SM${id}`, at)
            : recordNotSent(tx, id, { code: null, reason: 'carrierAway' }, at),
        );
      }
    }
  }
}

async function calls(life: Life, from: string, level: 'moderate' | 'high', consents: readonly ('sms' | 'followUp')[]) {
  const callId = await life.line.call({ started: { from, startedAt: life.now }, level });
  const { organisationId, keys } = life;
  return life.quiet(async (tx) => {
    const found = await run(tx, 'select caller_id as id from calls where id = ?', [callId]);
    const callerId = readRows(z.object({ id: z.string() }), found)[0]?.id ?? '';
    for (const kind of consents) {
      const consent = {
        callerId,
        callId,
        kind,
        answer: 'given',
        textVersion: '1',
        language: 'ar-OM',
        how: 'voice',
      } as const;
      const actor = { kind: 'caller', id: callerId, name: '' } as const;
      await recordConsent(tx, keys, organisationId, { ...consent, at: life.now, evidence: null }, { actor });
    }
    return callerId;
  });
}

describe('months of follow-ups', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;
  before(async () => {
    line = await StaffLine.open();
  });
  after(() => line.close());

  it('send each message at most once and leave nothing undone unseen, whoever dies when', async () => {
    const life = new Life(line, await line.organisationId(), 7);
    await calls(life, '+96891230001', 'high', ['sms']);
    await calls(life, '+96891230002', 'moderate', ['sms']);
    const again = '+96891230003';
    await calls(life, again, 'moderate', ['sms']);
    const refuses = await calls(life, '+96891230004', 'high', []);
    for (let day = 0; day < 40; day += 1) {
      if (day === 20) await calls(life, again, 'moderate', []);
      await life.step(9);
      await life.step(15);
    }
    const { keys, organisationId, now } = life;
    const page = { after: null, limit: 500, withText: false };
    const messages = (await life.quiet((tx) => listMessages(tx, keys, organisationId, {}, page))).items;
    expect(life.crashes).to.be.above(10);
    expect(life.sentAt.size).to.be.above(6);
    for (const [id, times] of life.sentAt) {
      expect(times, id).to.have.length(1);
      expect(times.every((at) => isAllowed(at, usualContactHours))).to.equal(true);
      expect(messages.find((each) => each.id === id)?.approvedAt).to.be.a('date');
    }
    expect(messages.filter(({ callerId }) => callerId === refuses)).to.deep.equal([]);
    const listed = async (which: 'overdue' | 'all') =>
      (await life.quiet((tx) => listFollowUps(tx, keys, organisationId, { which, now }, { after: null, limit: 500 })))
        .items;
    const overdue = new Set((await listed('overdue')).map(({ id }) => id));
    const all = await listed('all');
    const due = all.filter(({ dueAt }) => dueAt < now);
    expect(due.filter(({ id, state }) => state !== 'done' && state !== 'cancelled' && !overdue.has(id))).to.deep.equal(
      [],
    );
    // One of a plan at a time, and each of them once.
    expect(new Set(all.map(({ callId, ordinal }) => `${callId ?? ''}/${ordinal}`)).size).to.equal(all.length);
    const plans = await life.quiet((tx) => run(tx, 'select state, why from follow_up_plans order by state, why'));
    expect(readRows(z.object({ state: z.string(), why: z.string().nullable() }), plans)).to.deep.include.members([
      { state: 'ended', why: 'calledIn' },
      { state: 'ended', why: 'noConsent' },
    ]);
  });
});
