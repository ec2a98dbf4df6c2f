import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultTurnTaking } from '../../call/settings.ts';
import type { SetUp } from '../../embedded/setUp.ts';
import type { Log } from '../../log.ts';
import { startSanad, type RunningSanad, type SanadOptions } from '../../main.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { openDatabase } from '../../store/database.ts';
import { startJobs } from '../../wiring.ts';
import { loadPhrases } from '../azureSpeech/phraseCatalogue.ts';
import { startCarrier, type Carrier } from '../carrier/carrier.ts';
import { realTimings } from '../carrier/exchange.ts';
import { startSandboxProcess, type SandboxProcess } from '../sandboxProcess.ts';
import { speakWithEspeak, type EspeakProgram } from '../voice/espeak.ts';
import type { LegIdentity } from '../carrier/leg.ts';
import type { TimelineEntry } from '../carrier/report.ts';
import { createDemoDatabase } from './demoDatabase.ts';
import { openFront } from './front.ts';
import { ownNumber, personNumber } from './numbers.ts';
import { openRecords, type DemoRecords } from './rota.ts';
import { readClips, type Sounds } from './sounds.ts';
import type { Scenario } from './scenario.ts';
import { openStaff, type DemoStaff } from './staff.ts';
import type { Started } from './started.ts';

/** Everything a call needs, on this machine: the real server between a carrier and providers that are stand-ins. */
export interface Stage {
  readonly carrier: Carrier;
  readonly control: SandboxProcess['control'];
  readonly sounds: Sounds;
  readonly records: DemoRecords;
  /** Null where nothing happens after the call. */
  readonly staff: DemoStaff | null;
  /** Starts a second server beside the one that holds the call, and then stops that one. */
  readonly replaceServer: () => Promise<void>;
}

export interface StageOptions {
  readonly scenario: Scenario;
  readonly servers: SetUp;
  readonly started: Started;
  readonly log: Log;
  readonly observe: Pick<SanadOptions, 'observe' | 'observeRecord' | 'observeFailure'>;
  /** What happens on every telephone, the caller's own included. */
  readonly onLeg: (leg: LegIdentity, entry: TimelineEntry) => void;
  /** Takes one line for each thing that is simulated, or is not. */
  readonly print: (line: string) => void;
}

const demoSettings = { NODE_ENV: 'development', PORT: '0', FALLBACK_PHONE_NUMBER: personNumber };

const root = path.resolve(import.meta.dirname, '..', '..', '..');

export async function openStage(options: StageOptions): Promise<Stage> {
  const { started, servers, scenario, print } = options;
  const database = await started.add(createDemoDatabase(servers.postgres.url), ({ drop }) => drop());
  const espeak = servers.espeak;
  const program = espeak === null ? null : { command: espeak.command, env: { ...espeak.env } };
  print(
    'simulated: carrier: a stand-in for Twilio; the caller is a script with synthesised speech, and no telephone rings',
  );
  const sandbox = await started.add(
    // Only the fixed lines, all spoken before the call, would be slower otherwise.
    startSandboxProcess({
      espeak: program,
      speechTiming: { pacing: 40 },
      log: (line) => print(line.replace(/^sandbox/, 'simulated')),
    }),
    ({ stop }) => stop(),
  );
  void sandbox.ended.then(() => started.lost('the stand-ins of the providers ended by themselves. Run it again'));
  const front = await started.add(openFront(), ({ close }) => close());
  const accounts = {
    TWILIO_ACCOUNT_SID: `AC${randomBytes(16).toString('hex')}`,
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    TWILIO_PHONE_NUMBER: ownNumber,
  };
  const publicUrl = `http://127.0.0.1:${front.port}`;
  const carrier = await started.add(openCarrier({ ...accounts, publicUrl }, program, options.onLeg), ({ close }) =>
    close(),
  );
  const settings = readSettings({
    ...accounts,
    ...sandbox.env,
    ...demoSettings,
    PUBLIC_URL: publicUrl,
    TWILIO_API_BASE_URL: carrier.apiBaseUrl,
    EMERGENCY_NUMBERS_FILE: await writeDemoNumbers(started),
    DATABASE_URL: database.url,
    DATA_KEY: randomBytes(32).toString('base64'),
    DEFAULT_LANGUAGE: scenario.language,
  });
  const startServer = async (): Promise<RunningSanad> => {
    const server = await started.add(
      startSanad({
        settings,
        log: options.log,
        turnTaking: { ...defaultTurnTaking, ...scenario.turnTaking },
        phraseDirectory: null,
        ...(scenario.escalationTiming === undefined ? {} : { escalations: { timing: scenario.escalationTiming } }),
        ...options.observe,
      }),
      ({ stop }) => stop(0),
    );
    await server.prepared;
    front.sendTo(server.port);
    return server;
  };
  print('real: the server; it speaks its fixed lines once before it takes a call');
  let server = await startServer();
  await mustBeReady(settings.PUBLIC_URL);
  const records = await started.add(Promise.resolve(openRecords(settings, database.url)), ({ close }) => close());
  await records.addPeople(scenario.onCall ?? []);
  const staff = scenario.afterwards === undefined ? null : await openAfterwards(settings, database.url, options);
  tellPeople(scenario, print);
  const replaceServer = async (): Promise<void> => {
    const before = server;
    server = await startServer();
    await before.stop(0);
  };
  return { carrier, control: sandbox.control, sounds: await readSounds(), records, staff, replaceServer };
}

/** The process that runs jobs, and whoever approves. */
async function openAfterwards(
  settings: Settings,
  url: string,
  { started, log, print }: StageOptions,
): Promise<DemoStaff> {
  const database = await started.add(Promise.resolve(openDatabase({ url })), ({ close }) => close());
  const store = { url, database, close: async () => {} };
  await started.add(Promise.resolve(startJobs(settings, store, log)), ({ close }) => close(5_000));
  print('real: the jobs, on the same database');
  print(
    'simulated: staff: a script approves, by the same functions as the command line; no time passes between the days',
  );
  return started.add(Promise.resolve(openStaff(settings, url)), ({ close }) => close());
}

function tellPeople({ onCall = [], escalationTiming }: Scenario, print: StageOptions['print']): void {
  for (const { name, number, role } of onCall) print(`simulated: on call: ${name} ${number}, ${role}`);
  if (escalationTiming !== undefined)
    print('simulated: time: waves of telephones follow each other faster than in life, so that they can be watched');
}

interface CarrierAccount {
  readonly TWILIO_ACCOUNT_SID: string;
  readonly TWILIO_AUTH_TOKEN: string;
  readonly TWILIO_PHONE_NUMBER: string;
  readonly publicUrl: string;
}

function openCarrier(
  { publicUrl, ...account }: CarrierAccount,
  program: EspeakProgram | null,
  onEntry: StageOptions['onLeg'],
): Promise<Carrier> {
  return startCarrier({
    accountSid: account.TWILIO_ACCOUNT_SID,
    authToken: account.TWILIO_AUTH_TOKEN,
    phoneNumber: account.TWILIO_PHONE_NUMBER,
    onEntry,
    voiceUrl: `${publicUrl}/twilio/voice`,
    voiceFallbackUrl: `${publicUrl}/twilio/fallback`,
    statusCallbackUrl: `${publicUrl}/twilio/call-status`,
    smsUrl: `${publicUrl}/twilio/sms`,
    allowPlainWs: true,
    timings: realTimings,
    ...(program === null ? {} : { prompter: { say: (text, language) => sayWith(program, text, language) } }),
  });
}

/** A number is spoken only when somebody verified it: here the demo did, for itself, and for one day. */
async function writeDemoNumbers(started: Started): Promise<string> {
  const folder = await started.add(mkdtemp(path.join(tmpdir(), 'sanad-demo-')), (made) =>
    rm(made, { recursive: true, force: true }),
  );
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const file = path.join(folder, 'emergency-numbers.json');
  const entry = {
    number: '9999',
    purpose: 'emergency',
    hours: '24/7',
    languages: ['ar', 'en'],
    verified_by: 'the demo, which rings nobody',
    verified_on: day(-1),
    expires_on: day(2),
  };
  await writeFile(file, JSON.stringify([entry]));
  return file;
}

async function readSounds(): Promise<Sounds> {
  const audio = path.join(root, 'fixtures', 'audio');
  return {
    phrases: await loadPhrases(audio),
    noises: await readClips(path.join(audio, 'noises')),
    voices: await readClips(path.join(audio, 'unknown')),
  };
}

/** What a load balancer would ask: no caller is sent to a server that could not hold the call. */
async function mustBeReady(publicUrl: string): Promise<void> {
  const answer = await fetch(`${publicUrl}/health/ready`);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`the server is not ready for calls: ${body.slice(0, 500)}`);
}

/** The carrier's own voice, another than Sanad's, so that a listener can tell them apart. */
async function sayWith(program: EspeakProgram, text: string, language: string | null): Promise<Uint8Array> {
  const spoken = language?.startsWith('ar') === true ? 'ar' : 'en';
  return (await speakWithEspeak(program, { text, language: spoken, variant: 'm3' })).mulaw;
}
