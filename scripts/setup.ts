// `npm run setup`: fetches what is missing, tries every server once, and says what was found.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setUp } from '../src/embedded/setUp.ts';

export { setUp } from '../src/embedded/setUp.ts';

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1] ?? '')).href) {
  try {
    const ready = await setUp({ print: (line) => console.log(line) });
    await ready.stop();
    console.log('set-up: everything was tried and stopped again; `npm run demo` can start');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
