import type { UtteranceId } from '../call/event.ts';
import { higherRisk, isAtLeast, type RiskLevel, type Situation } from '../call/meaning.ts';
import { isDenial, judgeIsDue, levelOf, mayLower } from '../risk/contextual/combine.ts';
import type { ContextualOutcome } from '../risk/contextual/contextualRisk.ts';
import { createLatestOnly, type LatestOnly } from '../risk/contextual/latestOnly.ts';
import type { JudgeOpinion, RiskOpinion } from '../risk/contextual/opinion.ts';
import type { ContextualInput } from '../risk/contextual/transcript.ts';
import type { Escalating } from './escalating.ts';
import type { SessionParts } from './shared.ts';

/**
 * What models make of the caller's words in their context. They raise the level as events of the core; their failure is counted and
 * changes nothing, since the floor has spoken already. After a second neutral question a reasoned clarification may lower it by a step.
 */
export class SecondOpinion {
  readonly #parts: SessionParts;
  readonly #escalating: Escalating;
  readonly #classifier: LatestOnly | null;
  readonly #abort = new AbortController();
  #turnsSinceJudged = 0;
  #judgedLevel: RiskLevel = 'none';
  #judging = false;
  #denied = false;
  #floorSince: RiskLevel = 'none';
  #lastClassified: RiskOpinion | null = null;
  #lowered: 'never' | 'once' = 'never';

  constructor(parts: SessionParts, escalating: Escalating) {
    this.#parts = parts;
    this.#escalating = escalating;
    const { contextualRisk } = parts.ports;
    this.#classifier = contextualRisk === null ? null : createLatestOnly(contextualRisk.classify);
  }

  /** The caller said something that is final; `unrecorded` are the utterances of a turn that Sanad has not taken yet. */
  turn(floor: RiskLevel, unrecorded: readonly UtteranceId[]): void {
    if (this.#classifier === null) return;
    this.#turnsSinceJudged += 1;
    this.#floorSince = higherRisk(this.#floorSince, floor);
    void this.#classify(this.#classifier, this.#input(floor, unrecorded));
  }

  close(): void {
    this.#classifier?.close();
    this.#abort.abort();
  }

  async #classify(classifier: LatestOnly, input: ContextualInput): Promise<void> {
    const outcome = await classifier.submit(input);
    this.#parts.guarded('opinion', () => {
      if (outcome.type === 'superseded') return;
      this.#take(outcome, 'classifier');
      if (outcome.type === 'opinion') {
        this.#lastClassified = outcome.opinion;
        this.#denied ||= isDenial(outcome.opinion);
        const { quote, means } = outcome.opinion;
        if (quote !== null && isAtLeast(levelOf(outcome.opinion), 'moderate')) this.#escalating.quoted(quote, means);
      }
      this.#judgeWhenDue(input);
    });
  }

  #judgeWhenDue(input: ContextualInput): void {
    const { contextualRisk } = this.#parts.ports;
    const { level } = this.#parts.state().safety;
    const due = judgeIsDue({
      callerTurnsSinceJudged: this.#turnsSinceJudged,
      levelChanged: level !== this.#judgedLevel,
      denied: this.#denied,
    });
    if (contextualRisk === null || this.#judging || !due) return;
    this.#judging = true;
    this.#turnsSinceJudged = 0;
    this.#judgedLevel = level;
    this.#denied = false;
    const judge = async (): Promise<void> => {
      const outcome = await contextualRisk.judge({ ...input, course: level }, this.#abort.signal);
      this.#judging = false;
      this.#parts.guarded('opinion', () => {
        this.#take(outcome, 'judge');
        if (outcome.type === 'opinion') this.#lowerWhenAllowed(outcome.opinion);
      });
    };
    void judge();
  }

  #take(outcome: ContextualOutcome, source: 'classifier' | 'judge'): void {
    if (outcome.type === 'failed') return;
    const level = outcome.type === 'opinion' ? levelOf(outcome.opinion) : outcome.level;
    const known = this.#parts.state().safety.level;
    if (level === known || !isAtLeast(level, known)) return;
    const situation = outcome.type === 'opinion' ? situationIn(outcome.opinion) : null;
    this.#parts.dispatch({ type: 'riskRaised', level, situation, source });
  }

  #lowerWhenAllowed(judge: JudgeOpinion): void {
    const { level, asked } = this.#parts.state().safety;
    const lowering = mayLower({
      course: level,
      floorSince: this.#floorSince,
      neutralQuestionsAnswered: asked,
      classifier: this.#lastClassified,
      judge,
      lowered: this.#lowered,
    });
    if (judge.clarification === 'none') this.#floorSince = 'none';
    if (lowering.type !== 'lower') return;
    this.#lowered = 'once';
    this.#parts.dispatch({ type: 'riskClarified' });
  }

  #input(floor: RiskLevel, unrecorded: readonly UtteranceId[]): ContextualInput {
    const { identity, transcript, state } = this.#parts;
    return {
      callId: identity.callId,
      turns: transcript.history(unrecorded).map(({ role, text }) => ({ speaker: role, words: text })),
      language: identity.pack.id,
      floor,
      course: state().safety.level,
    };
  }
}

/** Whom the opinion is about, in the words of the core's tables. */
function situationIn({ domain, subject, commandVoices }: RiskOpinion): Situation | null {
  if (commandVoices || domain === 'psychosis') return 'voices';
  if (domain === 'overdose' || domain === 'medical') return 'medical';
  if (domain === 'child' || subject === 'child') return 'child';
  if (domain === 'abuse') return 'violence';
  if (subject === 'other') return 'other';
  return domain === 'none' ? null : 'self';
}
