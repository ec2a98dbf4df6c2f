import type { AllowedQuestion } from '../call/event.ts';
import type { Database } from './database.ts';
import { organisationOf } from './organisations.ts';
import type { KeyKeeper } from './sealing.ts';
import { readOrganisationSettings } from './settings.ts';

/**
 * What the organisation of this number lets Sanad ask beside the talk (`mood.ask`, `returning.greet`). It depends on the organisation and
 * on whether a number is shown, never on who rings: so the question tells nothing about them. @throws what the database throws
 */
export async function allowedQuestions(
  database: Database,
  keys: KeyKeeper,
  { dialledNumber, known }: { readonly dialledNumber: string; readonly known: boolean },
): Promise<readonly AllowedQuestion[]> {
  const organisation = await organisationOf(database, keys, dialledNumber);
  if (organisation === null) return [];
  const settings = await database.within(organisation.id, (tx) => readOrganisationSettings(tx, organisation.id));
  const isOn = (name: 'mood.ask' | 'returning.greet'): boolean => settings.get(name)?.value === 'yes';
  return [
    ...(isOn('mood.ask') ? (['mood'] as const) : []),
    ...(isOn('returning.greet') && known ? (['returning'] as const) : []),
  ];
}
