// Sanad itself, alone in its process, with a probe beside it: what scripts/bench.ts measures. Its settings are those of the
// environment it is started with; only the address and the turn taking come with the order to start.
import { z } from 'zod';
import { defaultTurnTaking, type Patience, type TurnTaking } from '../src/call/settings.ts';
import { freePort } from '../src/embedded/port.ts';
import { createLog } from '../src/log.ts';
import { startSanad, type RunningSanad } from '../src/main.ts';
import { serveBench } from '../src/sandbox/bench/channel.ts';
import { Probe } from '../src/sandbox/bench/probe.ts';
import { readSettings } from '../src/settings.ts';

const order = z.object({
  fixedPauseMs: z.number().nullable(),
  /** For a carrier that must know it before we start. */
  port: z.int().optional(),
});
const window = z.object({ profile: z.boolean() });
const windowEnd = z.object({ profileFile: z.string().nullable() });

const probe = new Probe();
let sanad: RunningSanad | null = null;

/** One pause for everything a caller can say, and no reply before it is over: then the floor of the latency is a sum. */
function withFixedPause(pauseMs: number): TurnTaking {
  const patience: Patience = { completeMs: pauseMs, usualMs: pauseMs, painfulMs: pauseMs, trailingMs: pauseMs };
  return {
    ...defaultTurnTaking,
    speculateAfterMs: null,
    patience: { opening: patience, conversation: patience, distress: patience },
  };
}

async function start(given: unknown): Promise<{ readonly serverUrl: string }> {
  const { fixedPauseMs, port } = order.parse(given);
  const serverUrl = `http://127.0.0.1:${port ?? (await freePort())}`;
  const settings = readSettings({ ...process.env, PORT: new URL(serverUrl).port, PUBLIC_URL: serverUrl });
  sanad = await startSanad({
    settings,
    log: createLog(settings.LOG_LEVEL),
    turnTaking: fixedPauseMs === null ? defaultTurnTaking : withFixedPause(fixedPauseMs),
    phraseDirectory: null,
  });
  await sanad.prepared;
  return { serverUrl };
}

/** What Sanad has counted of itself: everything but the time series of the process and the buckets. */
async function counts(): Promise<Readonly<Record<string, number>>> {
  const exposition = (await sanad?.metrics.exposition())?.text ?? '';
  const lines = exposition.split('\n').filter((line) => /^sanad_\w+_total/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))] as const;
    }),
  );
}

serveBench(
  {
    start,
    counts,
    rss: () => process.memoryUsage.rss() / 1_048_576,
    memory: () => probe.memory(),
    begin: async (given) => {
      await probe.begin(window.parse(given).profile);
      return null;
    },
    end: (given) => probe.end(windowEnd.parse(given).profileFile),
  },
  async () => sanad?.stop(0),
);
