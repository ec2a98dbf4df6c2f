import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { createVoiceActivity } from './audio/voiceActivity.ts';
import { defaultTurnTaking, type TurnTaking } from './call/settings.ts';
import { systemClock } from './clock.ts';
import { letHeapGrow } from './heap.ts';
import { startHttp } from './http/server.ts';
import { createLog, faultOf, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { LiveDesk } from './session/liveDesk.ts';
import type { SessionPorts } from './session/ports.ts';
import { resumeCall } from './session/resume.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';
import { carriedRisk } from './store/carriedRisk.ts';
import { allowedQuestions } from './store/allowedQuestions.ts';
import { earlierCall } from './store/earlierCall.ts';
import { openConsents } from './store/openConsents.ts';
import { CallWriter } from './store/callWriter.ts';
import { loadCall } from './store/loadCall.ts';
import type { CallRecord } from './store/records.ts';
import { createKeyKeeper } from './store/sealing.ts';
import { understand } from './therapist/meaning.ts';
import { languagePacks } from './therapist/packs.ts';
import { timedModel } from './therapist/timedModel.ts';
import {
  assessRisk,
  contextualRisk,
  emergencyPacks,
  languageModel,
  openSpeech,
  openStore,
  prepareLines,
  responders,
  startBacklogWatch,
  startJobs,
  type Jobs,
  type Store,
} from './wiring.ts';
import { serviceDirectory } from './wiringReferral.ts';
import { openEscalations, type EscalationParts, type OpenEscalations } from './wiringEscalations.ts';
import { openSms } from './wiringSms.ts';

/** The only place that wires: settings → adapters → server and workers, and their shutdown. */

export interface SanadOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Shared with the jobs of the same process; otherwise the server opens its own. */
  readonly store?: Store;
  readonly turnTaking?: TurnTaking;
  /** Times of bringing a person that differ from the defaults, for tests and the demo. */
  readonly escalations?: Pick<EscalationParts, 'timing' | 'keeperMs' | 'pollMs'>;
  readonly observe?: SessionPorts['observe'];
  /** Told of each failure of a provider, whether or not a caller noticed it. */
  readonly observeFailure?: Metrics['providerFailed'];
  /** Sees every record before it is sealed. */
  readonly observeRecord?: (record: CallRecord) => void;
  /** Where fixed lines are kept once spoken; null: in memory only. */
  readonly phraseDirectory?: string | null;
  /** `calls` when the process holds others beside it, as tests and demo do. */
  readonly metricsOf?: Parameters<typeof createMetrics>[0];
  /** Shared with the jobs of the same process; otherwise the server makes its own. */
  readonly metrics?: Metrics;
}

export interface RunningSanad {
  readonly port: number;
  readonly desk: LiveDesk;
  readonly metrics: Metrics;
  /** When the fixed lines are spoken; until then the server answers but is not ready. */
  readonly prepared: Promise<void>;
  /** Takes no new calls, waits for those on the line up to `drainMs`, writes everything, and lets go. */
  readonly stop: (drainMs?: number) => Promise<void>;
}

/** Serves calls. Throws when the address is taken or no database is to be had; providers may be away, and come back. */
export async function startSanad(options: SanadOptions): Promise<RunningSanad> {
  const { settings, log } = options;
  letHeapGrow();
  if (options.store !== undefined) return serve(options, options.store, async () => {});
  const store = await openStore(settings, log);
  try {
    return await serve(options, store, store.close);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(options: SanadOptions, store: Store, closeStore: () => Promise<void>): Promise<RunningSanad> {
  const { settings, log } = options;
  const clock = systemClock;
  const metrics = observed(options.metrics ?? createMetrics(options.metricsOf), options);
  const keys = createKeyKeeper(settings.DATA_KEY, settings.DATA_KEY_PREVIOUS);
  const { writer, keep, escalations } = openRecords(options, store, { keys, clock, metrics });
  const speech = openSpeech(settings, log, options.phraseDirectory);
  const pack = languagePacks[settings.DEFAULT_LANGUAGE];
  const numbers = emergencyPacks(settings, clock);
  const lines = prepareLines(speech.phrases, ...numbers.spokenVariants(pack));
  const desk = new LiveDesk({
    packFor: () => numbers.packFor(pack),
    carriedRisk: async ({ from, to }) =>
      from === null ? null : carriedRisk(store.database, keys, { dialledNumber: to, from }),
    // A number that is withheld can neither be rung nor written to.
    openConsents: async ({ from, to }) =>
      from === null ? ['keepWords'] : openConsents(store.database, keys, { dialledNumber: to, from }),
    earlierCall: async ({ from, to }) =>
      from === null ? null : earlierCall(store.database, keys, { dialledNumber: to, from }),
    allowedQuestions: async ({ from, to }) =>
      allowedQuestions(store.database, keys, { dialledNumber: to, known: from !== null }),
    consent: settings.CONSENT_BEFORE_AUDIO === 'yes' ? 'beforeAudio' : 'inCall',
    loadCall: async (callSid) =>
      resumeCall(await loadCall(store.database, keys, callSid), numbers.packs(), clock.wall()),
    ports: {
      clock,
      log,
      metrics,
      turnTaking: options.turnTaking ?? defaultTurnTaking,
      openRecogniser: speech.openRecogniser,
      openSynthesiser: speech.openSynthesiser,
      cachedPhrase: (voice, text) => speech.phrases.get(voice, text),
      responderFor: responders(
        timedModel(languageModel(settings), { clock, metrics }),
        serviceDirectory(settings, { database: store.database, keys, clock, log }),
      ),
      assessRisk,
      contextualRisk: contextualRisk(settings, { clock, log, metrics }),
      escalations: escalations.desk,
      understand,
      createVoiceActivity: () => createVoiceActivity(),
      keep,
      ...(options.observe === undefined ? {} : { observe: options.observe }),
    },
  });
  const checks = [
    { name: 'database', check: async () => (await store.database.ready(), true) },
    { name: 'fixedLines', check: () => lines.areReady() },
  ];
  const { drive } = escalations.driver;
  const sms = openSms(settings, { database: store.database, keys, clock, log, metrics, drive });
  const routes = [...escalations.routes(desk), ...sms.routes];
  const http = await startHttp({ settings, desk, checks, clock, log, metrics, routes });
  escalations.start();
  return {
    port: http.port,
    desk,
    metrics,
    prepared: lines.done,
    stop: async (drainMs = 0) => {
      const left = await desk.drain(drainMs);
      if (left > 0) log.warn('calls are left to another server', { calls: left });
      await http.close();
      // First what the next server needs to go on with the calls.
      await writer.close(5_000);
      await escalations.stop();
      await closeStore();
    },
  };
}

/** What is kept of calls, and the escalations that begin with it: each tells the other. */
function openRecords(
  { settings, log, observeRecord, escalations: pace }: SanadOptions,
  { database }: Store,
  parts: Pick<EscalationParts, 'keys' | 'clock' | 'metrics'>,
) {
  const writer = new CallWriter({
    database,
    keys: parts.keys,
    serverId: randomUUID(),
    codeRevision: process.env['npm_package_version'] ?? 'unknown',
    ownNumber: { name: 'Sanad', dialledNumber: settings.TWILIO_PHONE_NUMBER },
    onAlarm: (alarm) => {
      log.error('the record of calls is in trouble', { ...alarm });
      if (alarm.type === 'unaudited') parts.metrics.auditFailed('risk');
    },
    onWritten: (records) => escalations.written(records),
  });
  const keep = (record: CallRecord): void => {
    writer.append(record);
    observeRecord?.(record);
    parts.metrics.writesWaiting(writer.state().waiting);
  };
  const escalations: OpenEscalations = openEscalations(settings, { ...parts, ...pace, database, log, keep });
  return { writer, keep, escalations };
}

function observed(metrics: Metrics, { observeFailure }: SanadOptions): Metrics {
  if (observeFailure === undefined) return metrics;
  return {
    ...metrics,
    providerFailed: (provider, fault) => {
      metrics.providerFailed(provider, fault);
      observeFailure(provider, fault);
    },
  };
}

type Command = 'serve' | 'work' | 'both';

/** `serve` takes calls, `work` runs jobs; without a word this process does both, as a small install wants it. */
function readCommand(word: string | undefined): Command {
  if (word === undefined) return 'both';
  if (word === 'serve' || word === 'work') return word;
  throw new Error(`there is no command "${word}"; it is serve, work, or nothing for both`);
}

async function main(): Promise<void> {
  const command = readCommand(process.argv[2]);
  const settings = readSettings();
  const log = createLog(settings.LOG_LEVEL);
  process.on('unhandledRejection', (reason) =>
    log.error('a promise was rejected and nobody listened', faultOf(reason)),
  );
  const running: { sanad?: RunningSanad; jobs?: Jobs; store?: Store; backlog?: { stop: () => Promise<void> } } = {};
  const stop = async (): Promise<void> => {
    // A second signal ends it at once: the calls then go on at another server.
    process.once('SIGINT', () => process.exit(1)).once('SIGTERM', () => process.exit(1));
    log.info('stopping: no new calls', { calls: running.sanad?.desk.activeCalls ?? 0 });
    await Promise.all([running.sanad?.stop(60_000), running.jobs?.close(20_000), running.backlog?.stop()]);
    await running.store?.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop());
  running.store = await openStore(settings, log);
  const metrics = createMetrics();
  if (command !== 'serve') running.jobs = startJobs(settings, running.store, log, metrics);
  if (command === 'work') return;
  running.sanad = await startSanad({ settings, log, store: running.store, metrics });
  running.backlog = startBacklogWatch(settings, running.store, { log, metrics });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof SettingsError ? `${reason}\n` : `Sanad could not start: ${reason}\n`);
    process.exit(1);
  });
}
