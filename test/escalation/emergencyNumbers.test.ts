import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import {
  daysLeftOf,
  everySpokenNumber,
  readEmergencyNumbers,
  readEmergencyNumbersFile,
  spokenEmergencyNumber,
  standingOf,
  type EmergencyNumber,
} from '../../src/escalation/emergencyNumbers.ts';
import { emergencyNumberOf } from '../../src/therapist/emergencyNumber.ts';
import { english, omani } from '../../src/therapist/packs.ts';
import { emergencyPacks } from '../../src/wiring.ts';

const good = {
  number: '9999',
  purpose: 'emergency',
  hours: '24/7',
  languages: ['ar', 'en'],
  verified_by: 'Nasra, by telephone',
  verified_on: '2026-10-01',
  expires_on: '2027-04-01',
};

function entriesOf(...changes: readonly object[]): readonly EmergencyNumber[] {
  const read = readEmergencyNumbers(JSON.stringify(changes.map((change) => ({ ...good, ...change }))));
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.entries;
}

function faultsOf(value: unknown): readonly string[] {
  const read = readEmergencyNumbers(typeof value === 'string' ? value : JSON.stringify(value));
  return read.ok ? [] : read.faults;
}

/** In Muscat, which is four hours ahead of UTC. */
const at = (text: string): Date => new Date(`${text}:00+04:00`);
const inNovember = at('2026-11-26T03:00');
const spoken = (entries: readonly EmergencyNumber[], now = inNovember, language = 'ar') =>
  spokenEmergencyNumber(entries, now, language);

describe('the emergency number that may be spoken', () => {
  it('is one that was verified and has not expired', () => {
    expect(spoken(entriesOf({}))).to.equal('9999');
    expect(spoken([])).to.equal(null);
    expect(spoken(entriesOf({ verified_by: null, verified_on: null, expires_on: null }))).to.equal(null);
  });

  it('is never one whose verification is over, from the first minute of that day in Muscat', () => {
    const entries = entriesOf({});
    expect(spoken(entries, at('2027-03-31T23:59'))).to.equal('9999');
    expect(spoken(entries, at('2027-04-01T00:00'))).to.equal(null);
    expect(spoken(entries, at('2031-01-01T12:00'))).to.equal(null);
  });

  it('is not one that is still to be verified', () => {
    expect(spoken(entriesOf({}), at('2026-09-30T23:59'))).to.equal(null);
    expect(spoken(entriesOf({}), at('2026-10-01T00:00'))).to.equal('9999');
  });

  it('is one that is answered at this hour', () => {
    const office = entriesOf({ number: '24441999', hours: 'sun-thu 08:00-16:00' });
    // 26 November 2026 is a Thursday.
    expect(spoken(office, at('2026-11-26T07:59'))).to.equal(null);
    expect(spoken(office, at('2026-11-26T08:00'))).to.equal('24441999');
    expect(spoken(office, at('2026-11-27T09:00'))).to.equal(null);
  });

  it('is for emergencies, not of another purpose', () => {
    expect(spoken(entriesOf({ purpose: 'childProtection' }, { purpose: 'mentalHealth' }))).to.equal(null);
  });

  it('is where the language of the caller is spoken, if there is such a one, else the first', () => {
    const entries = entriesOf({ number: '111', languages: ['ar'] }, { number: '222', languages: ['en'] });
    expect([spoken(entries, inNovember, 'ar'), spoken(entries, inNovember, 'en')]).to.deep.equal(['111', '222']);
    expect(spoken(entries, inNovember, 'ur')).to.equal('111');
  });

  it('is known in advance, so that its lines can be spoken beforehand; what has expired is not among it', () => {
    const entries = entriesOf(
      { number: '111', expires_on: '2026-11-26' },
      { number: '222' },
      { number: '222' },
      { number: '333', verified_on: '2026-12-01' },
      { number: '444', purpose: 'health' },
    );
    expect(everySpokenNumber(entries, inNovember)).to.deep.equal([null, '222', '333']);
  });

  it('has so many days left', () => {
    const [entry] = entriesOf({ expires_on: '2026-12-01' });
    if (entry === undefined) throw new Error('no entry');
    expect(daysLeftOf(entry, inNovember)).to.equal(5);
    expect(daysLeftOf(entry, at('2026-12-01T00:00'))).to.equal(0);
    expect(standingOf(entry, at('2026-12-01T00:00'))).to.equal('expired');
  });
});

describe('the file of emergency numbers', () => {
  it('is refused with every fault at once, by entry and field', () => {
    const faults = faultsOf([
      good,
      { number: 9999, purpose: 'x', hours: '', languages: [], verified_on: '2026-13-01', colour: 'red' },
      { ...good, number: '+96824441999', hours: 'sun 25:00-26:00', languages: ['arabic'], expires_on: '2026-10-01' },
      17,
    ]);
    expect(faults.map((fault) => fault.split(':')[0])).to.deep.equal([
      'entry 2, number',
      'entry 2, purpose',
      'entry 2, hours',
      'entry 2, languages',
      'entry 2, verified_on',
      'entry 2',
      'entry 2, verified_by',
      'entry 2, expires_on',
      'entry 3 ("+96824441999"), number',
      'entry 3 ("+96824441999"), hours',
      'entry 3 ("+96824441999"), languages, item 1',
      'entry 3 ("+96824441999"), expires_on',
      'entry 4',
    ]);
    expect(faults).to.include(
      'entry 3 ("+96824441999"), number: must be 3 to 8 digits as a caller in Oman dials them, for example "9999" or "24441999"',
    );
    expect(faults).to.include(
      'entry 2: has fields that are not known: colour; there are number, purpose, hours, languages, verified_by, verified_on, expires_on',
    );
    expect(faults.at(-1)).to.equal(
      'entry 4: must be an object such as { "number": "9999", "purpose": "emergency", … }',
    );
  });

  it('is refused when a verification is told in part', () => {
    expect(faultsOf([{ ...good, verified_by: '  ' }])).to.deep.equal([
      'entry 1 ("9999"), verified_by: is missing: who rang the number',
    ]);
    expect(faultsOf([{ ...good, expires_on: undefined }])).to.deep.equal([
      'entry 1 ("9999"), expires_on: is missing: the day from which it is not spoken, for example "2027-04-01"',
    ]);
  });

  it('is refused when it is no list, no JSON, too long, or away', () => {
    expect(faultsOf({})).to.deep.equal(['the file must be a list of entries: [{ "number": … }, …]']);
    expect(faultsOf('[{')[0]).to.match(/^it is no JSON: /);
    expect(faultsOf(Array.from({ length: 51 }, () => good))).to.deep.equal([
      'the file must not have more than 50 entries',
    ]);
    expect(readEmergencyNumbersFile('no/such/file.json')).to.deep.equal({
      ok: false,
      faults: ['it cannot be read (ENOENT)'],
    });
  });

  it('may begin with the mark that some editors put there', () => {
    expect(faultsOf(`\uFEFF${JSON.stringify([good])}`)).to.deep.equal([]);
  });

  it('comes with an example that is sound, and of which nothing would be spoken', () => {
    const example = readEmergencyNumbers(readFileSync('docs/emergency-numbers.example.json', 'utf8'));
    expect(example.ok).to.equal(true);
    const entries = example.ok ? example.entries : [];
    expect(entries.map(({ number }) => number)).to.deep.equal(['9999', '1100', '24441999']);
    expect(entries.map((entry) => standingOf(entry, systemClock.wall()))).to.deep.equal([
      'expired',
      'expired',
      'unverified',
    ]);
  });
});

describe('the packs with their emergency number', () => {
  let folder: string;
  let now = inNovember;
  const clock = { ...systemClock, wall: () => now };
  const packsOf = (text: string) => {
    const file = path.join(folder, 'numbers.json');
    writeFileSync(file, text);
    return emergencyPacks({ EMERGENCY_NUMBERS_FILE: file }, clock);
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sanad-numbers-'));
    now = inNovember;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('have none when no file is named', () => {
    const { packFor, spokenVariants } = emergencyPacks({}, clock);
    expect(emergencyNumberOf(packFor(omani))).to.equal(null);
    expect(packFor(omani).lines.nobodyReached.join(' ')).to.not.include('{');
    expect(spokenVariants(omani)).to.deep.equal([packFor(omani)]);
  });

  it('lose it at the call after it has expired', () => {
    const { packFor, packs, spokenVariants } = packsOf(JSON.stringify([good]));
    expect(emergencyNumberOf(packFor(english))).to.equal('9999');
    expect(packFor(english).lines.nobodyReached.join(' ')).to.include('nine nine nine nine');
    expect(packs().en).to.equal(packFor(english));
    const prepared = spokenVariants(english);
    now = at('2027-04-01T00:00');
    expect(emergencyNumberOf(packFor(english))).to.equal(null);
    expect(packFor(english).lines.nobodyReached.join(' ')).to.not.include('nine');
    expect(prepared, 'both were spoken in advance').to.include(packFor(english));
  });

  it('are not to be had from a broken file', () => {
    expect(() => packsOf('[{}]')).to.throw(
      /^EMERGENCY_NUMBERS_FILE \(.*numbers\.json\) is not usable:\n {2}entry 1, number: must be a text of digits/,
    );
  });
});
