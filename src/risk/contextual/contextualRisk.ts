import type { RiskLevel } from '../../call/meaning.ts';
import type { Clock } from '../../clock.ts';
import { faultOf, type Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { createGate, type Gate } from './gate.ts';
import { hedgedOpinion, type FaultOfProvider, type Hedged, type OpinionFault } from './hedgedOpinion.ts';
import type { ModelName, OpinionModel } from './model.ts';
import {
  bounded,
  boundedJudgement,
  classifierSchema,
  judgeSchema,
  readOpinion,
  type JudgeOpinion,
  type OpinionSchema,
  type RiskOpinion,
} from './opinion.ts';
import { classifierPrompt, judgePrompt } from './prompt.ts';
import { contextualSettings, type ContextualSettings } from './settings.ts';
import { callerWords, classifierTranscript, judgeTranscript, type ContextualInput } from './transcript.ts';

export type Stage = 'classifier' | 'judge';

/**
 * `failed`: there is no opinion and the floor stands. `overloaded`: this process asks for too many already. `nothingToAssess`: the
 * caller has said nothing. `fault`: a mistake of ours. `faults` tells who failed how, also when another answered.
 */
export type ContextualOutcome<T extends RiskOpinion = RiskOpinion> =
  | {
      readonly type: 'opinion';
      readonly stage: Stage;
      readonly opinion: T;
      readonly provider: ModelName;
      readonly model: string;
      readonly tookMs: number;
      readonly faults: readonly FaultOfProvider[];
    }
  | {
      readonly type: 'levelOnly';
      readonly stage: Stage;
      readonly level: RiskLevel;
      readonly provider: ModelName;
      readonly tookMs: number;
      readonly faults: readonly FaultOfProvider[];
    }
  | {
      readonly type: 'failed';
      readonly stage: Stage;
      readonly reason: OpinionFault | 'overloaded' | 'aborted' | 'nothingToAssess' | 'fault';
      readonly tookMs: number;
      readonly faults: readonly FaultOfProvider[];
    };

export interface ContextualRisk {
  /** An opinion of the caller's newest words, at most 2.5 s later. Never throws; ends at once when `signal` aborts. */
  readonly classify: (input: ContextualInput, signal: AbortSignal) => Promise<ContextualOutcome>;
  /** An opinion of the whole call, at most 20 s later. Never throws; ends at once when `signal` aborts. */
  readonly judge: (input: ContextualInput, signal: AbortSignal) => Promise<ContextualOutcome<JudgeOpinion>>;
}

export interface ContextualRiskOptions {
  /** In the order in which they are asked; one is enough. */
  readonly models: readonly OpinionModel[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'opinionTook' | 'opinionFailed'>;
  readonly settings?: ContextualSettings;
}

interface StageParts<T extends RiskOpinion> {
  readonly stage: Stage;
  readonly prompt: string;
  readonly schema: OpinionSchema<T>;
  readonly transcript: (input: ContextualInput) => string | null;
  readonly bounded: (opinion: T, callerWords: readonly string[]) => T;
}

const classifierParts: StageParts<RiskOpinion> = {
  stage: 'classifier',
  prompt: classifierPrompt,
  schema: classifierSchema,
  transcript: classifierTranscript,
  bounded,
};

const judgeParts: StageParts<JudgeOpinion> = {
  stage: 'judge',
  prompt: judgePrompt,
  schema: judgeSchema,
  transcript: judgeTranscript,
  bounded: boundedJudgement,
};

/** The contextual stages of danger detection, one for the process. What they say can raise a level: see `raise`. */
export function createContextualRisk(options: ContextualRiskOptions): ContextualRisk {
  const { clock, settings = contextualSettings } = options;
  const gates: Readonly<Record<Stage, Gate>> = {
    classifier: createGate({ ...settings.classifier, clock }),
    judge: createGate({ ...settings.judge, clock }),
  };
  return {
    classify: (input, signal) => form(options, gates.classifier, classifierParts, input, signal),
    judge: (input, signal) => form(options, gates.judge, judgeParts, input, signal),
  };
}

async function form<T extends RiskOpinion>(
  options: ContextualRiskOptions,
  gate: Gate,
  parts: StageParts<T>,
  input: ContextualInput,
  signal: AbortSignal,
): Promise<ContextualOutcome<T>> {
  const { clock } = options;
  const { stage } = parts;
  const startedAt = clock.now();
  const tookMs = () => Math.round(clock.now() - startedAt);
  const failed = (reason: Extract<ContextualOutcome, { type: 'failed' }>['reason']): ContextualOutcome<T> => ({
    type: 'failed',
    stage,
    reason,
    tookMs: tookMs(),
    faults: [],
  });
  let outcome: ContextualOutcome<T>;
  try {
    const transcript = parts.transcript(input);
    if (transcript === null) return failed('nothingToAssess');
    const { limitMs } = (options.settings ?? contextualSettings)[stage];
    const entered = await gate.enter(limitMs, signal);
    if (entered !== 'entered') outcome = failed(entered);
    else
      try {
        outcome = completed(
          await ask(options, parts, { transcript, limitMs: limitMs - tookMs(), onUsage: input.onUsage }, signal),
          parts,
          input,
          tookMs(),
        );
      } finally {
        gate.leave();
      }
  } catch (error) {
    options.log.error('a contextual stage broke', { stage, callId: input.callId, ...faultOf(error) });
    outcome = failed('fault');
  }
  note(options, outcome, input.callId);
  return outcome;
}

function ask<T extends RiskOpinion>(
  options: ContextualRiskOptions,
  parts: StageParts<T>,
  asked: { readonly transcript: string; readonly limitMs: number; readonly onUsage: ContextualInput['onUsage'] },
  signal: AbortSignal,
): Promise<Hedged<T>> {
  const { transcript, limitMs, onUsage } = asked;
  const { stallMs, maxTokens, hedgeAfterMs } = (options.settings ?? contextualSettings)[parts.stage];
  const { name, json } = parts.schema;
  return hedgedOpinion(
    {
      models: options.models,
      request: { system: parts.prompt, user: transcript, schema: { name, json }, maxTokens, stallMs, limitMs, onUsage },
      read: (text) => readOpinion(parts.schema, text),
      clock: options.clock,
      hedgeAfterMs,
      limitMs,
    },
    signal,
  );
}

function completed<T extends RiskOpinion>(
  hedged: Hedged<T>,
  parts: StageParts<T>,
  input: ContextualInput,
  tookMs: number,
): ContextualOutcome<T> {
  const { stage } = parts;
  switch (hedged.type) {
    case 'opinion':
      return { ...hedged, stage, tookMs, opinion: parts.bounded(hedged.opinion, callerWords(input)) };
    case 'levelOnly':
      return { ...hedged, stage, tookMs };
    case 'failed':
      return { ...hedged, stage, tookMs };
    case 'aborted':
      return { type: 'failed', stage, reason: 'aborted', tookMs, faults: [] };
  }
}

/** Codes, names and times only; what was said and what was thought of it belongs to the sealed record. */
function note(options: ContextualRiskOptions, outcome: ContextualOutcome, callId: string | undefined): void {
  const { log, metrics } = options;
  const { stage, tookMs, faults } = outcome;
  const result = outcome.type === 'failed' ? outcome.reason : outcome.type;
  metrics.opinionTook(stage, outcome.type === 'failed' ? 'none' : outcome.provider, result, tookMs);
  for (const { provider, fault } of faults) metrics.opinionFailed(stage, provider, fault);
  if (outcome.type === 'opinion' || result === 'aborted') return;
  log.warn('no whole opinion of a contextual stage', {
    stage,
    callId,
    result,
    tookMs,
    faults: faults.map(({ provider, fault }) => `${provider} ${fault}`).join(', '),
  });
}
