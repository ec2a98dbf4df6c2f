import { systemClock, type Clock } from './clock.ts';
import { startPostgres } from './embedded/postgres.ts';
import {
  EmergencyNumbersError,
  everySpokenNumber,
  readEmergencyNumbersFile,
  spokenEmergencyNumber,
  type EmergencyNumber,
} from './escalation/emergencyNumbers.ts';
import { isOnCall } from './escalation/rota.ts';
import { limits } from './limits.ts';
import { faultOf, type Log } from './log.ts';
import { retentionEveryMs, retentionJob, sweepAllOrganisations } from './jobs/retention.ts';
import { afterCallJob, afterCallRoute, lookBackEveryMs, lookBackJob } from './jobs/afterCall.ts';
import { escalationRoute } from './jobs/escalation.ts';
import { watchBacklog } from './jobs/backlogWatch.ts';
import { openJobDesk } from './jobs/jobDesk.ts';
import { followUpJob, followUpsEveryMs } from './jobs/followUps.ts';
import { maintenanceJobs, scheduleMaintenance } from './jobs/maintenance.ts';
import { startOutboxDispatcher } from './jobs/outboxDispatcher.ts';
import { openQueues } from './jobs/queues.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { assess } from './risk/assess.ts';
import { createContextualRisk, type ContextualRisk } from './risk/contextual/contextualRisk.ts';
import { meansIn, situationOf, tagsOf } from './risk/situation.ts';
import type { SessionPorts } from './session/ports.ts';
import type { Settings } from './settings.ts';
import { azureRecogniser } from './speech/azure/recogniser.ts';
import { azureSynthesiser } from './speech/azure/synthesiser.ts';
import { createPhraseCache, type PhraseCache } from './speech/phraseCache.ts';
import type { OpenRecogniser } from './speech/recogniser.ts';
import type { OpenSynthesiser } from './speech/synthesiser.ts';
import { readBacklog, shiftsAt } from './store/backlog.ts';
import { closeAbandoned } from './store/calls.ts';
import { migrate, openDatabase, type Database } from './store/database.ts';
import { dispatchOutbox, sweepOutbox } from './store/outbox.ts';
import { createKeyKeeper } from './store/sealing.ts';
import { sweepTickets } from './store/tickets.ts';
import { anthropicModel } from './therapist/anthropic.ts';
import { withEmergencyNumber } from './therapist/emergencyNumber.ts';
import { hedge, type Provider } from './therapist/hedged.ts';
import type { LanguageModel } from './therapist/languageModel.ts';
import type { LanguagePack } from './therapist/languagePack.ts';
import { openaiModel } from './therapist/openai.ts';
import { languagePacks } from './therapist/packs.ts';
import { anthropicStructured } from './therapist/structured/anthropic.ts';
import { openaiStructured } from './therapist/structured/openai.ts';
import type { StructuredModel } from './therapist/structured/structuredModel.ts';
import { createResponder, type Responder, type ResponderOptions } from './therapist/responder.ts';
import { openEscalations } from './wiringEscalations.ts';
import { openSms, smsSchedule, smsTopics } from './wiringSms.ts';

/** The parts that `main.ts` puts together, each made from the settings alone. */

export interface Store {
  readonly url: string;
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** The database of `DATABASE_URL`; without one, an embedded server that keeps its data beside the code (not in production). */
export async function openStore(settings: Settings, log: Log): Promise<Store> {
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
  return { url, database, close };
}

export interface Jobs {
  /** Resolves when no job runs any more, or after the time given. */
  readonly close: (limitMs: number) => Promise<void>;
}

/**
 * Works off the jobs in this process: on Redis, or on BullMQ's own PostgreSQL backend when there is none. A queue that is
 * away is tried again; it holds up nothing but its jobs.
 */
export function startJobs(settings: Settings, store: Store, log: Log, metrics: Metrics = createMetrics('calls')): Jobs {
  const { database, url } = store;
  const queues = openQueues({ redisUrl: settings.REDIS_URL ?? null, databaseUrl: url, log });
  const maintenance = maintenanceJobs(
    {
      closeAbandoned: (olderThanMs) => closeAbandoned(database, olderThanMs),
      sweepTickets: (olderThanMs) => sweepTickets(database, olderThanMs),
      sweepOutbox: (olderThanMs) => sweepOutbox(database, olderThanMs),
    },
    log,
  );
  const keys = createKeyKeeper(settings.DATA_KEY, settings.DATA_KEY_PREVIOUS);
  const escalations = openEscalations(settings, {
    database,
    keys,
    clock: systemClock,
    log,
    metrics,
    // Jobs hold no calls.
    keep: () => {},
  });
  const retention = retentionJob(sweepAllOrganisations(database, keys), log);
  const { drive } = escalations.driver;
  const sms = openSms(settings, { database, keys, clock: systemClock, log, metrics, drive });
  const contextual = contextualRisk(settings, { clock: systemClock, log, metrics });
  const lookBack = lookBackJob({ database, log, queues });
  const afterCall = afterCallJob({ database, keys, models: structuredModels(settings), log });
  const followUps = followUpJob({ database, keys, clock: systemClock, log });
  const jobs = [
    ...maintenance,
    retention,
    followUps,
    escalations.job(queues),
    ...sms.jobs({ queues, contextual }),
    afterCall,
    lookBack,
  ];
  const dispatcher = startOutboxDispatcher({
    take: (topics, most, handOver) => dispatchOutbox(database, topics, most, handOver),
    routes: { ...escalationRoute, ...smsTopics, ...afterCallRoute },
    queues,
    log,
  });
  let timer: ReturnType<typeof setTimeout> | null = null;
  const start = async (): Promise<void> => {
    try {
      await queues.work(jobs);
      await scheduleMaintenance(queues, maintenance);
      await queues.repeat(retention, retentionEveryMs);
      await queues.repeat(followUps, followUpsEveryMs);
      await queues.repeat(lookBack, lookBackEveryMs);
      for (const { kind, everyMs } of smsSchedule) await queues.repeat(kind, everyMs);
      log.info('jobs are worked off', { backend: queues.backend });
    } catch (error) {
      log.warn('the queue is away; jobs wait', { backend: queues.backend, ...faultOf(error) });
      timer = setTimeout(() => void start(), limits.queueRetryMs);
    }
  };
  void start();
  return {
    close: async (limitMs) => {
      if (timer !== null) clearTimeout(timer);
      await dispatcher.stop();
      await queues.close(limitMs);
    },
  };
}

/** Tells the metrics what waits in queues, outbox and escalations, and how many people are on call. */
export function startBacklogWatch(
  settings: Settings,
  { database, url }: Store,
  parts: { readonly log: Log; readonly metrics: Metrics },
): { readonly stop: () => Promise<void> } {
  const keys = createKeyKeeper(settings.DATA_KEY, settings.DATA_KEY_PREVIOUS);
  const desk = openJobDesk({ redisUrl: settings.REDIS_URL ?? null, databaseUrl: url });
  const watch = watchBacklog({
    ...parts,
    queues: desk.counts,
    stored: async () => {
      const people = await shiftsAt(database, keys, settings.TWILIO_PHONE_NUMBER);
      const onCall = people.filter((person) => isOnCall(person, systemClock.wall())).length;
      return { ...(await readBacklog(database)), onCall };
    },
  });
  return {
    stop: async () => {
      await watch.stop();
      await desk.close();
    },
  };
}

export interface Speech {
  readonly openRecogniser: OpenRecogniser;
  readonly openSynthesiser: OpenSynthesiser;
  readonly phrases: PhraseCache;
}

/** `phraseDirectory`: where fixed lines are kept once spoken; null: in memory only; left out: beside the code. */
export function openSpeech(settings: Settings, log: Log, phraseDirectory?: string | null): Speech {
  const { AZURE_SPEECH_KEY: key, AZURE_SPEECH_REGION: region, AZURE_SPEECH_HOST: host } = settings;
  const resource = { key, region, host, clock: systemClock, log };
  const openSynthesiser = azureSynthesiser(resource);
  const phrases = createPhraseCache({
    open: openSynthesiser,
    log,
    // Lines of another service, such as the sandbox, must never be said in its stead.
    variant: host ?? region ?? '',
    ...(phraseDirectory === undefined ? {} : { directory: phraseDirectory }),
  });
  return { openRecogniser: azureRecogniser(resource), openSynthesiser, phrases };
}

/** Speaks the fixed lines in advance. The server answers while it does; it is ready when all of them are there. */
export function prepareLines(
  phrases: PhraseCache,
  ...packs: readonly LanguagePack[]
): { readonly done: Promise<void>; readonly areReady: () => boolean } {
  let missing: number | null = null;
  const prepare = async (): Promise<void> => {
    let left = 0;
    for (const pack of packs) {
      const outcome = await phrases.prepare(pack.voices.female, [...new Set(Object.values(pack.lines).flat())]);
      left += outcome.missing.length;
    }
    missing = left;
  };
  return { done: prepare(), areReady: () => missing === 0 };
}

/** The language packs with the emergency number that may be spoken at this instant in them, or with none. */
export interface EmergencyPacks {
  /** Asked anew at each call: numbers expire, and have their hours. */
  readonly packFor: (pack: LanguagePack) => LanguagePack;
  /** All packs as they are now; for calls that go on here. */
  readonly packs: () => Readonly<Record<LanguagePack['id'], LanguagePack>>;
  /** Everything that `packFor` may ever give for this pack: its lines are to be spoken in advance. */
  readonly spokenVariants: (pack: LanguagePack) => readonly LanguagePack[];
}

/** Reads the file of `EMERGENCY_NUMBERS_FILE`; throws `EmergencyNumbersError` when it is broken. Without one no number is spoken. */
export function emergencyPacks(settings: Pick<Settings, 'EMERGENCY_NUMBERS_FILE'>, clock: Clock): EmergencyPacks {
  const entries = emergencyNumbers(settings);
  const packFor = (pack: LanguagePack): LanguagePack =>
    withEmergencyNumber(pack, spokenEmergencyNumber(entries, clock.wall(), pack.id === 'en' ? 'en' : 'ar'));
  return {
    packFor,
    packs: () => ({
      'ar-OM': packFor(languagePacks['ar-OM']),
      ar: packFor(languagePacks.ar),
      en: packFor(languagePacks.en),
    }),
    spokenVariants: (pack) =>
      everySpokenNumber(entries, clock.wall()).map((number) => withEmergencyNumber(pack, number)),
  };
}

function emergencyNumbers({
  EMERGENCY_NUMBERS_FILE: path,
}: Pick<Settings, 'EMERGENCY_NUMBERS_FILE'>): readonly EmergencyNumber[] {
  if (path === undefined) return [];
  const read = readEmergencyNumbersFile(path);
  if (!read.ok) throw new EmergencyNumbersError(path, read.faults);
  return read.entries;
}

/** OpenAI first, Claude when it falters; either alone when only one has a key. */
export function languageModel(settings: Settings): LanguageModel {
  const providers: Provider[] = [];
  if (settings.OPENAI_API_KEY !== undefined) {
    const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: model, OPENAI_BASE_URL: baseUrl } = settings;
    providers.push(openaiModel({ apiKey, model, baseUrl }));
  }
  if (settings.ANTHROPIC_API_KEY !== undefined) {
    const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_MODEL: model, ANTHROPIC_BASE_URL: baseUrl } = settings;
    providers.push(anthropicModel({ apiKey, model, baseUrl }));
  }
  return hedge(providers);
}

/** The deterministic floor as a live call uses it. */
export const assessRisk: SessionPorts['assessRisk'] = (text, question) => {
  const assessment = assess(text, { question });
  return {
    level: assessment.level,
    situation: situationOf(assessment),
    means: meansIn(assessment),
    signals: tagsOf(assessment),
  };
};

/** Models that answer with an object, of those that have a key; OpenAI first. */
function structuredModels(settings: Settings): readonly StructuredModel[] {
  const models: StructuredModel[] = [];
  const { OPENAI_API_KEY, OPENAI_MODEL, OPENAI_BASE_URL } = settings;
  if (OPENAI_API_KEY !== undefined)
    models.push(openaiStructured({ apiKey: OPENAI_API_KEY, model: OPENAI_MODEL, baseUrl: OPENAI_BASE_URL }));
  const { ANTHROPIC_API_KEY, ANTHROPIC_MODEL, ANTHROPIC_BASE_URL } = settings;
  if (ANTHROPIC_API_KEY !== undefined)
    models.push(
      anthropicStructured({ apiKey: ANTHROPIC_API_KEY, model: ANTHROPIC_MODEL, baseUrl: ANTHROPIC_BASE_URL }),
    );
  return models;
}

/** Classifier and judge on the models that have a key. */
export function contextualRisk(
  settings: Settings,
  parts: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics },
): ContextualRisk {
  return createContextualRisk({ models: structuredModels(settings), ...parts });
}

/** By the pack itself and not by its language: the same language comes with and without an emergency number. */
export function responders(
  model: LanguageModel,
  services: NonNullable<ResponderOptions['services']> = () => [],
): (pack: LanguagePack) => Responder {
  const made = new WeakMap<LanguagePack, Responder>();
  return (pack) => {
    const responder = made.get(pack) ?? createResponder({ model, pack, services });
    made.set(pack, responder);
    return responder;
  };
}
