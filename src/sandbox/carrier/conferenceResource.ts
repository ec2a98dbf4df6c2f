import type { Conference } from './conference.ts';
import { readDocument } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { rfc2822, type Leg } from './leg.ts';
import { printPage } from './listing.ts';
import type { OutboundCalls } from './outbound.ts';
import type { Participant } from './participant.ts';
import { notFound, restError, type RestAnswer, type RestRequest } from './restServer.ts';

/** `/Conferences` and the participants in them (twilio.md §2.4, §4.1). */
export class ConferenceResource {
  readonly #exchange: Exchange;
  readonly #outbound: OutboundCalls;

  constructor(exchange: Exchange, outbound: OutboundCalls) {
    this.#exchange = exchange;
    this.#outbound = outbound;
  }

  handle(request: RestRequest): RestAnswer | null {
    const { path, method, query, form } = request;
    const [, root, key, below, who, ...rest] = path.split('/').map(decoded);
    if (root !== 'Conferences' || rest.length > 0) {
      return null;
    }
    if (key === undefined) {
      return this.#list(query);
    }
    const conference = this.#exchange.conferences.find(key);
    const create = below === 'Participants' && who === undefined && method === 'POST';
    if (create && (conference?.status ?? 'init') !== 'completed' && !(conference === undefined && isSid(key))) {
      return this.#add(conference ?? this.#exchange.conferences.open(this.#exchange, key), form);
    }
    const missing = notFound(`${this.#base()}${path}.json`);
    if (conference === undefined || (below !== undefined && below !== 'Participants')) {
      return missing;
    }
    if (below === undefined) {
      return method === 'POST' ? this.#end(conference, form) : { status: 200, body: this.#print(conference) };
    }
    if (who === undefined) {
      return create ? missing : this.#participants(conference, query);
    }
    const participant = participantOf(conference, who);
    return participant === undefined ? missing : this.#one(conference, participant, request);
  }

  #list(query: URLSearchParams): RestAnswer {
    const [name, status] = [query.get('FriendlyName'), query.get('Status')];
    const found = this.#exchange.conferences
      .all()
      .filter((one) => (name === null || one.name === name) && (status === null || one.status === status))
      .toReversed();
    return printPage(`${this.#base()}/Conferences.json`, 'conferences', query, found, (one) => this.#print(one));
  }

  #end(conference: Conference, form: URLSearchParams): RestAnswer {
    const status = form.get('Status');
    if (status !== null && status !== 'completed') {
      return restError(400, 20001, `Invalid Status: ${status}`);
    }
    if (conference.status === 'completed') {
      return notFound(`${this.#base()}/Conferences/${conference.sid}.json`);
    }
    if (status === 'completed') {
      conference.end();
    }
    return { status: 200, body: this.#print(conference) };
  }

  #participants(conference: Conference, query: URLSearchParams): RestAnswer {
    const [muted, hold] = [query.get('Muted'), query.get('Hold')];
    const found = [...conference.participants.values()].filter(
      (one) => (muted === null || String(one.muted) === muted) && (hold === null || String(one.hold) === hold),
    );
    const address = `${this.#base()}/Conferences/${conference.sid}/Participants.json`;
    return printPage(address, 'participants', query, found, (one) => this.#printParticipant(conference, one));
  }

  #one(conference: Conference, participant: Participant, { method, form }: RestRequest): RestAnswer {
    if (method === 'DELETE') {
      conference.leave(participant, 'participant_updated_via_api', 'kicked');
      return { status: 204, body: null };
    }
    if (method === 'POST') {
      const holdUrl = form.get('HoldUrl');
      conference.change(participant, {
        ...flagOf(form, 'Muted', 'muted'),
        ...flagOf(form, 'Hold', 'hold'),
        ...flagOf(form, 'EndConferenceOnExit', 'endOnExit'),
        ...(holdUrl === null ? {} : { music: { url: holdUrl, method: methodOf(form, 'HoldMethod') } }),
      });
      const announceUrl = form.get('AnnounceUrl');
      if (announceUrl !== null && announceUrl !== '') {
        const announced = this.#announce(conference, participant, announceUrl, methodOf(form, 'AnnounceMethod'));
        this.#exchange.conferences.hold(announced);
      }
    }
    return { status: 200, body: this.#printParticipant(conference, participant) };
  }

  /** Rings somebody who is put into the conference by answering, whoever, or whatever, it is. */
  #add(conference: Conference, form: URLSearchParams): RestAnswer {
    if (form.has('AsyncAmd')) {
      return restError(400, 21263, 'AsyncAmd is not allowed for participants');
    }
    const order = this.#outbound.read(form);
    const label = form.get('Label');
    if ('status' in order) {
      return order;
    }
    if (label !== null && participantOf(conference, label) !== undefined) {
      return restError(400, 16025, `Participant label ${label} is already in use in this conference`);
    }
    const { leg, run, firstWebhook } = this.#outbound.place(
      order,
      { kind: 'inline', twiml: joinDocument(conference, form) },
      null,
    );
    conference.awaited.add(leg.identity.callSid);
    this.#exchange.conferences.hold(run.ended.then(() => conference.missed(leg)));
    const state = {
      muted: form.get('Muted') === 'true',
      hold: false,
      endOnExit: form.get('EndConferenceOnExit') === 'true',
      startOnEnter: form.get('StartConferenceOnEnter') !== 'false',
    };
    const body = { ...this.#printMember(conference, leg, label, state), status: 'queued' };
    return { status: 201, body, firstWebhook };
  }

  async #announce(conference: Conference, to: Participant, url: string, method: 'GET' | 'POST'): Promise<void> {
    const { webhooks, prompter } = this.#exchange;
    const answer = await webhooks({ url, method, parameters: to.leg.parameters(), recorder: to.leg.recorder });
    if (answer.kind === 'failed' || answer.status > 299) {
      to.leg.recorder.error(11200, `HTTP retrieval failure: announcement ${url}`);
      return;
    }
    const pieces: Uint8Array[] = [];
    if (/xml/i.test(answer.contentType)) {
      const document = readDocument(this.#exchange, to.leg, answer.body, url);
      for (const verb of 'code' in document ? [] : document.verbs) {
        if (verb.verb === 'Say') {
          to.leg.log.prompt('say', verb.content);
          pieces.push(await prompter.say(verb.content, verb.language));
        } else if (verb.verb === 'Play') {
          to.leg.log.prompt('play', verb.content);
          pieces.push(await prompter.play(verb.content));
        }
      }
    } else {
      to.leg.log.prompt('play', url);
      pieces.push(await prompter.play(url));
    }
    await conference.announce(to, Buffer.concat(pieces));
  }

  #base(): string {
    return `/2010-04-01/Accounts/${this.#exchange.accountSid}`;
  }

  #print(conference: Conference): object {
    const uri = `${this.#base()}/Conferences/${conference.sid}`;
    return {
      account_sid: this.#exchange.accountSid,
      api_version: '2010-04-01',
      sid: conference.sid,
      friendly_name: conference.name,
      region: 'us1',
      status: conference.status,
      date_created: rfc2822(conference.createdAt),
      date_updated: rfc2822(conference.updatedAt),
      reason_conference_ended: conference.reasonEnded,
      call_sid_ending_conference: conference.endedBy?.leg.identity.callSid ?? null,
      uri: `${uri}.json`,
      subresource_uris: { participants: `${uri}/Participants.json`, recordings: `${uri}/Recordings.json` },
    };
  }

  #printParticipant(conference: Conference, participant: Participant): object {
    const { leg, label, joinedAt } = participant;
    return { ...this.#printMember(conference, leg, label, participant), date_created: rfc2822(joinedAt) };
  }

  #printMember(
    conference: Conference,
    leg: Leg,
    label: string | null,
    state: Pick<Participant, 'muted' | 'hold' | 'endOnExit' | 'startOnEnter'>,
  ): object {
    return {
      account_sid: this.#exchange.accountSid,
      call_sid: leg.identity.callSid,
      label,
      call_sid_to_coach: null,
      coaching: false,
      conference_sid: conference.sid,
      date_created: rfc2822(leg.startedAt),
      date_updated: rfc2822(conference.updatedAt),
      end_conference_on_exit: state.endOnExit,
      muted: state.muted,
      hold: state.hold,
      start_conference_on_enter: state.startOnEnter,
      status: 'connected',
      queue_time: String(Math.round(leg.queuedMs)),
      uri: `${this.#base()}/Conferences/${conference.sid}/Participants/${leg.identity.callSid}.json`,
    };
  }
}

function participantOf(conference: Conference, sidOrLabel: string): Participant | undefined {
  return (
    conference.participants.get(sidOrLabel) ??
    [...conference.participants.values()].find(({ label }) => label === sidOrLabel)
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isSid(key: string): boolean {
  return /^CF[0-9a-f]{32}$/.test(key);
}

function methodOf(form: URLSearchParams, name: string): 'GET' | 'POST' {
  return form.get(name) === 'GET' ? 'GET' : 'POST';
}

/** Anything else than true counts as false, as Twilio has it. */
function flagOf<Key extends string>(form: URLSearchParams, name: string, key: Key): { [K in Key]?: boolean } {
  const value = form.get(name);
  return (value === null ? {} : { [key]: value === 'true' }) as { [K in Key]?: boolean };
}

const nounAttributes: readonly (readonly [parameter: string, attribute: string])[] = [
  ['Beep', 'beep'],
  ['EndConferenceOnExit', 'endConferenceOnExit'],
  ['StartConferenceOnEnter', 'startConferenceOnEnter'],
  ['Muted', 'muted'],
  ['Label', 'participantLabel'],
  ['WaitUrl', 'waitUrl'],
  ['WaitMethod', 'waitMethod'],
  ['MaxParticipants', 'maxParticipants'],
  ['JitterBufferSize', 'jitterBufferSize'],
  ['ConferenceStatusCallback', 'statusCallback'],
  ['ConferenceStatusCallbackMethod', 'statusCallbackMethod'],
];

function joinDocument(conference: Conference, form: URLSearchParams): string {
  const attributes = nounAttributes.flatMap(([parameter, attribute]) => {
    const value = form.get(parameter);
    return value === null ? [] : [`${attribute}="${escaped(value)}"`];
  });
  const events = form.getAll('ConferenceStatusCallbackEvent').flatMap((event) => event.split(/\s+/));
  if (events.length > 0) {
    attributes.push(`statusCallbackEvent="${escaped(events.join(' '))}"`);
  }
  const noun = `<Conference ${attributes.join(' ')}>${escaped(conference.name)}</Conference>`;
  return `<Response><Dial>${noun}</Dial></Response>`;
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
