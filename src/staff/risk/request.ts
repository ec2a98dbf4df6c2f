import { z } from 'zod';

/** What one line of `risk assess --jsonl` may hold. Bounded, so that no line holds up the rest. */
export const requestBounds = { lineCharacters: 1_000_000, textCharacters: 50_000, turns: 500 };

const text = z.string().max(requestBounds.textCharacters);
const id = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a string, a number, true, false or null',
});

const utterance = z.object({
  id,
  text,
  question: text.nullish(),
  lang: z.string().max(35).nullish(),
});

const dialogue = z.object({
  id,
  turns: z.array(z.object({ speaker: z.enum(['caller', 'sanad']), text })).max(requestBounds.turns),
  lang: z.string().max(35).nullish(),
});

export type Utterance = z.infer<typeof utterance>;
export type Dialogue = z.infer<typeof dialogue>;

export type Request =
  | { readonly type: 'utterance'; readonly utterance: Utterance }
  | { readonly type: 'dialogue'; readonly dialogue: Dialogue }
  | { readonly type: 'refused'; readonly reason: string };

/** Never throws; says in one line what is wrong with a line. */
export function readRequest(line: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { type: 'refused', reason: 'is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { type: 'refused', reason: 'is not a JSON object' };
  if ('turns' in value) {
    const parsed = dialogue.safeParse(value);
    return parsed.success ? { type: 'dialogue', dialogue: parsed.data } : refused(parsed.error);
  }
  const parsed = utterance.safeParse(value);
  return parsed.success ? { type: 'utterance', utterance: parsed.data } : refused(parsed.error);
}

/** The first few faults; what the line says is never repeated. */
function refused({ issues }: z.ZodError): Request {
  const reasons = issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'line'}: ${message}`);
  return { type: 'refused', reason: reasons.join('; ') };
}
