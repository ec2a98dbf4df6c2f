// `npm run demo`: a call with Sanad, all of it on this machine. See docs/demo.md.
import { demo } from '../src/sandbox/demo/demo.ts';

process.exit(await demo(process.argv.slice(2)));
