import { type PackageOrder, fetchDebianPackages, unpackedPackage } from './debianPackages.ts';
import { type Machine, findProgram } from './machine.ts';

export interface FetchedProgram {
  readonly command: string;
  /** To be added to the environment when it is run. */
  readonly env: Readonly<Record<string, string>>;
  readonly source: 'programs on this machine' | "Debian's packages";
  /** Folder it was unpacked to; null when it is installed. */
  readonly root: string | null;
}

export type ProgramSearch =
  { readonly kind: 'found'; readonly program: FetchedProgram } | { readonly kind: 'missing'; readonly why: string };

export interface SearchOptions {
  readonly machine: Machine;
  readonly log: (line: string) => void;
  /** Whether the network may be asked; a single test must not wait for it. */
  readonly fetch: 'allowed' | 'never';
}

/** Installed on the machine → unpacked by an earlier run → fetched from Debian now. `names`: first that is there wins. */
export async function findOrFetch(
  names: readonly string[],
  order: PackageOrder,
  options: SearchOptions,
): Promise<ProgramSearch> {
  const { machine, log, fetch } = options;
  for (const name of names) {
    const command = findProgram(name, machine.programFolders);
    if (command)
      return { kind: 'found', program: { command, env: {}, source: 'programs on this machine', root: null } };
  }
  let unpacked = unpackedPackage(order.name, machine);
  if (unpacked === null && fetch === 'never') return { kind: 'missing', why: 'not installed, and not fetched yet' };
  if (unpacked === null) {
    const result = await fetchDebianPackages(order, { machine, log });
    if (result.kind === 'unavailable') return { kind: 'missing', why: result.why };
    unpacked = result.unpacked;
  }
  for (const name of names) {
    const command = findProgram(name, unpacked.programFolders);
    const env = { LD_LIBRARY_PATH: unpacked.libraryPath };
    if (command) return { kind: 'found', program: { command, env, source: "Debian's packages", root: unpacked.root } };
  }
  return {
    kind: 'missing',
    why: `${order.name} was unpacked to ${unpacked.root}, but holds no ${names.join(', ')}`,
  };
}
