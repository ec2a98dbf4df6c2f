import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import { tellFirstToken } from '../tracing.ts';
import type { LanguageModel, ModelChunk } from './languageModel.ts';

export interface TimedModelParts {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'stageTook' | 'failedOver'>;
}

/** The same model; the time to its first text, and each provider that another had to stand in for, are counted. */
export function timedModel(model: LanguageModel, { clock, metrics }: TimedModelParts): LanguageModel {
  return {
    ...model,
    stream: async function* (request, signal): AsyncGenerator<ModelChunk> {
      const askedAt = clock.now();
      let hasText = false;
      let givenUp: Extract<ModelChunk, { type: 'fault' }>[] = [];
      for await (const chunk of model.stream(request, signal)) {
        if (chunk.type === 'fault') givenUp.push(chunk);
        if (chunk.type === 'text') {
          if (!hasText) {
            const tookMs = clock.now() - askedAt;
            metrics.stageTook('firstToken', tookMs);
            tellFirstToken(tookMs);
          }
          hasText = true;
          for (const { provider, fault } of givenUp) metrics.failedOver(provider, fault);
          givenUp = [];
        }
        yield chunk;
      }
    },
  };
}
