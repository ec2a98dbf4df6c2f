/** A line on which people are rung: real database, real webhooks, a sandbox carrier, and a desk that stands for the live call. */
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../../src/embedded/port.ts';
import { escalationIdOf, roomOf } from '../../src/escalation/ids.ts';
import type { Briefing, EscalationFact } from '../../src/escalation/model.ts';
import type { Escalation } from '../../src/escalation/snapshot.ts';
import type { EscalationTiming } from '../../src/escalation/timing.ts';
import { startHttp, type HttpServer } from '../../src/http/server.ts';
import { createLog, type Log } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { startCarrier, type Carrier } from '../../src/sandbox/carrier/carrier.ts';
import { acceleratedClock } from '../../src/sandbox/carrier/clock.ts';
import type { LegReport } from '../../src/sandbox/carrier/legLog.ts';
import type { WrittenPerson } from '../../src/sandbox/carrier/phone.ts';
import type { CallbackCall, CallDesk, IncomingCall, NextStep } from '../../src/session/callDesk.ts';
import { CallWriter } from '../../src/store/callWriter.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { addPerson, type NewPerson } from '../../src/store/onCallPeople.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import { createKeyKeeper, type KeyKeeper } from '../../src/store/sealing.ts';
import type { MediaStream } from '../../src/twilio/mediaStream.ts';
import { openEscalations, type OpenEscalations } from '../../src/wiringEscalations.ts';
import { asking as askingDatabase, callerNumber, freshDataKey, line } from '../store/keeping.ts';
import { testDatabase } from '../support/servers.ts';

/** So many seconds of the telephone pass in one of ours. The carrier's patience with our webhooks shrinks as well: 15 s become 1.5 s. */
const speed = 10;

/**
 * What brings an escalation forward is as fast as the telephones are; what gives somebody up waits for our own machine, which may be
 * busy, and is left as long as it takes. A test that is about one of these gives its own.
 */
export const fastTiming: Partial<EscalationTiming> = {
  waveMs: 10_000,
  ceilingMs: { imminent: 20_000, other: 30_000 },
  pauseMs: 500,
  ringGuardMs: 20_000,
  keyGuardMs: 20_000,
  briefingGuardMs: 20_000,
  joinGuardMs: 20_000,
  aloneMs: 10_000,
  fetchAgainMs: 800,
  unplacedMs: 20_000,
  lookUpMs: 300,
  placeGuardMs: 10_000,
  placeEveryMs: 50,
  askAnewMs: 600,
  talkCheckMs: 1_500,
  automaticCallbackMs: [300, 900],
};

export const briefing: Briefing = {
  level: 'high',
  reason: 'risk',
  language: 'ar-OM',
  trigger: 'ما اريد اعيش',
  about: 'self',
  means: ['medicine'],
  location: 'مسقط',
  alone: 'yes',
  callerGender: 'unknown',
  child: false,
  overheard: false,
  refuses: false,
};

export interface ServerOptions {
  readonly timing?: Partial<EscalationTiming>;
  /** Through which the database is reached; the database itself when not given. */
  readonly databaseUrl?: string;
  readonly lastResort?: string | null;
}

/** One process that serves calls. */
export interface TestServer {
  readonly escalations: OpenEscalations;
  readonly writer: CallWriter;
  readonly desk: TestDesk;
  readonly stop: () => Promise<void>;
}

/** Stands for the live calls: a stream until a person is ready, then the room. */
export class TestDesk implements CallDesk {
  readonly facts: EscalationFact[] = [];
  readonly afterPersons: string[] = [];
  readonly callbacks: CallbackCall[] = [];
  readonly ended: string[] = [];
  readonly streams = new Map<string, MediaStream>();
  goesToRoom: string | null = null;
  refusesToJoin = false;
  onEnded: (callSid: string) => void = () => {};

  readonly admit = (_call: IncomingCall): Promise<NextStep> => this.#stream();
  readonly attach: CallDesk['attach'] = (start, stream) => {
    this.streams.set(start.callSid, stream);
    stream.listen(() => {});
    return 'accepted';
  };
  readonly afterStream = (): Promise<NextStep> =>
    this.goesToRoom === null
      ? this.#stream()
      : Promise.resolve({
          kind: 'room',
          room: roomOf(this.goesToRoom),
          escalationId: this.goesToRoom,
          language: 'ar',
        });
  readonly afterPerson = (_callSid: string, outcome: string): Promise<NextStep> => {
    this.afterPersons.push(outcome);
    this.goesToRoom = null;
    return this.#stream();
  };
  readonly admitCallback = (call: CallbackCall): Promise<NextStep> => {
    this.callbacks.push(call);
    return Promise.resolve({ kind: 'hangUp' });
  };
  readonly callEnded = (callSid: string): void => {
    this.ended.push(callSid);
    this.onEnded(callSid);
  };
  readonly ready = (): boolean => true;

  #stream(): Promise<NextStep> {
    return Promise.resolve({ kind: 'stream', ticket: 't' });
  }
}

export class TestLine {
  readonly url: string;
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisation: Organisation;
  readonly settings: Parameters<typeof openEscalations>[0] & { readonly HOST: string; readonly PORT: number };
  readonly carrier: Carrier;
  readonly drop: () => Promise<void>;
  readonly servers: TestServer[] = [];
  readonly logged: string[] = [];
  readonly log: Log;

  private constructor(
    parts: Pick<TestLine, 'url' | 'database' | 'keys' | 'organisation' | 'settings' | 'carrier' | 'drop'>,
  ) {
    this.url = parts.url;
    this.database = parts.database;
    this.keys = parts.keys;
    this.organisation = parts.organisation;
    this.settings = parts.settings;
    this.carrier = parts.carrier;
    this.drop = parts.drop;
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      this.logged.push(chunk.toString());
      done();
    };
    this.log = createLog('debug', new Writable({ write }));
  }

  static async open(): Promise<TestLine> {
    const { url, drop } = await testDatabase();
    const database = openDatabase({ url });
    const keys = createKeyKeeper(freshDataKey());
    const organisation = await ensureOrganisation(database, keys, line);
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const account = {
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(31)}1`,
      TWILIO_AUTH_TOKEN: 'sandbox-auth-token-0123456789',
      TWILIO_PHONE_NUMBER: line.dialledNumber,
    };
    const carrier = await startCarrier({
      accountSid: account.TWILIO_ACCOUNT_SID,
      authToken: account.TWILIO_AUTH_TOKEN,
      phoneNumber: line.dialledNumber,
      voiceUrl: `${publicUrl}/twilio/voice`,
      statusCallbackUrl: `${publicUrl}/twilio/call-status`,
      allowPlainWs: true,
      clock: acceleratedClock(speed),
      callsPerSecond: 10,
    });
    const settings = {
      ...account,
      PUBLIC_URL: publicUrl,
      HOST: '127.0.0.1',
      PORT: port,
      TWILIO_API_BASE_URL: carrier.apiBaseUrl,
      FALLBACK_PHONE_NUMBER: undefined,
    };
    return new TestLine({ url, database, keys, organisation, settings, carrier, drop });
  }

  /** A process: its desk, its keeper and, unless another has it, the port of the webhooks. */
  async serve(options: ServerOptions & { readonly answers?: boolean } = {}): Promise<TestServer> {
    const { lastResort = null, databaseUrl, answers = true, timing } = options;
    const database = databaseUrl === undefined ? this.database : openDatabase({ url: databaseUrl, connectMs: 500 });
    const desk = new TestDesk();
    const metrics = createMetrics('calls');
    const settings = { ...this.settings, ...(lastResort === null ? {} : { FALLBACK_PHONE_NUMBER: lastResort }) };
    const writer = new CallWriter({
      database,
      keys: this.keys,
      serverId: randomUUID(),
      codeRevision: 'test',
      ownNumber: line,
      onAlarm: () => {},
      onWritten: (records) => escalations.written(records),
    });
    const escalations: OpenEscalations = openEscalations(settings, {
      database,
      keys: this.keys,
      clock: systemClock,
      log: this.log,
      metrics,
      keep: (record) => writer.append(record),
      timing: { ...fastTiming, ...timing },
      keeperMs: 50,
      pollMs: 50,
    });
    const http = answers ? await this.#listen(desk, escalations, settings, metrics) : null;
    escalations.start();
    let stopped: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await http?.close();
      await escalations.stop();
      await writer.close(500);
      if (databaseUrl !== undefined) await database.close();
    };
    const server = { escalations, writer, desk, stop: () => (stopped ??= stop()) };
    this.servers.push(server);
    return server;
  }

  #listen(
    desk: TestDesk,
    escalations: OpenEscalations,
    settings: TestLine['settings'],
    metrics: ReturnType<typeof createMetrics>,
  ): Promise<HttpServer> {
    const routes = escalations.routes(desk);
    return startHttp({ settings, desk, checks: [], clock: systemClock, log: this.log, metrics, routes });
  }

  async person(number: string, change: Partial<NewPerson> = {}): Promise<string> {
    const person: NewPerson = {
      name: `Person ${number}`,
      number,
      languages: ['ar'],
      gender: null,
      shifts: [],
      priority: 1,
      role: 'listener',
      active: true,
      ...change,
    };
    const id = await this.database.within(this.organisation.id, (tx) =>
      addPerson(tx, this.keys, this.organisation, person),
    );
    return id ?? '';
  }

  /** Somebody calls and is with Sanad; a person is asked for, by `asking` when the call was held there before. */
  async callFor(
    server: TestServer,
    change: Partial<Briefing> = {},
    asking: Pick<TestServer, 'writer' | 'escalations'> = server,
  ): Promise<EscalatedCall> {
    const { callSid, ended, hangUp } = this.carrier.placeCall({
      from: callerNumber,
      caller: async (handset) => handset.stay(),
    });
    await until(() => server.desk.streams.has(callSid), 'the stream');
    const callId = randomUUID();
    asking.writer.append({
      type: 'callStarted',
      callId,
      callSid,
      organisationNumber: line.dialledNumber,
      from: callerNumber,
      language: 'ar-OM',
      packVersion: '1',
      startedAt: new Date(),
    });
    const escalationId = escalationIdOf(callId, 1);
    server.escalations.desk.follow(escalationId, (fact) => {
      server.desk.facts.push(fact);
      if (fact.type !== 'ready' || server.desk.refusesToJoin) return;
      server.desk.goesToRoom = escalationId;
      server.escalations.desk.tell(escalationId, { type: 'callerJoining' });
      server.desk.streams.get(callSid)?.close();
    });
    server.desk.onEnded = (sid) => {
      if (sid === callSid) server.escalations.desk.tell(escalationId, { type: 'callerGone' });
    };
    const request = { escalationId, callId, callSid, briefing: { ...briefing, ...change } };
    asking.escalations.desk.request(request);
    return { callId, callSid, escalationId, hangUp, ended, request };
  }

  /** The escalation as it stands. */
  async state(escalationId: string): Promise<Standing> {
    const found = await this.servers[0]?.escalations.store.change(escalationId, (locked) =>
      Promise.resolve(locked.escalation),
    );
    const escalation = found ?? null;
    return { state: escalation?.state ?? 'none', outcome: escalation?.outcome ?? null, escalation };
  }

  async untilState(escalationId: string, state: string): Promise<Standing> {
    let last: Standing = { state: 'none', outcome: null, escalation: null };
    await until(async () => {
      last = await this.state(escalationId);
      return last.state === state;
    }, `the state ${state}`);
    return last;
  }

  rows<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return askingDatabase(this.url, async (client) => {
      for (const table of [
        'escalation_events',
        'escalation_attempts',
        'callback_tasks',
        'outbox',
        'risk_assessments',
        'audit_log',
      ])
        await client.query(`alter table ${table} no force row level security`);
      const { rows } = await client.query<Row & Record<string, unknown>>(sql, [...values]);
      return rows;
    });
  }

  legsTo(number: string): readonly LegReport[] {
    return this.carrier.legs().filter((leg) => leg.to === number);
  }

  saidTo(number: string): string {
    return this.legsTo(number)
      .flatMap(({ prompts }) => prompts)
      .map(({ content }) => content)
      .join('\n');
  }

  async close(): Promise<void> {
    await this.carrier.close();
    for (const server of this.servers) await server.stop();
    await this.database.close();
    await this.drop();
  }
}

export interface Standing {
  readonly state: string;
  readonly outcome: string | null;
  readonly escalation: Escalation | null;
}

export interface EscalatedCall {
  readonly callId: string;
  readonly callSid: string;
  readonly escalationId: string;
  readonly hangUp: () => void;
  readonly ended: Promise<unknown>;
  readonly request: Parameters<OpenEscalations['desk']['request']>[0];
}

export async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > withinMs) throw new Error(`${what} did not come`);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

export const accepts = (answersAfterMs = 1_000): WrittenPerson => ({
  kind: 'person',
  answersAfterMs,
  keys: [{ digits: '1', afterMs: 3_000 }],
});
