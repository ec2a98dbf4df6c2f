// Runs a TypeScript entry of this repository from a fresh clone: installs from the lockfile when needed, then hands over
// in the same process, so that Ctrl-C and signals reach the entry itself. Plain JavaScript, because nothing is installed
// yet when it starts. Usage: node scripts/run.mjs <entry.ts> [arguments]
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './install.mjs';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs <entry.ts> [arguments]');
  process.exit(2);
}
const file = path.resolve(root, entry);
if (!existsSync(file)) {
  console.error(`There is no ${path.relative(root, file)} in this version.`);
  process.exit(2);
}
ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
process.argv = [process.argv[0], file, ...rest];
await import(pathToFileURL(file).href);
