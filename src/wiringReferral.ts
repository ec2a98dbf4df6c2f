import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { createDirectory } from './referral/directory.ts';
import type { Settings } from './settings.ts';
import type { Database } from './store/database.ts';
import { organisationOf } from './store/organisations.ts';
import type { KeyKeeper } from './store/sealing.ts';
import { listServices } from './store/services.ts';
import type { ResponderOptions } from './therapist/responder.ts';

export interface DirectoryParts {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** The services that may be named now, of the organisation of `TWILIO_PHONE_NUMBER`. */
export function serviceDirectory(
  { TWILIO_PHONE_NUMBER: ownNumber }: Pick<Settings, 'TWILIO_PHONE_NUMBER'>,
  { database, keys, clock, log }: DirectoryParts,
): NonNullable<ResponderOptions['services']> {
  const directory = createDirectory({
    clock,
    log,
    read: async () => {
      const organisation = await organisationOf(database, keys, ownNumber);
      return organisation === null ? [] : database.within(organisation.id, listServices);
    },
  });
  return (pack) => {
    const language = pack === 'en' ? 'en' : 'ar';
    return directory.services(language).map(({ name, whatFor, number }) => ({
      name: name[language] ?? '',
      whatFor: whatFor[language] ?? '',
      number,
    }));
  };
}
