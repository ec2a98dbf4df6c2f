import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lastLine, runCommand } from './command.ts';
import { type Machine, findProgram } from './machine.ts';

/** Programs unpacked below `root`, run with `LD_LIBRARY_PATH` and found by `programFolders`. */
export interface UnpackedPackage {
  readonly root: string;
  readonly programFolders: readonly string[];
  readonly libraryPath: string;
}

/** What to get. The packages are named in full: one that is installed here is left out by apt unless it is named. */
export interface PackageOrder {
  /** Folder below `.sanad/debian`. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Nothing is kept unless this program is in it. */
  readonly program: string;
}

export type FetchResult =
  | { readonly kind: 'unpacked'; readonly unpacked: UnpackedPackage }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface FetchOptions {
  readonly machine: Machine;
  readonly log: (line: string) => void;
  /** For trials: another list of installed packages, so that libraries of this machine count as missing. */
  readonly installedList?: string;
}

/** Debian's updates take 2–5 s; a machine without network should know within a minute and a half. */
const limits = { updateMs: 60_000, downloadMs: 90_000, unpackMs: 30_000 } as const;

/**
 * Gets a package of Debian (or Ubuntu) and what it needs, unpacked below `.sanad/debian/<name>`. The machine itself stays as
 * it was, also when we are root: installing redis-server would start a service at once and at every boot, which nobody asked
 * for and our stop could not undo. apt works on state and cache folders of its own, so no rights are needed.
 * Never throws, never hangs.
 */
export async function fetchDebianPackages(order: PackageOrder, options: FetchOptions): Promise<FetchResult> {
  const here = unpackedPackage(order.name, options.machine);
  if (here) return { kind: 'unpacked', unpacked: here };
  const programs = findApt(options.machine);
  if (programs === null) return { kind: 'unavailable', why: 'apt-get and dpkg are not on this machine' };
  try {
    return await fetchInto(order, programs, options);
  } catch (error) {
    return { kind: 'unavailable', why: error instanceof Error ? error.message : 'fetching failed' };
  }
}

/** What an earlier run unpacked, or null. */
export function unpackedPackage(name: string, machine: Machine): UnpackedPackage | null {
  const root = path.join(machine.keep, 'debian', name);
  if (!existsSync(root)) return null;
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => librariesIn(path.join(root, folder)));
  return { root, programFolders: programFoldersIn(root), libraryPath: libraries.join(':') };
}

function programFoldersIn(root: string): readonly string[] {
  return ['usr/bin', 'usr/sbin', 'bin'].map((folder) => path.join(root, folder)).filter((folder) => existsSync(folder));
}

/**
 * `usr/lib`, the folder of the machine's architecture below it, such as `usr/lib/x86_64-linux-gnu`, and folders of that which hold
 * libraries: programs know those by a path of their own (`pulseaudio`), which unpacked elsewhere leads nowhere.
 */
function librariesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const below = foldersIn(folder).filter((name) => path.basename(name).includes('-linux-'));
  const deeper = below.flatMap(foldersIn).filter((name) => readdirSync(name).some((file) => /\.so(?:\.|$)/.test(file)));
  return [...below, ...deeper, folder];
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));
}

interface AptPrograms {
  readonly apt: string;
  readonly dpkg: string;
}

function findApt(machine: Machine): AptPrograms | null {
  const apt = findProgram('apt-get', machine.programFolders);
  const dpkg = findProgram('dpkg', machine.programFolders);
  return apt && dpkg ? { apt, dpkg } : null;
}

async function fetchInto(order: PackageOrder, programs: AptPrograms, options: FetchOptions): Promise<FetchResult> {
  const { name } = order;
  const parent = path.join(options.machine.keep, 'debian');
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(path.join(parent, '.fetching-'));
  try {
    options.log(`fetching ${name} from Debian's packages into ${path.join(parent, name)} (nothing is installed) …`);
    const why = await download(order.packages, work, programs, options);
    if (why !== null) return { kind: 'unavailable', why };
    const archives = path.join(work, 'cache', 'archives');
    const files = readdirSync(archives).filter((file) => file.endsWith('.deb'));
    const root = path.join(work, 'root');
    mkdirSync(root);
    for (const file of files) {
      const result = await runCommand(programs.dpkg, ['-x', path.join(archives, file), root], {
        limitMs: limits.unpackMs,
      });
      if (result.kind === 'refused') {
        return { kind: 'unavailable', why: `dpkg -x ${file} ${result.why}: ${lastLine(result.output)}` };
      }
    }
    if (findProgram(order.program, programFoldersIn(root)) === null) {
      return { kind: 'unavailable', why: `${order.packages.join(', ')}: no ${order.program} in them` };
    }
    return moveIn(name, root, options.machine);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Renaming makes it whole at once; when another process was faster, its copy is as good as ours. */
function moveIn(name: string, root: string, machine: Machine): FetchResult {
  try {
    renameSync(root, path.join(machine.keep, 'debian', name));
  } catch (error) {
    if (!existsSync(path.join(machine.keep, 'debian', name))) throw error;
  }
  const unpacked = unpackedPackage(name, machine);
  return unpacked ? { kind: 'unpacked', unpacked } : { kind: 'unavailable', why: 'it was removed while unpacking' };
}

/** Why it failed, or null. Only what is not installed here is downloaded, and the package itself in any case. */
async function download(
  packages: readonly string[],
  work: string,
  programs: AptPrograms,
  options: FetchOptions,
): Promise<string | null> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(path.join(work, folder), { recursive: true });
  }
  const settings: Readonly<Record<string, string>> = {
    'Dir::State': path.join(work, 'state'),
    'Dir::State::status': options.installedList ?? '/var/lib/dpkg/status',
    'Dir::Cache': path.join(work, 'cache'),
    'Dir::Log': work,
    // No locks on the machine's own lists, which a plain user may not take and which we do not touch.
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '10',
    'Acquire::https::Timeout': '10',
    'Acquire::Languages': 'none',
    // Without it apt-get update ends well when every server was out of reach.
    'APT::Update::Error-Mode': 'any',
  };
  const common = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const run = (args: readonly string[], limitMs: number) =>
    runCommand(programs.apt, [...common, ...args], { limitMs, env, cwd: work });
  const updated = await run(['-q', 'update'], limits.updateMs);
  if (updated.kind === 'refused') return `apt-get update ${updated.why}: ${errorLine(updated.output)}`;
  const wanted = ['-q', '-y', '--no-install-recommends', '--reinstall', '--download-only', 'install', ...packages];
  const downloaded = await run(wanted, limits.downloadMs);
  return downloaded.kind === 'refused' ? `apt-get ${downloaded.why}: ${errorLine(downloaded.output)}` : null;
}

function errorLine(output: string): string {
  return output.split('\n').find((line) => /^(E|Err|W):/.test(line)) ?? lastLine(output);
}
