import { expect } from 'chai';
import { listAudit } from '../../src/store/audit.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { asking, freshDataKey } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { sanad } from './consultation.ts';

/** The commands about the records themselves, each as it is typed, on the records of real calls. */
describe('the commands about records', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;

  beforeEach(async () => {
    on = await recordedLine();
  });
  afterEach(() => on.close());

  const ran = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await on.sanad(...words);
    return { code, stdout, stderr: stderr.replace(/^sanad: working as the local operator.*\n/, '') };
  };
  const json = async (...words: readonly string[]) => {
    const { code, stdout } = await ran(...words, '--json');
    return { code, ...JSON.parse(stdout) };
  };
  const actions = async () =>
    (await on.store.database.within(on.organisation.id, (tx) => listAudit(tx, on.organisation, { most: 50 }))).map(
      ({ action }) => action,
    );

  describe('sanad audit', () => {
    it('lists who did what and why, filtered, and pages on', async () => {
      await on.call();
      await ran('callers', 'block', '91234567', '--reason', 'إزعاج متكرر');
      await ran('callers', 'unblock', '91234567', '--reason', 'apologised');
      const { entries } = await json('audit', 'list', '--action', 'callerBlocked');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({ action: 'callerBlocked', why: 'إزعاج متكرر' });
      const shown = await ran('audit', 'list');
      expect(shown.stdout).to.include('إزعاج متكرر').and.include('consentGiven').and.include('at (Asia/Muscat)');
      const first = await json('audit', 'list', '--limit', '2');
      const next = await json('audit', 'list', '--limit', '2', '--before', String(first.entries[1].seq));
      expect(next.entries[0].seq).to.equal(first.entries[1].seq - 1);
      const none = await ran('audit', 'list', '--until', '2020-01-01');
      expect(none.stdout).to.equal('Nothing of that was done.\n');
      expect(await actions()).to.include('auditSeen');
    });

    it('gives a spreadsheet nothing to run', async () => {
      await on.call();
      await ran('callers', 'block', '91234567', '--reason', '=HYPERLINK("http://x","y")');
      const { stdout } = await ran('audit', 'list', '--csv', '--action', 'callerBlocked');
      expect(stdout).to.include(`"'=HYPERLINK(""http://x"",""y"")"`);
    });

    it('verifies that the audit is whole, and takes an entry that was noted before', async () => {
      await on.call();
      const { code, ok, last } = await json('audit', 'verify');
      expect([code, ok]).to.deep.equal([0, true]);
      expect(last).to.match(/^\d+:[0-9a-f]{64}$/);
      expect((await ran('audit', 'verify', '--noted', last)).stdout).to.include('is still in it');
      const another = `1:${'0'.repeat(64)}`;
      expect(await json('audit', 'verify', '--noted', another)).to.include({
        code: 1,
        firstBad: 1,
        type: 'notAsNoted',
      });
    });

    it('names the first bad entry, with exit code 1, and goes on to be added to', async () => {
      await on.call();
      await ran('callers', 'list');
      await asking(on.url, async (client) => {
        await client.query('alter table audit_log no force row level security');
        await client.query(`set sanad.audit_maintenance = 'I know that this breaks the chain'`);
        await client.query(`update audit_log set action = 'callSeen' where seq = 2`);
        await client.query('alter table audit_log force row level security');
      });
      const { code, stdout } = await ran('audit', 'verify');
      expect(code).to.equal(1);
      expect(stdout).to.include('First bad entry: 2 of 2').and.include('It was changed after it was written.');
      expect((await ran('callers', 'list')).code).to.equal(0);
      expect(await json('audit', 'verify')).to.include({ code: 1, firstBad: 2, type: 'changed' });
    });
  });

  describe('sanad consents', () => {
    it('lists answers and takes them back, once each', async () => {
      await on.call();
      await on.call({ from: null, keepWords: 'refused' });
      const { consents } = await json('consents', 'list');
      expect(consents.map(({ answer }: { answer: string }) => answer)).to.have.members(['given', 'refused']);
      const withdrawn = await json('consents', 'withdraw', '91234567', '--reason', 'asked on the phone');
      expect(withdrawn.withdrawn).to.deep.equal(['keepWords', 'followUp', 'sms']);
      const again = await json('consents', 'withdraw', '91234567', '--reason', 'asked on the phone');
      expect(again.withdrawn).to.deep.equal([]);
      expect((await ran('callers', 'show', '91234567')).stdout).to.match(/keepWords withdrawn, staff/);
      const listed = await json('consents', 'list', '--caller', '91234567', '--answer', 'withdrawn');
      expect(listed.consents).to.have.length(3);
    });

    it('has the words of a caller who took consent back removed by the next run', async () => {
      const callId = await on.call({ endedHoursAgo: 30 });
      expect((await json('retention', 'run')).removed.wordsWithoutConsent).to.equal(0);
      await ran('consents', 'withdraw', '91234567', '--kind', 'keepWords', '--reason', 'asked on the phone');
      expect((await json('retention', 'run')).removed.wordsWithoutConsent).to.equal(1);
      const [left] = await on.asOwner(`select 1 from turns where call_id = '${callId}' and words is not null`);
      expect(left).to.deep.equal([]);
    });
  });

  describe('sanad retention', () => {
    it('shows every kind with its time and reason, and what was set instead', async () => {
      await ran('retention', 'set', 'turnWords', '90d');
      const { stdout } = await ran('retention', 'show');
      for (const shown of ['wordsWithoutConsent', '1 day', '90 days (set)', 'audit: for good'])
        expect(stdout).to.include(shown);
      expect((await ran('retention', 'set', 'turnWords', 'default')).stdout).to.include('180 days (was 90 days)');
    });

    it('refuses times that make no sense, and says which do', async () => {
      const cases = [
        ['turnWords', '1h', /turnWords may be kept for 1 day to 3 years/],
        ['wordsWithoutConsent', '30d', /wordsWithoutConsent may be kept for 1 hour to 3 days/],
        ['calls', '1y', /calls at least 5 years/],
        ['escalations', '9y', /calls at least 9 years/],
        ['turnWords', 'soon', /It is a number and h, d, w or y/],
        ['words', '1d', /It is one of: wordsWithoutConsent/],
      ] as const;
      for (const [kind, period, message] of cases) {
        const { code, stderr } = await ran('retention', 'set', kind, period);
        expect(code, `${kind} ${period}`).to.equal(2);
        expect(stderr).to.match(message);
      }
    });

    it('removes nothing in a dry run', async () => {
      await on.call({ endedHoursAgo: 30, keepWords: null });
      const dry = await ran('retention', 'run', '--dry-run');
      expect(dry.stdout).to.include('Dry run: nothing was removed').and.include('1  calls lost their words');
      const [left] = await on.asOwner('select 1 from turns where words is not null');
      expect(left).to.have.length(2);
      expect(await actions()).to.not.include('retentionRun');
      await ran('retention', 'run');
      expect(await actions()).to.include('retentionRun');
    });
  });

  describe('sanad keys', () => {
    it('leads through a change of the data key until the old one is not needed', async () => {
      await on.call();
      await on.call({ from: null });
      const present = freshDataKey();
      const both = { ...on.environment, DATA_KEY: present, DATA_KEY_PREVIOUS: on.dataKey };
      const before = await sanad(['keys', 'status'], { environment: both });
      expect([before.code, /3 keys are still under an earlier key/.test(before.stdout)]).to.deep.equal([1, true]);
      const rotated = await sanad(['keys', 'rotate'], { environment: both });
      expect([rotated.code, rotated.stdout]).to.deep.equal([0, 'Wrapped anew: 3 keys.\n']);
      const environment = { ...on.environment, DATA_KEY: present };
      const after = await sanad(['keys', 'status', '--json'], { environment });
      expect([after.code, JSON.parse(after.stdout).toRotate]).to.deep.equal([0, 0]);
      const shown = await sanad(['callers', 'show', '91234567', '--numbers'], { environment });
      expect(shown.stdout).to.include('+968 9123 4567');
      expect((await sanad(['audit', 'verify'], { environment })).code).to.equal(0);
      expect(await actions().catch((fault: Error) => fault.name)).to.include('keysRotated');
      const old = await sanad(['callers', 'list'], { environment: on.environment });
      expect([old.code, /sealed with another DATA_KEY/.test(old.stderr)]).to.deep.equal([1, true]);
    });
  });

  it('say what stands in the way when there is no database, and leave nothing half done', async () => {
    const environment = { ...on.environment, DATABASE_URL: 'postgres://sanad:x@127.0.0.1:9/none' };
    for (const words of [
      ['audit', 'verify'],
      ['callers', 'list'],
      ['retention', 'run'],
      ['keys', 'rotate'],
    ]) {
      const { code, stdout, stderr } = await sanad(words, { environment });
      expect([code, stdout], words.join(' ')).to.deep.equal([1, '']);
      expect(stderr).to.include('The database cannot be used').and.not.include('sanad:x');
    }
  });

  it('work on an empty database', async () => {
    for (const words of [
      ['callers', 'list'],
      ['consents', 'list'],
      ['audit', 'list'],
      ['audit', 'verify'],
      ['retention', 'run'],
      ['keys', 'status'],
    ]) {
      const { code, stdout, stderr } = await ran(...words);
      expect([code, stderr], words.join(' ')).to.deep.equal([0, '']);
      expect(stdout).to.not.equal('');
    }
  });
});
