import { randomUUID } from 'node:crypto';
import type { ConsentKind } from '../call/effect.ts';
import type { AllowedQuestion } from '../call/event.ts';
import type { RiskLevel } from '../call/meaning.ts';
import type { LanguagePack } from '../therapist/languagePack.ts';
import type { MediaStream, StreamStart } from '../twilio/mediaStream.ts';
import { escalationIdOf, roomOf } from '../escalation/ids.ts';
import type { AttachResult, CallbackCall, CallDesk, IncomingCall, NextStep } from './callDesk.ts';
import { limits } from '../limits.ts';
import { faultOf } from '../log.ts';
import type { EarlierCall } from '../therapist/prompt.ts';
import { beforeAudio } from './audioConsent.ts';
import { consentRecord } from './consentRecord.ts';
import { CallSession, type ResumedCall } from './callSession.ts';
import type { SessionPorts } from './ports.ts';
import { Tickets } from './tickets.ts';
import { watchingTurns } from './turnWatch.ts';
import { UsageMeter } from './usageMeter.ts';

export interface DeskOptions {
  readonly ports: SessionPorts;
  readonly packFor: (call: IncomingCall) => LanguagePack;
  /** A call that another server held, or this one before it was started again. */
  readonly loadCall: (callSid: string) => Promise<LoadedCall | 'ended' | 'unknown'>;
  /** What an earlier call of this caller left open, when they agreed to that; looked up beside the call, which does not wait for it. */
  readonly carriedRisk?: (call: IncomingCall) => Promise<RiskLevel | null>;
  /** What this caller may be asked for; looked up beside the call too. Without it nothing is asked. */
  readonly openConsents?: (call: IncomingCall) => Promise<readonly ConsentKind[]>;
  /** What the organisation lets Sanad ask beside the talk; looked up beside the call. Without it nothing of it is asked. */
  readonly allowedQuestions?: (call: IncomingCall) => Promise<readonly AllowedQuestion[]>;
  /** What was approved of an earlier call from this number; asked for only when callers may be asked whether they rang before. */
  readonly earlierCall?: (call: IncomingCall) => Promise<EarlierCall | null>;
  /** `beforeAudio`: a key is asked for before any sound reaches us. */
  readonly consent?: 'inCall' | 'beforeAudio';
  readonly heartbeatMs?: number;
}

export interface LoadedCall extends ResumedCall {
  readonly callId: string;
  readonly pack: LanguagePack;
}

/** Calls of this server. A live call belongs to one server at a time; one that comes here from elsewhere is picked up from the store. */
export class LiveDesk implements CallDesk {
  readonly #options: DeskOptions;
  readonly #sessions = new Map<string, CallSession>();
  readonly #meters = new Map<string, UsageMeter>();
  readonly #tickets: Tickets;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #draining = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#tickets = new Tickets(options.ports.clock);
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs ?? 10_000);
    this.#heartbeat.unref();
  }

  get activeCalls(): number {
    return this.#sessions.size;
  }

  readonly ready = (): boolean => !this.#draining && this.#sessions.size < limits.callsPerServer;

  readonly admit = async (call: IncomingCall): Promise<NextStep> => {
    // Twilio repeats a webhook whose answer it did not get.
    const known = this.#sessions.get(call.callSid);
    if (known) return this.#nextStep(known);
    if (this.#draining) return { kind: 'person', reason: 'draining' };
    if (!this.ready()) return { kind: 'person', reason: 'full' };
    const asksFirst = this.#options.consent === 'beforeAudio';
    const first = asksFirst ? beforeAudio(call, this.#options.packFor(call)) : null;
    if (first !== null) return first;
    const session = this.#open(call);
    if (asksFirst) this.#keepKey(call, session);
    void this.#carry(call, session);
    void this.#lookUpQuestions(call, session);
    void this.#lookUpConsents(call, session, asksFirst ? ['keepWords'] : []);
    return this.#nextStep(session);
  };

  readonly admitCallback = async (call: CallbackCall): Promise<NextStep> => {
    const known = this.#sessions.get(call.callSid);
    if (known) return this.#nextStep(known);
    const session = this.#open(call, 'callbackGreeting');
    session.dispatch({ type: 'riskRaised', level: call.level, situation: null, source: 'carried' });
    return this.#nextStep(session);
  };

  readonly attach = (start: StreamStart, stream: MediaStream): AttachResult => {
    const result = this.#tickets.use(start.ticket, start.callSid);
    if (result !== 'accepted') return result;
    const session = this.#sessions.get(start.callSid);
    if (session === undefined || session.isOver) return 'callOver';
    session.attach(stream);
    return 'accepted';
  };

  readonly afterStream = async (callSid: string): Promise<NextStep> => {
    const session = await this.#find(callSid);
    if (session === 'ended') return { kind: 'hangUp' };
    // Somebody is on the line and we know nothing of them: a person will find out.
    if (session === 'unknown') return { kind: 'person', reason: 'fault' };
    return this.#nextStep(session);
  };

  readonly afterPerson = async (callSid: string, outcome: 'spoke' | 'nobody'): Promise<NextStep> => {
    const session = await this.#find(callSid);
    // A call that we do not hold was rung through to a person at once; when they have spoken, it is over.
    const isHeld = session !== 'ended' && session !== 'unknown' && !session.isOver;
    if (!isHeld) return outcome === 'spoke' ? { kind: 'hangUp' } : { kind: 'fallback' };
    session.personFinished(outcome);
    return this.#nextStep(session);
  };

  readonly callEnded = (callSid: string): void => {
    this.#sessions.get(callSid)?.dispatch({ type: 'hungUp' });
  };

  /** Takes no new calls and waits for those on the line; resolves with how many are left when the time is up. */
  async drain(timeoutMs: number): Promise<number> {
    this.#draining = true;
    const { clock } = this.#options.ports;
    const until = clock.now() + timeoutMs;
    while (this.#sessions.size > 0 && clock.now() < until) {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
    }
    clearInterval(this.#heartbeat);
    for (const meter of this.#meters.values()) meter.report();
    return this.#sessions.size;
  }

  async #carry(call: IncomingCall, session: CallSession): Promise<void> {
    const { carriedRisk, ports } = this.#options;
    if (carriedRisk === undefined) return;
    try {
      const level = await carriedRisk(call);
      if (level !== null) session.dispatch({ type: 'riskRaised', level, situation: null, source: 'carried' });
    } catch (error) {
      ports.log.warn('an earlier call could not be looked up', { callId: session.identity.callId, ...faultOf(error) });
    }
  }

  /** The key pressed before the stream: evidence, like an answer in the call. */
  #keepKey(call: IncomingCall, { identity }: CallSession): void {
    const line = call.consent?.asked === 1 ? 'askBeforeAudio' : 'askBeforeAudioAgain';
    const answer = { type: 'recordConsent', kind: 'keepWords', answer: 'given', line, utterance: null } as const;
    const { ports } = this.#options;
    ports.keep(consentRecord(identity, answer, { type: 'digitPressed', digit: '1' }, ports.clock.wall()));
  }

  /** Nobody waits for it; when it cannot be known, a caller is asked as one who is new. */
  async #lookUpConsents(call: IncomingCall, session: CallSession, answered: readonly ConsentKind[]): Promise<void> {
    const { openConsents, ports } = this.#options;
    if (openConsents === undefined) return;
    let open: readonly ConsentKind[] = call.from === null ? ['keepWords'] : ['keepWords', 'followUp', 'sms'];
    try {
      open = await openConsents(call);
    } catch (error) {
      ports.log.warn('earlier consents could not be looked up', {
        callId: session.identity.callId,
        ...faultOf(error),
      });
    }
    session.dispatch({ type: 'consentLookedUp', open: open.filter((kind) => !answered.includes(kind)) });
  }

  /** Nobody waits for it; when it cannot be known, nothing is asked. */
  async #lookUpQuestions(call: IncomingCall, session: CallSession): Promise<void> {
    const { allowedQuestions, ports } = this.#options;
    if (allowedQuestions === undefined) return;
    try {
      const questions = await allowedQuestions(call);
      if (questions.length > 0) session.dispatch({ type: 'questionsAllowed', questions });
      const earlier = questions.includes('returning') ? await this.#options.earlierCall?.(call) : null;
      if (earlier) session.remember(earlier);
    } catch (error) {
      ports.log.warn('what may be asked could not be looked up', {
        callId: session.identity.callId,
        ...faultOf(error),
      });
    }
  }

  #open(call: IncomingCall, opening: 'greeting' | 'callbackGreeting' = 'greeting'): CallSession {
    const { ports, packFor } = this.#options;
    const pack = packFor(call);
    const callId = randomUUID();
    const { callSid, from, to } = call;
    ports.keep({
      type: 'callStarted',
      callId,
      callSid,
      organisationNumber: to,
      from,
      language: pack.id,
      packVersion: pack.version,
      startedAt: ports.clock.wall(),
    });
    ports.metrics.callOpened();
    const identity = { callId, callSid, pack, opening };
    const session = new CallSession(identity, this.#metered(identity), (outcome) => this.#over(callSid, outcome));
    return this.#hold(session);
  }

  /** The ports with a meter between, which tells the record what the call uses. */
  #metered({ callId, callSid }: { readonly callId: string; readonly callSid: string }): SessionPorts {
    const { ports } = this.#options;
    const meter = new UsageMeter(callId, ports);
    this.#meters.set(callSid, meter);
    return watchingTurns(meter.watching(ports));
  }

  #hold(session: CallSession): CallSession {
    this.#sessions.set(session.identity.callSid, session);
    return session;
  }

  #over(callSid: string, outcome: Parameters<SessionPorts['metrics']['callClosed']>[0]): void {
    this.#options.ports.metrics.callClosed(outcome);
    this.#meters.get(callSid)?.close();
    this.#meters.delete(callSid);
    // The carrier may still ask what comes after the stream: the answer is in the session for a while.
    const session = this.#sessions.get(callSid);
    this.#sessions.delete(callSid);
    if (session) this.#ended.set(callSid, session);
    this.#options.ports.clock.setTimeout(() => this.#ended.delete(callSid), limits.ticketMs).unref();
  }

  readonly #ended = new Map<string, CallSession>();

  async #find(callSid: string): Promise<CallSession | 'ended' | 'unknown'> {
    const here = this.#sessions.get(callSid) ?? this.#ended.get(callSid);
    if (here) return here;
    const loaded = await this.#options.loadCall(callSid);
    // While the store was asked, another webhook of the same call may have opened it.
    const meanwhile = this.#sessions.get(callSid);
    if (meanwhile) return meanwhile;
    if (loaded === 'ended' || loaded === 'unknown') return loaded;
    const { ports } = this.#options;
    const { callId, pack } = loaded;
    ports.metrics.callOpened();
    ports.log.info('a call was picked up from the store', { callId, logSeq: loaded.nextLogSeq });
    const session = new CallSession(
      { callId, callSid, pack },
      this.#metered({ callId, callSid }),
      (outcome) => this.#over(callSid, outcome),
      loaded,
    );
    return this.#hold(session);
  }

  #nextStep(session: CallSession): NextStep {
    const { callSid, pack } = session.identity;
    const { intent, state } = session;
    // Given up as lost, and here they are.
    if (state.line.kind === 'over' && state.line.outcome === 'lost') return { kind: 'person', reason: 'fault' };
    switch (intent.kind) {
      case 'hangUp':
        return { kind: 'hangUp' };
      case 'person':
        return {
          kind: 'person',
          reason: intent.reason,
          language: pack.id === 'en' ? 'en' : 'ar',
          announced: intent.announced,
        };
      case 'room': {
        const escalationId = escalationIdOf(session.identity.callId, intent.escalation);
        return { kind: 'room', room: roomOf(escalationId), escalationId, language: pack.id === 'en' ? 'en' : 'ar' };
      }
      case 'say':
        return intent.afterwards === 'hangUp'
          ? { kind: 'sayThenHangUp', sentences: pack.lines[intent.line], ...pack.carrierVoice }
          : {
              kind: 'sayThenStream',
              ticket: this.#tickets.issue(callSid),
              sentences: pack.lines[intent.line],
              ...pack.carrierVoice,
            };
      case 'stream':
        return session.isOver ? { kind: 'hangUp' } : { kind: 'stream', ticket: this.#tickets.issue(callSid) };
    }
  }

  #beat(): void {
    const { ports } = this.#options;
    for (const { identity } of this.#sessions.values())
      ports.keep({ type: 'heartbeat', callId: identity.callId, at: ports.clock.wall() });
    for (const meter of this.#meters.values()) meter.report();
  }
}
