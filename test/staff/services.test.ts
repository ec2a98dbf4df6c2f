import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { serviceDirectory } from '../../src/wiringReferral.ts';
import { serverStartMs } from '../support/servers.ts';
import { StaffLine } from './staffLine.ts';

const day = (later: number): string => new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10);
const entry = (change: object = {}) => ({
  name: { ar: 'مركز الأسرة', en: 'The Family Centre' },
  what_for: { ar: 'خلافات الأسرة', en: 'trouble in the family' },
  number: '24441999',
  purpose: 'familyProtection',
  hours: '24/7',
  languages: ['ar', 'en'],
  cost: 'free',
  for_whom: 'families',
  verified_by: 'Aisha',
  verified_on: day(-10),
  expires_on: day(90),
  ...change,
});

describe('sanad services', function () {
  this.timeout(serverStartMs);
  let on: StaffLine;
  before(async () => {
    on = await StaffLine.open();
  });
  after(() => on.close());

  const run = (...words: readonly string[]) => on.run('operator', ['services', ...words]);
  const file = (value: unknown): string => {
    const name = path.join(on.stateOf(''), 'services.json');
    writeFileSync(name, JSON.stringify(value));
    return name;
  };

  it('keeps a verified file as a whole or not at all, and says what is not named', async () => {
    const faulty = await run('import', file([entry(), entry({ number: 'one' })]));
    expect([faulty.code, faulty.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('entry 2, number'),
    );
    expect((await run('list')).stdout).to.include('The directory is empty');
    const old = entry({ number: '1100', expires_on: day(-1) });
    expect((await run('import', file([entry(), old]))).stdout)
      .to.include('may be named')
      .and.include('expired');
    const checked = await run('check');
    expect([checked.code, checked.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('(1100) expired on'),
    );
    const again = JSON.parse((await run('import', file([entry()]), '--json')).stdout);
    expect(again.services.map(({ isNew }: { isNew: boolean }) => isNew)).to.deep.equal([false]);
  });

  it('are what calls of this line are given to name, and nothing that is expired', async () => {
    const { database, keys } = on.kept;
    const parts = { database, keys, clock: systemClock, log: silentLog };
    const directory = serviceDirectory({ TWILIO_PHONE_NUMBER: on.number }, parts);
    // The first reading is not waited for: a reply never waits for the database.
    for (let tries = 0; tries < 200 && directory('ar-OM').length === 0; tries += 1)
      await new Promise<void>((resolve) => void setTimeout(resolve, 50));
    expect(directory('ar-OM')).to.deep.equal([{ name: 'مركز الأسرة', whatFor: 'خلافات الأسرة', number: '24441999' }]);
    expect(directory('en').map(({ name }) => name)).to.deep.equal(['The Family Centre']);
  });

  it('changes and removes one, each an entry in the audit; a number is never changed under a verification', async () => {
    const words = ['--name-ar', 'خط الأسرة', '--for-ar', 'الأسرة', '--number', '80077000', '--purpose', 'other'];
    const added = await run('add', ...words, '--languages', 'ar', '--cost', 'free', '--json');
    const { id, standing } = JSON.parse(added.stdout).services[0];
    expect(standing).to.equal('unverified');
    expect((await run('add', ...words, '--languages', 'ar', '--cost', 'free')).code).to.equal(1);
    const half = await run('edit', id, '--verified-by', 'Aisha');
    expect([half.code, half.stderr.includes('goes together')]).to.deep.equal([2, true]);
    expect((await run('edit', id, '--number', '80077001')).code).to.equal(2);
    const verified = ['--verified-by', 'Aisha', '--verified-on', day(-1), '--expires-on', day(60)];
    expect((await run('edit', id.slice(0, 8), ...verified)).stdout).to.include('may be named');
    expect((await run('remove', id)).code).to.equal(0);
    expect((await run('remove', id)).code).to.equal(1);
    const { entries } = JSON.parse((await on.run('operator', ['audit', 'list', '--json'])).stdout);
    expect(entries.map(({ action }: { action: string }) => action)).to.include.members([
      'serviceAdded',
      'serviceChanged',
      'serviceRemoved',
    ]);
  });
});
