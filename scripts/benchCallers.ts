// The callers of the bench, in a process of their own; started by scripts/bench.ts.
import { serveCallers } from '../src/sandbox/bench/callers.ts';

serveCallers();
