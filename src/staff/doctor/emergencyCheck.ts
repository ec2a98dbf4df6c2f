import { systemClock } from '../../clock.ts';
import {
  daysLeftOf,
  type EmergencyNumber,
  readEmergencyNumbersFile,
  spokenEmergencyNumber,
  standingOf,
} from '../../escalation/emergencyNumbers.ts';
import { readTelephoneNumber } from '../onCall/telephoneNumber.ts';
import { defineCheck } from './check.ts';
import { fault, type Finding, ok, warning } from './finding.ts';

/** Which emergency number callers may be told now, and for how long that holds. */
export const emergencyCheck = defineCheck({
  rows: ['emergencyNumbers'],
  uses: ['EMERGENCY_NUMBERS_FILE'],
  late: { state: 'fault', fix: 'See that the disk of EMERGENCY_NUMBERS_FILE answers.' },
  run: ({ EMERGENCY_NUMBERS_FILE: path }, { report }) => {
    if (path === undefined) return report('emergencyNumbers', noFile);
    const read = readEmergencyNumbersFile(path);
    return report(
      'emergencyNumbers',
      read.ok ? emergencyFinding(read.entries, systemClock.wall()) : broken(read.faults),
    );
  },
});

const howTo = 'Ring the number, then write down who did, when, and until when that holds (docs/on-call.md).';

const noFile = warning(
  'no EMERGENCY_NUMBERS_FILE: callers in danger are told to ring the emergency number, but not which',
  `${howTo} docs/emergency-numbers.example.json shows the file.`,
);

function broken(faults: readonly string[]): Finding {
  return fault(
    `Sanad does not start with this file: ${faults.join('; ')}`,
    'Correct EMERGENCY_NUMBERS_FILE as docs/emergency-numbers.example.json shows.',
  );
}

const soonDays = 30;
/** Numbers change: a verification should not be trusted for longer. */
const longestDays = 366;
/** Emergency and service numbers are this short; libphonenumber knows the longer ones. */
const shortDigits = 5;

export function emergencyFinding(entries: readonly EmergencyNumber[], now: Date): Finding {
  const concerns = entries.flatMap((entry, index) =>
    concernsOf(entry, now).map((concern) => `entry ${index + 1} ("${entry.number}") ${concern}`),
  );
  const spoken = ['ar', 'en'].map((language) => spokenEmergencyNumber(entries, now, language));
  const none = spoken.every((number) => number === null);
  if (none) concerns.unshift('no emergency number may be spoken now');
  if (concerns.length > 0) return warning(concerns.join('; '), howTo);
  return ok(`spoken now: ${[...new Set(spoken)].join(', ')}; ${entries.length} verified for 30 days or more`);
}

function concernsOf(entry: EmergencyNumber, now: Date): readonly string[] {
  const { number, verification } = entry;
  const concerns: string[] = [];
  if (number.length > shortDigits && !readTelephoneNumber(number).ok) concerns.push('is no number in use in Oman');
  const standing = standingOf(entry, now);
  if (standing === 'unverified') concerns.push('was never verified and is not spoken');
  if (verification === null) return concerns;
  const daysLeft = daysLeftOf(entry, now) ?? 0;
  if (standing === 'expired') concerns.push(`expired on ${verification.expiresOn} and is not spoken`);
  if (standing === 'notYet') concerns.push(`is verified from ${verification.on} on, a day to come`);
  if (standing === 'standing' && daysLeft <= soonDays)
    concerns.push(`expires on ${verification.expiresOn}, in ${daysLeft} day${daysLeft === 1 ? '' : 's'}`);
  if ((Date.parse(verification.expiresOn) - Date.parse(verification.on)) / 86_400_000 > longestDays)
    concerns.push('is held verified for more than a year: ring it more often');
  return concerns;
}
