// The carrier, the callers and the people on call of `npm run bench -- escalation`, in a process of their own; started by
// scripts/bench.ts.
import { serveEscalationCalls } from '../src/sandbox/bench/escalation/calls.ts';

serveEscalationCalls();
