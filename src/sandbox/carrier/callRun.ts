import type { Caller } from './caller.ts';
import type { CarrierTimer } from './clock.ts';
import { performConference } from './conferenceVerb.ts';
import { performDial } from './dialVerb.ts';
import { fetchDocument, readDocument, type Document, type DocumentSource } from './documents.ts';
import { forgetOldCalls, type Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';
import { detect, detectBeside, type MachineDetection } from './machineDetection.ts';
import type { CallReport, CallStatus, EndedBy } from './report.ts';
import { ring } from './ring.ts';
import type { FormParameters } from './signature.ts';
import { performStream } from './streamVerb.ts';
import type { Verb } from './twiml.ts';
import {
  follow,
  nextVerb,
  performGather,
  performPrompt,
  type Interruption,
  type VerbContext,
  type VerbOutcome,
} from './verbs.ts';

export interface CallPlan {
  readonly first: DocumentSource;
  readonly fallback: string | null;
  /** Inbound: who calls, and is put through by the first document. Outbound: when it starts, and how long it rings. */
  readonly party:
    | { readonly kind: 'calls'; readonly caller: Caller }
    | {
        readonly kind: 'is-called';
        readonly timeoutMs: number;
        /** Counted from the answer. */
        readonly timeLimitMs: number;
        readonly detection: MachineDetection | null;
        readonly queued: (signal: AbortSignal) => Promise<void>;
      };
}

/** What a caller hears when no document can be had (Twilio's own words). */
const applicationError = 'We are sorry, an application error has occurred. Goodbye.';

/** Their `action` is asked even when nobody waits for its answer any more. */
const tellingVerbs: ReadonlySet<Verb['verb']> = new Set(['Stream', 'Dial', 'Conference']);

/** One call that is steered by TwiML, from its first ring to its last callback. */
export class CallRun {
  /** Never rejects for anything the application does. */
  readonly ended: Promise<CallReport>;
  readonly leg: Leg;
  readonly #exchange: Exchange;
  readonly #plan: CallPlan;
  #interrupt = new AbortController();
  #replacement: DocumentSource | undefined;
  #endedBy: EndedBy | undefined;
  #finalStatus: CallStatus = 'completed';
  #limit: CarrierTimer | undefined;

  constructor(exchange: Exchange, leg: Leg, plan: CallPlan) {
    this.#exchange = exchange;
    this.leg = leg;
    this.#plan = plan;
    exchange.runs.set(leg.identity.callSid, this);
    forgetOldCalls(exchange);
    this.ended = this.#run();
  }

  /** Takes the call to another document at once; false when it is not in progress. */
  redirect(to: DocumentSource): boolean {
    if (this.leg.status !== 'in-progress' || this.#endedBy !== undefined) {
      return false;
    }
    this.#replacement = to;
    this.#cutShort('redirect');
    return true;
  }

  /** Ends the call; nothing happens to one that is over. */
  end(by: 'caller' | 'rest' | 'carrier', finalStatus: CallStatus = 'completed'): void {
    if (this.#endedBy === undefined) {
      this.#endedBy = by;
      this.#finalStatus = finalStatus;
      this.#cutShort(by);
    }
  }

  #cutShort(reason: Interruption): void {
    this.#interrupt.abort(reason);
  }

  async #run(): Promise<CallReport> {
    const { leg } = this;
    const begun = await this.#begin();
    if (begun !== null) {
      let source: DocumentSource | null = withParameters(this.#plan.first, begun);
      while (source !== null && this.#endedBy === undefined) {
        const document = await this.#obtain(source);
        source = this.#takeReplacement() ?? (document === null ? null : await this.#perform(document));
      }
    }
    const endedBy = this.#endedBy ?? 'line';
    this.#endedBy = endedBy;
    leg.setStatus(this.#finalStatus);
    if (this.#limit !== undefined) {
      this.#exchange.clock.clearTimeout(this.#limit);
    }
    return leg.report(endedBy);
  }

  /** What is known of the party, once there is someone to perform documents for; null when there never is. */
  async #begin(): Promise<FormParameters | null> {
    const { leg } = this;
    const { party } = this.#plan;
    if (party.kind === 'calls') {
      leg.setStatus('ringing');
      return [];
    }
    await party.queued(this.#interrupt.signal);
    if (this.#endedBy !== undefined) {
      return null;
    }
    const outcome = await ring(this.#exchange, leg, party.timeoutMs, this.#interrupt.signal);
    leg.onHangUp = () => this.end('caller');
    if (outcome !== 'answered') {
      return null;
    }
    this.#limit = this.#exchange.clock.setTimeout(() => this.end('carrier'), party.timeLimitMs);
    const { detection } = party;
    if (detection?.callback === null) {
      return detect(this.#exchange, leg, detection, this.#interrupt.signal);
    }
    if (detection !== null) {
      leg.hold(detectBeside(this.#exchange, leg, detection));
    }
    return [];
  }

  /** The document, its fallback's, or null after the caller was told that nothing works. */
  async #obtain(source: DocumentSource): Promise<Document | null> {
    const first =
      source.kind === 'inline'
        ? readDocument(this.#exchange, this.leg, source.twiml, null)
        : await fetchDocument(this.#exchange, this.leg, source.request);
    if (!('code' in first)) {
      return first;
    }
    this.leg.recorder.error(first.code, first.message);
    if (this.#plan.fallback !== null && this.#endedBy === undefined) {
      const failed = source.kind === 'fetch' ? source.request.url : '';
      const parameters = [
        ['ErrorCode', String(first.code)],
        ['ErrorUrl', failed],
      ] as const;
      const second = await fetchDocument(this.#exchange, this.leg, {
        url: this.#plan.fallback,
        method: 'POST',
        parameters,
      });
      if (!('code' in second)) {
        return second;
      }
      this.leg.recorder.error(second.code, second.message);
    }
    if (this.#endedBy === undefined) {
      await this.#apologise();
    }
    return null;
  }

  async #apologise(): Promise<void> {
    this.#answer();
    const said = {
      verb: 'Say',
      content: applicationError,
      loop: 1,
      lengthMs: 0,
      language: 'en-US',
      voice: null,
    } as const;
    await performPrompt(this.#context(null), said);
    this.#endedBy ??= 'error';
  }

  /** Performs verb after verb; the document to go to, or null when the call is over. */
  async #perform({ verbs, base }: Document): Promise<DocumentSource | null> {
    for (const verb of verbs) {
      if (verb.verb === 'Reject' && this.leg.answeredAt === null) {
        this.#endedBy ??= 'line';
        this.#finalStatus = verb.reason === 'busy' ? 'busy' : 'no-answer';
        return null;
      }
      this.#answer();
      const outcome = await this.#performVerb(verb, base);
      const replacement = this.#takeReplacement();
      if (this.#endedBy !== undefined || replacement !== undefined) {
        await this.#tellInVain(verb, outcome);
        return this.#takeReplacement() ?? replacement ?? null;
      }
      if (outcome.kind === 'go') {
        return { kind: 'fetch', request: outcome.request };
      }
    }
    this.#answer();
    this.#endedBy ??= 'line';
    return null;
  }

  async #performVerb(verb: Verb, base: string | null): Promise<VerbOutcome> {
    this.leg.recorder.note({ type: 'verb', verb: verb.verb, detail: describe(verb) });
    const context = this.#context(base);
    switch (verb.verb) {
      case 'Say':
      case 'Play':
      case 'Pause':
        return performPrompt(context, verb);
      case 'Gather':
        return performGather(context, verb);
      case 'Stream':
        return performStream(context, verb);
      case 'Dial':
        return performDial(context, verb);
      case 'Conference':
        return performConference(context, verb);
      case 'Redirect': {
        const request = follow(context, verb.url === '' ? base : verb.url, verb.method, []);
        return request === null ? nextVerb : { kind: 'go', request };
      }
      case 'Hangup':
      case 'Reject':
        this.#endedBy ??= 'line';
        return nextVerb;
    }
  }

  /** The action of a verb that a redirect cut short is asked all the same, and its answer thrown away (measured live). */
  async #tellInVain(verb: Verb, outcome: VerbOutcome): Promise<void> {
    const wanted = this.#endedBy === undefined || this.#exchange.actionAfterHangUp;
    if (outcome.kind === 'go' && tellingVerbs.has(verb.verb) && wanted) {
      const { url, method, parameters } = outcome.request;
      const status: readonly (readonly [string, string])[] = this.leg
        .parameters()
        .map(([name, value]) => [name, name === 'CallStatus' && this.#endedBy !== undefined ? 'completed' : value]);
      const recorder = this.leg.recorder;
      await this.#exchange.webhooks({ url, method, parameters: [...status, ...parameters], recorder });
    }
  }

  /** An inbound call is picked up by the first verb that is no `<Reject>`. */
  #answer(): void {
    if (this.leg.answeredAt === null && this.#plan.party.kind === 'calls' && this.#endedBy === undefined) {
      this.leg.onHangUp = () => this.end('caller');
      this.leg.answer(this.#plan.party.caller);
    }
  }

  #takeReplacement(): DocumentSource | undefined {
    const replacement = this.#replacement;
    if (replacement !== undefined && this.#endedBy === undefined) {
      this.#interrupt = new AbortController();
    }
    this.#replacement = undefined;
    return replacement;
  }

  #context(base: string | null): VerbContext {
    return { exchange: this.#exchange, leg: this.leg, signal: this.#interrupt.signal, base };
  }
}

function withParameters(source: DocumentSource, parameters: FormParameters): DocumentSource {
  return source.kind === 'inline' ? source : { kind: 'fetch', request: { ...source.request, parameters } };
}

function describe(verb: Verb): string {
  switch (verb.verb) {
    case 'Say':
    case 'Play':
      return verb.content;
    case 'Pause':
      return `${verb.lengthMs} ms`;
    case 'Stream':
    case 'Redirect':
      return verb.url;
    case 'Dial':
      return verb.numbers.map(({ number }) => number).join(' ');
    case 'Conference':
      return verb.name;
    case 'Gather':
      return verb.action ?? '';
    case 'Hangup':
    case 'Reject':
      return '';
  }
}
