// Installs the packages of the lockfile when what is installed differs from it. Plain JavaScript: nothing is there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * What the lockfile asks for and the folder does not hold: paths such as `node_modules/knex`. npm writes down what it
 * installed in `node_modules/.package-lock.json`; comparing the two takes milliseconds, so every start can do it, and a
 * person who ran `npm ci` by hand does not wait for a second one. Optional packages of other machines may be absent.
 */
export function missingPackages(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const installed = packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(([name]) => name !== '')
    .filter(([name, { version, optional }]) => {
      const found = installed[name];
      return found ? found.version !== version || !existsSync(path.join(folder, name)) : optional !== true;
    })
    .map(([name]) => name);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Ends the process with an explanation when the packages cannot be installed. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Sanad needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (missingPackages(root).length === 0) return;
  const startedAt = Date.now();
  console.error('set-up: installing packages from the lockfile (npm ci), about half a minute …');
  const [command, args] = npmCommand();
  // --include: NODE_ENV=production and omit= in someone's npm settings would leave out what runs TypeScript.
  const result = spawnSync(command, [...args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) {
    console.error(`set-up: npm ci failed${result.error ? ` (${result.error.message})` : ''}; its message is above.`);
    process.exit(1);
  }
  const left = missingPackages(root);
  if (left.length > 0) {
    console.error(`set-up: npm ci ended well, but these packages are not there: ${left.slice(0, 5).join(', ')}`);
    process.exit(1);
  }
  console.error(`set-up: packages installed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** The npm that runs us, if one does (it need not be on PATH); other package managers set the same variable. */
function npmCommand() {
  const npm = process.env.npm_execpath;
  return npm && npm.endsWith('npm-cli.js') ? [process.execPath, [npm]] : ['npm', []];
}
