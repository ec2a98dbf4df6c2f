import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { speakableServices, type Service } from './service.ts';

/** What the line knows of the directory at this moment; a reply never waits for the database. */
export interface ServiceDirectory {
  /** Those that may be named now. Empty while nothing is known: then no service is named. */
  readonly services: (language: 'ar' | 'en') => readonly Service[];
}

export interface DirectoryOptions {
  readonly read: () => Promise<readonly Service[]>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A change is seen after so long. */
const refreshMs = 60_000;
/** What could not be read again for so long is not trusted: somebody may have taken a number out. */
const trustedMs = 900_000;

export function createDirectory({ read, clock, log }: DirectoryOptions): ServiceDirectory {
  let known: { readonly services: readonly Service[]; readonly atMs: number } | null = null;
  let askedMs = -Infinity;
  const refresh = async (): Promise<void> => {
    askedMs = clock.now();
    try {
      known = { services: await read(), atMs: clock.now() };
    } catch (error) {
      log.warn('the directory of services cannot be read', { error: error instanceof Error ? error.name : 'unknown' });
    }
  };
  void refresh();
  return {
    services: (language) => {
      if (clock.now() - askedMs >= refreshMs) void refresh();
      if (known === null || clock.now() - known.atMs > trustedMs) return [];
      return speakableServices(known.services, clock.wall(), language);
    },
  };
}
