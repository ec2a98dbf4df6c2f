import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { asking } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { TestLine, until } from './line.ts';

const people = ['+96891110001', '+96891110002', '+96891110003', '+96891110004'] as const;
const placeEveryMs = 150;
/** No telephone is given up, or rung out of turn, while the test looks. */
const timing = {
  placeEveryMs,
  ringSeconds: 600,
  paceGuardMs: 90_000,
  unplacedMs: 90_000,
  waveMs: 90_000,
  ringGuardMs: 90_000,
};

interface Rung {
  readonly escalation_id: string;
  readonly person_id: string;
  /** Since the one before; null: it is the first. */
  readonly gap_ms: number | null;
}

const rungOf = (line: TestLine) =>
  line.rows<Rung>(
    `select escalation_id, person_id,
       (extract(epoch from granted_at - lag(granted_at) over (order by granted_at)) * 1000)::float8 as gap_ms
     from escalation_attempts where dialled_at is not null order by granted_at`,
  );

describe('several callers at once', function () {
  this.timeout(serverStartMs + 150_000);
  let line: TestLine;

  beforeEach(async () => {
    line = await TestLine.open();
    for (const number of people) {
      await line.person(number);
      line.carrier.setPhone(number, { kind: 'no-answer' });
    }
  });
  afterEach(() => line.close());

  it('share one pace over two processes: each gets a telephone first, danger before a wish, nobody rung for two', async () => {
    const server = await line.serve({ timing });
    const other = await line.serve({ answers: false, timing, databaseUrl: line.url });
    const waiting = async (most: number) =>
      (await line.rows(`select 1 from escalation_attempts where state = 'planned'`)).length >= most;
    const [asked, imminent] = await asking(line.url, async (client) => {
      // As if a third process decided just now: so all of them wait before the first is rung.
      await client.query(`select pg_advisory_lock(hashtextextended('sanad.pace', 0))`);
      const first = await line.callFor(server, { level: 'none', reason: 'asked' });
      await until(() => waiting(3), 'the first wave');
      const second = await line.callFor(server, { level: 'imminent' }, other);
      await until(() => waiting(6), 'the second wave');
      return [first.escalationId, second.escalationId];
    });
    await until(async () => (await rungOf(line)).length >= 4, 'four telephones');
    await pause(3 * placeEveryMs);
    const rung = await rungOf(line);
    expect(rung.map((each) => each.escalation_id)).to.deep.equal([imminent, asked, imminent, asked]);
    expect(new Set(rung.map((each) => each.person_id)).size).to.equal(people.length);
    for (const { gap_ms: gapMs } of rung.slice(1)) expect(gapMs).to.be.at.least(placeEveryMs);
  });

  it('get the people whom another caller no longer needs', async () => {
    const server = await line.serve({ timing });
    const first = await line.callFor(server);
    await until(async () => (await rungOf(line)).length === 3, 'three telephones');
    const second = await line.callFor(server);
    await until(async () => (await rungOf(line)).length === 4, 'the one who is left');
    server.escalations.desk.tell(first.escalationId, { type: 'handedOver' });
    const ofSecond = async () => (await rungOf(line)).filter((each) => each.escalation_id === second.escalationId);
    await until(async () => (await ofSecond()).length === 3, 'two more');
    expect(new Set((await ofSecond()).map((each) => each.person_id)).size).to.equal(3);
  });
});
