import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { readEmergencyNumbers } from '../../src/escalation/emergencyNumbers.ts';
import { parseShifts, type OnCallPerson } from '../../src/escalation/rota.ts';
import { inspectSettings } from '../../src/settings.ts';
import { runCheck } from '../../src/staff/doctor/check.ts';
import { emergencyCheck, emergencyFinding } from '../../src/staff/doctor/emergencyCheck.ts';
import type { Finding } from '../../src/staff/doctor/finding.ts';
import { hoursFinding, rotaCheck, rotaFinding } from '../../src/staff/doctor/rotaCheck.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { expectNoSecret, sanad } from './consultation.ts';

const said = (finding: Finding): string => `${finding.state}: ${finding.detail}`;
const numbers = { TWILIO_PHONE_NUMBER: '+96824000000', FALLBACK_PHONE_NUMBER: '+96891110009' };

function person(id: string, change: Partial<OnCallPerson> = {}, shift = ''): OnCallPerson {
  const read = parseShifts(shift);
  return {
    id: `${id}-0000-0000`,
    name: 'Aisha',
    number: '+96891110001',
    languages: ['ar'],
    gender: null,
    shifts: read.ok ? read.shifts : [],
    priority: 10,
    role: 'listener',
    active: true,
    ...change,
  };
}
const supervisor = person('5afe0001', { role: 'supervisor' });
// Thursday noon in Muscat.
const now = new Date('2026-11-26T12:00:00+04:00');

describe('what the doctor makes of the rota', () => {
  it('that is as it should be', () => {
    expect(said(rotaFinding([person('aaaaaaaa'), supervisor], numbers))).to.equal(
      'ok: 2 people can be rung, a supervisor among them',
    );
    expect(said(hoursFinding([supervisor], now))).to.equal('ok: somebody is on call at every hour of the week');
  });

  it('on which nobody can be rung', () => {
    const none = [person('aaaaaaaa', { active: false })];
    expect(said(rotaFinding(none, numbers))).to.equal(
      'warning: nobody is on the rota: a caller in danger gets FALLBACK_PHONE_NUMBER only',
    );
    expect(said(rotaFinding([], { TWILIO_PHONE_NUMBER: numbers.TWILIO_PHONE_NUMBER }))).to.equal(
      'warning: nobody is on the rota, and there is no FALLBACK_PHONE_NUMBER: a caller in danger gets no person',
    );
    expect(said(hoursFinding(none, now))).to.equal('skipped: needs: People on call');
  });

  it('with one person, without a supervisor, and with a number that is no help: all at once', () => {
    expect(said(rotaFinding([person('aaaaaaaa', { number: numbers.FALLBACK_PHONE_NUMBER })], numbers))).to.equal(
      'warning: only one person is on the rota; nobody on it is a supervisor; aaaaaaaa has the number of FALLBACK_PHONE_NUMBER',
    );
    expect(
      said(rotaFinding([supervisor, person('bbbbbbbb', { number: numbers.TWILIO_PHONE_NUMBER })], numbers)),
    ).to.equal("warning: bbbbbbbb has Sanad's own number");
  });

  it('that leaves hours without anybody', () => {
    const day = person('aaaaaaaa', {}, 'sun-thu 08:00-16:00');
    const gaps = 'without anybody (time of Muscat): sun-wed 16:00-08:00; thu 16:00 to sun 08:00';
    expect(said(hoursFinding([day], now))).to.equal(`warning: ${gaps}`);
    expect(said(hoursFinding([day], new Date('2026-11-26T17:00:00+04:00')))).to.equal(
      `warning: nobody is on call now; ${gaps}`,
    );
  });
});

describe('the doctor at the rota', function () {
  this.timeout(serverStartMs);
  let environment: Readonly<Record<string, string>>;
  const rows = async (change: Readonly<Record<string, string | undefined>> = {}): Promise<readonly string[]> => {
    const checked = await runCheck(rotaCheck, inspectSettings({ ...environment, ...change }), {
      timeoutMs: 2_000,
      graceMs: 100,
    });
    const texts = checked.map(said);
    expectNoSecret(texts.join(), { ...environment, ...change });
    return texts;
  };

  before(async () => {
    const { url } = await testDatabase();
    environment = { ...numbers, DATABASE_URL: url, DATA_KEY: randomBytes(32).toString('base64') };
  });

  it('sees that nobody was ever added, and who was', async () => {
    expect((await rows())[0]).to.match(/^warning: nobody is on the rota/);
    await sanad(['on-call', 'add', '--name', 'Huda', '--number', '91110002'], { environment });
    expect(await rows()).to.deep.equal([
      'warning: only one person is on the rota; nobody on it is a supervisor',
      'ok: somebody is on call at every hour of the week',
    ]);
  });

  it('finds that another key sealed it, since then nobody can be rung', async () => {
    expect(await rows({ DATA_KEY: randomBytes(32).toString('base64') })).to.deep.equal([
      'fault: the rota was sealed with another DATA_KEY: nobody on it can be rung',
      'skipped: needs: People on call',
    ]);
  });

  it('leaves to the rows of the database what is wrong with that', async () => {
    const { url } = await testDatabase('empty');
    expect((await rows({ DATABASE_URL: url }))[0]).to.match(/^skipped: needs: (Migrations|Roles)/);
    expect((await rows({ DATABASE_URL: 'postgres://sanad:hidden@127.0.0.1:1/sanad' }))[0]).to.equal(
      'skipped: needs: Database',
    );
    expect((await rows({ DATABASE_URL: undefined }))[0]).to.match(/^skipped: in the embedded database; see: /);
  });
});

describe('what the doctor makes of the emergency numbers', () => {
  const finding = (...changes: readonly object[]): string => {
    const good = {
      number: '9999',
      purpose: 'emergency',
      hours: '24/7',
      languages: ['ar'],
      verified_by: 'Nasra',
      verified_on: '2026-10-01',
      expires_on: '2027-04-01',
    };
    const read = readEmergencyNumbers(JSON.stringify(changes.map((change) => ({ ...good, ...change }))));
    if (!read.ok) throw new Error(read.faults.join());
    return said(emergencyFinding(read.entries, now));
  };
  const checked = async (path: string | undefined): Promise<string> => {
    const rows = await runCheck(emergencyCheck, inspectSettings({ EMERGENCY_NUMBERS_FILE: path }), {
      timeoutMs: 1_000,
      graceMs: 100,
    });
    return rows.map(said).join();
  };

  it('that are as they should be', () => {
    expect(finding({})).to.equal('ok: spoken now: 9999; 1 verified for 30 days or more');
  });

  it('without a file, with the example, and with a file that is not there', async () => {
    expect(await checked(undefined)).to.match(/^warning: no EMERGENCY_NUMBERS_FILE: /);
    expect(await checked('docs/emergency-numbers.example.json')).to.match(
      /^warning: no emergency number may be spoken now; entry 1 \("9999"\) expired on 2020-01-02 and is not spoken; /,
    );
    expect(await checked('no/such.json')).to.equal(
      'fault: Sanad does not start with this file: it cannot be read (ENOENT)',
    );
  });

  it('that expire, were never verified, are held verified too long, or cannot be numbers', () => {
    expect(finding({}, { expires_on: '2026-12-26' }, { expires_on: '2026-11-27' })).to.equal(
      'warning: entry 2 ("9999") expires on 2026-12-26, in 30 days; entry 3 ("9999") expires on 2026-11-27, in 1 day',
    );
    expect(finding({}, { number: '1100', verified_by: null, verified_on: null, expires_on: null })).to.equal(
      'warning: entry 2 ("1100") was never verified and is not spoken',
    );
    expect(finding({ expires_on: '2028-10-01' })).to.equal(
      'warning: entry 1 ("9999") is held verified for more than a year: ring it more often',
    );
    expect(finding({}, { number: '1234567' })).to.equal('warning: entry 2 ("1234567") is no number in use in Oman');
  });

  it('of which none is answered at this hour', () => {
    expect(finding({ hours: 'fri 08:00-16:00' })).to.equal('warning: no emergency number may be spoken now');
  });
});
