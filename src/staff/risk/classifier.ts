import { systemClock } from '../../clock.ts';
import { silentLog } from '../../log.ts';
import { higherRisk, type RiskLevel } from '../../call/meaning.ts';
import type { ContextualRisk } from '../../risk/contextual/contextualRisk.ts';
import type { ContextTurn } from '../../risk/contextual/transcript.ts';
import type { Terminal } from '../output.ts';

/** The level of the newest words in their context, at least `floor`; null when no model gave an opinion. */
export type Classify = (turns: readonly ContextTurn[], language: string, floor: RiskLevel) => Promise<RiskLevel | null>;

/**
 * The contextual classifier on whatever models the environment has keys for; null without any. Only the models' own settings are
 * read, since nothing else is needed here. What it needs is loaded only then: the floor alone must start at once.
 */
export async function classifierOf({ environment }: Pick<Terminal, 'environment'>): Promise<Classify | null> {
  const { OPENAI_API_KEY: openai, ANTHROPIC_API_KEY: anthropic } = environment;
  if (!openai && !anthropic) return null;
  const [{ openaiStructured }, { anthropicStructured }, { createContextualRisk }, { raise }] = await Promise.all([
    import('../../therapist/structured/openai.ts'),
    import('../../therapist/structured/anthropic.ts'),
    import('../../risk/contextual/contextualRisk.ts'),
    import('../../risk/contextual/combine.ts'),
  ]);
  const models = [
    ...(openai
      ? [
          openaiStructured({
            apiKey: openai,
            model: environment['OPENAI_MODEL'] ?? 'gpt-4.1',
            baseUrl: environment['OPENAI_BASE_URL'],
          }),
        ]
      : []),
    ...(anthropic
      ? [
          anthropicStructured({
            apiKey: anthropic,
            model: environment['ANTHROPIC_MODEL'] ?? 'claude-sonnet-5-5',
            baseUrl: environment['ANTHROPIC_BASE_URL'],
          }),
        ]
      : []),
  ];
  const unmeasured = { opinionTook: () => {}, opinionFailed: () => {} };
  const risk: ContextualRisk = createContextualRisk({
    models,
    clock: systemClock,
    log: silentLog,
    metrics: unmeasured,
  });
  return async (turns, language, floor) => {
    const outcome = await risk.classify({ turns, language, floor, course: floor }, new AbortController().signal);
    return outcome.type === 'failed' && outcome.reason !== 'nothingToAssess'
      ? null
      : higherRisk(floor, raise(floor, outcome));
  };
}
