/**
 * What is counted and timed, with the names under which it is exported (Prometheus). Everybody else sees plain methods and
 * knows nothing of the exporter. Labels come from closed sets only: never a number, a sid, a word, or a path from outside.
 * Milliseconds come in; seconds go out, as Prometheus wants it.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The stages of a turn whose latency is watched. Each starts at the caller's last voiced frame unless it says otherwise. */
export const stages = [
  /** Until our endpointing decided that the turn is over. */
  'endOfTurn',
  /** From the end of turn to the words we commit on. */
  'words',
  /** Until the recogniser's final words, when they come in the pause. */
  'finalWords',
  /** From the request to a model to its first token. */
  'firstToken',
  /** From the request to a model to the first whole sentence that may be spoken. */
  'firstSentence',
  /** From handing a sentence to the synthesiser to its first audio. */
  'firstAudio',
  /** Until the first frame of the reply left for the carrier: what the caller waits. */
  'firstReplyFrame',
  /** What of `firstReplyFrame` is ours: without the pause we wait on purpose and without the providers. */
  'addedByUs',
  /** From the caller's first voiced frame over our speech to the order to clear it. */
  'bargeIn',
] as const;

export type Stage = (typeof stages)[number];

export type CallOutcome = 'goodbye' | 'hangUp' | 'person' | 'silence' | 'tooLong' | 'lost' | 'fault';
export type TurnOutcome = 'answered' | 'interrupted' | 'scripted' | 'unanswered';
export type StreamEnd = 'ours' | 'theirs' | 'lost' | 'refused' | 'neverStarted' | 'garbage' | 'backedUp' | 'fault';
export type Provider = 'recogniser' | 'synthesiser' | 'openai' | 'anthropic' | 'twilio' | 'database';
export type OpinionStage = 'classifier' | 'judge';
export type OpinionProvider = 'openai' | 'anthropic';

export type QueueState = 'waiting' | 'running' | 'delayed' | 'dead';

/** A part that is null was not to be had, and keeps its last value. */
export interface Backlog {
  readonly queues: readonly ({ readonly queue: string } & Readonly<Record<QueueState, number>>)[] | null;
  readonly stored: {
    readonly outbox: { readonly count: number; readonly oldestMs: number };
    readonly escalations: readonly { readonly level: string; readonly count: number; readonly oldestMs: number }[];
    /** People who are on call now. */
    readonly onCall: number;
  } | null;
}

export interface Metrics {
  readonly callOpened: () => void;
  readonly callClosed: (outcome: CallOutcome) => void;
  readonly turnClosed: (outcome: TurnOutcome) => void;
  /** The caller's voice silenced ours. `falseAlarm`: no words followed, and the reply went on. */
  readonly bargedIn: (what: 'interruption' | 'falseAlarm') => void;
  /** A caller whose turn was over has heard nothing for so long beyond what is borne (`limits.deadAirMs`). */
  readonly deadAir: (ms: number) => void;
  /** A reply went on with another provider than `provider`, which was given up for `reason`. */
  readonly failedOver: (provider: OpinionProvider, reason: string) => void;
  /** What waits in queues, outbox and escalations of all servers; replaces what was said before. */
  readonly backlog: (backlog: Backlog) => void;
  /** Queues or database could not be asked what waits. */
  readonly backlogUnknown: (of: 'queues' | 'database') => void;
  readonly stageTook: (stage: Stage, ms: number) => void;
  readonly streamOpened: () => void;
  readonly streamClosed: (end: StreamEnd) => void;
  readonly streamStalled: () => void;
  readonly streamBackedUp: () => void;
  /** A message of a stream was refused; `reason` is one of the codec's and the stream's refusals. */
  readonly messageRefused: (reason: string) => void;
  /** A socket upgrade was answered with this status instead of 101. */
  readonly upgradeRefused: (status: 403 | 404 | 503) => void;
  /** `route` is a listed path or `unlisted`, never the path that was asked for. */
  readonly requestAnswered: (route: string, status: number, ms: number) => void;
  /** The desk threw or was too slow; the caller got the fallback. */
  readonly deskFailed: (question: string, why: 'threw' | 'slow') => void;
  readonly carrierAnswered: (operation: string, result: string, ms: number) => void;
  readonly providerFailed: (provider: Provider, fault: string) => void;
  /** A contextual stage of danger detection gave its opinion, or none: `provider` is who answered. */
  readonly opinionTook: (stage: OpinionStage, provider: OpinionProvider | 'none', outcome: string, ms: number) => void;
  /** A provider gave such a stage no opinion; another may have. */
  readonly opinionFailed: (stage: OpinionStage, provider: OpinionProvider, fault: string) => void;
  readonly writesWaiting: (count: number) => void;
  /** Open escalations of all servers, and the age of the oldest. */
  readonly escalationsOpen: (count: number, oldestMs: number) => void;
  /** How long after the request the first telephone rang, somebody accepted, caller and person were together. */
  readonly escalationReached: (moment: 'ringing' | 'accepted' | 'bridged', ms: number) => void;
  readonly escalationClosed: (outcome: string, level: string) => void;
  /** A decision could not be added to the audit; `about` is what was decided on. */
  readonly auditFailed: (about: 'escalation' | 'risk') => void;
  /** The whole exposition, for `/metrics`. */
  readonly exposition: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

const stageBuckets = [0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
const opinionBuckets = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 5, 10, 20];
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.9, 2, 5];

/** @param scope `calls` leaves out processor, memory and event-loop delay, whose observers belong to a whole process */
export function createMetrics(scope: 'callsAndProcess' | 'calls' = 'callsAndProcess'): Metrics {
  const registry = new Registry();
  if (scope === 'callsAndProcess') collectDefaultMetrics({ register: registry });
  return {
    ...callMetrics(registry),
    ...talkMetrics(registry),
    ...opinionMetrics(registry),
    ...streamMetrics(registry),
    ...edgeMetrics(registry),
    ...escalationMetrics(registry),
    ...backlogMetrics(registry),
  };
}

function callMetrics(registry: Registry) {
  const active = gauge(registry, 'sanad_calls_active', 'Calls held now.');
  const closed = counter(registry, 'sanad_calls_total', 'Calls that ended, by how.', ['outcome']);
  const turns = counter(registry, 'sanad_turns_total', 'Turns of callers, by how they were answered.', ['outcome']);
  const stage = new Histogram({
    name: 'sanad_stage_seconds',
    help: 'Latency of the stages of a turn.',
    labelNames: ['stage'],
    buckets: stageBuckets,
    registers: [registry],
  });
  const failures = counter(registry, 'sanad_provider_failures_total', 'Failures of providers.', ['provider', 'fault']);
  const writes = gauge(registry, 'sanad_writes_waiting', 'Writes waiting for the database.');
  return {
    callOpened: () => active.inc(),
    callClosed: (outcome: CallOutcome) => {
      active.dec();
      closed.inc({ outcome });
    },
    turnClosed: (outcome: TurnOutcome) => turns.inc({ outcome }),
    stageTook: (name: Stage, ms: number) => stage.observe({ stage: name }, ms / 1000),
    providerFailed: (provider: Provider, fault: string) => failures.inc({ provider, fault }),
    writesWaiting: (count: number) => writes.set(count),
  };
}

function talkMetrics(registry: Registry) {
  const bargeIns = counter(registry, 'sanad_barge_ins_total', 'Times the voice of a caller silenced ours.', ['what']);
  const deadAir = counter(registry, 'sanad_dead_air_seconds_total', 'Silence after turns beyond what is borne.');
  const failovers = counter(registry, 'sanad_failovers_total', 'Replies that another provider went on with.', [
    'provider',
    'reason',
  ]);
  return {
    bargedIn: (what: 'interruption' | 'falseAlarm') => bargeIns.inc({ what }),
    deadAir: (ms: number) => deadAir.inc(ms / 1000),
    failedOver: (provider: OpinionProvider, reason: string) => failovers.inc({ provider, reason }),
  };
}

function opinionMetrics(registry: Registry) {
  const took = new Histogram({
    name: 'sanad_risk_opinion_seconds',
    help: 'Opinions of the classifier and the judge, waiting included, by who answered and how.',
    labelNames: ['stage', 'provider', 'outcome'],
    buckets: opinionBuckets,
    registers: [registry],
  });
  const failures = counter(registry, 'sanad_risk_opinion_failures_total', 'Providers without an opinion.', [
    'stage',
    'provider',
    'fault',
  ]);
  return {
    opinionTook: (stage: OpinionStage, provider: OpinionProvider | 'none', outcome: string, ms: number) =>
      took.observe({ stage, provider, outcome }, ms / 1000),
    opinionFailed: (stage: OpinionStage, provider: OpinionProvider, fault: string) =>
      failures.inc({ stage, provider, fault }),
  };
}

const escalationBuckets = [0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 300, 900];

function escalationMetrics(registry: Registry) {
  const open = gauge(registry, 'sanad_escalations_open', 'Open escalations.');
  const oldest = gauge(registry, 'sanad_escalation_oldest_seconds', 'Age of the oldest open escalation.');
  const reached = new Histogram({
    name: 'sanad_escalation_seconds',
    help: 'From the request for a person to the first ringing, the acceptance, and the talk.',
    labelNames: ['moment'],
    buckets: escalationBuckets,
    registers: [registry],
  });
  const closed = counter(registry, 'sanad_escalations_total', 'Escalations that ended, by how.', ['outcome', 'level']);
  const unaudited = counter(registry, 'sanad_audit_failures_total', 'Decisions that are missing in the audit.', [
    'about',
  ]);
  return {
    escalationsOpen: (count: number, oldestMs: number) => {
      open.set(count);
      oldest.set(oldestMs / 1000);
    },
    escalationReached: (moment: 'ringing' | 'accepted' | 'bridged', ms: number) =>
      reached.observe({ moment }, ms / 1000),
    escalationClosed: (outcome: string, level: string) => closed.inc({ outcome, level }),
    auditFailed: (about: 'escalation' | 'risk') => unaudited.inc({ about }),
  };
}

const queueStates = ['waiting', 'running', 'delayed', 'dead'] as const;
const levels = ['none', 'low', 'moderate', 'high', 'imminent'];

function backlogMetrics(registry: Registry) {
  const depth = gauge(registry, 'sanad_queue_jobs', 'Jobs by queue and state.', ['queue', 'state']);
  const outbox = gauge(registry, 'sanad_outbox_waiting', 'Outbox entries not handed over.');
  const outboxAge = gauge(registry, 'sanad_outbox_oldest_seconds', 'Age of the oldest entry not handed over.');
  const open = gauge(registry, 'sanad_escalations_open_by_level', 'Open escalations by level.', ['level']);
  const age = gauge(registry, 'sanad_escalation_oldest_by_level_seconds', 'Age of the oldest open one.', ['level']);
  const onCall = gauge(registry, 'sanad_on_call_people', 'People who are on call now.');
  const unknown = counter(registry, 'sanad_backlog_unknown_total', 'Times it could not be told what waits.', ['of']);
  return {
    backlog: ({ queues, stored }: Backlog) => {
      for (const counts of queues ?? [])
        for (const state of queueStates) depth.set({ queue: counts.queue, state }, counts[state]);
      if (stored === null) return;
      outbox.set(stored.outbox.count);
      outboxAge.set(stored.outbox.oldestMs / 1000);
      onCall.set(stored.onCall);
      for (const level of levels) {
        const at = stored.escalations.find((each) => each.level === level);
        open.set({ level }, at?.count ?? 0);
        age.set({ level }, (at?.oldestMs ?? 0) / 1000);
      }
    },
    backlogUnknown: (of: 'queues' | 'database') => unknown.inc({ of }),
  };
}

function streamMetrics(registry: Registry) {
  const open = gauge(registry, 'sanad_streams_open', 'Media streams open now.');
  const closed = counter(registry, 'sanad_streams_total', 'Media streams that ended, by how.', ['end']);
  const stalled = counter(registry, 'sanad_stream_stalls_total', 'Open streams on which no audio came.');
  const backedUp = counter(registry, 'sanad_stream_backed_up_total', 'Streams whose socket did not drain.');
  const refused = counter(registry, 'sanad_stream_messages_refused_total', 'Refused stream messages.', ['reason']);
  return {
    streamOpened: () => open.inc(),
    streamClosed: (end: StreamEnd) => {
      open.dec();
      closed.inc({ end });
    },
    streamStalled: () => stalled.inc(),
    streamBackedUp: () => backedUp.inc(),
    messageRefused: (reason: string) => refused.inc({ reason }),
  };
}

function edgeMetrics(registry: Registry) {
  const upgrades = counter(registry, 'sanad_upgrades_refused_total', 'Refused socket upgrades.', ['status']);
  const desk = counter(registry, 'sanad_desk_failures_total', 'Webhooks that the desk failed.', ['question', 'why']);
  const requests = new Histogram({
    name: 'sanad_request_seconds',
    help: 'HTTP requests by listed route and status.',
    labelNames: ['route', 'status'],
    buckets: requestBuckets,
    registers: [registry],
  });
  const carrier = new Histogram({
    name: 'sanad_carrier_request_seconds',
    help: 'REST requests to the carrier by operation and result.',
    labelNames: ['operation', 'result'],
    buckets: requestBuckets,
    registers: [registry],
  });
  return {
    upgradeRefused: (status: 403 | 404 | 503) => upgrades.inc({ status }),
    requestAnswered: (route: string, status: number, ms: number) => requests.observe({ route, status }, ms / 1000),
    deskFailed: (question: string, why: 'threw' | 'slow') => desk.inc({ question, why }),
    carrierAnswered: (operation: string, result: string, ms: number) =>
      carrier.observe({ operation, result }, ms / 1000),
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function counter(registry: Registry, name: string, help: string, labelNames: readonly string[] = []): Counter {
  return new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string, labelNames: readonly string[] = []): Gauge {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}
