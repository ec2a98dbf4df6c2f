import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { defaultTurnTaking } from '../src/call/settings.ts';
import { freePort } from '../src/embedded/port.ts';
import { createLog } from '../src/log.ts';
import { startSanad, type RunningSanad } from '../src/main.ts';
import { loadPhrases } from '../src/sandbox/azureSpeech/phraseCatalogue.ts';
import { startCarrier, type Carrier, type PlacedCall } from '../src/sandbox/carrier/carrier.ts';
import { seededRandom } from '../src/sandbox/carrier/delayLine.ts';
import { startSandboxProcess, type SandboxProcess } from '../src/sandbox/sandboxProcess.ts';
import { readSettings } from '../src/settings.ts';
import { migrate, openDatabase } from '../src/store/database.ts';
import { addPerson } from '../src/store/onCallPeople.ts';
import { ensureOrganisation } from '../src/store/organisations.ts';
import { readRows, run } from '../src/store/rows.ts';
import { createKeyKeeper } from '../src/store/sealing.ts';
import { drawn, playedLanguages, type PlayedLanguage } from './play/stories.ts';

/**
 * Plays varied calls through the whole of Sanad into an empty database, to try the commands of staff on:
 *
 *   DATABASE_URL=… DATA_KEY=… npm run play-calls -- --calls 200
 *
 * What of it is real is told in docs/operations/played-calls.md. Refuses a database that has calls: nobody shall take these for callers.
 */

const account = { accountSid: `AC${'5'.repeat(32)}`, authToken: randomBytes(16).toString('hex') };
const lastResort = '+96890000001';
const onCall = [
  { name: 'مريم (played)', number: '+96890000011', phone: 'comes' },
  { name: 'Said (played)', number: '+96890000012', phone: 'no-answer' },
  { name: 'هدى (played)', number: '+96890000013', phone: 'comes' },
  { name: 'Salim (played)', number: '+96890000014', phone: 'voicemail' },
  { name: 'أمل (played)', number: '+96890000015', phone: 'comes' },
  { name: 'Noor (played)', number: '+96890000016', phone: 'busy' },
  { name: 'Zahra (played)', number: '+96890000017', phone: 'comes' },
  { name: 'خالد (played)', number: '+96890000018', phone: 'comes' },
  { name: 'Laila (played)', number: '+96890000019', phone: 'comes' },
] as const;
/** Waits between waves as short as they may be; a phone that takes the call is with the caller within seconds. */
const quickly = { waveMs: 4_000, placeEveryMs: 100, automaticCallbackMs: [2_000] } as const;
const everyFault = 12;
const patienceMs = 35_000;

interface Line extends PlayedLanguage {
  readonly sanad: RunningSanad;
  readonly carrier: Carrier;
}

const count = z.coerce.number().int().min(1);

function readOptions() {
  const { values } = parseArgs({
    options: { calls: { type: 'string' }, 'at-once': { type: 'string' }, seed: { type: 'string' } },
  });
  const environment = z.object({
    DATABASE_URL: z.string(),
    DATA_KEY: z.string(),
    TWILIO_PHONE_NUMBER: z.string().default('+96824000000'),
  });
  return {
    calls: count.max(5_000).parse(values.calls ?? '200'),
    // Above it two cores are busy, and what callers wait for grows.
    atOnce: count.max(100).parse(values['at-once'] ?? '24'),
    seed: count.max(1_000_000).parse(values.seed ?? '1'),
    ...environment.parse(process.env),
  };
}

type Options = ReturnType<typeof readOptions>;

async function prepare(options: Options): Promise<void> {
  await migrate(options.DATABASE_URL);
  const keys = createKeyKeeper(options.DATA_KEY);
  const database = openDatabase({ url: options.DATABASE_URL, connections: 1 });
  try {
    const organisation = await ensureOrganisation(database, keys, {
      name: 'Sanad',
      dialledNumber: options.TWILIO_PHONE_NUMBER,
    });
    await database.within(organisation.id, async (tx) => {
      const before = readRows(z.object({ id: z.string() }), await run(tx, 'select id from calls limit 1'));
      if (before.length > 0)
        throw new Error('this database has calls already; played ones are only put into an empty one');
      for (const [at, { name, number }] of onCall.entries())
        await addPerson(tx, keys, organisation, {
          name,
          number,
          languages: ['ar', 'en'],
          gender: at % 2 === 0 ? 'f' : 'm',
          shifts: [],
          priority: at + 1,
          role: 'listener',
          active: true,
        });
    });
  } finally {
    await database.close();
  }
}

async function openLine(options: Options, language: PlayedLanguage, sandbox: SandboxProcess): Promise<Line> {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const carrier = await startCarrier({
    ...account,
    phoneNumber: options.TWILIO_PHONE_NUMBER,
    voiceUrl: `${publicUrl}/twilio/voice`,
    voiceFallbackUrl: `${publicUrl}/twilio/fallback`,
    statusCallbackUrl: `${publicUrl}/twilio/call-status`,
    smsUrl: `${publicUrl}/twilio/sms`,
    allowPlainWs: true,
    callsPerSecond: 20,
  });
  for (const { number, phone } of onCall) carrier.setPhone(number, phone === 'comes' ? comes(2_000) : { kind: phone });
  carrier.setPhone(lastResort, comes(1_000));
  const sanad = await startSanad({
    settings: readSettings({
      ...sandbox.env,
      NODE_ENV: 'test',
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_PHONE_NUMBER: options.TWILIO_PHONE_NUMBER,
      TWILIO_API_BASE_URL: carrier.apiBaseUrl,
      FALLBACK_PHONE_NUMBER: lastResort,
      DATABASE_URL: options.DATABASE_URL,
      DATA_KEY: options.DATA_KEY,
      DEFAULT_LANGUAGE: language.id,
    }),
    log: createLog('error', new Writable({ write: (_chunk, _encoding, done) => done() })),
    turnTaking: { ...defaultTurnTaking, shortTalkMs: 500 },
    phraseDirectory: null,
    metricsOf: 'calls',
    // Each line has a carrier of its own, and what one began another could not go on with: only the first rings people.
    escalations: { timing: quickly, ...(language.id === 'ar-OM' ? {} : { keeperMs: 86_400_000 }) },
  });
  await sanad.prepared;
  return { ...language, sanad, carrier };
}

function comes(answersAfterMs: number) {
  const keys = [{ digits: '1', afterMs: 500 }];
  return { kind: 'person', answersAfterMs, keys, hangsUp: { when: 'connected', afterMs: 3_000 } } as const;
}

/** Providers fail now and then, for whoever is speaking at that moment. */
async function misbehave(sandbox: SandboxProcess, nth: number): Promise<void> {
  const { models, speech } = sandbox.control;
  const faults = [
    () => models.setFaults([{ scope: 'openai', fault: { kind: 'status', status: 500 }, times: 3 }]),
    () => speech.setFaults([{ scope: 'recognition', fault: { kind: 'reset', at: 'phrase' } }]),
    () =>
      models.setFaults([
        { scope: 'openai', fault: { kind: 'status', status: 503 }, times: 2 },
        { scope: 'anthropic', fault: { kind: 'status', status: 529 }, times: 2 },
      ]),
    () => speech.setFaults([{ scope: 'synthesis', fault: { kind: 'close', at: 'midSynthesis', code: 1000 } }]),
  ];
  await faults[nth % faults.length]?.();
}

interface Played {
  readonly stories: Map<string, number>;
  readonly faults: string[];
}

async function play(options: Options, lines: readonly Line[], sandbox: SandboxProcess): Promise<Played> {
  const phrases = new Map(
    (await loadPhrases(path.join(import.meta.dirname, '..', 'fixtures', 'audio'))).map(({ id, mulaw }) => [id, mulaw]),
  );
  const phrase = (id: string): Uint8Array => {
    const found = phrases.get(id);
    if (found === undefined) throw new RangeError(`there is no phrase ${id}`);
    return found;
  };
  const played: Played = { stories: new Map(), faults: [] };
  let next = 0;
  const one = async (index: number): Promise<void> => {
    const random = seededRandom(options.seed * 10_000 + index);
    const line = drawn(lines, random());
    const story = drawn(line.stories, random());
    const placed: { call: PlacedCall | null } = { call: null };
    // One in twelve withholds the number; some ring again.
    const from = random() < 0.08 ? null : `+9689${String(1_000_000 + Math.floor(random() * options.calls * 0.8))}`;
    placed.call = line.carrier.placeCall({ from, caller: story.caller({ phrase, random, placed: () => placed.call }) });
    // Whoever waits in vain gives up; a script that only waits would never.
    const patience = setTimeout(() => placed.call?.hangUp(), patienceMs);
    const report = await placed.call.ended;
    clearTimeout(patience);
    const name = `${line.id}: ${story.name}`;
    played.stories.set(name, (played.stories.get(name) ?? 0) + 1);
    if (report.callerFault !== null) played.faults.push(`${name}: ${report.callerFault.message}`);
  };
  const worker = async (first: number): Promise<void> => {
    await pause(first * 100);
    while (next < options.calls) {
      const index = next;
      next += 1;
      if (index % everyFault === everyFault - 1) await misbehave(sandbox, Math.floor(index / everyFault));
      await one(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.atOnce, options.calls) }, (_none, at) => worker(at)));
  return played;
}

async function main(): Promise<void> {
  const options = readOptions();
  const startedMs = performance.now();
  const say = (what: string): void =>
    console.log(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
  await prepare(options);
  const sandbox = await startSandboxProcess({
    espeak: null,
    speechTiming: { pacing: null, firstAudioDelayMs: 50 },
    modelTiming: { firstTokenMs: 100 },
  });
  const lines: Line[] = [];
  try {
    await Promise.all(playedLanguages.map(async (language) => lines.push(await openLine(options, language, sandbox))));
    say(`three lines are open; ${options.calls} calls, ${options.atOnce} at once`);
    const { stories, faults } = await play(options, lines, sandbox);
    for (const [story, calls] of [...stories].toSorted(([a], [b]) => a.localeCompare(b)))
      say(`${String(calls).padStart(4)}  ${story}`);
    for (const fault of faults) say(`a caller's script failed: ${fault}`);
    // People who were rung for callers that are gone are let go.
    await pause(3_000);
    process.exitCode = faults.length > 0 ? 1 : 0;
  } finally {
    for (const { sanad, carrier } of lines) {
      await carrier.close();
      await sanad.stop(0);
    }
    await sandbox.stop();
  }
  say('done');
}

try {
  await main();
} catch (error) {
  const needs = error instanceof z.ZodError ? 'It needs DATABASE_URL and DATA_KEY; --calls, --at-once, --seed. ' : '';
  console.error(`${needs}${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
