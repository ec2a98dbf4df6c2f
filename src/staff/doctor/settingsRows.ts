import type { SettingsInspection } from '../../settings.ts';
import { defineCheck } from './check.ts';
import { fault, ok, type Row, warning } from './finding.ts';

/** One row when all is well, else one for each setting that is not. */
export function settingsRows({ sound, faults }: SettingsInspection): readonly Row[] {
  if (faults.length === 0)
    return [{ ...ok(`usable, for ${sound.NODE_ENV ?? 'development'}`), id: 'settings', what: 'Settings', ms: 0 }];
  return faults.map(({ name, message }) => ({
    ...fault(message, `Set ${name}: see the settings in README.md.`),
    id: `setting:${name}`,
    what: name,
    ms: 0,
  }));
}

const late = { state: 'fault', fix: 'Try again.' } as const;

export const lastResortCheck = defineCheck({
  rows: ['lastResort'],
  uses: ['FALLBACK_PHONE_NUMBER'],
  late,
  run: ({ FALLBACK_PHONE_NUMBER: number }, { report }) =>
    report(
      'lastResort',
      number === undefined
        ? warning(
            'nobody is rung when Sanad cannot hold a call',
            'Set FALLBACK_PHONE_NUMBER to a telephone that a person answers, for example +96891234567.',
          )
        : ok('FALLBACK_PHONE_NUMBER is set'),
    ),
});

const newKey = 'Make a new one with: openssl rand -base64 32. What the old one sealed needs it as DATA_KEY_PREVIOUS.';

/** A key is 32 random bytes. What a person types in place of it opens every record to whoever tries the same. */
export const dataKeyCheck = defineCheck({
  rows: ['dataKey'],
  uses: ['DATA_KEY'],
  late,
  run: ({ DATA_KEY }, { report }) => {
    const bytes = Buffer.from(DATA_KEY, 'base64');
    if (isGuessable(bytes)) report('dataKey', fault('DATA_KEY can be guessed: it seals nothing', newKey));
    else if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
      report('dataKey', warning('DATA_KEY is readable text in base64, not 32 random bytes', newKey));
    else report('dataKey', ok('32 bytes, not one of those that can be guessed'));
  },
});

/** 32 random bytes hold about 30 different ones; 11 or fewer come once in more than 10^20 keys. */
const distinctAtLeast = 12;

/** All the same, a pattern that repeats, or steps of one size. */
export function isGuessable(bytes: Uint8Array): boolean {
  const steps = new Set(bytes.slice(1).map((byte, index) => byte - (bytes[index] ?? 0)));
  return new Set(bytes).size < distinctAtLeast || steps.size === 1;
}
