import { z } from 'zod';
import type { RecognisedWord } from '../recogniser.ts';

/** The service counts in 100 ns. */
export const ticksPerMs = 10_000;

const word = z.object({ Word: z.string(), Offset: z.number(), Duration: z.number() });

const candidate = z.object({
  Confidence: z.number().optional(),
  Display: z.string().optional(),
  Words: z.array(word).optional(),
});

const phrase = z.object({ NBest: z.array(candidate).optional() });

/** Milliseconds from the first audio of the connection. */
export interface PhraseDetail {
  readonly confidence: number | null;
  readonly words: readonly RecognisedWord[];
}

/** The parts of a detailed result that the SDK leaves as JSON. Anything unexpected is just less detail, never a fault. */
export function readPhraseDetail(json: string): PhraseDetail {
  const parsed = phrase.safeParse(parseJson(json));
  const best = parsed.success ? parsed.data.NBest?.[0] : undefined;
  if (best === undefined) return { confidence: null, words: [] };
  return {
    confidence: best.Confidence === undefined ? null : Math.min(1, Math.max(0, best.Confidence)),
    words: (best.Words ?? []).map((w) => ({
      text: w.Word,
      offsetMs: w.Offset / ticksPerMs,
      durationMs: w.Duration / ticksPerMs,
    })),
  };
}

/** One message of the service as it arrived, before the SDK has looked at it. */
export interface ServiceMessage {
  readonly path: string | undefined;
  readonly requestId: string | undefined;
  /** Null for a binary message. */
  readonly text: string | null;
}

const withOffset = z.object({ Offset: z.number() });
const fromPhrase = z.object({ RecognitionStatus: z.string(), NBest: z.array(z.unknown()).optional() });

/**
 * True when this message makes the SDK's receive loop end without a word to anyone while audio keeps going up (measured:
 * no request id, no path, a body that is no JSON, a detailed phrase without candidates). We then say so in its place.
 */
export function silencesTheSdk(message: ServiceMessage): boolean {
  if (!message.path || !message.requestId) return true;
  const body = message.text ?? '';
  switch (message.path.toLowerCase()) {
    case 'speech.startdetected':
    case 'speech.enddetected':
    case 'speech.hypothesis':
    case 'speech.fragment':
      return !withOffset.safeParse(parseJson(body)).success;
    case 'speech.phrase': {
      const parsed = fromPhrase.safeParse(parseJson(body));
      return !parsed.success || (parsed.data.RecognitionStatus === 'Success' && !parsed.data.NBest?.length);
    }
    default:
      return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
