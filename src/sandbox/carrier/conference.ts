import { newSid, type Exchange } from './exchange.ts';
import type { MusicLink } from './holdMusic.ts';
import { rfc2822, type Leg } from './leg.ts';
import { tone } from './levels.ts';
import { Participant, type LeaveReason } from './participant.ts';
import type { FormParameters } from './signature.ts';
import type { ConferenceVerb } from './twiml.ts';
import { follow, type VerbContext } from './verbs.ts';

export type ConferenceEndReason =
  | 'conference-ended-via-api'
  | 'participant-with-end-conference-on-exit-left'
  | 'participant-with-end-conference-on-exit-kicked'
  | 'last-participant-left'
  | 'last-participant-kicked';

export type JoinRefusal = { readonly code: 16025 | 16020; readonly message: string };

export interface ParticipantChange {
  readonly muted?: boolean;
  readonly hold?: boolean;
  /** What is heard on hold; the carrier's own music when not given. */
  readonly music?: MusicLink;
  readonly endOnExit?: boolean;
}

interface Subscription {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly events: ReadonlySet<string>;
}

const beepTone = tone(200, 950, -20);

/** A room: its name, who is in it, and what is told of it (twilio.md §2.4). */
export class Conference {
  readonly sid = newSid('CF');
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
  status: 'init' | 'in-progress' | 'completed' = 'init';
  reasonEnded: ConferenceEndReason | null = null;
  endedBy: Participant | null = null;
  readonly participants = new Map<string, Participant>();
  /** Calls that were placed for it over REST and are not answered yet. */
  readonly awaited = new Set<string>();
  readonly #exchange: Exchange;
  /** Undefined until the first participant has fixed it. */
  #subscription: Subscription | null | undefined;
  #sequence = 0;

  constructor(exchange: Exchange, name: string) {
    this.#exchange = exchange;
    this.name = name;
    this.createdAt = exchange.clock.wall();
    this.updatedAt = this.createdAt;
  }

  join(context: VerbContext, verb: ConferenceVerb): Participant | JoinRefusal {
    const others = [...this.participants.values()];
    if (verb.label !== null && others.some(({ label }) => label === verb.label)) {
      return { code: 16025, message: `Participant label ${verb.label} is already in use in this conference` };
    }
    if (others.length >= verb.maxParticipants) {
      return { code: 16020, message: `The conference is full: ${others.length} participants` };
    }
    const participant = new Participant(context, verb);
    const { callSid } = participant.leg.identity;
    this.awaited.delete(callSid);
    this.participants.set(callSid, participant);
    if (this.#subscription === undefined) {
      this.#subscription = subscriptionOf(context, verb);
    }
    participant.leg.sink = participant.audio;
    this.#tell('join', 'participant-join', participant.leg, participant.parameters());
    if (this.status === 'in-progress') {
      participant.connect();
      this.#beep(participant, ['true', 'onEnter']);
    } else if (others.length > 0 && [participant, ...others].some(({ startOnEnter }) => startOnEnter)) {
      this.#start(participant.leg);
    } else {
      participant.wait(this.#parameters());
    }
    this.#route();
    return participant;
  }

  /** Takes one out, and everybody with those who end the conference as they leave. */
  leave(participant: Participant, reason: LeaveReason, how: 'left' | 'kicked' = 'left'): void {
    if (!this.participants.has(participant.leg.identity.callSid)) {
      return;
    }
    this.#remove(participant, reason);
    this.#beep(participant, ['true', 'onExit']);
    if (participant.endOnExit) {
      this.#end(`participant-with-end-conference-on-exit-${how}`, 'moderator_ended_conference', participant);
    } else if (this.participants.size === 0 && this.awaited.size === 0) {
      this.#end(`last-participant-${how}`, 'moderator_ended_conference', participant);
    }
  }

  /** Over REST. */
  end(): void {
    this.#end('conference-ended-via-api', 'conference_ended_via_api', null);
  }

  /** A call that was placed for this conference is over and never joined it. */
  missed(leg: Leg): void {
    if (!this.awaited.delete(leg.identity.callSid) || this.status === 'completed') {
      return;
    }
    const reason: FormParameters = [
      ['CallSid', leg.identity.callSid],
      ['ParticipantCallStatus', leg.status],
      ['ReasonParticipantLeft', 'participant_add_failed'],
    ];
    this.#tell('leave', 'participant-leave', leg, reason);
    if (this.participants.size === 0 && this.awaited.size === 0) {
      this.#end('last-participant-left', 'moderator_ended_conference', null);
    }
  }

  change(participant: Participant, change: ParticipantChange): void {
    const { leg } = participant;
    this.updatedAt = this.#exchange.clock.wall();
    if (change.endOnExit !== undefined && change.endOnExit !== participant.endOnExit) {
      participant.endOnExit = change.endOnExit;
      this.#tell('modify', 'participant-modify', leg, participant.parameters());
    }
    if (change.muted !== undefined && change.muted !== participant.muted) {
      participant.muted = change.muted;
      this.#tell('mute', change.muted ? 'participant-mute' : 'participant-unmute', leg, participant.parameters());
    }
    if (change.hold !== undefined && change.hold !== participant.hold) {
      participant.hold = change.hold;
      if (change.hold) {
        participant.wait(this.#parameters(), change.music ?? { url: null, method: 'POST' });
      } else if (this.status === 'in-progress') {
        participant.connect();
      } else {
        participant.wait(this.#parameters());
      }
      this.#tell('hold', change.hold ? 'participant-hold' : 'participant-unhold', leg, participant.parameters());
    }
    this.#route();
  }

  /** Said to one party over what it hears; told of when it is over. */
  async announce(participant: Participant, mulaw: Uint8Array): Promise<void> {
    await participant.audio.playOver(mulaw);
    this.#tell('announcement', 'announcement-end', participant.leg, participant.parameters());
  }

  #start(leg: Leg): void {
    this.status = 'in-progress';
    this.updatedAt = this.#exchange.clock.wall();
    this.#tell('start', 'conference-start', leg, []);
    for (const participant of this.participants.values()) {
      if (!participant.hold) {
        participant.connect();
      }
    }
    for (const participant of this.participants.values()) {
      this.#beep(participant, ['true', 'onEnter']);
    }
  }

  #end(reason: ConferenceEndReason, others: LeaveReason, endedBy: Participant | null): void {
    if (this.status === 'completed') {
      return;
    }
    this.status = 'completed';
    this.reasonEnded = reason;
    this.endedBy = endedBy;
    this.updatedAt = this.#exchange.clock.wall();
    const last = endedBy?.leg ?? [...this.participants.values()][0]?.leg ?? null;
    for (const participant of this.participants.values()) {
      this.#remove(participant, others);
    }
    // Who is still rung for it would otherwise open a new room of the same name, and stand alone in it.
    for (const callSid of this.awaited) {
      this.#exchange.runs.get(callSid)?.end('rest', 'canceled');
    }
    const parameters: FormParameters = [
      ['ReasonConferenceEnded', reason],
      ['Reason', reason],
      ...(endedBy === null ? [] : [['CallSidEndingConference', endedBy.leg.identity.callSid] as const]),
      ...(endedBy?.label ? [['ParticipantLabelEndingConference', endedBy.label] as const] : []),
    ];
    this.#tell('end', 'conference-end', last, parameters);
  }

  #remove(participant: Participant, reason: LeaveReason): void {
    this.participants.delete(participant.leg.identity.callSid);
    const parameters: FormParameters = [
      ...participant.parameters(),
      ['ParticipantCallStatus', reason === 'participant_hung_up' ? 'completed' : participant.leg.status],
      ['ReasonParticipantLeft', reason],
    ];
    this.#tell('leave', 'participant-leave', participant.leg, parameters);
    participant.depart(reason);
    this.#route();
  }

  /** Who hears whom, after any change. */
  #route(): void {
    const all = [...this.participants.values()];
    const silent = (one: Participant): boolean => one.muted || one.hold || this.status !== 'in-progress';
    for (const speaker of all) {
      const listeners = silent(speaker) ? [] : all.filter((one) => one !== speaker && !one.hold);
      speaker.audio.speakTo(listeners.map(({ audio }) => audio));
    }
    for (const listener of all) {
      const heard = listener.hold ? [] : all.filter((one) => one !== listener && !silent(one));
      listener.leg.hears(heard.map(({ leg }) => leg.identity.callSid));
    }
  }

  #beep(because: Participant, when: readonly ConferenceVerb['beep'][]): void {
    if (this.status === 'in-progress' && when.includes(because.beep)) {
      for (const { audio } of this.participants.values()) {
        void audio.playOver(beepTone);
      }
    }
  }

  #parameters(): FormParameters {
    return [
      ['ConferenceSid', this.sid],
      ['FriendlyName', this.name],
    ];
  }

  #tell(subscribed: string, event: string, leg: Leg | null, extra: FormParameters): void {
    this.#sequence += 1;
    leg?.recorder.note({ type: 'conference', event, conferenceSid: this.sid, name: this.name });
    if (!this.#subscription?.events.has(subscribed)) {
      return;
    }
    const { url, method } = this.#subscription;
    const { accountSid, clock, webhooks, conferences } = this.#exchange;
    const parameters: FormParameters = [
      ...this.#parameters(),
      ['AccountSid', accountSid],
      ['SequenceNumber', String(this.#sequence)],
      ['Timestamp', rfc2822(clock.wall())],
      ['StatusCallbackEvent', event],
      ...extra,
    ];
    const told = webhooks({ url, method, parameters, recorder: leg?.recorder ?? null });
    conferences.hold(told);
    leg?.hold(told);
  }
}

function subscriptionOf(context: VerbContext, verb: ConferenceVerb): Subscription | null {
  const link = follow(context, verb.statusCallback, verb.statusCallbackMethod, []);
  return link === null ? null : { url: link.url, method: link.method, events: new Set(verb.statusCallbackEvents) };
}
