import type { CallEvent, TurnId } from '../call/event.ts';
import type { CallEffect } from '../call/effect.ts';
import type { Meaning, RiskLevel, Situation } from '../call/meaning.ts';
import type { TurnTaking } from '../call/settings.ts';
import type { CallState } from '../call/state.ts';
import type { CallMs } from '../call/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { OpenRecogniser } from '../speech/recogniser.ts';
import type { SpokenLine } from '../speech/phraseFile.ts';
import type { OpenSynthesiser, Voice } from '../speech/synthesiser.ts';
import type { CallRecord } from '../store/records.ts';
import type { EscalationDesk } from '../escalation/model.ts';
import type { ContextualRisk } from '../risk/contextual/contextualRisk.ts';
import type { LanguagePack } from '../therapist/languagePack.ts';
import type { Responder } from '../therapist/responder.ts';

/** Everything outside that a live call uses. `main.ts` fills it in; tests fill it with adapters to the sandbox. */
export interface SessionPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly turnTaking: TurnTaking;
  readonly openRecogniser: OpenRecogniser;
  readonly openSynthesiser: OpenSynthesiser;
  /** The fixed lines, spoken beforehand; null when one is not there (yet). */
  readonly cachedPhrase: (voice: Voice, text: string) => SpokenLine | null;
  readonly responderFor: (pack: LanguagePack) => Responder;
  /** The deterministic floor; `question` is what Sanad asked last, as the caller heard it. */
  readonly assessRisk: (text: string, question: string | null) => RiskReading;
  /** Opinions of more than one utterance; null when no model is configured for it. */
  readonly contextualRisk: ContextualRisk | null;
  readonly escalations: EscalationDesk;
  readonly understand: (
    text: string,
    pack: LanguagePack,
    given: { readonly risk: RiskLevel; readonly situation: Situation | null },
  ) => Meaning;
  readonly createVoiceActivity: () => VoiceActivity;
  readonly keep: (record: CallRecord) => void;
  /** Sees every step, words included: for the demo's live view, never for logs. */
  readonly observe?: (callId: string, step: ObservedStep) => void;
}

/** What the floor hears in words. Tags, never words: they go into records and briefings. */
export interface RiskReading {
  readonly level: RiskLevel;
  readonly situation: Situation | null;
  readonly means: readonly string[];
  readonly signals: readonly string[];
}

export interface ObservedStep {
  readonly callSid: string;
  readonly at: CallMs;
  readonly event: CallEvent;
  readonly effects: readonly CallEffect[];
  readonly state: CallState;
  readonly saying: Saying | null;
}

/** The words of the reply in hand: as many as are made so far, and those of them that the caller has heard. */
export interface Saying {
  readonly turn: TurnId;
  readonly text: string;
  readonly heard: string;
}

/** Voice activity over frames of 20 ms; `atMs` is when the frame began, and times of events are in the same time. */
export interface VoiceActivity {
  readonly frame: (mulaw: Uint8Array, atMs: number) => VoiceEvent | null;
}

export type VoiceEvent =
  | { readonly type: 'speechStarted'; readonly sinceMs: number }
  | { readonly type: 'speechPaused'; readonly sinceMs: number };
