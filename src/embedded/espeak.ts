import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { lastLine, runCommand } from './command.ts';
import { type FetchedProgram, findOrFetch } from './fetchedProgram.ts';
import { type Machine, thisMachine } from './machine.ts';

/** The program of the sandbox's voice: run `command` with `env` as its whole environment (no secret of ours is in it). */
export interface EspeakProgram {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly source: FetchedProgram['source'];
  readonly version: string;
}

export interface EspeakOptions {
  readonly log?: (line: string) => void;
  readonly machine?: Machine;
  readonly fetch?: 'allowed' | 'never';
}

const debian = { name: 'espeak-ng', packages: ['espeak-ng', 'espeak-ng-data', 'libespeak-ng1'], program: 'espeak-ng' };

/** Finds or fetches espeak-ng; null, with the reason said, when it cannot be had: the voice is then a labelled tone. */
export async function findEspeak(options: EspeakOptions = {}): Promise<EspeakProgram | null> {
  const log = options.log ?? (() => {});
  const search = { machine: options.machine ?? thisMachine(), log, fetch: options.fetch ?? 'allowed' };
  const found = await findOrFetch(['espeak-ng'], debian, search);
  if (found.kind === 'missing') {
    log(`espeak-ng: ${found.why}`);
    return null;
  }
  const { command, source, root } = found.program;
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...found.program.env, ...voiceData(root) };
  const result = await runCommand(command, ['--version'], { limitMs: 10_000, env });
  if (result.kind === 'refused') {
    log(`espeak-ng: ${command} ${result.why}: ${lastLine(result.output)}`);
    return null;
  }
  return { command, env, source, version: /(\d+(?:\.\d+)+)/.exec(result.output)?.[1] ?? 'unknown' };
}

/** Unpacked elsewhere, the program does not find its voices by itself. */
function voiceData(root: string | null): Readonly<Record<string, string>> {
  if (root === null) return {};
  const libraries = path.join(root, 'usr', 'lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).map((name) => path.join(libraries, name)) : [];
  const data = [path.join(root, 'usr', 'share'), libraries, ...folders]
    .map((folder) => path.join(folder, 'espeak-ng-data'))
    .find((folder) => existsSync(folder));
  return data ? { ESPEAK_DATA_PATH: data } : {};
}
