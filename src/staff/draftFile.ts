import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';

/**
 * A file that is there whole or not at all: written beside its place, readable by its owner only, and moved there at the end. It
 * replaces nothing unless told to, also when somebody else makes the file meanwhile.
 */
export interface DraftFile {
  readonly path: string;
  /** Throws what the system says, for example that the disk is full: `fileFault` has the words. */
  readonly write: (text: string) => void;
  readonly keep: (replace: boolean) => void;
  /** Leaves nothing; may be called at any time, also after `keep`. */
  readonly discard: () => void;
}

/** Throws what the system says. */
export function openDraft(path: string): DraftFile {
  const draft = `${path}.${process.pid}.${randomBytes(3).toString('hex')}`;
  let file: number | null = openSync(draft, 'wx', 0o600);
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    path,
    write: (text) => {
      if (file !== null) writeAll(file, Buffer.from(text, 'utf8'));
    },
    keep: (replace) => {
      if (file !== null) fsyncSync(file);
      close();
      if (replace) renameSync(draft, path);
      else linkSync(draft, path);
    },
    discard: () => {
      close();
      rmSync(draft, { force: true });
    },
  };
}

/** A disk that fills up may take a part and refuse the rest. */
function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** What went wrong with a file, in words; null when the error is of another kind. */
export function fileFault(error: unknown): string | null {
  const code = z.object({ code: z.string(), syscall: z.string() }).safeParse(error).data?.code;
  if (code === undefined) return null;
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it is larger than a file may be here',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'a folder has that name',
  EEXIST: 'it is there already',
  EIO: 'the disk has a fault',
};
