import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createPhraseMatcher, loadPhrases } from './azureSpeech/phraseMatcher.ts';
import { startAzureSpeech } from './azureSpeech/server.ts';
import type { AzureSpeechSandbox } from './azureSpeech/server.ts';
import { startLanguageModels } from './languageModels/server.ts';
import type { LanguageModels } from './languageModels/server.ts';
import { chooseVoice } from './sandboxVoice.ts';

const ms = z.number().min(0).max(3_600_000);

/** As JSON, because they reach the sandbox's own process that way. */
export const standInOptions = z.strictObject({
  speechTiming: z
    .strictObject({
      hypothesisDelayMs: ms,
      hypothesisEveryMs: ms,
      finalDelayMs: ms,
      segmentationSilenceMs: ms,
      initialSilenceMs: ms,
      turnLifeMs: ms.nullable(),
      firstAudioDelayMs: ms,
      audioChunkMs: ms.min(1),
      pacing: z.number().positive().nullable(),
      connectionLifeMs: ms,
      connectionIdleMs: ms,
    })
    .partial()
    .optional(),
  modelTiming: z.strictObject({ firstTokenMs: ms, tokenEveryMs: ms }).partial().optional(),
  /** What the language models answer, whatever was said; absent: reflective rules. */
  modelReply: z.string().min(1).max(10_000).optional(),
  /** Absent or null: tones. */
  espeak: z
    .object({ command: z.string().min(1), env: z.record(z.string(), z.string().optional()).exactOptional() })
    .nullable()
    .optional(),
});

export type StandInOptions = z.infer<typeof standInOptions>;

export interface StandIns {
  readonly speech: AzureSpeechSandbox;
  readonly models: LanguageModels;
  /** What the application is to be started with, keys of this sandbox included. */
  readonly env: Readonly<Record<string, string>>;
  /** To be shown to whoever runs it: that these are no real services, and what the voice is. */
  readonly startLines: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts every provider that the application needs for a conversation, on 127.0.0.1. `phrases` is the folder of what callers
 * may say (see `loadPhrases`). Keys are made anew each time; a wrong one is refused as the vendors do.
 */
export async function startStandIns(
  phrases: string,
  options: StandInOptions = {},
  report: (message: string) => void = () => {},
): Promise<StandIns> {
  const [speechKey, openaiKey, anthropicKey] = [newKey('speech'), newKey('openai'), newKey('anthropic')];
  const matcher = createPhraseMatcher(await loadPhrases(phrases));
  const { voice, label } = chooseVoice(options.espeak ?? null);
  const timing = withoutUndefined(options.speechTiming ?? {});
  const speech = await startAzureSpeech({ key: speechKey, matcher, voice, timing, report });
  const { modelReply } = options;
  const models = await startLanguageModels({
    ...(modelReply === undefined ? {} : { reply: () => modelReply }),
    openaiKey,
    anthropicKey,
    timing: withoutUndefined(options.modelTiming ?? {}),
  });
  return {
    speech,
    models,
    env: {
      AZURE_SPEECH_HOST: speech.host,
      AZURE_SPEECH_KEY: speechKey,
      OPENAI_BASE_URL: models.openaiBaseUrl,
      OPENAI_API_KEY: openaiKey,
      ANTHROPIC_BASE_URL: models.anthropicBaseUrl,
      ANTHROPIC_API_KEY: anthropicKey,
    },
    startLines: [
      `speech: a stand-in on ${speech.host} that knows the phrases of the fixtures only; it is not Azure`,
      `voice: ${label}`,
      models.startLine,
    ],
    close: async () => {
      await Promise.all([speech.close(), models.close()]);
    },
  };
}

function newKey(vendor: string): string {
  return `sandbox-${vendor}-${randomBytes(12).toString('hex')}`;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Zod says `undefined` of what JSON can only leave out. */
function withoutUndefined<T extends object>(value: T): Partial<Defined<T>>;
function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
