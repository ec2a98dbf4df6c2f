import { z } from 'zod';

/** What the stand-in reads from the client's messages. Everything else in them is ignored, as the service does. */

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const segmentation = z.object({ segmentationSilenceTimeoutMs: z.number().optional() }).optional();
const mode = z.object({ segmentation }).optional();

const speechContext = z.object({
  phraseDetection: z
    .object({
      language: z.string().optional(),
      conversation: mode,
      interactive: mode,
      dictation: mode,
      initialSilenceTimeout: z.number().optional(),
    })
    .optional(),
  phraseOutput: z
    .object({
      format: z.string().optional(),
      detailed: z.object({ options: z.array(z.string()).optional() }).optional(),
    })
    .optional(),
});

export interface RecognitionRequest {
  readonly detailed: boolean;
  readonly words: boolean;
  /** Null: the server's own. */
  readonly segmentationSilenceMs: number | null;
  readonly initialSilenceMs: number | null;
}

/** Documented bounds of the segmentation silence (azure: 100–5,000 ms). */
const silenceBoundsMs = { least: 100, most: 5_000 };

/** What the URL alone asks for; the older protocol has it all there. */
export function requestOfQuery(query: URLSearchParams): RecognitionRequest {
  const words = query.get('wordLevelTimestamps') === 'true';
  return {
    detailed: words || query.get('format') === 'detailed',
    words,
    segmentationSilenceMs: readMs(query.get('segmentationSilenceTimeoutMs')),
    initialSilenceMs: readMs(query.get('initialSilenceTimeoutMs')),
  };
}

/** Undefined when the body is no speech context. */
export function readSpeechContext(body: string, url: RecognitionRequest): RecognitionRequest | undefined {
  const parsed = speechContext.safeParse(readJson(body));
  if (!parsed.success) return undefined;
  const { phraseDetection, phraseOutput } = parsed.data;
  const silence =
    phraseDetection?.conversation?.segmentation?.segmentationSilenceTimeoutMs ??
    phraseDetection?.interactive?.segmentation?.segmentationSilenceTimeoutMs ??
    phraseDetection?.dictation?.segmentation?.segmentationSilenceTimeoutMs;
  const options = phraseOutput?.detailed?.options ?? [];
  return {
    detailed: url.detailed || phraseOutput?.format?.toLowerCase() === 'detailed',
    words: url.words || options.includes('WordTimings'),
    segmentationSilenceMs: silence === undefined ? url.segmentationSilenceMs : clampSilence(silence),
    initialSilenceMs: phraseDetection?.initialSilenceTimeout ?? url.initialSilenceMs,
  };
}

const synthesisContext = z.object({
  synthesis: z.object({
    audio: z.object({
      outputFormat: z.string(),
      metadataOptions: z.object({ wordBoundaryEnabled: flag.optional() }).optional(),
    }),
    input: z
      .object({
        bidirectionalStreamingMode: flag.optional(),
        voiceName: z.string().optional(),
        language: z.string().optional(),
      })
      .optional(),
  }),
});

export interface SynthesisRequest {
  readonly outputFormat: string;
  readonly wordBoundaries: boolean;
  /** Set when the text comes in pieces instead of as SSML. */
  readonly textStream: { readonly voiceName: string | null; readonly language: string } | null;
}

export function readSynthesisContext(body: string): SynthesisRequest | undefined {
  const parsed = synthesisContext.safeParse(readJson(body));
  if (!parsed.success) return undefined;
  const { audio, input } = parsed.data.synthesis;
  const streamed = input?.bidirectionalStreamingMode === true;
  return {
    outputFormat: audio.outputFormat,
    wordBoundaries: audio.metadataOptions?.wordBoundaryEnabled ?? false,
    textStream: streamed ? { voiceName: input.voiceName ?? null, language: input.language ?? 'en-US' } : null,
  };
}

export function isStopControl(body: string): boolean {
  return z.object({ action: z.literal('stop') }).safeParse(readJson(body)).success;
}

function readMs(text: string | null): number | null {
  const ms = Number(text);
  return text === null || text === '' || !Number.isFinite(ms) ? null : ms;
}

function clampSilence(ms: number): number {
  return Math.min(Math.max(ms, silenceBoundsMs.least), silenceBoundsMs.most);
}

/** Undefined for what is no JSON, which no schema takes. */
function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
