import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '../../limits.ts';
import { speechSdkInternals } from '../../speech/azure/sdk.ts';
import { defineCheck } from './check.ts';
import { fault, type Finding, ok, warning } from './finding.ts';

const late = { state: 'warning', fix: 'The machine itself is too busy, or its disk does not answer.' } as const;

/** As `engines` in package.json says. */
const oldestNode = [20, 19] as const;

export const nodeCheck = defineCheck({
  rows: ['node'],
  uses: [],
  late,
  run: (_, { report }) => report('node', nodeFinding(process.versions.node)),
});

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return good ? ok(version) : fault(`${version} is too old`, `Install Node ${oldestNode.join('.')} or newer.`);
}

/** The speech SDK is held on to at two places inside; a newer one may have moved them. Calls still work, less well. */
export const speechSdkCheck = defineCheck({
  rows: ['speechSdk'],
  uses: [],
  late,
  run: (_, { report }) => {
    const { fineUpload, npmWebSocket } = speechSdkInternals();
    const pinned = 'Install the version of package-lock.json again: npm ci.';
    if (!npmWebSocket && 'WebSocket' in globalThis)
      report('speechSdk', warning('it takes the built-in WebSocket: a refused key cannot be told from a cut', pinned));
    else if (!fineUpload) report('speechSdk', warning('audio goes up in pieces of 100 ms instead of 20 ms', pinned));
    else report('speechSdk', ok('audio goes up in pieces of 20 ms'));
  },
});

const megabyte = 1_000_000;
/** The server before its first call, measured, with room for what the runtime keeps aside. */
const serverMb = 250;
/** DESIGN §10: at most 2 MB for a further call. */
const callMb = 2;

export const memoryCheck = defineCheck({
  rows: ['memory'],
  uses: [],
  late,
  run: (_, { report }) => report('memory', memoryFinding(process.availableMemory() / megabyte)),
});

/** `availableMb`: what this process could take, a container's limit counted. */
export function memoryFinding(availableMb: number): Finding {
  const room = Math.max(0, Math.floor((availableMb - serverMb) / callMb));
  const calls = Math.min(room, limits.callsPerServer);
  const free = `${amount(availableMb)} available`;
  if (room >= limits.callsPerServer) return ok(`${free}, room for all ${calls} calls that one server takes`);
  const needed = serverMb + callMb * limits.callsPerServer;
  return warning(`${free}, room for about ${calls} calls at once`, `Give the server ${needed} MB, or more servers.`);
}

/** Where fixed lines are kept; the embedded PostgreSQL, too, when there is no DATABASE_URL. */
const keptFolder = path.join('.sanad', 'phrases');
const freeMbAtLeast = 200;

export const diskCheck = defineCheck({
  rows: ['disk'],
  uses: [],
  late,
  run: async (_, { report }) => report('disk', await diskFinding(keptFolder)),
});

/** Fixed lines that cannot be kept are spoken anew at every start: slower to be ready, and dependent on the provider. */
export async function diskFinding(folder: string): Promise<Finding> {
  const at = await nearestExisting(path.resolve(folder));
  const fix = `Let the account of the server write to ${folder} (it is made at the first start).`;
  try {
    await access(at, constants.W_OK);
  } catch {
    return warning(`${folder} cannot be written: fixed lines are not kept over a restart`, fix);
  }
  const { bavail, bsize } = await statfs(at);
  const freeMb = Math.floor((bavail * bsize) / megabyte);
  if (freeMb >= freeMbAtLeast) return ok(`${amount(freeMb)} free (fixed lines are kept in ${folder})`);
  return warning(
    `${freeMb} MB free for ${folder}: fixed lines may not be kept`,
    `Make room: ${freeMbAtLeast} MB are enough.`,
  );
}

function amount(mb: number): string {
  return mb >= 1_000 ? `${(mb / 1_000).toFixed(mb < 10_000 ? 1 : 0)} GB` : `${Math.round(mb)} MB`;
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await access(folder, constants.F_OK);
    return folder;
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : nearestExisting(parent);
  }
}
