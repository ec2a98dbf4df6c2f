import type { SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { systemClock } from '../../clock.ts';
import { silentLog } from '../../log.ts';
import type { Settings } from '../../settings.ts';
import {
  type ConnectionEvent,
  openRecognitionConnection,
  type RecognitionConnection,
} from '../../speech/azure/connection.ts';
import { recognitionConfig } from '../../speech/azure/recogniser.ts';
import { prepareSpeechSdk, type SpeechResource } from '../../speech/azure/sdk.ts';
import { azureSynthesiser } from '../../speech/azure/synthesiser.ts';
import { recogniserTiming, synthesiserTiming } from '../../speech/azure/timing.ts';
import type { SpeechFault } from '../../speech/recogniser.ts';
import { SynthesisError } from '../../speech/synthesiser.ts';
import { languagePacks } from '../../therapist/packs.ts';
import { defineCheck } from './check.ts';
import { fault, type Finding, ok } from './finding.ts';

type SpeechSettings = Pick<Settings, 'AZURE_SPEECH_KEY' | 'AZURE_SPEECH_REGION' | 'AZURE_SPEECH_HOST'>;

const uses = ['AZURE_SPEECH_KEY', 'AZURE_SPEECH_REGION', 'AZURE_SPEECH_HOST', 'DEFAULT_LANGUAGE'] as const;
const late = {
  state: 'fault',
  fix: 'See whether a firewall or a proxy holds web sockets to Azure back (port 443).',
} as const;

function resourceOf(settings: SpeechSettings): SpeechResource {
  const { AZURE_SPEECH_KEY: key, AZURE_SPEECH_REGION: region, AZURE_SPEECH_HOST: host } = settings;
  return { key, region, host };
}

/** Opens a real session, as a call does, and gives it a second of silence: the service then opens its turn. */
export const recognitionCheck = defineCheck({
  rows: ['recognition'],
  uses,
  late,
  run: async (settings, { report, timeoutMs, signal }) => {
    prepareSpeechSdk(silentLog);
    const { recognise: language } = languagePacks[settings.DEFAULT_LANGUAGE];
    const config = recognitionConfig({ ...resourceOf(settings), clock: systemClock, log: silentLog }, language);
    const end = await listenToSilence(config, timeoutMs, signal);
    report(
      'recognition',
      end.kind === 'heard'
        ? ok(`a session in ${language} opens in ${end.ms} ms`)
        : speechFinding(end.fault, settings, `${language} is not offered there`, timeoutMs),
    );
  },
});

type Listened =
  { readonly kind: 'heard'; readonly ms: number } | { readonly kind: 'failed'; readonly fault: SpeechFault };

/** A second of silence in messages of 100 ms: the service takes no large ones. Each buffer is fresh: the SDK keeps it. */
const silentPieces = { count: 10, bytes: 1_600 } as const;

function sendSilence(connection: RecognitionConnection | null): void {
  for (let piece = 0; piece < silentPieces.count; piece++) connection?.write(new ArrayBuffer(silentPieces.bytes));
}

async function listenToSilence(config: SpeechConfig, timeoutMs: number, signal: AbortSignal): Promise<Listened> {
  const startedAt = systemClock.now();
  const timing = { ...recogniserTiming, connectMs: timeoutMs, firstMessageMs: timeoutMs, stopMs: 500 };
  let connection: RecognitionConnection | null = null;
  const listened = await new Promise<Listened>((resolve) => {
    const onEvent = (event: ConnectionEvent): void => {
      if (event.type === 'connected') sendSilence(connection);
      else if (event.type === 'failed') resolve({ kind: 'failed', fault: event.fault });
      else resolve({ kind: 'heard', ms: Math.round(systemClock.now() - startedAt) });
    };
    const opened = openRecognitionConnection({
      config,
      phrases: [],
      upload: 'pcm16',
      timing,
      clock: systemClock,
      onEvent,
    });
    connection = opened;
    signal.addEventListener('abort', () => void opened.close(), { once: true });
  });
  await closeOf(connection);
  return listened;
}

async function closeOf(connection: RecognitionConnection | null): Promise<void> {
  await connection?.close();
}

/** Says nothing but a greeting; nobody hears it. */
const greetings = { 'ar-OM': 'السلام عليكم.', ar: 'السلام عليكم.', en: 'Hello.' } as const;

/** The voice that calls are answered with speaks a greeting. */
export const synthesisCheck = defineCheck({
  rows: ['synthesis'],
  uses,
  late,
  run: async (settings, { report, timeoutMs, signal }) => {
    const voice = languagePacks[settings.DEFAULT_LANGUAGE].voices.female;
    const timing = {
      ...synthesiserTiming,
      connectMs: timeoutMs,
      firstByteMs: timeoutMs,
      totalMs: timeoutMs,
      stopMs: 500,
    };
    const open = azureSynthesiser({ ...resourceOf(settings), clock: systemClock, log: silentLog, timing });
    const startedAt = systemClock.now();
    const synthesiser = open(voice);
    try {
      for await (const chunk of synthesiser.speak(greetings[settings.DEFAULT_LANGUAGE], signal)) {
        if (chunk.type !== 'audio' || chunk.mulaw.length === 0) continue;
        report(
          'synthesis',
          ok(`${voice.name} speaks, first audio after ${Math.round(systemClock.now() - startedAt)} ms`),
        );
        break;
      }
    } catch (error) {
      if (!(error instanceof SynthesisError)) throw error;
      report('synthesis', speechFinding(error.fault, settings, `there is no voice ${voice.name} there`, timeoutMs));
    } finally {
      await synthesiser.close();
    }
  },
});

/** `refused`: what a refused request most likely means. */
function speechFinding(kind: SpeechFault, settings: SpeechSettings, refused: string, timeoutMs: number): Finding {
  const place = settings.AZURE_SPEECH_HOST === undefined ? 'AZURE_SPEECH_REGION' : 'AZURE_SPEECH_HOST';
  switch (kind) {
    case 'unauthorised':
    case 'forbidden':
      return fault(
        `the speech service refuses the key (${kind === 'unauthorised' ? 401 : 403})`,
        `Set AZURE_SPEECH_KEY to a key of the resource in ${place}; both must belong to the same resource.`,
      );
    case 'badRequest':
      return fault(`the speech service refuses the request: perhaps ${refused}`, `Choose another ${place}.`);
    case 'tooManyRequests':
      return fault('the resource is used up (429)', 'Raise its quota in the Azure portal, or take the paid tier.');
    case 'unreachable':
      return fault('the speech service cannot be reached', `Correct ${place}; see that port 443 to it is open.`);
    case 'connectTimeout':
    case 'noResult':
      return fault(`the speech service does not answer within ${timeoutMs / 1000} s`, late.fix);
    case 'disconnected':
    case 'protocol':
    case 'service':
      return fault(`the speech service broke off (${kind})`, 'Ask again in a minute; see https://status.azure.com.');
  }
}
