import { languagePacks } from '../therapist/packs.ts';
import { createGuard } from '../therapist/guard.ts';
import type { StructuredModel } from '../therapist/structured/structuredModel.ts';
import { extractiveSummary } from './extractive.ts';
import { summaryPrompt } from './prompt.ts';
import { readSummary, summarySchema, type ClinicianProfile, type Summary } from './summary.ts';
import { transcriptFor, type SpokenTurn } from './transcript.ts';

export interface CallToSummarise {
  readonly turns: readonly SpokenTurn[];
  /** As the language packs name them: `ar-OM`, `ar`, `en`. */
  readonly language: string;
  readonly profile: ClinicianProfile;
}

export interface Summarised {
  readonly summary: Summary;
  readonly source: 'openai' | 'anthropic' | 'extractive';
}

/** Nobody waits on the line for it. */
const limits = { stallMs: 20_000, limitMs: 90_000, maxTokens: 1_500 };

/**
 * Asks one model after the other; what is no summary, or says what Sanad must never say, counts as no answer. When none answers it
 * is an extract. Null when the caller said nothing, or when `signal` aborts.
 */
export async function summarise(
  models: readonly StructuredModel[],
  call: CallToSummarise,
  signal: AbortSignal,
): Promise<Summarised | null> {
  if (!call.turns.some(({ speaker, words }) => speaker === 'caller' && words.trim() !== '')) return null;
  const request = {
    system: summaryPrompt(call.profile, call.language),
    user: transcriptFor(call.turns, call.language),
    schema: summarySchema,
    ...limits,
  };
  for (const model of models) {
    const answer = await model.ask(request, signal);
    if (signal.aborted) return null;
    const summary = answer.type === 'json' ? readSummary(answer.text) : null;
    if (summary !== null && mayStand(summary, call.language)) return { summary, source: model.name };
  }
  const summary = extractiveSummary(call.turns, call.language);
  return summary === null ? null : { summary, source: 'extractive' };
}

/** Rules of the guard that are about what is said, not about how a reply is spoken. */
const forbidden: ReadonlySet<string> = new Set(['diagnosis', 'medicine', 'method', 'contact', 'deathReasonable']);

export function mayStand(summary: Summary, language: string): boolean {
  const pack = languagePacks[language === 'en' || language === 'ar' ? language : 'ar-OM'];
  const { broughtBy, tried, riskCourse, nextStep, homework } = summary;
  return [broughtBy, ...tried, riskCourse, nextStep ?? '', homework ?? '']
    .flatMap((text) => text.split(/(?<=[.!?؟…])\s+/))
    .every((sentence) => {
      const verdict = createGuard(pack).check(sentence);
      return verdict.verdict === 'pass' || !forbidden.has(verdict.rule);
    });
}
