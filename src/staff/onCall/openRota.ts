import type { Database, Transaction } from '../../store/database.ts';
import type { Organisation } from '../../store/organisations.ts';
import type { KeyKeeper } from '../../store/sealing.ts';
import type { StaffAccess } from '../access/staffAccess.ts';

/** The rota as a command works on it, in the name of somebody. */
export interface Rota {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisation: Organisation;
  /** Sanad's own number, E.164. */
  readonly ownNumber: string;
  /** FALLBACK_PHONE_NUMBER, E.164. */
  readonly lastResort: string | null;
  /** The language in which calls are answered, as ISO 639-1. */
  readonly language: string;
  /** Adds to the audit, as the last statement of the transaction that changes somebody. */
  readonly noteIn: (
    tx: Transaction,
    action: 'onCallAdded' | 'onCallChanged' | 'onCallRemoved',
    personId: string,
  ) => Promise<void>;
}

/** Throws `MissingRight`. */
export function rotaOf(access: StaffAccess): Rota {
  access.demand('manageOnCall');
  const { database, keys, organisation, ownNumber, settings, noteIn } = access;
  return {
    database,
    keys,
    organisation,
    ownNumber,
    lastResort: settings.FALLBACK_PHONE_NUMBER ?? null,
    language: settings.DEFAULT_LANGUAGE === 'en' ? 'en' : 'ar',
    noteIn: (tx, action, id) => noteIn(tx, action, { kind: 'onCallPerson', id }),
  };
}
