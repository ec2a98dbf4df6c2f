import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { encodeMulaw } from '../../src/audio/mulaw.ts';
import { readWav } from '../../src/audio/wav.ts';
import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { defaultTurnTaking, type TurnTaking } from '../../src/call/settings.ts';
import { freePort } from '../../src/embedded/port.ts';
import { createLog } from '../../src/log.ts';
import { startSanad, type RunningSanad } from '../../src/main.ts';
import { createPhraseMatcher, loadPhrases, type PhraseTemplate } from '../../src/sandbox/azureSpeech/phraseMatcher.ts';
import {
  startAzureSpeech,
  type AzureSpeechOptions,
  type AzureSpeechSandbox,
} from '../../src/sandbox/azureSpeech/server.ts';
import { startCarrier, type Carrier, type PlaceCallOptions } from '../../src/sandbox/carrier/carrier.ts';
import type { Caller } from '../../src/sandbox/carrier/caller.ts';
import type { CallReport } from '../../src/sandbox/carrier/report.ts';
import {
  startLanguageModels,
  type LanguageModels,
  type LanguageModelsOptions,
} from '../../src/sandbox/languageModels/server.ts';
import { speakWithTones } from '../../src/sandbox/voice/toneVoice.ts';
import type { ObservedStep } from '../../src/session/ports.ts';
import type { EscalationTiming } from '../../src/escalation/timing.ts';
import { readSettings, type Settings } from '../../src/settings.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { addPerson } from '../../src/store/onCallPeople.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { testDatabase } from './servers.ts';

/** A whole line: the real server over real sockets, between a carrier, a speech service and language models that are sandboxes. */

export interface RehearsalOptions {
  readonly turnTaking?: Partial<TurnTaking>;
  readonly speech?: Partial<AzureSpeechOptions>;
  readonly models?: Partial<LanguageModelsOptions>;
  readonly env?: Readonly<Record<string, string>>;
  /** The voice is down from the start, so no fixed line could be spoken in advance. */
  readonly voiceless?: boolean;
  /** The carrier's REST interface is away: nobody can be rung over it, so the carrier dials the person of last resort. */
  readonly restDown?: boolean;
  /** Times of bringing a person. */
  readonly escalationTiming?: Partial<EscalationTiming>;
  /** Who is on call, the first of them first. */
  readonly onCall?: readonly { readonly name: string; readonly number: string }[];
}

export interface RehearsedCall {
  readonly report: CallReport;
  readonly steps: readonly ObservedStep[];
}

export interface Rehearsal {
  readonly settings: Settings;
  readonly records: Database;
  readonly sanad: RunningSanad;
  readonly speech: AzureSpeechSandbox;
  readonly models: LanguageModels;
  readonly carrier: Carrier;
  /** The fixture phrase of that id, as the caller says it. */
  readonly phrase: (id: string) => Uint8Array;
  readonly textOf: (id: string) => string;
  /** A sound of fixtures/audio/noises. */
  readonly noise: (name: string) => Uint8Array;
  /** Everything the server has logged so far. */
  readonly logged: () => string;
  /** Places a call and waits for its end. */
  readonly call: (caller: Caller, options?: Partial<PlaceCallOptions>) => Promise<RehearsedCall>;
  /** The server goes away with its calls on the line; another one, started before, answers in its stead. */
  readonly failOver: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What stands before several servers: each connection goes to the first of them that takes it. */
async function startBalancer(
  ports: readonly number[],
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const forward = (from: Socket, candidates: readonly number[]): void => {
    const [port, ...others] = candidates;
    if (port === undefined) {
      from.destroy();
      return;
    }
    const to = connect(port, '127.0.0.1');
    const refused = (): void => forward(from, others);
    to.once('error', refused);
    to.once('connect', () => {
      to.off('error', refused);
      open.add(to);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          open.delete(one);
          other.destroy();
        });
      }
    });
  };
  const server = createServer((socket) => {
    open.add(socket);
    forward(socket, ports);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function readNoise(name: string): Uint8Array {
  const read = readWav(readFileSync(`fixtures/audio/noises/${name}.wav`));
  if (!read.ok) throw new Error(`the noise ${name} is not usable: ${read.reason}`);
  return read.wav.mulaw ?? encodeMulaw(read.wav.channels[0] ?? new Int16Array(0));
}

let phrases: Promise<readonly PhraseTemplate[]> | null = null;

export const personNumber = '+96891234567';

const account = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'sandbox-auth-token-0123456789',
  phoneNumber: '+96824000000',
} as const;

async function addPeople(
  database: Database,
  settings: Settings,
  people: NonNullable<RehearsalOptions['onCall']>,
): Promise<void> {
  const keys = createKeyKeeper(settings.DATA_KEY);
  const own = { name: 'Sanad', dialledNumber: account.phoneNumber };
  const organisation = await ensureOrganisation(database, keys, own);
  await database.within(organisation.id, async (tx) => {
    for (const [at, person] of people.entries())
      await addPerson(tx, keys, organisation, {
        ...person,
        languages: ['ar'],
        gender: null,
        shifts: [],
        priority: at + 1,
        role: 'listener',
        active: true,
      });
  });
}

export async function openRehearsal(options: RehearsalOptions = {}): Promise<Rehearsal> {
  phrases ??= loadPhrases('fixtures/audio');
  const templates = await phrases;
  const byId = new Map(templates.map((phrase) => [phrase.id, phrase]));
  const find = (id: string): PhraseTemplate => {
    const phrase = byId.get(id);
    if (phrase === undefined) throw new Error(`there is no fixture phrase ${id}`);
    return phrase;
  };
  const database = await testDatabase();
  const speech = await startAzureSpeech({
    key: 'sandbox-speech-key',
    matcher: createPhraseMatcher(templates),
    voice: async (text) => speakWithTones(text),
    ...options.speech,
    timing: {
      pacing: null,
      firstAudioDelayMs: 20,
      hypothesisEveryMs: 100,
      hypothesisDelayMs: 20,
      finalDelayMs: 20,
      ...options.speech?.timing,
    },
  });
  if (options.voiceless === true) {
    speech.faults.set({ scope: 'synthesis', fault: { kind: 'http', status: 503 }, times: null });
  }
  const models = await startLanguageModels({
    ...options.models,
    timing: { firstTokenMs: 40, tokenEveryMs: 4, ...options.models?.timing },
  });
  const ports = [await freePort(), await freePort()] as const;
  const balancer = await startBalancer(ports);
  const publicUrl = `http://127.0.0.1:${balancer.port}`;
  const carrier = await startCarrier({
    ...account,
    voiceUrl: `${publicUrl}/twilio/voice`,
    statusCallbackUrl: `${publicUrl}/twilio/call-status`,
    allowPlainWs: true,
  });
  const settings = readSettings({
    NODE_ENV: 'test',
    PORT: String(ports[0]),
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_PHONE_NUMBER: account.phoneNumber,
    TWILIO_API_BASE_URL: options.restDown === true ? 'http://127.0.0.1:9' : carrier.apiBaseUrl,
    FALLBACK_PHONE_NUMBER: personNumber,
    AZURE_SPEECH_KEY: 'sandbox-speech-key',
    AZURE_SPEECH_HOST: speech.host,
    OPENAI_API_KEY: 'sandbox-openai-key',
    OPENAI_BASE_URL: models.openaiBaseUrl,
    ANTHROPIC_API_KEY: 'sandbox-anthropic-key',
    ANTHROPIC_BASE_URL: models.anthropicBaseUrl,
    DATABASE_URL: database.url,
    DATA_KEY: randomBytes(32).toString('base64'),
    ...options.env,
  });
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const steps = new Map<string, ObservedStep[]>();
  const start = async (port: number): Promise<RunningSanad> => {
    const started = await startSanad({
      settings: { ...settings, PORT: port },
      log: createLog('debug', sink),
      turnTaking: { ...defaultTurnTaking, ...options.turnTaking },
      phraseDirectory: null,
      ...(options.escalationTiming === undefined ? {} : { escalations: { timing: options.escalationTiming } }),
      observe: (_callId, step) => {
        const all = steps.get(step.callSid) ?? [];
        all.push(step);
        steps.set(step.callSid, all);
      },
    });
    if (options.voiceless !== true) await started.prepared;
    return started;
  };
  let sanad = await start(ports[0]);
  const records = openDatabase({ url: database.url, connections: 2 });
  await addPeople(records, settings, options.onCall ?? []);
  return {
    settings,
    records,
    get sanad() {
      return sanad;
    },
    speech,
    models,
    carrier,
    phrase: (id) => find(id).mulaw,
    textOf: (id) => find(id).text,
    noise: (name) => readNoise(name),
    logged: () => lines.join(''),
    call: async (caller, placed = {}) => {
      const { ended, callSid } = carrier.placeCall({ from: '+96899887766', caller, ...placed });
      const report = await ended;
      if (report.callerFault !== null) throw report.callerFault;
      return { report, steps: steps.get(callSid) ?? [] };
    },
    failOver: async () => {
      const other = await start(ports[1]);
      await sanad.stop(0);
      sanad = other;
    },
    close: async () => {
      await carrier.close();
      await sanad.stop(0);
      await records.close();
      await Promise.all([speech.close(), models.close(), balancer.close()]);
      await database.drop();
    },
  };
}

export const eventsOf = <Type extends CallEvent['type']>({ steps }: RehearsedCall, type: Type) =>
  steps.map(({ event }) => event).filter((event): event is Extract<CallEvent, { type: Type }> => event.type === type);

export const effectsOf = <Type extends CallEffect['type']>({ steps }: RehearsedCall, type: Type) =>
  steps
    .flatMap(({ effects }) => effects)
    .filter((effect): effect is Extract<CallEffect, { type: Type }> => effect.type === type);
