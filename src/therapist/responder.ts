import { limits } from '../limits.ts';
import { mainScript } from '../text/normalise.ts';
import { emergencyNumberOf } from './emergencyNumber.ts';
import { createGuard, type Guard, type GuardRule } from './guard.ts';
import {
  ModelError,
  type ChatMessage,
  type LanguageModel,
  type ModelFault,
  type ModelName,
  type ModelRequest,
} from './languageModel.ts';
import type { LanguagePack } from './languagePack.ts';
import { buildRequest, type CallFacts } from './prompt.ts';
import { createReferral, type Referral, type SpokenService } from './referral.ts';
import { createSentenceCutter } from './sentences.ts';

export type Reply =
  /** One piece to be spoken, ready as it is. `guarded`: the rule for which the guard put it in place of the model's. */
  | { readonly type: 'sentence'; readonly text: string; readonly guarded: GuardRule | null }
  /** The guard left a sentence out. For records; nothing to say. */
  | { readonly type: 'dropped'; readonly rule: GuardRule }
  /** A provider was given up on the way; for records and metrics. */
  | { readonly type: 'fault'; readonly provider: ModelName; readonly fault: ModelFault; readonly afterMs: number }
  /**
   * Comes last. `finished`: the model said all. `bounded`: the limit of sentences. `guarded`: what followed would have gone
   * on with what was refused. `brokenOff`: the providers failed after something had been said. Usage when it is known.
   */
  | {
      readonly type: 'end';
      readonly reason: 'finished' | 'bounded' | 'guarded' | 'brokenOff';
      readonly usage: ReplyUsage | null;
    };

export interface ReplyUsage {
  readonly provider: ModelName;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Responder {
  /**
   * The reply to `history`, whose last message is the caller's, as guarded sentences in the order to be spoken. Ends
   * quietly, at once, when `signal` aborts; throws `ModelError` when nothing at all could be said. `onUsage` is told of each request
   * to a vendor, perhaps later.
   */
  readonly reply: (
    history: readonly ChatMessage[],
    facts: CallFacts,
    signal: AbortSignal,
    onUsage?: ModelRequest['onUsage'],
  ) => AsyncIterable<Reply>;
  /** Opens connections ahead of need: call it when the caller begins to speak. Never throws. */
  readonly warm: () => void;
}

export interface ResponderOptions {
  readonly model: LanguageModel;
  readonly pack: LanguagePack;
  /** Telephone numbers that may be spoken; see `GuardOptions`. */
  readonly verifiedNumbers?: readonly string[];
  readonly maxSentences?: number;
  /** Other services that may be named at this moment, in the language of the pack; asked for each reply. */
  readonly services?: (language: LanguagePack['id']) => readonly SpokenService[];
}

/** Model, sentences and guard in one: what the session asks for a reply. Cheap to make; one for each language of a call. */
export function createResponder(options: ResponderOptions): Responder {
  return {
    reply: (history, facts, signal, onUsage) => reply(options, history, facts, signal, onUsage),
    warm: () => void options.model.warm?.(),
  };
}

async function* reply(
  options: ResponderOptions,
  history: readonly ChatMessage[],
  facts: CallFacts,
  signal: AbortSignal,
  onUsage: ModelRequest['onUsage'],
): AsyncGenerator<Reply> {
  const { model, pack } = options;
  const abort = new AbortController();
  const referral = createReferral(options.services?.(pack.id) ?? [], { language: pack.id, risk: facts.risk, history });
  const mouth = createMouth(options, guardFor(options, history, referral), referral);
  const cutter = createSentenceCutter();
  let lastUsage: ReplyUsage | null = null;
  let isCutOff = false;
  try {
    const request = { ...buildRequest(pack, facts, history, referral.instructions), onUsage };
    for await (const chunk of model.stream(request, AbortSignal.any([signal, abort.signal]))) {
      if (signal.aborted) return;
      if (chunk.type === 'fault') {
        isCutOff ||= chunk.fault === 'tooLong';
        yield chunk;
        continue;
      }
      if (chunk.type === 'end') lastUsage = usageOf(chunk);
      // A reply cut off by its length ends in half a sentence, which is better left out when there is a whole one.
      const keepsTail = !isCutOff || mouth.said() === 0;
      const pieces = chunk.type === 'text' ? cutter.push(chunk.text) : keepsTail ? cutter.flush() : [];
      yield* mouth.speak(pieces);
      const closed = mouth.closed();
      if (closed === null) continue;
      yield { type: 'end', reason: closed, usage: lastUsage };
      return;
    }
    if (signal.aborted) return;
    if (mouth.said() === 0) throw new ModelError([{ provider: lastUsage?.provider ?? 'openai', fault: 'empty' }]);
    yield { type: 'end', reason: lastUsage === null ? 'brokenOff' : 'finished', usage: lastUsage };
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ModelError) || mouth.said() === 0) throw error;
    yield { type: 'end', reason: 'brokenOff', usage: null };
  } finally {
    abort.abort();
  }
}

function guardFor(options: ResponderOptions, history: readonly ChatMessage[], referral: Referral): Guard {
  const lastCaller = history.findLast((message) => message.role === 'caller');
  return createGuard(options.pack, {
    callerScript: lastCaller ? mainScript(lastCaller.text) : null,
    // What the directory holds may be said once more by the model itself; any other number is taken out.
    verifiedNumbers: [...(options.verifiedNumbers ?? [emergencyNumberOf(options.pack)]), ...referral.numbers].filter(
      (number) => number !== null,
    ),
  });
}

/** Puts pieces past the guard, says services in place of their marks, and counts what was said. */
function createMouth(options: ResponderOptions, guard: Guard, referral: Referral) {
  const maxSentences = options.maxSentences ?? limits.replySentences;
  let said = 0;
  let closed: 'bounded' | 'guarded' | null = null;
  function* sayGuarded(piece: string): Generator<Reply> {
    const verdict = guard.check(piece);
    if (verdict.verdict === 'drop') {
      yield { type: 'dropped', rule: verdict.rule };
      return;
    }
    said += 1;
    if (verdict.verdict === 'pass') yield { type: 'sentence', text: piece, guarded: null };
    else yield { type: 'sentence', text: verdict.with, guarded: verdict.rule };
    if (verdict.verdict === 'replace' && verdict.endsReply) closed = 'guarded';
  }
  return {
    said: () => said,
    closed: () => closed,
    speak: function* (pieces: readonly string[]): Generator<Reply> {
      for (const piece of pieces) {
        if (closed !== null) return;
        const { words, lines, hasUnknownMark } = referral.read(piece);
        if (hasUnknownMark) yield { type: 'dropped', rule: 'contact' };
        if (words !== '') yield* sayGuarded(words);
        if (closed !== null) return;
        if (lines.length > 0) said += 1;
        for (const text of lines) yield { type: 'sentence', text, guarded: null };
        if (said >= maxSentences) closed = 'bounded';
      }
    },
  };
}

function usageOf(end: ReplyUsage & { readonly type: 'end' }): ReplyUsage {
  return {
    provider: end.provider,
    model: end.model,
    inputTokens: end.inputTokens,
    outputTokens: end.outputTokens,
  };
}
