import { playMusic, type MusicLink } from './holdMusic.ts';
import type { Leg } from './leg.ts';
import { ParticipantAudio } from './participantAudio.ts';
import type { FormParameters } from './signature.ts';
import type { ConferenceVerb } from './twiml.ts';
import type { VerbContext } from './verbs.ts';

export type LeaveReason =
  | 'participant_hung_up'
  | 'participant_updated_via_api'
  | 'participant_add_failed'
  | 'moderator_ended_conference'
  | 'conference_ended_via_api';

/** One call in a conference, for as long as it is in it. */
export class Participant {
  readonly leg: Leg;
  readonly label: string | null;
  readonly startOnEnter: boolean;
  readonly beep: ConferenceVerb['beep'];
  readonly audio: ParticipantAudio;
  readonly joinedAt: Date;
  readonly left: Promise<LeaveReason>;
  endOnExit: boolean;
  muted: boolean;
  hold = false;
  readonly #context: VerbContext;
  readonly #waiting: MusicLink;
  #leave: (reason: LeaveReason) => void = () => {};
  #music: AbortController | null = null;

  constructor(context: VerbContext, verb: ConferenceVerb) {
    this.#context = context;
    this.leg = context.leg;
    this.label = verb.label;
    this.startOnEnter = verb.startOnEnter;
    this.endOnExit = verb.endOnExit;
    this.muted = verb.muted;
    this.beep = verb.beep;
    this.#waiting = { url: verb.waitUrl, method: verb.waitMethod };
    this.audio = new ParticipantAudio(verb.jitterBuffer);
    this.joinedAt = context.exchange.clock.wall();
    this.left = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  /** Until `connect`; the music of the conference's own when no other is given. */
  wait(parameters: FormParameters, music: MusicLink = this.#waiting): void {
    const stop = new AbortController();
    this.#music?.abort();
    this.#music = stop;
    this.leg.source = null;
    const signal = AbortSignal.any([stop.signal, this.#context.signal]);
    void playMusic({ ...this.#context, signal }, music, parameters);
  }

  /** Music ends, and the conference is heard. */
  connect(): void {
    this.#music?.abort();
    this.#music = null;
    this.leg.source = this.audio;
  }

  /** Called by the conference only. */
  depart(reason: LeaveReason): void {
    this.#music?.abort();
    this.#music = null;
    this.audio.leave();
    this.leg.sink = null;
    this.leg.source = null;
    this.leg.onDigit = null;
    this.leg.hears([]);
    this.#leave(reason);
  }

  /** What every event about this participant says. */
  parameters(): FormParameters {
    return [
      ['CallSid', this.leg.identity.callSid],
      ['Muted', String(this.muted)],
      ['Hold', String(this.hold)],
      ['Coaching', 'false'],
      ['EndConferenceOnExit', String(this.endOnExit)],
      ['StartConferenceOnEnter', String(this.startOnEnter)],
      ...(this.label === null ? [] : [['ParticipantLabel', this.label] as const]),
    ];
  }
}
