import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Machine, thisMachine } from '../../src/embedded/machine.ts';

/** A temporary folder that others may enter, removed when the test is over. */
export function temporaryFolder(cleanUps: (() => void)[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sanad-embedded-test-'));
  chmodSync(folder, 0o755);
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A shell script that stands in for a program of the machine. */
export function program(folder: string, name: string, script: string): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** This machine without anything it has: no programs, no addresses in the environment. */
export function bareMachine(keep: string, change: Partial<Machine> = {}): Machine {
  return { ...thisMachine(), env: {}, programFolders: [], postgresFolders: [], keep, ...change };
}

/** This machine with its programs, but no addresses in the environment. */
export function ownMachine(): Machine {
  return { ...thisMachine(), env: {} };
}

export function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => finish(true));
    socket.on('error', () => finish(false));
  });
}

export async function eventually(condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
