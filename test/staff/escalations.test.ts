import { expect } from 'chai';
import { z } from 'zod';
import { serverStartMs } from '../support/servers.ts';
import { callerWords, StaffLine } from './staffLine.ts';

const reason = ['--reason', 'review of today'] as const;
const tasksShape = z.object({
  tasks: z.array(z.looseObject({ id: z.string(), overdue: z.boolean(), state: z.string() })),
});

describe('the bringing of people, as staff see it', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;
  let call: string;
  let escalation: string;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
    call = await line.call({ level: 'high' });
    escalation = await line.escalation(call, callerWords);
  });

  afterEach(async () => line.close());

  const task = async (kind: string, due: string): Promise<void> =>
    line.sql(
      `insert into callback_tasks (id, organisation_id, escalation_id, call_id, kind, owner_role, due_at, state)
       values (gen_random_uuid(), ?, ?, ?, ?, 'supervisor', now() + ?::interval, 'waiting')`,
      [await line.organisationId(), escalation, call, kind, due],
    );

  it('is listed with what became of it, and how long ringing and the person took', async () => {
    await line.sql(
      `update escalations set ringing_at = requested_at + interval '1500 milliseconds', bridged_at = requested_at + interval '20 seconds',
         state = 'closed', outcome = 'helped', closed_at = requested_at + interval '5 minutes', next_at = null`,
    );
    const { stdout } = await line.run('salim', ['escalations', 'list']);
    expect(stdout).to.include('1.5 s').and.include('20.0 s').and.include('helped');
    expect((await line.run('salim', ['escalations', 'list', '--outcome', 'nobody'])).stdout).to.equal(
      'No escalations fit.\n',
    );
    expect((await line.run('salim', ['escalations', 'list', '--open'])).stdout).to.equal('No escalations fit.\n');
    expect((await line.run('salim', ['escalations', 'list', '--outcome', 'great'])).code).to.equal(2);
    const csv = await line.run('salim', ['escalations', 'list', '--csv']);
    expect(csv.stdout.split('\r\n')[1]).to.include(`${escalation},${call},`).and.include(',helped,1.5,20,');
  });

  it('is shown step by step, and the briefing only to whoever may read words and says why', async () => {
    const id = escalation.slice(0, 8);
    const without = await line.run('salim', ['escalations', 'show', id]);
    expect(without.code).to.equal(0);
    expect(without.stdout).to.include('Briefing not shown').and.not.include(callerWords);
    const given = await line.run('salim', ['escalations', 'show', id, ...reason]);
    expect(given.stdout).to.include(callerWords).and.include('medicine');
    const refused = await line.run('aisha', ['escalations', 'show', id, ...reason]);
    expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 1, stdout: '' });
    await line.sql('update escalations set briefing = set_byte(briefing, 30, 1)');
    expect((await line.run('salim', ['escalations', 'show', id, ...reason])).stdout).to.include(
      'The briefing cannot be trusted',
    );
  });

  it('leaves tasks, of which those that are overdue come first, until somebody closes them', async () => {
    await task('supervisor', '1 hour');
    await task('humanCallback', '-1 hour');
    const before = tasksShape.parse((await line.json('salim', ['tasks', 'list'])).value).tasks;
    expect(before.map(({ overdue }) => overdue)).to.deep.equal([true, false]);
    const [first] = before;
    const words = ['tasks', 'done', first?.id.slice(0, 8) ?? '', '--outcome', 'reached'];
    expect((await line.run('aisha', words)).code).to.equal(1);
    expect((await line.run('salim', words)).code).to.equal(0);
    const again = await line.run('salim', words);
    expect({ code: again.code, stderr: again.stderr }).to.deep.equal({
      code: 1,
      stderr: 'error: It is closed already (done: reached). Nothing was changed.\n',
    });
    expect(tasksShape.parse((await line.json('salim', ['tasks', 'list'])).value).tasks).to.have.length(1);
    expect(tasksShape.parse((await line.json('salim', ['tasks', 'list', '--all'])).value).tasks).to.have.length(2);
  });

  it('spares Sanad’s own call to somebody whom a person has reached', async () => {
    await task('humanCallback', '-1 hour');
    await task('automaticCallback', '1 hour');
    const [first] = tasksShape.parse((await line.json('salim', ['tasks', 'list'])).value).tasks;
    await line.run('salim', ['tasks', 'done', first?.id ?? '', '--outcome', 'reached']);
    const left = tasksShape.parse((await line.json('salim', ['tasks', 'list', '--all'])).value).tasks;
    expect(left.map(({ state }) => state)).to.deep.equal(['done', 'cancelled']);
  });

  it('answers a wrong id with what is right', async () => {
    const unknown = await line.run('salim', ['escalations', 'show', 'ffff0000ffff']);
    expect({ code: unknown.code, stderr: unknown.stderr }).to.deep.equal({
      code: 1,
      stderr: 'error: There is no escalation "ffff0000ffff". See: npm run sanad -- escalations list\n',
    });
    expect((await line.run('salim', ['tasks', 'done', 'x', '--outcome', 'reached'])).code).to.equal(2);
  });
});
