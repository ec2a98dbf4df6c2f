import type { EscalationReason } from '../call/effect.ts';
import type { UtteranceId } from '../call/event.ts';
import { isAtLeast, type RiskLevel, type Situation } from '../call/meaning.ts';
import { questionOf } from '../call/safetySteps.ts';
import type { CallState } from '../call/state.ts';
import { escalationIdOf } from '../escalation/ids.ts';
import type { Briefing, CallNews } from '../escalation/model.ts';
import type { RiskReading } from './ports.ts';
import type { SessionParts } from './shared.ts';

const triggerCharacters = 200;
const locationCharacters = 120;

const aboutOf: Readonly<Record<Situation, Briefing['about']>> = {
  self: 'self',
  other: 'other',
  child: 'child',
  violence: 'self',
  voices: 'self',
  medical: 'unknown',
};

/**
 * The call's side of bringing a person: asks for people and tells them what they need to know, and hands what becomes of it to the
 * core. Collects the briefing from the first word on, since the danger may be named long before a person is wanted.
 */
export class Escalating {
  readonly #parts: SessionParts;
  #trigger: { readonly utterance: UtteranceId; readonly text: string; readonly level: RiskLevel } | null = null;
  #quote: string | null = null;
  readonly #means = new Set<string>();
  #location: string | null = null;
  #alone: Briefing['alone'] = 'unknown';
  #following: { readonly id: string; readonly stop: () => void } | null = null;
  #told = '';

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** A call that goes on here had asked for a person elsewhere. */
  restore(): void {
    const { transfer } = this.#parts.state();
    if (transfer.kind === 'requested' || transfer.kind === 'accepted') this.#follow(transfer.escalation);
  }

  request(escalation: number, reason: EscalationReason): void {
    const { callId, callSid } = this.#parts.identity;
    const escalationId = this.#follow(escalation);
    const briefing = this.#briefing(reason);
    this.#told = JSON.stringify(briefing);
    this.#parts.ports.escalations.request({ escalationId, callId, callSid, briefing });
  }

  tell(escalation: number, news: CallNews): void {
    this.#parts.ports.escalations.tell(escalationIdOf(this.#parts.identity.callId, escalation), news);
  }

  /** Words in which the floor hears danger; the newest of the highest level are the trigger. */
  heard(utterance: UtteranceId, text: string, reading: RiskReading): void {
    for (const means of reading.means) this.#means.add(means);
    if (!isAtLeast(reading.level, 'moderate')) return;
    const known = this.#trigger;
    if (known !== null && known.utterance !== utterance && !isAtLeast(reading.level, known.level)) return;
    this.#trigger = { utterance, text: text.slice(0, triggerCharacters), level: reading.level };
  }

  /** The few words that decided, as a classifier copied them; more to the point than a whole utterance. */
  quoted(quote: string, means: readonly string[]): void {
    this.#quote = quote;
    for (const each of means) this.#means.add(each);
  }

  /** Final words, with the state before them: they may answer where the caller is and who is near. */
  answered(text: string, answer: 'yes' | 'no' | null, { safety, playout }: CallState): void {
    const line =
      playout.reply?.source.kind === 'line' ? playout.reply.source.line : (playout.reply?.followedBy ?? null);
    const question = safety.question ?? (line === null ? null : questionOf(line));
    if (question === 'where' && answer !== 'no') this.#location = text.slice(0, locationCharacters);
    if (question === 'near' && answer !== null) this.#alone = answer === 'yes' ? 'no' : 'yes';
  }

  /** After each step of the core: whoever is on the way is told what has become known. */
  update(): void {
    const { transfer } = this.#parts.state();
    if (transfer.kind !== 'requested' && transfer.kind !== 'accepted') return;
    const briefing = this.#briefing(transfer.reason);
    const text = JSON.stringify(briefing);
    if (text === this.#told) return;
    this.#told = text;
    this.tell(transfer.escalation, { type: 'briefing', briefing });
  }

  stop(): void {
    this.#following?.stop();
    this.#following = null;
  }

  #follow(escalation: number): string {
    const id = escalationIdOf(this.#parts.identity.callId, escalation);
    if (this.#following?.id === id) return id;
    this.stop();
    const stop = this.#parts.ports.escalations.follow(id, (fact) =>
      this.#parts.guarded('escalation', () =>
        this.#parts.dispatch({ type: 'escalationAdvanced', escalation, fact: fact.type }),
      ),
    );
    this.#following = { id, stop };
    return id;
  }

  #briefing(reason: EscalationReason): Briefing {
    const { safety } = this.#parts.state();
    const inDanger = isAtLeast(safety.level, 'moderate');
    return {
      level: safety.level,
      reason,
      language: this.#parts.identity.pack.id,
      trigger: inDanger ? (this.#quote ?? this.#trigger?.text ?? null) : null,
      about: inDanger ? aboutOf[safety.situation] : 'unknown',
      means: [...this.#means],
      location: this.#location,
      alone: this.#alone,
      callerGender: 'unknown',
      child: safety.situation === 'child' && inDanger,
      overheard: safety.overheard,
      refuses: safety.refusedTurnsAgo !== null,
    };
  }
}
