import { z } from 'zod';
import type { HeardMessage } from './listener.ts';

const transcript = z.object({
  language: z.string(),
  turns: z.array(z.object({ speaker: z.enum(['caller', 'sanad']).optional(), words: z.string().optional() })),
});

/** A simulated summary, which says so: the caller's first and last words, put where a model would put what it understood. */
export function simulatedSummary(messages: readonly HeardMessage[]): Readonly<Record<string, unknown>> {
  const read = transcript.safeParse(parsed(messages.findLast(({ role }) => role === 'user')?.text ?? ''));
  const said = read.success
    ? read.data.turns.flatMap(({ speaker, words }) => (speaker === 'caller' && words !== undefined ? [words] : []))
    : [];
  const label = read.success && read.data.language !== 'en' ? '(محاكاة)' : '(simulated)';
  return {
    broughtBy: `${label} ${said[0] ?? ''}`.trim(),
    tried: [],
    techniques: ['openQuestions', 'reflecting'],
    riskCourse: `${label} ${said.length}`,
    nextStep: said.length > 1 ? `${label} ${said.at(-1) ?? ''}` : null,
    homework: null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
