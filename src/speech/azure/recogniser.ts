import { OutputFormat, ProfanityOption, PropertyId, type SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import type { Clock } from '../../clock.ts';
import { limits } from '../../limits.ts';
import type { Log } from '../../log.ts';
import type { OpenRecogniser, SpeechLanguage } from '../recogniser.ts';
import { openRecognitionConnection } from './connection.ts';
import { prepareSpeechSdk, speechConfig, type SpeechResource, type UploadFormat } from './sdk.ts';
import { superviseRecognition } from './supervisor.ts';
import { type RecogniserTiming, recogniserTiming } from './timing.ts';

export interface AzureRecogniserConfig extends SpeechResource {
  readonly clock: Clock;
  readonly log: Log;
  readonly timing?: Partial<RecogniserTiming>;
  /** Audio kept for a new connection; `limits.recogniserReplayMs` when not given. */
  readonly replayMs?: number;
  /** PCM16 is what the documentation promises; μ-law halves the upload and is to be proven on the service first. */
  readonly upload?: UploadFormat;
  /** Silence that closes a phrase, 100–5,000 ms; default 500, the service's own. Our turn taking does not wait for it. */
  readonly segmentationSilenceMs?: number;
  /** Times a word must recur before a partial result shows it; more is steadier and later. Default 2. */
  readonly stablePartials?: number;
  /** 0..1, spreads reconnects. */
  readonly random?: () => number;
}

/** The SDK's own value for the beginning of a connection. */
const unthrottledMarginMs = 5_000;

/** The service takes up to 500 phrases; the documentation does not list ar-OM for them, and does not forbid it. */
const phrasesAtMost = 500;

/**
 * Recognition with Azure Speech over its real SDK: `ar-OM` unless the call says otherwise, detailed results with word
 * times. Opening never throws for what the provider does; an unusable resource (no region and no host) throws TypeError.
 */
export function azureRecogniser(config: AzureRecogniserConfig): OpenRecogniser {
  prepareSpeechSdk(config.log);
  const timing = { ...recogniserTiming, ...config.timing };
  const upload = config.upload ?? 'pcm16';
  // Made once here, too, so that a wrong resource fails at start and not in a call.
  recognitionConfig(config, 'ar-OM');
  return (options) =>
    superviseRecognition({
      ...options,
      clock: config.clock,
      log: config.log,
      random: config.random ?? Math.random,
      replayMs: config.replayMs ?? limits.recogniserReplayMs,
      timing,
      upload,
      openConnection: (onEvent) =>
        openRecognitionConnection({
          config: recognitionConfig(config, options.language),
          phrases: (options.phrases ?? []).slice(0, phrasesAtMost),
          upload,
          timing,
          clock: config.clock,
          onEvent,
        }),
    });
}

/** What each connection of a call asks for; for `doctor`, so that it asks for the same. Fresh: the SDK writes into it. */
export function recognitionConfig(config: AzureRecogniserConfig, language: SpeechLanguage): SpeechConfig {
  const made = speechConfig(config);
  made.speechRecognitionLanguage = language;
  made.outputFormat = OutputFormat.Detailed;
  made.requestWordLevelTimestamps();
  // A word masked by asterisks cannot be matched, and here it may be the one that matters.
  made.setProfanity(ProfanityOption.Raw);
  made.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, String(config.segmentationSilenceMs ?? 500));
  made.setProperty(PropertyId.SpeechServiceResponse_StablePartialResultThreshold, String(config.stablePartials ?? 2));
  // One try only: pace and number of tries are ours. The SDK's own are five within 4 ms.
  made.setProperty('SPEECH-Error-MaxRetryCount', '0');
  // The replay goes up at once, not at twice real time: the caller is waiting. Live audio never meets the limit.
  const replayMs = config.replayMs ?? limits.recogniserReplayMs;
  made.setProperty('SPEECH-TransmitLengthBeforThrottleMs', String(replayMs + unthrottledMarginMs));
  return made;
}
