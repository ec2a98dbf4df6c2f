import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What set-up may look at on the machine it runs on. A value, so that a trial can take programs away. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders searched for programs, in this order. */
  readonly programFolders: readonly string[];
  /** Further folders that hold PostgreSQL's server programs, newest first; Debian keeps them off PATH. */
  readonly postgresFolders: readonly string[];
  /** Where fetched programs and a kept database live; never tracked by git. */
  readonly keep: string;
}

export function thisMachine(): Machine {
  const { env } = process;
  return {
    env,
    programFolders: (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    postgresFolders: debianPostgresFolders('/usr/lib/postgresql'),
    keep: path.join(repositoryRoot(), '.sanad'),
  };
}

/** Absolute path of a program, or null. */
export function findProgram(name: string, folders: readonly string[]): string | null {
  const candidates = folders.map((folder) => path.join(folder, name));
  return candidates.find((file) => isProgram(file)) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function debianPostgresFolders(parent: string): readonly string[] {
  try {
    return readdirSync(parent)
      .filter((version) => /^\d+$/.test(version))
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => path.join(parent, version, 'bin'));
  } catch {
    return [];
  }
}

/** The folder with package.json above this file: two levels up from the sources, three from the build. */
function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) return process.cwd();
    folder = parent;
  }
  return folder;
}

/** An account of the machine without rights. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account servers run under: null means our own. PostgreSQL refuses to run as root, and adding a user to someone's
 * machine is not ours to do, so root lends its servers to `nobody` (or the next account of that kind). It must be named in
 * /etc/passwd: initdb looks the name up and fails without one.
 */
export function serverAccount(passwd = '/etc/passwd'): Account | null {
  if (process.getuid?.() !== 0) return null;
  let lines: readonly string[][] = [];
  try {
    lines = readFileSync(passwd, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return { uid: 65534, gid: 65534 };
  }
  for (const name of ['nobody', 'postgres', 'daemon']) {
    const found = lines.find((fields) => fields[0] === name);
    if (found && Number(found[2]) > 0) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  return { uid: 65534, gid: 65534 };
}

/** Whether an account without rights can walk into this folder: false below a 0700 folder such as root's home. */
export function isOpenToOthers(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      if ((statSync(at).mode & 0o001) === 0) return false;
    } catch {
      return false;
    }
    if (at === path.dirname(at)) return true;
  }
}
