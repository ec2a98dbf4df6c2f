import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { createVoiceActivity } from './audio/voiceActivity.ts';
import { defaultTurnTaking, type TurnTaking } from './call/settings.ts';
import { systemClock } from './clock.ts';
import { startPostgres } from './embedded/postgres.ts';
import { startHttp } from './http/server.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { assessWords } from './risk/lexicon.ts';
import { LiveDesk } from './session/liveDesk.ts';
import type { SessionPorts } from './session/ports.ts';
import { resumeCall } from './session/resume.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';
import { azureRecogniser } from './speech/azure/recogniser.ts';
import { azureSynthesiser } from './speech/azure/synthesiser.ts';
import { createPhraseCache, type PhraseCache } from './speech/phraseCache.ts';
import { CallWriter } from './store/callWriter.ts';
import { migrate, openDatabase, type Database } from './store/database.ts';
import { loadCall } from './store/loadCall.ts';
import { createKeyKeeper } from './store/sealing.ts';
import { anthropicModel } from './therapist/anthropic.ts';
import { hedge, type Provider } from './therapist/hedged.ts';
import { understand } from './therapist/meaning.ts';
import { openaiModel } from './therapist/openai.ts';
import { languagePacks } from './therapist/packs.ts';
import type { LanguageModel } from './therapist/languageModel.ts';
import type { LanguagePack } from './therapist/languagePack.ts';
import { createResponder, type Responder } from './therapist/responder.ts';

/** The only place that wires: settings → adapters → server and workers, and their shutdown. */

export interface SanadOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly turnTaking?: TurnTaking;
  readonly observe?: SessionPorts['observe'];
  /** Sees what is kept of a call, words included, and which provider failed how: for a live view, never for logs. */
  readonly observeRecord?: SessionPorts['keep'];
  readonly observeFailure?: Metrics['providerFailed'];
  /** Where fixed lines are kept once spoken; null: in memory only. */
  readonly phraseDirectory?: string | null;
}

export interface RunningSanad {
  readonly port: number;
  readonly desk: LiveDesk;
  readonly metrics: Metrics;
  /** Takes no new calls, waits for those on the line up to `drainMs`, writes everything, and lets go. */
  readonly stop: (drainMs?: number) => Promise<void>;
}

/** Serves calls. Throws when the address is taken or no database is to be had; providers may be away, and come back. */
export async function startSanad(options: SanadOptions): Promise<RunningSanad> {
  const { settings, log } = options;
  const clock = systemClock;
  const counted = createMetrics();
  const metrics: Metrics = {
    ...counted,
    providerFailed: (provider, fault) => {
      counted.providerFailed(provider, fault);
      options.observeFailure?.(provider, fault);
    },
  };
  const { database, close: closeDatabase } = await openStore(settings, log);
  const keys = createKeyKeeper(settings.DATA_KEY, settings.DATA_KEY_PREVIOUS);
  const writer = new CallWriter({
    database,
    keys,
    serverId: randomUUID(),
    codeRevision: process.env['npm_package_version'] ?? 'unknown',
    ownNumber: { name: 'Sanad', dialledNumber: settings.TWILIO_PHONE_NUMBER },
    onAlarm: (alarm) => log.error('the record of calls is in trouble', { ...alarm }),
  });
  const speech = {
    key: settings.AZURE_SPEECH_KEY,
    region: settings.AZURE_SPEECH_REGION,
    host: settings.AZURE_SPEECH_HOST,
    clock,
    log,
  };
  const openSynthesiser = azureSynthesiser(speech);
  const phrases = createPhraseCache({
    open: openSynthesiser,
    log,
    // Lines of another service, such as the sandbox, must never be said in its stead.
    variant: settings.AZURE_SPEECH_HOST ?? settings.AZURE_SPEECH_REGION ?? '',
    ...(options.phraseDirectory === undefined ? {} : { directory: options.phraseDirectory }),
  });
  const pack = languagePacks[settings.DEFAULT_LANGUAGE];
  const lines = prepareLines(phrases, pack);
  const desk = new LiveDesk({
    packFor: () => pack,
    loadCall: async (callSid) => resumeCall(await loadCall(database, keys, callSid), languagePacks, clock.wall()),
    ports: {
      clock,
      log,
      metrics,
      turnTaking: options.turnTaking ?? defaultTurnTaking,
      openRecogniser: azureRecogniser(speech),
      openSynthesiser,
      cachedPhrase: (voice, text) => phrases.get(voice, text),
      responderFor: responders(languageModel(settings)),
      assessRisk: assessWords,
      understand,
      createVoiceActivity: () => createVoiceActivity(),
      keep: (record) => {
        writer.append(record);
        options.observeRecord?.(record);
        metrics.writesWaiting(writer.state().waiting);
      },
      ...(options.observe === undefined ? {} : { observe: options.observe }),
    },
  });
  const checks = [
    { name: 'database', check: async () => (await database.ready(), true) },
    { name: 'fixedLines', check: () => lines.areReady() },
  ];
  const http = await startHttp({ settings, desk, checks, clock, log, metrics });
  await lines.done;
  return {
    port: http.port,
    desk,
    metrics,
    stop: async (drainMs = 0) => {
      const left = await desk.drain(drainMs);
      if (left > 0) log.warn('calls are left to another server', { calls: left });
      await http.close();
      await writer.close(5_000);
      await closeDatabase();
    },
  };
}

interface Store {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** The database of `DATABASE_URL`; without one, an embedded server that keeps its data beside the code (not in production). */
async function openStore(settings: Settings, log: Log): Promise<Store> {
  const own =
    settings.DATABASE_URL === undefined
      ? await startPostgres({ directory: '.sanad/postgres', log: (line) => log.info(line) })
      : null;
  const url = settings.DATABASE_URL ?? own?.url ?? '';
  const done = await migrate(url);
  if (done.length > 0) log.info('the database was brought up to date', { migrations: done.length });
  const database = openDatabase({ url });
  const close = async (): Promise<void> => {
    await database.close();
    await own?.stop();
  };
  return { database, close };
}

/** OpenAI first, Claude when it falters; either alone when only one has a key. */
function languageModel(settings: Settings): LanguageModel {
  const providers: Provider[] = [];
  if (settings.OPENAI_API_KEY !== undefined) {
    const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: model, OPENAI_BASE_URL: baseUrl } = settings;
    providers.push({ ...openaiModel({ apiKey, model, baseUrl }), name: 'openai' });
  }
  if (settings.ANTHROPIC_API_KEY !== undefined) {
    const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_MODEL: model, ANTHROPIC_BASE_URL: baseUrl } = settings;
    providers.push({ ...anthropicModel({ apiKey, model, baseUrl }), name: 'anthropic' });
  }
  return hedge(providers);
}

function responders(model: LanguageModel): (pack: LanguagePack) => Responder {
  const made = new Map<string, Responder>();
  return (pack) => {
    const responder = made.get(pack.id) ?? createResponder({ model, pack });
    made.set(pack.id, responder);
    return responder;
  };
}

/** Speaks the fixed lines in advance. The server answers while it does; it is ready when all of them are there. */
function prepareLines(
  phrases: PhraseCache,
  pack: LanguagePack,
): { readonly done: Promise<void>; readonly areReady: () => boolean } {
  let missing: number | null = null;
  const prepare = async (): Promise<void> => {
    const outcome = await phrases.prepare(pack.voices.female, Object.values(pack.lines).flat());
    missing = outcome.missing.length;
  };
  return { done: prepare(), areReady: () => missing === 0 };
}

async function main(): Promise<void> {
  const settings = readSettings();
  const log = createLog(settings.LOG_LEVEL);
  process.on('unhandledRejection', (reason) => {
    log.error('a promise was rejected and nobody listened', {
      error: reason instanceof Error ? reason.name : typeof reason,
    });
  });
  const sanad = await startSanad({ settings, log });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // A second signal, or a minute, ends it: the calls go on at another server.
    void sanad.stop(60_000).then(() => process.exit(0));
    process.once('SIGINT', () => process.exit(1));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    const text =
      error instanceof SettingsError
        ? error.message
        : `Sanad could not start: ${error instanceof Error ? error.message : String(error)}`;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  });
}
