// Runs a TypeScript entry of this repository from a fresh clone: installs from the lockfile when needed, then hands over.
// Plain JavaScript, because nothing is installed yet when it starts. Usage: node scripts/run.mjs <entry.ts> [arguments]
import { ensureInstalled } from './install.mjs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs <entry.ts> [arguments]');
  process.exit(2);
}
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
process.argv = [process.argv[0], path.resolve(entry), ...rest];
await import(pathToFileURL(path.resolve(entry)).href);
