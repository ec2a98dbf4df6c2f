// A process of its own that holds servers until it is ended: for the tests of what happens to them then.
import { setUp } from '../../src/embedded/setUp.ts';

const servers = await setUp({ print: () => {}, fetch: 'never' });
process.stdout.write(`${JSON.stringify({ postgres: servers.postgres.url, redis: servers.redis?.url ?? null })}\n`);
if (process.argv.includes('--throw')) throw new Error('on purpose');
setInterval(() => {}, 1_000);
