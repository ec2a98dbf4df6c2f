import type { Caller } from './caller.ts';
import { DelayLine } from './delayLine.ts';
import { perfectLine, type Exchange, type LineQuality } from './exchange.ts';
import { LegLog, type LegReport } from './legLog.ts';
import { silentFrame } from './levels.ts';
import { Person } from './person.ts';
import { Recorder } from './recorder.ts';
import type { CallReport, CallStatus, EndedBy, TimelineEntry } from './report.ts';
import type { FormParameters } from './signature.ts';

/** Where the voice of a party goes. `lost`: the network dropped this frame, only its time passes. */
export interface VoiceSink {
  readonly frame: (mulaw: Uint8Array, lost: boolean) => void;
}

/** What a party hears; null is silence. */
export interface VoiceSource {
  readonly next: () => Uint8Array | null;
}

export interface LegIdentity {
  readonly callSid: string;
  readonly direction: CallReport['direction'];
  /** E.164, or what Twilio writes for a withheld number. */
  readonly from: string;
  readonly to: string;
  readonly parentCallSid: string | null;
}

export interface StatusSubscription {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** `initiated ringing answered completed`. */
  readonly events: ReadonlySet<string>;
}

export interface LegOptions {
  readonly quality?: LineQuality;
  readonly subscription?: StatusSubscription | null;
  readonly onEntry?: (entry: TimelineEntry) => void;
}

/** What the network said at the end of a call that we placed. */
const sipResponses: Partial<Record<CallStatus, string>> = {
  completed: '200',
  busy: '486',
  failed: '404',
  'no-answer': '487',
  canceled: '487',
};

const finalStatuses: ReadonlySet<CallStatus> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** One party on the line and its way into the exchange; the caller, a called helper, or someone rung over REST. */
export class Leg {
  readonly identity: LegIdentity;
  readonly recorder: Recorder;
  readonly quality: LineQuality;
  readonly children: CallReport[] = [];
  readonly startedAt: Date;
  endedAt: Date | null = null;
  status: CallStatus = 'queued';
  sink: VoiceSink | null = null;
  source: VoiceSource | null = null;
  onDigit: ((digit: string) => void) | null = null;
  /** What the owner of the leg does when its party hangs up. */
  onHangUp: () => void = () => {};
  /** When it left the queue of the account's rate. */
  dialledAt: Date | null = null;
  answeredAt: Date | null = null;
  /** The verdict of machine detection. */
  answeredBy: string | null = null;
  /** How long the account's rate made it wait. */
  queuedMs = 0;
  readonly log: LegLog;
  readonly #gone = new AbortController();
  readonly #exchange: Exchange;
  readonly #subscription: StatusSubscription | null;
  readonly #uplink: DelayLine<{ readonly mulaw: Uint8Array; readonly lost: boolean }>;
  readonly #callbacks: Promise<unknown>[] = [];
  #person: Person | undefined;
  #script: Promise<Error | null> = Promise.resolve(null);
  #leaveTicker: () => void = () => {};
  #hearing: Uint8Array | undefined;
  #sequence = 0;

  constructor(exchange: Exchange, identity: LegIdentity, options: LegOptions = {}) {
    this.#exchange = exchange;
    this.identity = identity;
    this.quality = options.quality ?? perfectLine;
    this.#subscription = options.subscription ?? null;
    this.startedAt = exchange.clock.wall();
    this.log = new LegLog(exchange.sinceStartMs);
    this.recorder = new Recorder(exchange.clock, (entry) => {
      options.onEntry?.(entry);
      exchange.observe(identity, entry);
    });
    this.#uplink = new DelayLine(exchange.clock, this.quality.uplink, exchange.random, ({ mulaw, lost }) =>
      this.sink?.frame(mulaw, lost),
    );
    exchange.legs.set(identity.callSid, this);
  }

  get over(): boolean {
    return finalStatuses.has(this.status);
  }

  /** Aborted when the leg is over. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The line begins to ask the party for keys. */
  ask(): void {
    this.#person?.ask();
  }

  /** From now on the party hears these others (sids of calls, or of a stream), and nobody else. */
  hears(whom: readonly string[]): void {
    this.log.hears(whom);
    this.#person?.connect(whom.some((sid) => sid.startsWith('CA')));
  }

  /** The party picks up: audio flows from here on. */
  answer(caller: Caller): void {
    const person = new Person(this.recorder, {
      press: (digit) => {
        this.log.digit(digit);
        this.onDigit?.(digit);
      },
      hangUp: () => this.onHangUp(),
    });
    this.#person = person;
    this.answeredAt = this.#exchange.clock.wall();
    this.recorder.answered();
    this.setStatus('in-progress');
    this.#leaveTicker = this.#exchange.ticker.join(() => this.#frame(person));
    this.#script = person.live(caller).then((fault) => {
      // Someone who has nothing more to say hangs up.
      this.onHangUp();
      return fault;
    });
  }

  /** Takes down the status and tells the application, when it asked to be told. A final status stays. */
  setStatus(status: CallStatus): void {
    if (this.over) {
      return;
    }
    this.status = status;
    if (!this.over) {
      this.dialledAt ??= this.#exchange.clock.wall();
    }
    this.log.state(status);
    this.recorder.status(status);
    const event = status === 'in-progress' ? 'answered' : this.over ? 'completed' : status;
    if (this.over) {
      this.#hangUp();
    }
    if (this.#subscription?.events.has(event)) {
      this.#callbacks.push(this.#callBack(this.#subscription, this.over ? this.#outcome() : []));
    }
  }

  /** The report waits for this, too. */
  hold(work: Promise<unknown>): void {
    this.#callbacks.push(work);
  }

  /** As things stand. */
  legReport(): LegReport {
    const { log, recorder } = this;
    return {
      ...this.identity,
      status: this.status,
      answeredBy: this.answeredBy,
      states: [...log.states],
      prompts: [...log.prompts],
      digits: [...log.digits],
      hears: log.hearing.map((entry) => ({ ...entry })),
      warnings: recorder.warnings.map(({ code }) => code),
      errors: recorder.errors.map(({ code }) => code),
    };
  }

  /** After the last status: waits for the callbacks under way and closes the books. */
  async report(endedBy: EndedBy): Promise<CallReport> {
    await Promise.all(this.#callbacks);
    const callerFault = await this.#script;
    const { recorder } = this;
    const byTime = (one: TimelineEntry, other: TimelineEntry): number => one.atMs - other.atMs;
    return {
      callSid: this.identity.callSid,
      direction: this.identity.direction,
      startedAt: this.startedAt,
      endedAt: this.endedAt ?? this.#exchange.clock.wall(),
      endedBy,
      statuses: recorder.statuses,
      webhooks: recorder.webhooks,
      ...recorder.recordings(),
      utterances: recorder.utterances,
      arrivals: recorder.arrivals,
      timeline: [...recorder.timeline].sort(byTime),
      said: recorder.said,
      warnings: recorder.warnings,
      errors: recorder.errors,
      streams: recorder.timeline.filter(({ type }) => type === 'stream-started').length,
      callerFault,
      children: this.children,
    };
  }

  /** The parameters that come with every voice request. */
  parameters(): FormParameters {
    const { callSid, direction, from, to, parentCallSid } = this.identity;
    const places = ['City', 'State', 'Zip'].flatMap((place): [string, string][] =>
      ['From', 'To', 'Caller', 'Called'].map((party) => [party + place, '']),
    );
    return [
      ['AccountSid', this.#exchange.accountSid],
      ['ApiVersion', '2010-04-01'],
      ['CallSid', callSid],
      ['CallStatus', this.status],
      ['Direction', direction],
      ['From', from],
      ['To', to],
      ['Caller', from],
      ['Called', to],
      ['FromCountry', countryOf(from)],
      ['ToCountry', countryOf(to)],
      ['CallerCountry', countryOf(from)],
      ['CalledCountry', countryOf(to)],
      ...places,
      ...(parentCallSid === null ? [] : [['ParentCallSid', parentCallSid] as const]),
    ];
  }

  #hangUp(): void {
    this.endedAt = this.#exchange.clock.wall();
    this.log.hears([]);
    this.#gone.abort();
    this.#leaveTicker();
    this.#uplink.close();
    this.#person?.end();
    this.sink = null;
    this.source = null;
    this.onDigit = null;
    this.onHangUp = () => {};
  }

  /** Frame n of what the party says was spoken before this moment; what it hears is played after it. */
  #frame(person: Person): void {
    if (this.#hearing !== undefined) {
      const mulaw = person.speak();
      this.recorder.spoke(mulaw);
      const { lossRate } = this.quality.uplink;
      this.#uplink.send({ mulaw, lost: lossRate > 0 && this.#exchange.random() < lossRate });
      person.hear(this.#hearing);
    }
    if (!this.over) {
      this.#hearing = this.source?.next() ?? silentFrame;
      this.recorder.heard(this.#hearing);
    }
  }

  async #callBack({ url, method }: StatusSubscription, extra: FormParameters): Promise<void> {
    const parameters: FormParameters = [
      ...this.parameters(),
      ['CallbackSource', 'call-progress-events'],
      ['SequenceNumber', String(this.#sequence++)],
      ['Timestamp', rfc2822(this.#exchange.clock.wall())],
      ...extra,
    ];
    await this.#exchange.webhooks({ url, method, parameters, recorder: this.recorder });
  }

  #outcome(): FormParameters {
    const seconds = durationSeconds(this);
    const sip = this.identity.direction === 'inbound' ? undefined : sipResponses[this.status];
    return [
      ['CallDuration', String(seconds)],
      ['Duration', String(Math.ceil(seconds / 60))],
      ...(sip === undefined ? [] : [['SipResponseCode', sip] as const]),
    ];
  }
}

/** Whole seconds since the party answered; 0 when it never did. */
export function durationSeconds({ answeredAt, endedAt }: Pick<Leg, 'answeredAt' | 'endedAt'>): number {
  return answeredAt === null || endedAt === null ? 0 : Math.round((endedAt.getTime() - answeredAt.getTime()) / 1_000);
}

/** `Tue, 31 Aug 2010 20:36:28 +0000` */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

function countryOf(number: string): string {
  return number.startsWith('+968') ? 'OM' : number.startsWith('+1') ? 'US' : '';
}
